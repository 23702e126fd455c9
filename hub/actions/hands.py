"""Hands: raise one, lower it, call whose turn it is."""

from __future__ import annotations

import secrets

from hub.access import Act, access_room
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.payloads.room_powers import CallHand, Hands, LowerHand, RaiseHand
from hub.payloads.rooms import RoomRef
from storage import ports
from storage.records import Hand, HandId, Room, RoomId, UserId


async def list_hands(context: Context, session: Session, payload: RoomRef) -> Hands:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    context.live_rooms.roster.require_session(room.id, session.id)
    return context.room_powers.bulletin.shown_hands(room.id)


async def raise_hand(context: Context, session: Session, payload: RaiseHand) -> None:
    """One's own, or before a class seat a pupil's."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    peer = context.live_rooms.roster.require_session(room.id, session.id)
    pupil_id = None if payload.pupil_id is None else UserId(payload.pupil_id)
    if (peer.class_size is None) != (pupil_id is None):
        raise Invalid("Before a class seat, and only there, say whose hand it is.", field="pupil_id")
    seated = {each.pupil_id for each in context.room_powers.seats(room.id) if each.seat_id == session.user.id}
    if pupil_id is not None and pupil_id not in seated:
        raise Invalid("This pupil does not sit before this device.", field="pupil_id")
    hand_id = HandId(secrets.token_urlsafe(9))
    hand = Hand(hand_id, room.id, session.user.id, pupil_id, session.user.school_id, context.now_ms())
    try:
        await context.room_powers.add_hand(room, hand)
    except ports.Conflict:
        raise Conflict("This hand is up already.") from None


async def lower_hand(context: Context, session: Session, payload: LowerHand) -> None:
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    context.live_rooms.roster.require_session(room.id, session.id)
    hand = _find(context, room, payload.hand_id)
    if hand.user_id != session.user.id and not access.may(Act.MODERATE):
        raise NotFound
    await _end(context, room, hand, called=False)


async def call_hand(context: Context, session: Session, payload: CallHand) -> None:
    """Give the floor to whose turn it is, or to the one that is named."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    context.live_rooms.roster.require_session(room.id, session.id)
    if payload.hand_id is not None:
        hand = _find(context, room, payload.hand_id)
    else:
        waiting = context.room_powers.hands(room.id)
        if not waiting:
            raise NotFound("No hand is up.")
        hand = waiting[0]
    await _end(context, room, hand, called=True)


def _find(context: Context, room: Room, hand_id: str) -> Hand:
    hand = next((each for each in context.room_powers.hands(room.id) if each.id == hand_id), None)
    if hand is None:
        raise NotFound("This hand is not up.")
    return hand


async def _end(context: Context, room: Room, hand: Hand, *, called: bool) -> None:
    try:
        await context.room_powers.end_hand(room, hand, called=called)
    except ports.Conflict:
        raise Conflict("Somebody else was quicker: this hand is down already.") from None
