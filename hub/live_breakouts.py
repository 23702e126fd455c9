"""Keeps the breakout rooms that are open: closes them in time, moves who comes late, and shows teachers all at once.

Everything that must last is in storage; what is here can be read again, and is, when the hub starts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace

from hub.access import Act, acts_of
from hub.context import Announcer
from hub.lesson.breakouts import Group, group_in, group_of, groups_of, placed, state_of
from hub.live_rooms import LiveRooms
from hub.payloads import breakouts as payloads
from hub.roster import read_users
from storage import ports
from storage.ports import Storage
from storage.records import Breakouts, BreakoutsId, ContentId, RoomId, SchoolId, TwinspaceId, User, UserId

logger = logging.getLogger(__name__)

PACE_S = 0.25
"""Teachers see changes at most this often: thirty who come in at once are one change."""
RETRY_S = 5.0


Called = Callable[[Iterable[User]], Awaitable[dict[UserId, User]]]
"""Users as everybody may call them, of whatever school."""


@dataclass(slots=True)
class _Open:
    plan: Breakouts
    told: set[UserId] = field(default_factory=set)
    """Who was told their place since they came into the divided room."""
    watchers: set[UserId] = field(default_factory=set)
    edited_at_ms: dict[ContentId, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    """Groups of which watchers have to hear."""


class LiveBreakouts:
    """`start`, then `run` it, else nothing is closed and nobody is told."""

    def __init__(
        self,
        storage: Storage,
        live_rooms: LiveRooms,
        announce: Announcer,
        now_ms: Callable[[], int],
        called: Called,
    ) -> None:
        self._storage = storage
        self._live_rooms = live_rooms
        self._announce = announce
        self._now_ms = now_ms
        self._called = called
        self._open: dict[BreakoutsId, _Open] = {}
        self._closed_rooms: set[RoomId] = set()
        """Whoever was on the way in when the room closed is sent out again."""
        self._arrived: asyncio.Queue[tuple[BreakoutsId, UserId]] = asyncio.Queue()
        self._news = asyncio.Event()

    async def start(self) -> None:
        for plan in await self._storage.breakouts.open_after(self._now_ms()):
            self.note_plan(plan)

    def note_plan(self, plan: Breakouts) -> None:
        """It was planned, opened, changed or is to be closed; the row says so already."""
        rooms = {group.room_id for group in groups_of(plan)}
        known = self._open.get(plan.id)
        if state_of(plan, self._now_ms()) == "open":
            self._closed_rooms -= rooms
            known = self._open.setdefault(plan.id, _Open(plan))
            known.plan = plan
            known.changed |= {group.id for group in groups_of(plan)}
        elif known is not None:
            known.plan = plan
        self._news.set()

    def note_room(self, room_id: RoomId, users: list[User]) -> None:
        """Somebody came into a room or left it."""
        for known in self._open.values():
            if known.plan.room_id == room_id:
                here = {user.id for user in users}
                known.told &= here
                for user in users:
                    if user.kind == "pupil" and user.id not in known.told:
                        known.told.add(user.id)
                        self._arrived.put_nowait((known.plan.id, user.id))
            elif (group := group_in(known.plan, room_id)) is not None:
                known.changed.add(group.id)
        self._news.set()

    def note_speaker(self, room_id: RoomId) -> None:
        for known in self._open.values():
            if (group := group_in(known.plan, room_id)) is not None:
                known.changed.add(group.id)
                self._news.set()

    def note_content(self, content_id: ContentId) -> None:
        """Somebody's change of it is durable."""
        for known in self._open.values():
            for group in groups_of(known.plan):
                if content_id in group.contents().values():
                    known.edited_at_ms[content_id] = self._now_ms()
                    known.changed.add(group.id)
                    self._news.set()

    def note_call(self, breakouts_id: BreakoutsId, group_id: str) -> None:
        if (known := self._open.get(breakouts_id)) is not None:
            known.changed.add(group_id)
            self._news.set()

    def watch(self, breakouts_id: BreakoutsId, user_id: UserId) -> None:
        """This teacher hears of every change until the rooms close."""
        if (known := self._open.get(breakouts_id)) is not None:
            known.watchers.add(user_id)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._place_who_comes_late())
            tasks.create_task(self._close_in_time_and_show())

    async def _close_in_time_and_show(self) -> None:
        while True:
            ends = [known.plan.closes_at_ms for known in self._open.values() if known.plan.closes_at_ms is not None]
            left_s = (min(ends) - self._now_ms()) / 1000 if ends else None
            try:
                async with asyncio.timeout(None if left_s is None else max(left_s, 0)):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            try:
                for known in list(self._open.values()):
                    if state_of(known.plan, self._now_ms()) != "open":
                        await self._close(known)
                    elif known.changed:
                        await self._show(known)
                await self._send_out()
            except ports.StorageError as error:
                logger.warning("breakout rooms can't be shown now: %s", error)
                await asyncio.sleep(RETRY_S)
            except Exception:
                # One room's trouble must not keep the others open.
                logger.exception("watching over breakout rooms failed")
            await asyncio.sleep(PACE_S)

    async def _close(self, known: _Open) -> None:
        """Everybody is out of the rooms; their clients bring them back."""
        self._open.pop(known.plan.id, None)
        self._closed_rooms |= {group.room_id for group in groups_of(known.plan)}
        await self._send_out()
        await self._announce.to_twinspace(
            known.plan.twinspace_id, "breakouts:changed", changed(known.plan, self._now_ms())
        )

    async def _send_out(self) -> None:
        for room_id, peer in self._live_rooms.roster.everybody():
            if room_id in self._closed_rooms:
                await self._live_rooms.remove(room_id, peer)

    async def _show(self, known: _Open) -> None:
        groups = [group for group in groups_of(known.plan) if group.id in known.changed]
        known.changed.clear()
        watchers = await self._still_leading(known.plan.twinspace_id, known.watchers)
        if watchers:
            for seen in await self.see(known.plan, groups):
                await self._announce.to_members(known.plan.twinspace_id, watchers, "breakouts:room", seen)

    async def see(self, plan: Breakouts, groups: list[Group]) -> list[payloads.RoomSeen]:
        """These rooms as they are now."""
        known = self._open.get(plan.id)
        notes = await read_notes(self._storage, self._called, plan, since_ms=plan.opened_at_ms or 0)
        found = []
        for group in groups:
            edited = {kind: await self._edited(known, each) for kind, each in group.contents().items()}
            found.append(
                payloads.RoomSeen(
                    breakouts_id=plan.id,
                    group_id=group.id,
                    room_id=group.room_id,
                    people=[
                        payloads.PersonInside(
                            peer_id=peer.peer_id,
                            user_id=peer.user.id,
                            display_name=peer.user.display_name,
                            school_id=peer.user.school_id,
                            listens=peer.listens,
                        )
                        for peer in self._live_rooms.roster.peers(group.room_id)
                    ],
                    speaker_peer_id=self._live_rooms.speaker(group.room_id),
                    document_edited_at_ms=edited["document"],
                    wall_edited_at_ms=edited["wall"],
                    board_edited_at_ms=edited.get("whiteboard"),
                    calls=[
                        note
                        for note in notes
                        if note.kind == "call" and note.group_id == group.id and note.answered_by is None
                    ],
                )
            )
        return found

    async def _edited(self, known: _Open | None, content_id: ContentId) -> int | None:
        if known is not None and content_id in known.edited_at_ms:
            return known.edited_at_ms[content_id]
        try:
            content = await self._storage.contents.get(content_id)
        except ports.NotFound:
            return None
        return content.changed_at_ms if content.changed_at_ms > content.created_at_ms else None

    async def _still_leading(self, twinspace_id: TwinspaceId, user_ids: set[UserId]) -> set[UserId]:
        """Roles change while a page is open."""
        return user_ids & set(await leaders(self._storage, twinspace_id)) if user_ids else set()

    async def _place_who_comes_late(self) -> None:
        while True:
            breakouts_id, user_id = await self._arrived.get()
            try:
                plan = await self.place(breakouts_id, user_id)
                if plan is not None and (found := place_in(plan, user_id, self._now_ms())) is not None:
                    await self._announce.to_user(user_id, "breakouts:moved", found)
            except ports.StorageError as error:
                logger.warning("somebody who came late could not be placed: %s", error)
            except Exception:
                logger.exception("placing somebody who came late failed")

    async def place(self, breakouts_id: BreakoutsId, user_id: UserId) -> Breakouts | None:
        """The rooms, in which this pupil has a place now; None when they are not open any more.

        Two who come at once, and a teacher who moves somebody meanwhile, each see what the other stored.
        """
        while True:
            plan = await self._storage.breakouts.get(breakouts_id)
            if state_of(plan, self._now_ms()) != "open":
                return None
            if group_of(plan, user_id) is not None:
                return plan
            members = await self._storage.twinspaces.members(plan.twinspace_id)
            users = await read_users(self._storage, [member.user_id for member in members])
            schools: dict[UserId, SchoolId] = {user.id: user.school_id for user in users.values()}
            wanted = replace(placed(plan, user_id, schools), revision=plan.revision + 1)
            try:
                await self._storage.breakouts.change(wanted)
            except ports.Conflict:
                continue
            self.note_plan(wanted)
            return wanted


def place_in(plan: Breakouts, user_id: UserId, now_ms: int) -> payloads.Place | None:
    """Where the user belongs; None: nowhere, or the rooms are not open."""
    group = group_of(plan, user_id)
    if group is None or state_of(plan, now_ms) != "open":
        return None
    return payloads.Place(
        breakouts_id=plan.id,
        twinspace_id=plan.twinspace_id,
        main_room_id=plan.room_id,
        title=plan.title,
        group_id=group.id,
        group_title=group.title,
        room_id=group.room_id,
        document_id=group.document_id,
        wall_id=group.wall_id,
        board_id=group.board_id,
        closes_at_ms=plan.closes_at_ms,
        now_ms=now_ms,
    )


def changed(plan: Breakouts, now_ms: int) -> payloads.BreakoutsChanged:
    return payloads.BreakoutsChanged(
        breakouts_id=plan.id,
        twinspace_id=plan.twinspace_id,
        room_id=plan.room_id,
        state=state_of(plan, now_ms),
        closes_at_ms=plan.closes_at_ms,
        now_ms=now_ms,
    )


async def leaders(storage: Storage, twinspace_id: TwinspaceId) -> list[UserId]:
    """Those who may watch over breakout rooms, of all schools: whom pupils call."""
    twinspace = await storage.twinspaces.get(twinspace_id)
    members = await storage.twinspaces.members(twinspace_id)
    return [member.user_id for member in members if Act.BREAKOUTS in acts_of(member.role, twinspace.phase)]


async def read_notes(
    storage: Storage, called: Called, plan: Breakouts, *, since_ms: int
) -> list[payloads.BreakoutNote]:
    notes = await storage.breakouts.notes(plan.id, since_ms)
    users = await called((await read_users(storage, [note.user_id for note in notes])).values())
    return [
        payloads.BreakoutNote(
            id=note.id,
            kind=note.kind,
            group_id=note.group_id,
            user_id=note.user_id,
            display_name=users[note.user_id].display_name,
            text=note.text,
            at_ms=note.at_ms,
            answered_by=note.answered_by,
        )
        for note in notes
    ]
