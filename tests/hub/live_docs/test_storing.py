"""What is written reaches the disk in groups, also one that refuses or takes long; logs are kept short."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pycrdt import Text

from crdt_docs.content import wall
from crdt_docs.messages import Update
from hub import doc_saver
from hub.errors import Unavailable
from hub.live_docs import LiveDocs
from storage import Storage
from tests.crdt_docs.editor import Editor
from tests.hub.live_docs.keeper import DOC, WALL, WRITER, MoodyDocLog, Roles, Session, add_card, until, until_closed
from tests.interop.doc_server import now_ms


async def test_PE8_what_many_write_at_a_time_shares_few_commits_and_keeps_its_authors(
    live_docs: LiveDocs, doc_log: MoodyDocLog, storage: Storage
) -> None:
    writers = [Session(f"writer{number}", user=f"user{number}") for number in range(100)]
    for writer in writers:
        doc = await writer.join(live_docs)
    for number, writer in enumerate(writers):
        doc.receive(writer.id, Update(Editor(number + 1).type("x")))
        # Storage answers meanwhile: without a distance each update would be a commit of its own.
        await asyncio.sleep(0)
    await live_docs.state(DOC)
    assert doc_log.commits < 50
    stored = await storage.doc_log.load(DOC)
    assert [entry.user_id for entry in stored.entries] == [f"user{number}" for number in range(100)]
    assert stored.writers == {number + 1: f"user{number}" for number in range(100)}


async def test_PE_nothing_is_acknowledged_while_storage_refuses_and_all_is_kept(
    live_docs: LiveDocs, doc_log: MoodyDocLog, storage: Storage
) -> None:
    ana, writer, reader = Editor(1), Session("w"), Session("r", user="other")
    doc = await writer.join(live_docs)
    await reader.join(live_docs)
    doc_log.refuses = True
    doc.receive("w", Update(ana.type("written while the disk was full")))
    await writer.until(lambda: any(b'"storage":"failing"' in frame for frame in writer.frames))
    assert any(b"disk was full" in frame for frame in reader.frames), "editing goes on"
    assert writer.acknowledged() == 0
    live_docs.leave("w")
    live_docs.leave("r")
    assert live_docs.counts().unsaved_updates == 1, "it stays in memory though nobody is here"
    again = Session("again")
    await again.join(live_docs)
    assert any(b'"storage":"failing"' in frame for frame in again.frames), "who comes later is told at once"
    doc_log.refuses = False
    await again.until(lambda: any(b'"storage":"ok"' in frame for frame in again.frames))
    assert b"disk was full" in (await storage.doc_log.load(DOC)).entries[0].update


async def test_PE4_a_disk_that_takes_long_is_told_like_one_that_fails(
    live_docs: LiveDocs, doc_log: MoodyDocLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc_saver, "SLOW_COMMIT_S", 0.05)
    ana, writer, late = Editor(1), Session("w"), Session("late")
    doc = await writer.join(live_docs)
    doc_log.is_quick.clear()
    doc.receive("w", Update(ana.type("written on a slow disk")))
    await writer.until(lambda: any(b'"storage":"failing"' in frame for frame in writer.frames))
    await late.join(live_docs)
    assert any(b'"storage":"failing"' in frame for frame in late.frames)
    assert writer.acknowledged() == 0
    doc_log.is_quick.set()
    await writer.until(lambda: any(b'"storage":"ok"' in frame for frame in writer.frames))
    assert writer.acknowledged() == 1
    assert live_docs.counts().failed_commits == 0


async def test_an_edit_that_cannot_be_stored_says_so_in_time(
    live_docs: LiveDocs, doc_log: MoodyDocLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live_docs.edit(WALL, "wall", add_card("a"), user_id=WRITER)
    await until_closed(live_docs)
    monkeypatch.setattr(doc_saver, "EDIT_TIMEOUT_S", 0.05)

    def refuse_from_now_on(doc: Any) -> Any:
        doc_log.refuses = True
        return add_card("b")(doc)

    with pytest.raises(Unavailable):
        await live_docs.edit(WALL, "wall", refuse_from_now_on, user_id=WRITER)
    doc_log.refuses = False
    # What became of it was unknown; a client that repeats it gets the one card.
    monkeypatch.undo()
    await live_docs.edit(WALL, "wall", add_card("b"), user_id=WRITER)
    assert len(await live_docs.read(WALL, "wall", wall.cards)) == 2


async def test_CO_the_log_is_compacted_during_traffic_and_when_all_have_left(
    live_docs: LiveDocs, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc_saver, "COMPACT_AFTER_UPDATES", 50)
    ana, writer = Editor(1), Session("w")
    doc = await writer.join(live_docs)
    for _ in range(120):
        doc.receive("w", Update(ana.type("x")))
        await asyncio.sleep(0)
    await writer.until(lambda: writer.acknowledged() == 120)
    await until(lambda: live_docs.counts().compactions)
    live_docs.leave("w")
    await until_closed(live_docs)
    stored = await storage.doc_log.load(DOC)
    assert stored.state is not None and len(stored.entries) < 50
    assert await live_docs.read(DOC, "document", lambda doc: str(doc.get("t", type=Text))) == "x" * 120


async def test_close_stores_what_is_on_its_way(storage: Storage, roles: Roles) -> None:
    keeper = LiveDocs(storage.doc_log, storage.bus, now_ms, reauthorise=roles.reauthorise)
    await keeper.start()
    ana, writer = Editor(1), Session("w")
    doc = await writer.join(keeper)
    doc.receive("w", Update(ana.type("last words")))
    await keeper.close()
    assert writer.ended is not None and writer.ended[0] == "unavailable"
    assert len((await storage.doc_log.load(DOC)).entries) == 1
    with pytest.raises(Unavailable):
        await keeper.read(DOC, "document", str)


async def test_a_bug_in_compacting_keeps_nothing_open_and_stops_no_saving(
    live_docs: LiveDocs, storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(doc_saver, "compact", stumble)
    monkeypatch.setattr(doc_saver, "COMPACT_AFTER_UPDATES", 10)
    ana, writer = Editor(1), Session("w")
    doc = await writer.join(live_docs)
    for _ in range(3):
        for _ in range(20):
            doc.receive("w", Update(ana.type("x")))
        await live_docs.state(DOC)
    assert writer.acknowledged() == 60 and len((await storage.doc_log.load(DOC)).entries) == 60
    live_docs.leave("w")
    await until_closed(live_docs)
    assert "can't be compacted" in caplog.text


async def test_a_content_that_is_deleted_ends_whoever_waits_for_its_saving(
    storage: Storage, doc_log: MoodyDocLog, roles: Roles
) -> None:
    keeper = LiveDocs(doc_log, storage.bus, now_ms, reauthorise=roles.reauthorise)
    await keeper.start()
    ana, writer = Editor(1), Session("w")
    doc = await writer.join(keeper)
    doc_log.is_quick.clear()
    doc.receive("w", Update(ana.type("written into what is being deleted")))
    closing = asyncio.create_task(keeper.close())
    await until(lambda: doc_log.commits == 1 and writer.ended)
    doc_log.is_gone = True
    doc_log.is_quick.set()
    await closing
    assert keeper.counts().unsaved_updates == 0
