"""The keeper: one load per document, changes by the hub, bugs that stay in one document, two processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pycrdt import Doc, Text

from crdt_docs.content import wall
from crdt_docs.errors import ContentError
from crdt_docs.messages import SyncStep2, Update
from hub import open_doc
from hub.errors import Internal, NotFound, Unavailable
from hub.live_docs import LOADS_IN_FLIGHT, LiveDocs
from storage import Storage, ports
from storage.records import ContentId, UserId
from tests.crdt_docs.editor import OUT_OF_ORDER, Editor
from tests.hub.live_docs.keeper import DOC, WALL, WRITER, MoodyDocLog, Roles, Session, add_card, until, until_closed
from tests.interop.doc_server import now_ms


async def test_an_edit_is_durable_when_it_returns(live_docs: LiveDocs, storage: Storage) -> None:
    card = await live_docs.edit(WALL, "wall", add_card("a"), user_id=WRITER)
    assert card["id"] == "a"
    (entry,) = (await storage.doc_log.load(WALL)).entries
    assert entry.user_id == WRITER
    assert [found["id"] for found in await live_docs.read(WALL, "wall", wall.cards)] == ["a"]
    copy: Doc[Any] = Doc()
    copy.apply_update(await live_docs.state(WALL))
    assert len(wall.cards(copy)) == 1


async def test_many_who_open_at_once_share_one_load_and_nothing_stays_open(
    live_docs: LiveDocs, doc_log: MoodyDocLog
) -> None:
    await asyncio.gather(*(live_docs.read(WALL, "wall", wall.cards) for _ in range(20)))
    assert doc_log.loads == 1
    await until_closed(live_docs)
    await live_docs.read(WALL, "wall", wall.cards)
    assert doc_log.loads == 2


async def test_SH11_a_herd_reads_few_documents_at_a_time_from_storage(
    live_docs: LiveDocs, doc_log: MoodyDocLog
) -> None:
    contents = [ContentId(f"doc{number}") for number in range(3 * LOADS_IN_FLIGHT)]
    await asyncio.gather(*(live_docs.state(content_id) for content_id in contents))
    assert doc_log.loads == len(contents)
    assert 1 < doc_log.most_loading <= LOADS_IN_FLIGHT


async def test_a_refused_change_says_so_and_an_unknown_kind_is_nothing(live_docs: LiveDocs) -> None:
    await live_docs.edit(WALL, "wall", add_card("a"), user_id=WRITER)
    with pytest.raises(ContentError):
        await live_docs.edit(WALL, "wall", lambda doc: wall.remove_card(doc, "b"), user_id=WRITER)
    with pytest.raises(NotFound):
        await live_docs.read(WALL, "hologram", wall.cards)
    assert live_docs.counts().discarded == 0


async def test_a_bug_discards_one_document_and_no_other(
    live_docs: LiveDocs, storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    ana, victim, other = Editor(1), Session("victim"), Session("other", WALL, kind="wall")
    doc = await victim.join(live_docs)
    await other.join(live_docs)
    doc.receive("victim", Update(ana.type("kept")))

    def stumble(doc: Any) -> None:
        doc.get("t", type=Text).insert(0, "half a change")
        raise ZeroDivisionError

    with pytest.raises(Internal):
        await live_docs.edit(DOC, "document", stumble, user_id=None)
    assert victim.ended is not None and victim.ended[0] == "internal"
    assert other.ended is None
    assert live_docs.counts().discarded == 1
    assert "discarded" in caplog.text
    again = Session("again")
    await again.join(live_docs)
    assert await live_docs.read(DOC, "document", lambda doc: str(doc.get("t", type=Text))) == "kept"


async def test_a_document_that_cannot_be_loaded_says_so_and_is_tried_again(
    live_docs: LiveDocs, doc_log: MoodyDocLog
) -> None:
    doc_log.refuses = True
    for _ in range(2):
        with pytest.raises(Unavailable):
            await live_docs.read(WALL, "wall", wall.cards)
    doc_log.refuses = False
    assert await live_docs.read(WALL, "wall", wall.cards) == []


async def test_GA5_the_order_that_the_engine_does_not_survive_through_the_keeper(
    live_docs: LiveDocs, storage: Storage
) -> None:
    writer = Session("w")
    doc = await writer.join(live_docs)
    for i in (0, 2, 3, 1):
        doc.receive("w", Update(OUT_OF_ORDER[i]))
    await writer.until(lambda: writer.acknowledged() == 4)
    live_docs.leave("w")
    await until_closed(live_docs)
    assert await live_docs.read(DOC, "document", lambda doc: str(doc.get("t", type=Text))) == "xyxyxxyy"


async def test_two_processes_share_a_document(storage: Storage, doc_log: MoodyDocLog, roles: Roles) -> None:
    keepers = [LiveDocs(doc_log, storage.bus, now_ms, reauthorise=roles.reauthorise, linger_s=0.0) for _ in range(2)]
    for keeper in keepers:
        await keeper.start()
    ana, here, there = Editor(1), Session("here"), Session("there", user="other")
    doc = await here.join(keepers[0])
    await there.join(keepers[1])
    doc.receive("here", Update(ana.type("across")))
    await there.until(lambda: any(b"across" in frame for frame in there.frames))
    # What nobody sends again is asked for by who comes later.
    late = Session("late", user="other")
    third = LiveDocs(doc_log, storage.bus, now_ms, reauthorise=roles.reauthorise, linger_s=0.0)
    await third.start()
    doc_log.refuses = True
    doc.receive("here", Update(ana.type(" unsaved")))
    doc_log.refuses = False
    await late.join(third)
    await late.until(lambda: any(b" unsaved" in frame for frame in late.frames))
    roles.can_write["other"] = False
    await keepers[0].reauthorise(UserId("other"))
    await there.until(lambda: any(b"readonly" in frame for frame in there.frames))
    await keepers[0].revoke_user(UserId("other"))
    await there.until(lambda: there.ended)
    await late.until(lambda: late.ended)
    for keeper in (*keepers, third):
        await keeper.close()


async def test_an_answer_to_our_step_1_is_acknowledged(live_docs: LiveDocs) -> None:
    writer = Session("w")
    doc = await writer.join(live_docs)
    doc.receive("w", SyncStep2(b"\x00\x00"))
    assert writer.acknowledged() == 1


class DeafBus:
    """The real bus, for a process that hears nothing of one document and is told so later."""

    def __init__(self, bus: ports.Bus) -> None:
        self._bus = bus
        self.hears = asyncio.Event()

    async def _silence(self) -> AsyncIterator[bytes]:
        await self.hears.wait()
        raise ports.Missed("The connection to Redis was lost.")
        yield b""

    def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        is_deaf = channel.startswith("doc:") and not self.hears.is_set()
        return self._silence() if is_deaf else self._bus.subscribe(channel)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)


async def test_PE10_what_another_process_stored_while_the_bus_was_lost_is_shown(
    storage: Storage, doc_log: MoodyDocLog, roles: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_doc, "CATCH_UP_RETRY_S", 0.01)
    bus: Any = DeafBus(storage.bus)
    here = LiveDocs(doc_log, bus, now_ms, reauthorise=roles.reauthorise, linger_s=0.0)
    there = LiveDocs(doc_log, storage.bus, now_ms, reauthorise=roles.reauthorise, linger_s=0.0)
    for keeper in (here, there):
        await keeper.start()
    try:
        session = Session("reader", WALL, kind="wall")
        await session.join(here)
        await there.edit(WALL, "wall", add_card("unheard"), user_id=WRITER)
        await until_closed(there)
        assert not any(b"unheard" in frame for frame in session.frames)
        doc_log.refuses = True
        loads = doc_log.loads
        bus.hears.set()
        await until(lambda: doc_log.loads > loads + 1)
        doc_log.refuses = False
        await session.until(lambda: any(b"unheard" in frame for frame in session.frames))
    finally:
        for keeper in (here, there):
            await keeper.close()
