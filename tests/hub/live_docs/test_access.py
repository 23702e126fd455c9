"""Who may write what, while it is open and afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Text

from crdt_docs.messages import SyncStep2, Update
from hub import live_docs as live_docs_module
from hub.errors import HubError
from hub.live_docs import DocAccess, LiveDocs
from storage import Storage, ports
from storage.records import LoginId, TwinspaceId
from tests.crdt_docs.editor import Editor
from tests.hub.live_docs.keeper import DOC, WRITER, MoodyDocLog, Roles, Session, until, until_closed
from tests.interop.doc_server import TWINSPACE, now_ms


async def test_SH1_access_that_changed_while_a_document_was_opened_is_asked_again(
    live_docs: LiveDocs, roles: Roles
) -> None:
    asked_at = live_docs.revision
    roles.can_write["writer"] = False
    await live_docs.reauthorise(WRITER, TWINSPACE)
    session = Session("w")
    await session.join(live_docs, asked_at)
    assert not session.access.can_write
    asked_at = live_docs.revision
    del roles.can_write["writer"]
    await live_docs.revoke_user(WRITER)
    assert session.ended is not None
    with pytest.raises(HubError):
        await Session("late").join(live_docs, asked_at)
    assert live_docs.counts().sessions == 0


@pytest.mark.parametrize("way", ["revoke", "reauthorise", "role"])
async def test_SH12_nothing_of_a_writer_comes_into_the_log_after_taking_access_away_was_answered(
    live_docs: LiveDocs, doc_log: MoodyDocLog, storage: Storage, roles: Roles, way: str
) -> None:
    ana, session, other = Editor(1), Session("w"), Session("o", user="other")
    doc = await session.join(live_docs)
    await other.join(live_docs)
    doc.receive("w", Update(ana.type("first ")))
    await session.until(lambda: session.acknowledged() == 1)
    # The disk is slow with the second; the third waits behind it, and the fifth for the fourth.
    doc_log.is_quick.clear()
    doc.receive("w", Update(ana.type("second ")))
    await until(lambda: doc_log.commits == 2)
    doc.receive("w", Update(ana.type("third ")))
    missing = ana.type("fourth ")
    doc.receive("w", Update(ana.type("fifth ")))
    if way == "role":
        roles.can_write["writer"] = False
    else:
        del roles.can_write["writer"]
    asked = live_docs.revoke_user(WRITER) if way == "revoke" else live_docs.reauthorise(WRITER, TWINSPACE)
    answer = asyncio.create_task(asked)
    await until(lambda: session.ended or any(b"readonly" in frame for frame in session.frames))
    doc.receive("w", Update(ana.type("sixth ")))
    assert not answer.done()
    doc_log.is_quick.set()
    await answer
    at_the_answer = (await storage.doc_log.load(DOC)).entries
    assert [b"third" in entry.update for entry in at_the_answer] == [False, False, True]
    # Somebody else brings what was missing: what waited for it is gone.
    doc.receive("o", SyncStep2(missing))
    await live_docs.state(DOC)
    entries = (await storage.doc_log.load(DOC)).entries
    assert entries[:-1] == at_the_answer and entries[-1].update == missing


async def test_SH6_revoking_is_about_one_login_or_one_twinspace(live_docs: LiveDocs) -> None:
    a, b = Session("a"), Session("b", user="other")
    await a.join(live_docs)
    await b.join(live_docs)
    await live_docs.revoke_user(WRITER, twinspace_id=TwinspaceId("another"))
    await live_docs.revoke_user(WRITER, login_id=LoginId("another"))
    assert a.ended is None
    await live_docs.revoke_user(WRITER, login_id=LoginId("login-writer"), code="not_signed_in", reason="bye")
    assert a.ended == ("not_signed_in", "bye")
    assert b.ended is None


async def test_an_expired_login_ends_its_session_alone(live_docs: LiveDocs) -> None:
    short, long = Session("short"), Session("long", user="other")
    short.access = replace(short.access, expires_at_ms=now_ms() + 30)
    await short.join(live_docs)
    await long.join(live_docs)
    await short.until(lambda: short.ended)
    assert short.ended is not None and short.ended[0] == "not_signed_in"
    assert long.ended is None


async def test_AU1_a_client_id_stays_its_users_after_the_document_was_closed_and_compacted(
    live_docs: LiveDocs, storage: Storage
) -> None:
    ana, writer = Editor(1), Session("w")
    doc = await writer.join(live_docs)
    for letter in "twenty letters and some":
        doc.receive("w", Update(ana.type(letter)))
    await writer.until(lambda: writer.acknowledged() == 23)
    live_docs.leave("w")
    await until_closed(live_docs)
    stored = await storage.doc_log.load(DOC)
    assert stored.state is not None and not stored.entries
    assert stored.writers == {1: WRITER}
    thief, again = Session("thief", user="other"), Session("again")
    doc = await thief.join(live_docs)
    await again.join(live_docs)
    doc.receive("thief", Update(ana.type("forged")))
    assert thief.ended is not None and thief.ended[0] == "conflict"
    doc.receive("again", Update(ana.doc.get_update()))
    await again.until(lambda: again.acknowledged() == 1)
    found = await live_docs.authorship(DOC)
    assert "".join(run.text for run in found.runs) == "twenty letters and someforged"
    assert found.characters == {WRITER: 29}


async def test_AU5_the_hub_says_who_wrote_what(live_docs: LiveDocs) -> None:
    ana, bea, writer, other = Editor(1), Editor(2), Session("w"), Session("o", user="other")
    await live_docs.edit(DOC, "document", lambda doc: doc.get("t", type=Text).insert(0, "Title "), user_id=None)
    doc = await writer.join(live_docs)
    await other.join(live_docs)
    for editor, session, words in ((ana, writer, "from Málaga "), (bea, other, "z Krakowa")):
        editor.doc.apply_update(await live_docs.state(DOC))
        editor.take()
        doc.receive(session.id, Update(editor.type(words)))
    found = await live_docs.authorship(DOC)
    assert [(run.text, run.user_id) for run in found.runs] == [
        ("Title ", None),
        ("from Málaga ", "writer"),
        ("z Krakowa", "other"),
    ]
    assert [run.written_at_ms is not None for run in found.runs] == [True] * 3


class CutBus:
    """The real bus, which takes nothing while it `is_cut`."""

    def __init__(self, bus: ports.Bus) -> None:
        self.is_cut = False
        self._bus = bus

    async def publish(self, channel: str, data: bytes) -> None:
        if self.is_cut:
            raise ports.Unavailable("Redis does not answer.")
        await self._bus.publish(channel, data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)


async def test_SH12_access_is_taken_away_here_though_no_other_process_can_be_told(
    storage: Storage, doc_log: MoodyDocLog, roles: Roles
) -> None:
    bus: Any = CutBus(storage.bus)
    keeper = LiveDocs(doc_log, bus, now_ms, reauthorise=roles.reauthorise, linger_s=0.0)
    await keeper.start()
    try:
        ana, session = Editor(1), Session("w")
        doc = await session.join(keeper)
        bus.is_cut = True
        doc.receive("w", Update(ana.type("written before")))
        await keeper.revoke_user(WRITER)
        assert session.ended is not None
        assert len((await storage.doc_log.load(DOC)).entries) == 1, "stored when it returns"
    finally:
        await keeper.close()


async def test_SH6_access_is_taken_away_though_the_disk_hangs(
    live_docs: LiveDocs, doc_log: MoodyDocLog, roles: Roles
) -> None:
    ana, session = Editor(1), Session("w")
    doc = await session.join(live_docs)
    doc_log.is_quick.clear()
    doc.receive("w", Update(ana.type("on its way")))
    del roles.can_write["writer"]
    await live_docs.reauthorise_here(WRITER, TWINSPACE)
    assert session.ended is not None and not session.acknowledged()


async def test_SH6_what_could_not_be_asked_when_it_was_told_is_asked_again(
    storage: Storage, doc_log: MoodyDocLog, roles: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is gone at that moment, or a bug, must not end all obeying of other processes."""
    monkeypatch.setattr(live_docs_module, "BUS_RETRY_S", 0.01)
    failures: list[Exception] = [ports.Unavailable("The database is gone."), ZeroDivisionError()]

    async def reauthorise(access: DocAccess) -> DocAccess:
        if failures:
            raise failures.pop(0)
        return await roles.reauthorise(access)

    here, there = (LiveDocs(doc_log, storage.bus, now_ms, reauthorise=reauthorise, linger_s=0.0) for _ in range(2))
    await here.start()
    await there.start()
    try:
        session = Session("w")
        await session.join(there)
        roles.can_write["writer"] = False
        await here.reauthorise(WRITER)
        await session.until(lambda: any(b"readonly" in frame for frame in session.frames))
        assert not failures
        del roles.can_write["writer"]
        await here.reauthorise(WRITER)
        await session.until(lambda: session.ended)
    finally:
        await here.close()
        await there.close()
