"""The lobby before a meeting: wait, ring, be let in or sent back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from hub.access import MATRIX, Access, Act, access_room
from hub.context import Context, Session
from hub.errors import Conflict, InLobby, LobbyIsFull, NotFound, RemovedFromRoom, TooMany
from hub.lesson.waiting_room import LobbyFull, Waiting, is_admitted
from hub.names import outward
from hub.payloads.room_powers import Admit, Admitted, LobbyMoved, LobbyRang, LobbyTold, PersonInRoom, SwitchLobby
from hub.payloads.rooms import RoomRef
from storage.records import Room, RoomId, UserId

SENT_BACK_MS = 0
"""Admitted never, and to wait whether there is a lobby or not."""


async def check_admitted(
    context: Context, session: Session, access: Access, room: Room, class_size: int | None
) -> None:
    """Raise unless this person may come in now; who has to wait waits from now on. The room is open."""
    powers = context.room_powers
    standing = powers.standing(room.id, session.user.id)
    if standing.is_removed:
        raise RemovedFromRoom
    if may_enter(context, access, room, class_size):
        return
    waiting = await outward(context, session.user)
    try:
        powers.lobby(room.id).knock(waiting, session.id, context.now_ms(), class_size or 1)
    except LobbyFull:
        raise LobbyIsFull from None
    powers.bulletin.tell_lobby(room.id)
    raise InLobby


def may_enter(context: Context, access: Access, room: Room, class_size: int | None) -> bool:
    """Whether nothing keeps this person out now. The room is open."""
    standing = context.room_powers.standing(room.id, access.user.id)
    admitted_at_ms = standing.admitted_at_ms
    if standing.is_removed:
        return False
    if is_admitted(admitted_at_ms, context.now_ms()):
        return True
    if admitted_at_ms == SENT_BACK_MS or access.user.kind == "guest":
        return False
    if not context.room_powers.rules(room.id).has_lobby:
        return True
    if class_size is not None:
        # A class waits for the teachers of the others; the first to come opens the door for itself.
        others = [peer for peer in context.room_powers.leaders(room.id) if peer.user.id != access.user.id]
        return access.may(Act.MODERATE) and not others
    return access.may(Act.MODERATE)


async def switch_lobby(context: Context, session: Session, payload: SwitchLobby) -> None:
    """Whoever is in stays in; whoever waits still waits until somebody lets them in."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    await context.room_powers.change_rules(
        room, session.user.id, lambda rules: replace(rules, has_lobby=payload.has_lobby)
    )


async def list_waiting(context: Context, session: Session, payload: RoomRef) -> LobbyTold:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    context.live_rooms.roster.require_session(room.id, session.id)
    return context.room_powers.bulletin.shown_lobby(room.id)


async def admit(context: Context, session: Session, payload: Admit) -> Admitted:
    """One, one school's, or all. Whoever went away meanwhile is passed over, and comes in when they are back."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    context.live_rooms.roster.require_session(room.id, session.id)
    powers = context.room_powers

    def is_meant(waiting: Waiting) -> bool:
        is_person = payload.user_id is None or waiting.user.id == payload.user_id
        return is_person and (payload.school_id is None or waiting.user.school_id == payload.school_id)

    meant = [
        waiting.user.id for waiting in powers.lobby(room.id).first(len(powers.lobby(room.id))) if is_meant(waiting)
    ]
    if payload.user_id is not None and not meant:
        raise NotFound("Nobody of this name waits here any more.")
    now_ms = context.now_ms()
    await powers.change_standings(room, meant, lambda each: replace(each, admitted_at_ms=now_ms))
    admitted = {*meant}
    taken = powers.lobby(room.id).take(lambda waiting: waiting.user.id in admitted)
    powers.bulletin.tell_lobby(room.id)
    await _tell(context, taken, "lobby:admitted", room)
    return Admitted(count=len(taken))


async def send_back(context: Context, session: Session, payload: PersonInRoom) -> None:
    """Out of the meeting and into its lobby, until somebody lets them in again."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    user_id = UserId(payload.user_id)
    peers = [peer for peer in context.live_rooms.roster.peers(room.id) if peer.user.id == user_id]
    if not peers:
        raise NotFound("This person is not in the meeting.")
    if any(peer.leads and peer.class_size is None for peer in peers):
        raise Conflict("Who leads the meeting can't be sent into its lobby.")
    powers = context.room_powers
    await powers.change_standings(room, [user_id], lambda each: replace(each, admitted_at_ms=SENT_BACK_MS))
    sessions = [peer.session_id for peer in peers if peer.session_id is not None]
    for peer in peers:
        if peer.session_id is not None:
            try:
                powers.lobby(room.id).knock(peer.user, peer.session_id, context.now_ms(), peer.class_size or 1)
            except LobbyFull:
                pass  # They come back by themselves, and are told then.
        await context.live_rooms.remove(room.id, peer)
    powers.bulletin.tell_lobby(room.id)
    moved = LobbyMoved(room_id=room.id)
    await asyncio.gather(*(context.announce.to_session(each, "lobby:sent_back", moved) for each in sessions))


async def ring(context: Context, session: Session, payload: RoomRef) -> None:
    """Ask for a teacher: those in the meeting are told, and those who have the TwinSpace open."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    await context.room_powers.open(room)
    lobby = context.room_powers.lobby(room.id)
    if session.user.id not in lobby:
        raise NotFound("You do not wait before this meeting.")
    if not lobby.ring(session.user.id, asyncio.get_running_loop().time()):
        raise TooMany("You have just rung. Somebody will come.", retry_after_ms=5_000)
    rang = LobbyRang(
        room_id=room.id,
        twinspace_id=room.twinspace_id,
        user_id=session.user.id,
        display_name=(await outward(context, session.user)).display_name,
        school_id=session.user.school_id,
        count=len(lobby),
    )
    members = await context.storage.twinspaces.members(access.twinspace.id)
    teachers = [member.user_id for member in members if Act.MODERATE in MATRIX[member.role]]
    await context.announce.to_members(room.twinspace_id, teachers, "lobby:rang", rang)


async def leave_lobby(context: Context, session: Session, payload: RoomRef) -> None:
    context.room_powers.forget_session(session.id)


async def _tell(context: Context, people: Iterable[Waiting], event: str, room: Room) -> None:
    sessions = [session_id for each in people for session_id in each.session_ids]
    moved = LobbyMoved(room_id=room.id)
    await asyncio.gather(*(context.announce.to_session(each, event, moved) for each in sessions))
