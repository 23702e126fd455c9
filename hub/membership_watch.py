"""Makes what is open follow the stored memberships and phases: what was taken away stops working within a second.

It compares instead of listening, so it doesn't matter which process changed the row, or whether a message got lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from hub.access import GUARDS, Act, acts_of, as_of
from hub.consents import NEEDED_TO_SEND
from hub.context import Context
from hub.payloads.twinspaces import MemberChanged
from storage import ports
from storage.records import Member, Phase, RoomId, TwinspaceId, UserId

logger = logging.getLogger(__name__)

EVERY_S = 0.5


class MembershipWatch:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._twinspace_of_room: dict[RoomId, TwinspaceId] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.compare()
            except ports.Unavailable as error:
                logger.warning("memberships can't be read now: %s", error)
            except Exception:
                # One bad row must not end the watch over all the others.
                logger.exception("comparing memberships failed")
            await asyncio.sleep(EVERY_S)

    async def compare(self) -> None:
        """One round over the TwinSpaces in which anything is open."""
        places = [(room_id, user_id) for room_id, user_id in self._context.live_rooms.roster.places()]
        await self._learn_rooms(room_id for room_id, _ in places)
        standings = self._context.live_docs.standings()
        twinspaces = {
            *self._context.presence.twinspaces(),
            *(twinspace_id for twinspace_id, _, _ in standings),
            *self._twinspace_of_room.values(),
        }
        for twinspace_id in twinspaces:
            phase = (await self._context.storage.twinspaces.get(twinspace_id)).phase
            members = {
                member.user_id: member for member in await self._context.storage.twinspaces.members(twinspace_id)
            }
            members = await self._end_mutes(twinspace_id, members)
            await self._follow_presence(twinspace_id, members, phase)
            for of_twinspace, user_id, epoch in standings:
                if of_twinspace == twinspace_id and (user_id not in members or members[user_id].epoch != epoch):
                    # A disk that refuses must not hold up what is taken away elsewhere; other processes compare too.
                    await self._context.live_docs.reauthorise_here(user_id, twinspace_id)
            for room_id, user_id in places:
                if self._twinspace_of_room[room_id] == twinspace_id and not _may(members.get(user_id), phase, Act.MEET):
                    await self._context.live_rooms.revoke(user_id, [room_id])
                elif self._twinspace_of_room[room_id] == twinspace_id and "speak" in members[user_id].muted:
                    for kind in NEEDED_TO_SEND:
                        await self._context.live_rooms.tracks.withhold(user_id, kind, [room_id])
                if (member := members.get(user_id)) and self._twinspace_of_room[room_id] == twinspace_id:
                    self._context.room_powers.note_roles(
                        room_id, user_id, leads=_may(member, phase, Act.MODERATE), guards=member.role in GUARDS
                    )
            await self._tell_changes(twinspace_id, members)

    async def _end_mutes(self, twinspace_id: TwinspaceId, members: dict[UserId, Member]) -> dict[UserId, Member]:
        """Lift the mutes whose time is over; the new epoch tells everything open."""
        twinspaces, now_ms = self._context.storage.twinspaces, self._context.now_ms()
        over = [member for member in members.values() if as_of(member, now_ms) != member]
        for member in over:
            assert member.muted_until_ms is not None
            await twinspaces.end_mute(twinspace_id, member.user_id, member.muted_until_ms)
        if not over:
            return members
        return {member.user_id: member for member in await twinspaces.members(twinspace_id)}

    async def _follow_presence(self, twinspace_id: TwinspaceId, members: dict[UserId, Member], phase: Phase) -> None:
        for user_id in self._context.presence.online_here(twinspace_id):
            if not _may(members.get(user_id), phase, Act.READ):
                await self._context.announce.disconnect_user(user_id, "removed")

    async def _tell_changes(self, twinspace_id: TwinspaceId, members: dict[UserId, Member]) -> None:
        """Only of those who are here: their pages show what they may do. It is said once everything open obeys."""
        presence = self._context.presence
        for user_id in presence.online_here(twinspace_id) & members.keys():
            member = members[user_id]
            if presence.note_epoch(twinspace_id, user_id, member.epoch):
                changed = MemberChanged(twinspace_id=twinspace_id, user_id=user_id, role=member.role)
                await self._context.announce.to_twinspace(twinspace_id, "member:changed", changed)

    async def _learn_rooms(self, room_ids: Iterable[RoomId]) -> None:
        known = self._twinspace_of_room
        self._twinspace_of_room = {}
        for room_id in room_ids:
            if room_id not in known:
                known[room_id] = (await self._context.storage.twinspaces.get_room(room_id)).twinspace_id
            self._twinspace_of_room[room_id] = known[room_id]


def _may(member: Member | None, phase: Phase, act: Act) -> bool:
    return member is not None and act in acts_of(member.role, phase)
