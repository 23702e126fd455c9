"""The IETF's doors to a room: WHIP to publish (RFC 9725), WHEP to watch."""

from __future__ import annotations

from hub.access import Act, access_room
from hub.consents import NEEDED_TO_SEND, may_send
from hub.context import Context, Session
from hub.errors import NotFound
from hub.payloads.rooms import SdpAnswer, WhepOffer, WhepRef, WhipOffer, WhipRef
from storage.records import RoomId


async def start_publishing(context: Context, session: Session, payload: WhipOffer) -> SdpAnswer:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    # A WHIP client can't say what is camera and what is not: without both consents there is no such door.
    if len(await may_send(context, session.user)) < len(NEEDED_TO_SEND):
        raise NotFound
    peer_id, sdp = await context.live_rooms.whip(
        room.id, session.user, payload.name, payload.sdp, login_id=session.login_id
    )
    return SdpAnswer(sdp=sdp, location=f"/whip/{room.id}/{peer_id}")


async def stop_publishing(context: Context, session: Session, payload: WhipRef) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    await context.live_rooms.end(room.id, session.user.id, payload.peer_id, "whip")


async def start_watching(context: Context, session: Session, payload: WhepOffer) -> SdpAnswer:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    names = [name for name in payload.names.split(",") if name] or [payload.peer_id]
    viewer_id, sdp = await context.live_rooms.whep(room.id, session.user, names, payload.sdp, login_id=session.login_id)
    return SdpAnswer(sdp=sdp, location=f"/whep/{room.id}/{payload.peer_id}/{viewer_id}")


async def stop_watching(context: Context, session: Session, payload: WhepRef) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    await context.live_rooms.end(room.id, session.user.id, payload.viewer_id, "whep")
