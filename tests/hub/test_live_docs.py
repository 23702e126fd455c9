"""The keeper: one load per document, durable edits, refusing storage, bugs that stay in one document, two processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc, Text

from crdt_docs.content import wall
from crdt_docs.encoding import encode_string
from crdt_docs.errors import ContentError
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.limits import Limits
from crdt_docs.messages import SyncStep1, SyncStep2, Update
from crdt_docs.sync_codec import Codec
from hub import doc_saver
from hub.errors import HubError, Internal, NotFound, Unavailable
from hub.live_docs import LOADS_IN_FLIGHT, DocAccess, LiveDocs
from hub.open_doc import OpenDoc
from storage import Storage, open_memory_storage, ports
from storage.records import ContentId, LoginId, StoredDoc, TwinspaceId, UserId
from tests.crdt_docs.editor import OUT_OF_ORDER, Editor
from tests.interop.doc_server import SCHOOL, TWINSPACE, fill, now_ms

DOC, WALL = ContentId("doc"), ContentId("wall")
WRITER = UserId("writer")
WAIT_S = 10.0
ACKNOWLEDGED = encode_string("doc") + b"\x08\x01"


class MoodyDocLog:
    """The real log, behind a disk that refuses while `refuses` is set."""

    def __init__(self, doc_log: ports.DocLog) -> None:
        self.refuses = False
        self.loads = self.commits = self.loading = self.most_loading = 0
        self.is_quick = asyncio.Event()
        self.is_quick.set()
        self._doc_log = doc_log

    async def append(self, content_id: ContentId, updates: Sequence[bytes], **more: Any) -> int:
        if self.refuses:
            raise ports.Unavailable("No space left on device.")
        return await self._doc_log.append(content_id, updates, **more)

    async def append_all(self, content_id: ContentId, entries: Any, **more: Any) -> int:
        if self.refuses:
            raise ports.Unavailable("No space left on device.")
        self.commits += 1
        await self.is_quick.wait()
        return await self._doc_log.append_all(content_id, entries, **more)

    async def load(self, content_id: ContentId) -> StoredDoc:
        self.loads += 1
        self.loading += 1
        self.most_loading = max(self.most_loading, self.loading)
        try:
            await asyncio.sleep(0)
            if self.refuses:
                raise ports.Unavailable("No such device.")
            return await self._doc_log.load(content_id)
        finally:
            self.loading -= 1

    async def compact(self, content_id: ContentId, state: bytes, seq: int, *, history: bytes | None = None) -> None:
        await self._doc_log.compact(content_id, state, seq, history=history)

    def entries(self, content_id: ContentId) -> AsyncIterator[Any]:
        return self._doc_log.entries(content_id)


class Session:
    """A client on one document, seen from inside; `until` waits for what it is sent."""

    def __init__(self, name: str, content_id: ContentId = DOC, *, user: str = "writer", kind: str = "document") -> None:
        self.id = name
        self.codec: Codec = HocuspocusCodec(content_id)
        self.access = DocAccess(
            content_id,
            TWINSPACE,
            kind,
            UserId(user),
            user,
            SCHOOL,
            True,
            1,
            LoginId(f"login-{user}"),
            now_ms() + 60_000,
        )
        self.frames: list[bytes] = []
        self.ended: tuple[str, str] | None = None
        self._changed = asyncio.Event()
        self.live_docs: LiveDocs | None = None

    def send(self, wire: bytes) -> None:
        while wire:
            start = 2 if wire[1] < 126 else 4
            end = start + (wire[1] if start == 2 else int.from_bytes(wire[2:4], "big"))
            self.frames.append(wire[start:end])
            wire = wire[end:]
        self._changed.set()

    def offer(self, wire: bytes, before: bytes = b"") -> None:
        self.send(before + wire)

    def ready_fd(self) -> int:
        return -1

    def end(self, code: str, reason: str) -> None:
        self.ended = (code, reason)
        self._changed.set()
        assert self.live_docs is not None
        self.live_docs.leave(self.id)

    async def join(self, live_docs: LiveDocs, revision: int | None = None) -> OpenDoc:
        self.live_docs = live_docs
        doc = await live_docs.join(self, live_docs.revision if revision is None else revision)
        doc.receive(self.id, SyncStep1(b"\x00"))
        return doc

    async def until(self, seen: Callable[[], object]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not seen():
                self._changed.clear()
                await self._changed.wait()

    def acknowledged(self) -> int:
        return self.frames.count(ACKNOWLEDGED)


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"), ("wall", "wall"))
    yield storage
    await storage.close()


@pytest.fixture
def doc_log(storage: Storage) -> MoodyDocLog:
    return MoodyDocLog(storage.doc_log)


class Roles:
    def __init__(self) -> None:
        self.can_write: dict[str, bool] = {"writer": True, "other": True}

    async def reauthorise(self, access: DocAccess) -> DocAccess:
        if access.user_id not in self.can_write:
            raise NotFound
        return replace(access, can_write=self.can_write[access.user_id])


@pytest.fixture
def roles() -> Roles:
    return Roles()


@pytest.fixture
async def live_docs(storage: Storage, doc_log: MoodyDocLog, roles: Roles) -> AsyncIterator[LiveDocs]:
    keeper = LiveDocs(doc_log, storage.bus, now_ms, Limits(), reauthorise=roles.reauthorise, linger_s=0.0)
    await keeper.start()
    yield keeper
    doc_log.refuses = False
    doc_log.is_quick.set()
    await keeper.close()


def add_card(card_id: str) -> Callable[[Any], dict[str, Any]]:
    return lambda doc: wall.add_card(
        doc,
        card_id=card_id,
        title=card_id,
        text="",
        tint=1,
        author_id="writer",
        author_name="W",
        school_id="s",
        at_ms=1,
    )


async def until(condition: Callable[[], object]) -> None:
    """For what is only counted and announced to nobody."""
    async with asyncio.timeout(WAIT_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def until_closed(live_docs: LiveDocs) -> None:
    await until(lambda: live_docs.counts().open_docs == 0)


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


async def test_a_document_that_cannot_be_loaded_says_so_and_is_tried_again(
    live_docs: LiveDocs, doc_log: MoodyDocLog
) -> None:
    doc_log.refuses = True
    for _ in range(2):
        with pytest.raises(Unavailable):
            await live_docs.read(WALL, "wall", wall.cards)
    doc_log.refuses = False
    assert await live_docs.read(WALL, "wall", wall.cards) == []


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


async def test_an_expired_login_ends_its_session_alone(live_docs: LiveDocs) -> None:
    short, long = Session("short"), Session("long", user="other")
    short.access = replace(short.access, expires_at_ms=now_ms() + 30)
    await short.join(live_docs)
    await long.join(live_docs)
    await short.until(lambda: short.ended)
    assert short.ended is not None and short.ended[0] == "not_signed_in"
    assert long.ended is None


async def test_an_answer_to_our_step_1_is_acknowledged(live_docs: LiveDocs) -> None:
    writer = Session("w")
    doc = await writer.join(live_docs)
    doc.receive("w", SyncStep2(b"\x00\x00"))
    assert writer.acknowledged() == 1


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
