"""What teachers may do in a meeting: close parts of it, hold or free one person, remove, end, correct a name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from hub.access import Act, access_room
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Conflict, NotFound, PartLocked
from hub.lesson.powers import lock, make_exception
from hub.open_for_all import follow_part
from hub.payloads.room_powers import (
    CameraToStaff,
    GiveChannel,
    HoldPart,
    LockPart,
    MakeException,
    NamePerson,
    PersonInRoom,
    ReactInRoom,
    RoomLeft,
)
from storage import ports
from storage.records import Member, Room, RoomId, RoomStanding, UserId


async def lock_part(context: Context, session: Session, payload: LockPart) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    await context.room_powers.change_rules(
        room, session.user.id, lambda rules: lock(rules, payload.part, locked=payload.locked)
    )
    await follow_part(context, room, payload.part)


async def except_person(context: Context, session: Session, payload: MakeException) -> None:
    """One at a time: whoever was the exception before is none any more."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    user_id = None if payload.user_id is None else (await _member(context, room, payload.user_id)).user_id
    await context.room_powers.change_rules(
        room, session.user.id, lambda rules: make_exception(rules, payload.part, user_id)
    )
    await follow_part(context, room, payload.part)


async def hold_part(context: Context, session: Session, payload: HoldPart) -> None:
    """Take a part from one person until it is given back, or give it back: they open it again themselves."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    member = await _member(context, room, payload.user_id)
    await context.room_powers.take(room, session.user.id, member.user_id, payload.part, held=payload.held)
    await follow_part(context, room, payload.part, member.user_id)


async def show_to_staff(context: Context, session: Session, payload: CameraToStaff) -> None:
    await _change(
        context,
        session,
        payload.room_id,
        payload.user_id,
        lambda each: replace(each, camera_to_staff=payload.camera_to_staff),
    )


async def give_channel(context: Context, session: Session, payload: GiveChannel) -> None:
    """Who interprets into which language; heard by those who choose that channel, where there is consent to a voice."""
    await _change(
        context, session, payload.room_id, payload.user_id, lambda each: replace(each, interprets=payload.language)
    )


async def name_person(context: Context, session: Session, payload: NamePerson) -> None:
    """In this room; the account keeps its name."""
    room, member = await _change(
        context, session, payload.room_id, payload.user_id, lambda each: replace(each, shown_name=payload.name)
    )
    for peer in context.live_rooms.roster.peers(room.id):
        if peer.user.id == member.user_id:
            peer.shown_name = payload.name
            context.live_rooms.roster.tell_joined(room.id, peer)
    context.room_powers.bulletin.tell_lobby(room.id)


async def remove_person(context: Context, session: Session, payload: PersonInRoom) -> None:
    """Out of the meeting, and kept out until let in again."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    member = await _member(context, room, payload.user_id)
    if member.user_id == session.user.id:
        raise Conflict("You can't remove yourself. Leave the meeting instead.")
    await context.room_powers.change_standings(
        room, [member.user_id], lambda each: replace(each, is_removed=True, admitted_at_ms=None)
    )
    told = RoomLeft(room_id=room.id)
    for waiting in context.room_powers.turn_away(room.id, member.user_id):
        await asyncio.gather(*(context.announce.to_session(each, "room:removed", told) for each in waiting.session_ids))
    for peer in context.live_rooms.roster.peers(room.id):
        if peer.user.id == member.user_id:
            context.live_rooms.roster.tell_peer(peer, "room:removed", told)
            await context.live_rooms.remove(room.id, peer)
    await record(context, room.twinspace_id, "person_removed", session.user, room.id, {"title": room.title})


async def let_in(context: Context, session: Session, payload: PersonInRoom) -> None:
    await _change(context, session, payload.room_id, payload.user_id, lambda each: replace(each, is_removed=False))


async def react(context: Context, session: Session, payload: ReactInRoom) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    peer = context.live_rooms.roster.require_session(room.id, session.id)
    if context.room_powers.part_hold(room.id, peer, "reactions") is not None:
        raise PartLocked
    context.room_powers.reactions.note(room.id, peer.peer_id, payload.reaction)


async def _change(
    context: Context, session: Session, room_id: str, user_id: str, change: Callable[[RoomStanding], RoomStanding]
) -> tuple[Room, Member]:
    _, room = await access_room(context, session.user, RoomId(room_id), Act.MODERATE)
    member = await _member(context, room, user_id)
    await context.room_powers.change_standings(room, [member.user_id], change)
    return room, member


async def _member(context: Context, room: Room, user_id: str) -> Member:
    try:
        return await context.storage.twinspaces.get_member(room.twinspace_id, UserId(user_id))
    except ports.NotFound:
        raise NotFound from None
