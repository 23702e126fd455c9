"""The chain proves every bit: one flipped byte anywhere is found and its place is named."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import Storage, open_memory_storage, open_storage
from storage.canonical_json import LARGEST_INTEGER, canonical_json
from storage.ports import Conflict
from storage.records import Snapshot
from storage.snapshots import commit, hash_blob, make_snapshot, snapshot_id, verify
from tests.storage.people import ANA, OTHER_SPACE, SPACE, settle

CONTENT = b'{"blocks":["hola"]}'
STATE = bytes(range(64))


@pytest.fixture
async def storage(data_dir: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(data_dir=data_dir)
    await settle(opened)
    yield opened
    await opened.close()


async def take(storage: Storage, title: str, *blobs: bytes) -> Snapshot:
    tree = {f"file{number}": await storage.blobs.put(blob) for number, blob in enumerate(blobs)}
    return await commit(storage, SPACE.id, tree, title=title, cause="named", taken_by=ANA.id, taken_at_ms=9)


async def take_three(storage: Storage) -> list[Snapshot]:
    return [
        await take(storage, "first", CONTENT),
        await take(storage, "second", CONTENT, STATE),
        await take(storage, "third", b"", STATE),
    ]


async def test_an_untouched_chain_is_intact(storage: Storage) -> None:
    first, second, third = await take_three(storage)
    assert (first.parent, second.parent, third.parent) == (None, first.id, second.id)
    assert all(snapshot_id(each) == each.id for each in (first, second, third))
    report = await verify(storage)
    assert report.is_intact
    assert (report.snapshot_count, report.blob_count) == (3, 6)
    assert (await verify(storage, OTHER_SPACE.id)).snapshot_count == 0


async def test_two_at_once_can_not_both_be_next(storage: Storage) -> None:
    first = await take(storage, "first", CONTENT)
    late, _ = make_snapshot(
        None, {}, twinspace_id=SPACE.id, title="late", cause="named", taken_by=ANA.id, taken_at_ms=9
    )
    with pytest.raises(Conflict):
        await storage.snapshots.append(late)
    assert await storage.snapshots.of_twinspace(SPACE.id) == [first]


def blob_files(storage: Storage, snapshots: list[Snapshot]) -> dict[str, Path]:
    named = {"content": hash_blob(CONTENT), "state": hash_blob(STATE)}
    named |= {f"tree{snapshot.seq}": snapshot.tree for snapshot in snapshots}
    return {name: Path(storage.blobs.path(blob)) for name, blob in named.items()}


@pytest.mark.parametrize("name", ["content", "state", "tree1", "tree2", "tree3"])
async def test_any_flipped_byte_of_any_blob_is_found(storage: Storage, name: str) -> None:
    path = blob_files(storage, await take_three(storage))[name]
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        report = await verify(storage)
        assert [damage.path for damage in report.damages] == [str(path)]
    path.write_bytes(whole)
    assert (await verify(storage)).is_intact


async def test_missing_cut_and_unreadable_blobs_are_all_named(storage: Storage) -> None:
    files = blob_files(storage, await take_three(storage))
    files["content"].unlink()
    files["state"].write_bytes(STATE[:-1])
    files["tree3"].unlink()
    files["tree3"].mkdir()
    report = await verify(storage)
    assert not report.is_intact
    assert [damage.path for damage in report.damages] == [str(files[name]) for name in ("content", "state", "tree3")]
    assert report.snapshot_count == 3


COLUMNS = ["id", "twinspace_id", "seq", "parent", "tree", "title", "cause", "taken_by", "taken_at_ms"]


@pytest.mark.parametrize("seq", [1, 3])
@pytest.mark.parametrize("column", COLUMNS)
async def test_any_flipped_byte_of_a_row_is_found(storage: Storage, data_dir: Path, column: str, seq: int) -> None:
    await take_three(storage)
    with sqlite3.connect(data_dir / "hub.sqlite3", isolation_level=None) as raw:
        row = raw.execute(f"SELECT {column}, typeof({column}) FROM snapshots WHERE seq = ?", (seq,)).fetchone()
        for changed in flips(row[0]):
            raw.execute(f"UPDATE snapshots SET {column} = ? WHERE seq = ?", (changed, seq))
            report = await verify(storage)
            assert not report.is_intact, changed
            assert report.damages[0].path.startswith("snapshots/")
            where = "seq = ?" if column != "seq" else f"seq = {changed} AND 0 < ?"
            raw.execute(f"UPDATE snapshots SET {column} = ? WHERE {where}", (row[0], seq))
        assert (await verify(storage)).is_intact
    raw.close()


def flips(value: Any) -> list[Any]:
    if value is None:
        return ["0" * 64]
    if isinstance(value, int):
        return [value ^ (1 << bit) for bit in range(4, 12)]
    data = value.encode()
    # Of a hash not every byte, only to be quick.
    return [
        (data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]).decode() for at in range(0, len(data), 1 + len(data) // 8)
    ]


async def test_a_row_that_is_no_text_any_more_is_damage(storage: Storage, data_dir: Path) -> None:
    await take_three(storage)
    with sqlite3.connect(data_dir / "hub.sqlite3", isolation_level=None) as raw:
        raw.execute("UPDATE snapshots SET title = CAST(x'ff' AS TEXT) WHERE seq = 2")
    raw.close()
    report = await verify(storage)
    assert [damage.path for damage in report.damages] == [f"snapshots/{SPACE.id}"]


async def test_a_missing_link_is_found(storage: Storage, data_dir: Path) -> None:
    await take_three(storage)
    with sqlite3.connect(data_dir / "hub.sqlite3", isolation_level=None) as raw:
        raw.execute("DELETE FROM snapshots WHERE seq = 2")
    raw.close()
    report = await verify(storage)
    assert [damage.path for damage in report.damages] == [f"snapshots/{SPACE.id}/3"]


async def test_the_memory_store_verifies_too() -> None:
    storage = open_memory_storage()
    await settle(storage)
    await take_three(storage)
    assert (await verify(storage)).blob_count == 6
    await storage.close()


whole_numbers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | whole_numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(texts.map(lambda text: unicodedata.normalize("NFC", text)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_canonical_json_is_stable_and_reads_back(value: Any) -> None:
    written = canonical_json(value)
    assert canonical_json(json.loads(written)) == written
    assert canonical_json(json.loads(json.dumps(value))) == written


def test_equal_values_have_one_form() -> None:
    assert canonical_json({"b": 3.0, "a": ("e\u0301",)}) == '{"a":["é"],"b":3}'.encode()
    assert canonical_json({"b": 3, "a": ["é"]}) == '{"a":["é"],"b":3}'.encode()
    assert canonical_json([-0.0, True, None]) == b"[0,true,null]"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [1, 0.5]}, r"\$\.a\[1\]"),
        (float("nan"), r"\$"),
        ([float("inf")], r"\$\[0\]"),
        ({"a": 2**53}, r"\$\.a"),
        ({"a": "\ud800"}, r"\$\.a"),
        ({1: "a"}, r"\$"),
        ({"é": 1, "e\u0301": 2}, r"\$"),
        ({"a": b"bytes"}, r"\$\.a"),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_its_place(value: Any, place: str) -> None:
    with pytest.raises(ValueError, match=place):
        canonical_json(value)
