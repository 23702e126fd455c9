from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from crdt_docs.compaction import compact, continue_log, merge
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.update_header import EMPTY_UPDATE
from tests.crdt_docs.editor import OUT_OF_ORDER, Editor

LIMITS = Limits()


def text_in(state: bytes) -> str:
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    return str(doc.get("t", type=Text))


def history(rng: random.Random, length: int) -> tuple[list[bytes], str]:
    """Updates of three people who write in one text at once, and what it says in the end."""
    editors = [Editor(i + 1) for i in range(3)]
    updates: list[bytes] = []
    for _ in range(length):
        editor = rng.choice(editors)
        if rng.random() < 0.3 and len(editor.text) > 2:
            start = rng.randrange(len(editor.text) - 1)
            updates.append(editor.delete(start, start + 1))
        else:
            editor.text.insert(rng.randrange(len(editor.text) + 1), rng.choice("abc"))
            updates += editor.take()
        for other in editors:
            if rng.random() < 0.5:
                other.doc.apply_update(editor.doc.get_update(other.doc.get_state()))
                other.take()
    whole = merge(updates)
    return updates, text_in(whole)


@given(st.integers(0, 1 << 32))
def test_CO3_order_and_compaction_change_nothing(seed: int) -> None:
    rng = random.Random(seed)
    updates, text = history(rng, 20)
    rng.shuffle(updates)
    state, log = None, updates
    for _ in range(3):
        cut = rng.randrange(len(log) + 1)
        compacted = compact(state, log[:cut], LIMITS)
        if compacted is not None and cut:
            state, log = compacted, log[cut:]
    continuation = continue_log(state, log, LIMITS)
    assert continuation.aside == []
    assert text_in(continuation.state) == text


def test_CO2_a_log_with_a_hole_is_not_compacted() -> None:
    assert compact(None, OUT_OF_ORDER[1:], LIMITS) is None
    assert continue_log(None, OUT_OF_ORDER[1:], LIMITS).aside == OUT_OF_ORDER[1:]
    state = compact(None, OUT_OF_ORDER[:1], LIMITS)
    assert compact(state, OUT_OF_ORDER[2:], LIMITS) is None
    assert text_in(compact(state, OUT_OF_ORDER[1:], LIMITS) or b"") == "xyxyxxyy"


def test_CO1_what_is_deleted_stays_in_the_merged_state() -> None:
    ana = Editor(1)
    state = compact(None, [ana.type("secret"), ana.delete(0, 6)], LIMITS)
    assert state is not None and b"secret" in state
    assert text_in(state) == ""


def test_nothing_merges_to_nothing() -> None:
    assert merge([]) == merge([EMPTY_UPDATE, EMPTY_UPDATE]) == EMPTY_UPDATE
    assert compact(None, [], LIMITS) == EMPTY_UPDATE
    with pytest.raises(ProtocolError):
        compact(None, [b"\xff"], LIMITS)
