"""The lanes of a TwinSpace's chat: who reads each, who may speak in it, who hears of it.

There is no lane between two people: nothing is said that no teacher reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.access import Access, Act, access_room, access_twinspace, acts_of
from hub.breakout_people import access_said, own_breakout_rooms
from hub.context import Context
from hub.errors import NotFound, PartLocked, PupilsAlone
from hub.lane_names import ALL, STAFF, room_lane, room_of, team_lane, team_of
from hub.lesson.breakouts import group_in
from storage import ports
from storage.records import Room, Team, TwinspaceId, User, UserId


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane, and the standing towards it of who asked."""

    name: str
    access: Access
    team: Team | None = None
    room: Room | None = None

    @property
    def twinspace_id(self) -> TwinspaceId:
        return self.access.twinspace.id


async def access_lane(context: Context, user: User, twinspace_id: TwinspaceId, name: str, act: Act) -> Lane:
    """`act`: READ or CHAT. Raise NotFound when the lane is absent, or not open to the user."""
    access = await access_twinspace(context, user, twinspace_id, act)
    if name == ALL:
        return Lane(name, access)
    if name == STAFF:
        if not access.may(Act.CONFER):
            raise NotFound
        return Lane(name, access)
    if (room_id := room_of(name)) is not None:
        _, room = await access_said(context, user, room_id)
        if room.twinspace_id != twinspace_id:
            raise NotFound
        if act is Act.CHAT:
            await access_room(context, user, room_id, Act.MEET)
            _check_may_speak(context, user, room)
        return Lane(name, access, room=room)
    if (team_id := team_of(name)) is not None:
        try:
            team = await context.storage.teams.get(team_id)
        except ports.NotFound:
            raise NotFound from None
        if team.twinspace_id == twinspace_id and (user.id in team.user_ids or access.may(Act.CONFER)):
            return Lane(name, access, team=team)
    raise NotFound


def _check_may_speak(context: Context, user: User, room: Room) -> None:
    """Raise NotFound for who is not in the meeting, PartLocked or PupilsAlone while its chat is closed to them."""
    peers = [peer for peer in context.live_rooms.roster.peers(room.id) if peer.user.id == user.id]
    if not peers:
        raise NotFound("You are not in this meeting. Join it first.")
    holds = {context.room_powers.part_hold(room.id, peer, "chat") for peer in peers}
    if None not in holds:
        raise PupilsAlone if "alone" in holds else PartLocked


async def lanes_of(context: Context, access: Access) -> list[Lane]:
    """Those that the member may read; of meetings, those in which something was said."""
    found = [Lane(ALL, access)]
    if access.may(Act.CONFER):
        found.append(Lane(STAFF, access))
    for team in await context.storage.teams.of_twinspace(access.twinspace.id):
        if access.user.id in team.user_ids or access.may(Act.CONFER):
            found.append(Lane(team_lane(team.id), access, team=team))
    said = await context.storage.messages.lanes(access.twinspace.id)
    own = await own_breakout_rooms(context, access)
    for room in await context.storage.twinspaces.rooms(access.twinspace.id):
        if room_lane(room.id) in said and (room.parent_id is None or room.id in own):
            found.append(Lane(room_lane(room.id), access, room=room))
    return found


async def readers_of(context: Context, lane: Lane) -> frozenset[UserId]:
    """The members who may read the lane now."""
    found, group = set(), await _group_of(context, lane)
    for member in await context.storage.twinspaces.members(lane.twinspace_id):
        acts = acts_of(member.role, lane.access.twinspace.phase)
        in_team = lane.team is not None and member.user_id in lane.team.user_ids
        in_room = lane.room is not None and (group is None or member.user_id in group)
        is_open = lane.name == ALL or in_room or in_team or Act.CONFER in acts
        if Act.READ in acts and is_open:
            found.add(member.user_id)
    return frozenset(found)


async def _group_of(context: Context, lane: Lane) -> frozenset[UserId] | None:
    """Who belongs into this breakout room now; None: it is none."""
    if lane.room is None or lane.room.parent_id is None:
        return None
    plans = await context.storage.breakouts.of_room(lane.room.parent_id)
    groups = [group for plan in plans if (group := group_in(plan, lane.room.id)) is not None]
    return frozenset(user_id for group in groups for user_id in group.user_ids)


async def tell_lane(context: Context, lane: Lane, event: str, payload: Any) -> None:
    """A meeting's lane is told to those who are in it: the others read it when they look."""
    if lane.name == ALL:
        await context.announce.to_twinspace(lane.twinspace_id, event, payload)
    elif lane.room is not None:
        context.live_rooms.roster.tell(lane.room.id, event, payload)
    else:
        await context.announce.to_members(lane.twinspace_id, await readers_of(context, lane), event, payload)
