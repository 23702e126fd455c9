"""What tests of the keeper of live documents share: a disk with moods, clients seen from inside, roles that change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

from crdt_docs.content import wall
from crdt_docs.encoding import encode_string
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.messages import SyncStep1
from crdt_docs.sync_codec import Codec
from hub.errors import NotFound
from hub.live_docs import DocAccess, LiveDocs
from hub.open_doc import OpenDoc
from storage import ports
from storage.records import ContentId, LoginId, StoredDoc, UserId
from tests.interop.doc_server import SCHOOL, TWINSPACE, now_ms

DOC, WALL = ContentId("doc"), ContentId("wall")
WRITER = UserId("writer")
WAIT_S = 10.0
ACKNOWLEDGED = encode_string("doc") + b"\x08\x01"


class MoodyDocLog:
    """The real log, behind a disk that refuses while `refuses` is set; `is_gone`: the content was deleted meanwhile."""

    def __init__(self, doc_log: ports.DocLog) -> None:
        self.refuses = self.is_gone = False
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
        if self.is_gone:
            raise ports.NotFound
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


class Roles:
    def __init__(self) -> None:
        self.can_write: dict[str, bool] = {"writer": True, "other": True}

    async def reauthorise(self, access: DocAccess) -> DocAccess:
        if access.user_id not in self.can_write:
            raise NotFound
        return replace(access, can_write=self.can_write[access.user_id])


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
