"""The IETF's doors to a room: WHIP to publish (RFC 9725), WHEP to watch."""

from __future__ import annotations

import re
from typing import Literal

from hub.access import Access, Act, access_room, guards
from hub.actions.lobby import may_enter
from hub.consents import NEEDED_TO_SEND, may_send
from hub.context import Context, Session
from hub.errors import ConditionMissing, Conflict, NotFound
from hub.names import outward
from hub.payloads.rooms import IceChanged, SdpAnswer, WhepOffer, WhepPatch, WhepRef, WhipOffer, WhipPatch, WhipRef
from storage.records import Room, RoomId

ANY = "*"


async def start_publishing(context: Context, session: Session, payload: WhipOffer) -> SdpAnswer:
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    _require_open_media(room)
    # A WHIP client can't say what is camera and what is not: without both consents there is no such door.
    if len(await may_send(context, session.user, access)) < len(NEEDED_TO_SEND):
        raise NotFound
    await _require_admitted(context, session, access, room)
    leads = access.may(Act.MODERATE)
    peer_id, sdp = await context.http_peers.whip(
        room.id,
        await outward(context, session.user),
        payload.name,
        payload.sdp,
        login_id=session.login_id,
        leads=leads,
    )
    return _answer(context, peer_id, sdp, f"/whip/{room.id}/{peer_id}")


async def change_publishing(context: Context, session: Session, payload: WhipPatch) -> IceChanged:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    return await _change(context, session, room.id, payload.peer_id, "whip", payload)


async def stop_publishing(context: Context, session: Session, payload: WhipRef) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    await context.http_peers.end(room.id, session.user.id, payload.peer_id, "whip")


async def start_watching(context: Context, session: Session, payload: WhepOffer) -> SdpAnswer:
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    _require_open_media(room)
    names = [name for name in payload.names.split(",") if name] or [payload.peer_id]
    await _require_admitted(context, session, access, room)
    is_guard = guards(session.user, access.member.role)
    viewer = await outward(context, session.user)
    viewer_id, sdp = await context.http_peers.whep(
        room.id, viewer, names, payload.sdp, login_id=session.login_id, guards=is_guard
    )
    return _answer(context, viewer_id, sdp, f"/whep/{room.id}/{payload.peer_id}/{viewer_id}")


async def change_watching(context: Context, session: Session, payload: WhepPatch) -> IceChanged:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    return await _change(context, session, room.id, payload.viewer_id, "whep", payload)


async def stop_watching(context: Context, session: Session, payload: WhepRef) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    await context.http_peers.end(room.id, session.user.id, payload.viewer_id, "whep")


async def _require_admitted(context: Context, session: Session, access: Access, room: Room) -> None:
    """These doors have no lobby to wait in: who would have to wait comes in by a page first."""
    await context.room_powers.open(room)
    if not may_enter(context, access, room, None):
        context.room_powers.note_presence(room.id)
        raise NotFound


def _require_open_media(room: Room) -> None:
    """These clients have no keys: what they send would be open, and what they get noise."""
    if room.is_encrypted:
        raise Conflict("This meeting is encrypted end to end: only members' browsers can take part.")


def _answer(context: Context, peer_id: str, sdp: str, location: str) -> SdpAnswer:
    ice_servers = context.live_rooms.ice_servers(peer_id)
    return SdpAnswer(sdp=sdp, location=location, etag=_ice_session(sdp), ice_servers=ice_servers)


async def _change(
    context: Context,
    session: Session,
    room_id: RoomId,
    peer_id: str,
    door: Literal["whip", "whep"],
    payload: WhipPatch | WhepPatch,
) -> IceChanged:
    """RFC 9725 section 4.3: `If-Match: *` restarts ICE, an ETag adds candidates to that ICE session."""
    if not context.http_peers.holds(room_id, session.user.id, peer_id, door):
        raise NotFound
    if payload.if_match is None:
        raise ConditionMissing
    ice_sessions = None if payload.if_match.strip() == ANY else _strong_tags(payload.if_match)
    sdp = await context.http_peers.trickle(room_id, session.user.id, peer_id, door, payload.sdp, ice_sessions)
    return IceChanged(sdp=sdp, etag=None if sdp is None else _ice_session(sdp))


def _strong_tags(if_match: str) -> list[str]:
    """The entity tags that If-Match compares with; weak ones never match (RFC 9110 section 13.1.1)."""
    return [tag for weak, tag in re.findall(r'(W/)?"([^"]*)"', if_match) if not weak]


def _ice_session(sdp: str) -> str:
    """The hub's ufrag: new with each ICE session, and no secret."""
    found = re.search(r"^a=ice-ufrag:(\S+)", sdp, re.MULTILINE)
    assert found, "the media process names its credentials in every answer"
    return found[1]
