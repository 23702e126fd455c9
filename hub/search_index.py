"""Keeps the search index up to date: told of what was committed, it writes soon afterwards and in order.

The index is beside the things, never in their way: what can't be indexed now is logged, and found out by `catch_up` at
the next start, or made again by `hub reindex`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator

from crdt_docs.content import KINDS, Block
from crdt_docs.content.plain_text import plain_text
from crdt_docs.errors import ContentError
from hub.errors import HubError
from hub.lane_names import ALL, circle_of, room_lane, room_of, subject_of
from hub.staff_room_entries import all_entries
from storage import ports
from storage.ports import Storage
from storage.records import (
    Caption,
    Content,
    ContentId,
    JournalEntry,
    Json,
    Message,
    RoomId,
    SearchEntry,
    SearchKind,
    TwinspaceId,
    UserId,
)

logger = logging.getLogger(__name__)

ReadBlocks = Callable[[Content], Awaitable[list[Block]]]
Work = Callable[[], Awaitable[None]]

AT_ONCE = 200
GATHER_S = 0.25
"""Messages that come within this time are written together: a commit of the index costs as much as ten messages."""
MOST_GATHERED = 8
"""More would keep the next message waiting for the commit of the index."""
_SAID = frozenset({"title", "former_title", "text", "summary", "note", "place"})
"""The fields of a journal entry's details that people wrote."""


class SearchIndex:
    """`run()` must be running; `close` it before the storage, and before what `read_blocks` needs."""

    def __init__(self, storage: Storage, read_blocks: ReadBlocks) -> None:
        self._storage = storage
        self._read_blocks = read_blocks
        self._waiting: asyncio.Queue[Work] = asyncio.Queue()
        self._breakout: dict[RoomId, bool] = {}
        self._gathering: list[Message] | None = None
        self._due = asyncio.Event()
        """What is gathered has to be written now."""

    # What others tell it

    def put(self, *entries: SearchEntry) -> None:
        self._later(lambda: self._storage.search.put(entries))

    def erase(self, kind: SearchKind, entry_id: str) -> None:
        """After what was put before, so that nothing comes back."""
        self._later(lambda: self._storage.search.erase(kind, entry_id))

    def note_content(self, content_id: ContentId) -> None:
        """It is new, has another title, other words or another rung, or is gone."""
        self._later(lambda: self._write_content(content_id))

    def note_message(self, message: Message) -> None:
        if self._gathering is None:
            gathered: list[Message] = []
            self._later(lambda: self._write_gathered(gathered))
            self._gathering = gathered
            self._due.clear()
        self._gathering.append(message)
        if len(self._gathering) >= MOST_GATHERED:
            self._end_gathering()

    def note_caption(self, line: Caption) -> None:
        self._later(lambda: self._write_captions([line]))

    def note_journal(self, entry: JournalEntry) -> None:
        if (made := journal_entry(entry)) is not None:
            self.put(made)

    async def settle(self) -> None:
        """Wait until everything that was noted so far is in the index."""
        self._end_gathering()
        await self._waiting.join()

    # Its own work

    async def run(self) -> None:
        """Until cancelled: catch up, then write what is noted."""
        try:
            await self.catch_up()
        except ports.StorageError as error:
            logger.warning("what a former process did not index has to wait for the next start: %s", error)
        while True:
            await self._do(await self._waiting.get())

    async def close(self) -> None:
        """Write what is noted; `run` has ended."""
        self._end_gathering()
        while not self._waiting.empty():
            await self._do(self._waiting.get_nowait())

    async def rebuild(self) -> None:
        """Forget everything and index it again; `run` is not needed."""
        await self._storage.search.clear()
        await self.catch_up()
        self.put(*await all_entries(self._storage))
        await self.close()

    async def _do(self, work: Work) -> None:
        try:
            await work()
        except (ports.StorageError, HubError, ContentError) as error:
            logger.warning("something can't be put into the search index now: %s", error)
        except Exception:
            # One thing of a form nobody thought of must not keep all others from being found.
            logger.exception("something could not be put into the search index")
        finally:
            self._waiting.task_done()

    async def catch_up(self) -> None:
        """Note what a former process did not get to. The caller waits with `settle` if it matters."""
        for twinspace in await self._storage.twinspaces.all():
            times = await self._storage.search.times("content", twinspace.id)
            for content in await self._storage.contents.of_twinspace(twinspace.id):
                if times.get(content.id, -1) < content.changed_at_ms:
                    self.note_content(content.id)
            await self._catch_up_messages(twinspace.id)
            await self._catch_up_captions(twinspace.id)
            await self._catch_up_journal(twinspace.id)

    async def _catch_up_messages(self, twinspace_id: TwinspaceId) -> None:
        known_ms = await self._storage.search.newest_at_ms("message", twinspace_id)
        for lane in await self._storage.messages.lanes(twinspace_id):
            before: int | None = None
            while found := await self._storage.messages.latest(twinspace_id, AT_ONCE, before, lane):
                fresh = [message for message in found if message.posted_at_ms >= known_ms]
                await self._write_messages(fresh)
                if len(fresh) < len(found):
                    break
                before = found[0].seq

    async def _catch_up_captions(self, twinspace_id: TwinspaceId) -> None:
        known_ms = await self._storage.search.newest_at_ms("caption", twinspace_id)
        offset = 0
        while found := await self._storage.captions.newer(twinspace_id, known_ms, AT_ONCE, offset):
            await self._write_captions(found)
            offset += len(found)

    async def _catch_up_journal(self, twinspace_id: TwinspaceId) -> None:
        known_ms = await self._storage.search.newest_at_ms("journal", twinspace_id)
        before: int | None = None
        while found := await self._storage.journal.latest(twinspace_id, AT_ONCE, before):
            fresh = [entry for entry in found if entry.happened_at_ms >= known_ms]
            self.put(*filter(None, map(journal_entry, fresh)))
            if len(fresh) < len(found):
                return
            before = found[-1].seq

    async def _write_content(self, content_id: ContentId) -> None:
        try:
            content = await self._storage.contents.get(content_id)
        except ports.NotFound:
            await self._storage.search.erase("content", content_id)
            return
        if content.kind in KINDS and KINDS[content.kind].is_part:
            # It has no page of its own that could be opened.
            return
        text = plain_text(await self._read_blocks(content)) if content.kind in KINDS else ""
        await self._storage.search.put([content_entry(content, text)])

    async def _write_gathered(self, gathered: list[Message]) -> None:
        if gathered is self._gathering:
            try:
                async with asyncio.timeout(GATHER_S):
                    await self._due.wait()
            except TimeoutError:
                self._end_gathering()
            except asyncio.CancelledError:
                if gathered is self._gathering:
                    # Nothing waits behind it, so that `close` still writes it in its turn.
                    self._later(lambda: self._write_messages(gathered))
                raise
        try:
            await self._write_messages(gathered)
        except ports.StorageError:
            # One of them may be of somebody who is gone; the others are found all the same.
            for message in gathered:
                try:
                    await self._write_messages([message])
                except ports.StorageError as error:
                    logger.warning("a message can't be put into the search index now: %s", error)

    def _end_gathering(self) -> None:
        self._gathering = None
        self._due.set()

    async def _write_messages(self, messages: Iterable[Message]) -> None:
        await self._storage.search.put(
            [message_entry(each, is_breakout=await self._is_breakout(room_of(each.lane))) for each in messages]
        )

    async def _write_captions(self, lines: Iterable[Caption]) -> None:
        await self._storage.search.put(
            [caption_entry(each, is_breakout=await self._is_breakout(each.room_id)) for each in lines]
        )

    async def _is_breakout(self, room_id: RoomId | None) -> bool:
        """A room is one from its first day to its last."""
        if room_id is None:
            return False
        if room_id not in self._breakout:
            try:
                room = await self._storage.twinspaces.get_room(room_id)
            except ports.NotFound:
                return True  # Nobody but the staff can say whose it was.
            self._breakout[room_id] = room.parent_id is not None
        return self._breakout[room_id]

    def _later(self, work: Work) -> None:
        """In order: what is noted after other work is not written before it."""
        self._end_gathering()
        self._waiting.put_nowait(work)


def content_entry(content: Content, text: str) -> SearchEntry:
    return SearchEntry(
        kind="content",
        id=content.id,
        title=content.title,
        text=text,
        created_by=content.created_by,
        at_ms=content.changed_at_ms,
        twinspace_id=content.twinspace_id,
        place=content.kind,
        item_id=content.id,
        school_id=content.school_id,
        visibility=content.visibility,
        team_id=content.team_id,
    )


def message_entry(message: Message, *, is_breakout: bool) -> SearchEntry:
    rung, team_id = circle_of(message.lane, is_breakout=is_breakout)
    return SearchEntry(
        kind="message",
        id=f"{message.twinspace_id}:{subject_of(message.lane, message.seq)}",
        title="",
        text=message.text,
        created_by=message.user_id,
        at_ms=message.posted_at_ms,
        twinspace_id=message.twinspace_id,
        place="" if message.lane == ALL else message.lane,
        visibility=rung,
        team_id=team_id,
    )


def caption_entry(line: Caption, *, is_breakout: bool) -> SearchEntry:
    rung, team_id = circle_of(room_lane(line.room_id), is_breakout=is_breakout)
    return SearchEntry(
        kind="caption",
        id=f"{line.room_id}:{line.seq}",
        title="",
        text=line.text,
        created_by=line.user_id,
        at_ms=line.ended_at_ms,
        twinspace_id=line.twinspace_id,
        place=line.room_id,
        visibility=rung,
        team_id=team_id,
    )


def journal_entry(entry: JournalEntry) -> SearchEntry | None:
    """None when nobody said anything in it."""
    said = list(_words_in(entry.details))
    if not said or entry.user_id is None:
        return None
    return SearchEntry(
        kind="journal",
        id=f"{entry.twinspace_id}:{entry.seq}",
        title=said[0],
        text="\n".join(said[1:]),
        created_by=UserId(entry.user_id),
        at_ms=entry.happened_at_ms,
        twinspace_id=entry.twinspace_id,
        place=entry.verb,
        item_id=entry.subject_id,
    )


def _words_in(details: Json) -> Iterator[str]:
    for name, value in details.items() if isinstance(details, dict) else ():
        if name in _SAID and isinstance(value, str) and value.strip():
            yield value
