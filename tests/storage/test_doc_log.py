"""The contract of the log of live documents, over every implementation."""

from __future__ import annotations

import asyncio

import pytest

from storage import Storage
from storage.ports import Conflict
from storage.records import ContentId, LogEntry, StoredDoc, UserId
from tests.storage.conftest import OpenAgain
from tests.storage.people import ANA

DOC = ContentId("doc")


async def append(storage: Storage, *updates: bytes, content_id: ContentId = DOC) -> int:
    return await storage.doc_log.append(content_id, updates, user_id=ANA.id, at_ms=9)


async def test_the_log_gives_back_what_was_appended_in_its_order(storage: Storage) -> None:
    assert await storage.doc_log.load(DOC) == StoredDoc(None, 0, ())
    assert await append(storage, b"one", b"") == 2
    assert await append(storage, content_id=ContentId("other")) == 0
    assert await append(storage, bytes(range(256)) * 1000) == 3
    assert await storage.doc_log.append(DOC, [b"hub"], user_id=None, at_ms=10) == 4
    expected = (
        LogEntry(DOC, 1, b"one", ANA.id, 9),
        LogEntry(DOC, 2, b"", ANA.id, 9),
        LogEntry(DOC, 3, bytes(range(256)) * 1000, ANA.id, 9),
        LogEntry(DOC, 4, b"hub", None, 10),
    )
    assert await storage.doc_log.load(DOC) == StoredDoc(None, 0, expected)
    assert tuple([entry async for entry in storage.doc_log.entries(DOC)]) == expected
    assert await append(storage) == 4


async def test_a_long_log_is_read_in_pages(storage: Storage) -> None:
    updates = [str(number).encode() for number in range(2345)]
    assert await append(storage, *updates) == 2345
    assert [entry.update async for entry in storage.doc_log.entries(DOC)] == updates


async def test_appends_at_once_get_seqs_without_hole_or_double_in_the_order_of_the_calls(storage: Storage) -> None:
    contents = [ContentId(f"doc{number}") for number in range(7)]
    calls = [append(storage, b"a%d" % call, b"b", content_id=contents[call % 7]) for call in range(700)]
    last_seqs = await asyncio.gather(*calls)
    for number, content_id in enumerate(contents):
        assert last_seqs[number::7] == list(range(2, 202, 2))
        entries = (await storage.doc_log.load(content_id)).entries
        assert [entry.seq for entry in entries] == list(range(1, 201))
        assert [entry.update for entry in entries[::2]] == [b"a%d" % call for call in range(number, 700, 7)]


async def test_a_state_replaces_the_entries_it_covers_and_no_others(storage: Storage) -> None:
    await append(storage, b"1", b"2", b"3")
    await storage.doc_log.compact(DOC, b"state", 2)
    assert await storage.doc_log.load(DOC) == StoredDoc(b"state", 2, (LogEntry(DOC, 3, b"3", ANA.id, 9),))
    await storage.doc_log.compact(DOC, b"all", 3)
    assert await storage.doc_log.load(DOC) == StoredDoc(b"all", 3, ())
    assert await append(storage, b"4") == 4
    assert [entry.seq async for entry in storage.doc_log.entries(DOC)] == [4]


async def test_a_state_that_is_older_or_from_the_future_is_a_conflict(storage: Storage) -> None:
    await append(storage, b"1", b"2", b"3")
    await storage.doc_log.compact(DOC, b"state", 2)
    before = await storage.doc_log.load(DOC)
    for seq in [1, 4]:
        with pytest.raises(Conflict):
            await storage.doc_log.compact(DOC, b"wrong", seq)
    assert await storage.doc_log.load(DOC) == before
    with pytest.raises(Conflict):
        await storage.doc_log.compact(ContentId("never written"), b"wrong", 1)


async def test_a_state_can_be_put_again_when_the_answer_was_lost(storage: Storage) -> None:
    await append(storage, b"1")
    await storage.doc_log.compact(DOC, b"state", 1)
    await storage.doc_log.compact(DOC, b"state", 1)
    assert await storage.doc_log.load(DOC) == StoredDoc(b"state", 1, ())


async def test_a_client_id_stays_with_who_had_it_first(storage: Storage) -> None:
    log, bea = storage.doc_log, UserId("bea")
    await log.append(DOC, [b"1"], user_id=ANA.id, at_ms=1, writers={7: ANA.id, 2**53 - 1: None})
    await asyncio.gather(
        log.append(DOC, [b"2"], user_id=bea, at_ms=1, writers={7: bea, 8: bea}),
        log.append(DOC, [b"3"], user_id=ANA.id, at_ms=1, writers={8: ANA.id, 2**53 - 1: ANA.id}),
        log.append(ContentId("other"), [], user_id=bea, at_ms=1, writers={7: bea}),
    )
    assert (await log.load(DOC)).writers == {7: ANA.id, 8: bea, 2**53 - 1: None}
    assert (await log.load(ContentId("other"))).writers == {7: bea}


async def test_a_state_keeps_its_history_and_all_writers(storage: Storage) -> None:
    await storage.doc_log.append(DOC, [b"1", b"2"], user_id=ANA.id, at_ms=1, writers={7: ANA.id})
    await storage.doc_log.compact(DOC, b"state", 1, history=b"who wrote it")
    stored = await storage.doc_log.load(DOC)
    assert (stored.history, stored.writers) == (b"who wrote it", {7: ANA.id})
    await storage.doc_log.compact(DOC, b"all", 2, history=b"who wrote all")
    assert await storage.doc_log.load(DOC) == StoredDoc(b"all", 2, (), b"who wrote all", {7: ANA.id})


async def test_closing_stores_what_was_on_its_way(open_again: OpenAgain) -> None:
    storage = await open_again()
    calls = [asyncio.ensure_future(append(storage, b"x")) for _ in range(100)]
    await asyncio.sleep(0)
    await storage.close()
    assert await asyncio.gather(*calls) == list(range(1, 101))
    assert len((await (await open_again()).doc_log.load(DOC)).entries) == 100


async def test_compaction_in_one_process_loses_no_append_of_another(open_again: OpenAgain) -> None:
    one, two = await open_again(), await open_again()
    acknowledged: set[int] = set()

    async def write() -> None:
        for _ in range(60):
            acknowledged.add(await append(one, b"x"))

    writing = asyncio.create_task(write())
    covered = 0
    while not writing.done():
        doc = await two.doc_log.load(DOC)
        last = doc.entries[-1].seq if doc.entries else doc.state_seq
        assert [entry.seq for entry in doc.entries] == list(range(doc.state_seq + 1, last + 1))
        if last > covered:
            await two.doc_log.compact(DOC, b"up to %d" % last, last)
            covered = last
    await writing
    doc = await one.doc_log.load(DOC)
    assert acknowledged == set(range(1, 61))
    assert {entry.seq for entry in doc.entries} == acknowledged - set(range(1, doc.state_seq + 1))
