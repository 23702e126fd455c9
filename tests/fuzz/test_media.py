"""Every fuzz target of media for a moment, from a seed that stays; `python -m tests.fuzz.media` goes on for hours."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.fuzzing import check, fuzz
from tests.fuzz.media import TARGETS

SECONDS = float(os.environ.get("HUB_FUZZ_SECONDS", "1.5"))
ENOUGH = 20


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_itself_is_taken(name: str) -> None:
    for data in TARGETS[name].corpus:
        check(name, TARGETS[name], data)


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 120)
@pytest.mark.parametrize("name", TARGETS)
def test_broken_input_gives_an_error_and_nothing_else(name: str) -> None:
    assert fuzz(name, TARGETS[name], seed=1, seconds=SECONDS) > ENOUGH
