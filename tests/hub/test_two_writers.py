"""Two hubs write one document and don't hear each other: the bus is gone, or one was paused while the other took over.

Each acknowledged text is on the disk afterwards, and no state in place of the log is ever replaced by an older one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Text

from crdt_docs.limits import Limits
from crdt_docs.messages import Update
from hub import doc_saver
from hub.live_docs import DocAccess, LiveDocs
from storage import Storage, open_storage
from storage.records import ContentId, StoredDoc
from tests.crdt_docs.editor import Editor
from tests.hub.live_docs.keeper import DOC, WAIT_S, Session, until_closed
from tests.interop.doc_server import fill, now_ms


class PausedDocLog:
    """The real log of a process that can be stopped between reading it and putting a state in its place."""

    def __init__(self, storage: Storage) -> None:
        self._doc_log = storage.doc_log
        self.runs = asyncio.Event()
        self.runs.set()
        self.stands_before_compacting = asyncio.Event()
        self.refused: list[Exception] = []

    async def append(self, content_id: ContentId, updates: Sequence[bytes], **more: Any) -> int:
        return await self._doc_log.append(content_id, updates, **more)

    async def append_all(self, content_id: ContentId, entries: Any, **more: Any) -> int:
        return await self._doc_log.append_all(content_id, entries, **more)

    async def load(self, content_id: ContentId) -> StoredDoc:
        return await self._doc_log.load(content_id)

    async def compact(self, content_id: ContentId, state: bytes, seq: int, *, history: bytes | None = None) -> None:
        self.stands_before_compacting.set()
        await self.runs.wait()
        try:
            await self._doc_log.compact(content_id, state, seq, history=history)
        except Exception as error:
            self.refused.append(error)
            raise

    def entries(self, content_id: ContentId) -> AsyncIterator[Any]:
        return self._doc_log.entries(content_id)


async def keep_role(access: DocAccess) -> DocAccess:
    return replace(access)


class Hub:
    """One process: its own connections, and a bus that nobody else is on."""

    def __init__(self, storage: Storage) -> None:
        self.doc_log = PausedDocLog(storage)
        self.live_docs = LiveDocs(self.doc_log, storage.bus, now_ms, Limits(), reauthorise=keep_role, linger_s=0.0)

    async def write(self, editor: Editor, user: str, *texts: str) -> None:
        """Let a member type; return when all of it is acknowledged, with the document still open."""
        self.session = Session(f"{user}'s", user=user)
        doc = await self.session.join(self.live_docs)
        for text in texts:
            doc.receive(self.session.id, Update(editor.type(text)))
        await self.session.until(lambda: self.session.acknowledged() == len(texts))

    async def leave(self) -> None:
        self.live_docs.leave(self.session.id)
        await until_closed(self.live_docs)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
async def hubs(request: pytest.FixtureRequest, data_dir: Path) -> AsyncIterator[tuple[Hub, Hub]]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    storages = [await open_storage(data_dir=data_dir, database_url=url) for _ in range(2)]
    await fill(storages[0], ("doc", "document"))
    hubs = (Hub(storages[0]), Hub(storages[1]))
    for hub in hubs:
        await hub.live_docs.start()
    try:
        yield hubs
    finally:
        for hub, storage in zip(hubs, storages, strict=True):
            hub.doc_log.runs.set()
            await hub.live_docs.close()
            await storage.close()


async def test_a_hub_that_was_paused_overwrites_nothing_of_the_one_that_took_over(
    hubs: tuple[Hub, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc_saver, "COMPACT_ON_LEAVE_UPDATES", 1)
    paused, other = hubs
    ana, bea = Editor(1), Editor(2)
    await paused.write(ana, "writer", "before ")
    paused.doc_log.runs.clear()
    paused.live_docs.leave(paused.session.id)
    async with asyncio.timeout(WAIT_S):
        await paused.doc_log.stands_before_compacting.wait()
    # It has read the log and is about to put a state in its place, when everything stops; people go to the other hub.
    bea.doc.apply_update(ana.doc.get_update())
    bea.take()
    await other.write(bea, "other", "while ", "it slept ")
    await other.leave()
    newer = await other.doc_log.load(DOC)
    assert newer.state_seq == 3 and newer.entries == ()
    paused.doc_log.runs.set()
    await until_closed(paused.live_docs)
    assert [type(error).__name__ for error in paused.doc_log.refused] == ["Conflict"]
    assert await other.doc_log.load(DOC) == newer
    assert await paused.live_docs.read(DOC, "document", text) == "before while it slept "


async def test_two_hubs_that_do_not_hear_each_other_lose_nothing(
    hubs: tuple[Hub, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc_saver, "COMPACT_AFTER_UPDATES", 10)
    editors = (Editor(1), Editor(2))
    words = [[f"<{name}{number}>" for number in range(60)] for name in "ab"]
    await asyncio.gather(
        *(
            hub.write(editor, user, *own)
            for hub, editor, user, own in zip(hubs, editors, ("writer", "other"), words, strict=True)
        )
    )
    for hub in hubs:
        await hub.leave()
    stored = await hubs[0].doc_log.load(DOC)
    assert stored.writers == {1: "writer", 2: "other"}
    whole = await hubs[1].live_docs.read(DOC, "document", text)
    for own in words:
        assert "".join(own) in whole
    assert len(whole) == sum(map(len, words[0] + words[1]))


def text(doc: Any) -> str:
    return str(doc.get("t", type=Text))
