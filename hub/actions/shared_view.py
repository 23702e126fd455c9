"""What a teacher opens on everybody's screen, who is seen large, and the timer: stored first, then told to the room."""

from __future__ import annotations

from collections.abc import Callable

from crdt_docs.content import KINDS
from hub.access import Act, access_content, access_room
from hub.audience import audience_of
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.lesson import shared_view as rules
from hub.open_for_all import follow_locks
from hub.payloads.rooms import RoomRef
from hub.payloads.shared_view import (
    OpenedForAll,
    OpenForAll,
    PutInSpotlight,
    SetTimer,
    SharedView,
    TurnTo,
    Unseen,
)
from hub.room_peers import RoomPeer
from hub.visibility import OF_ALL_MEMBERS
from storage import ports, records
from storage.records import ContentId, Room, RoomId, UserId


async def open_for_all(context: Context, session: Session, payload: OpenForAll) -> OpenedForAll:
    """Only what everybody who is in the meeting may see; else the answer says who may not."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.PRESENT)
    _, content = await access_content(context, session.user, ContentId(payload.content_id), Act.READ)
    if content.twinspace_id != access.twinspace.id:
        raise NotFound
    if KINDS[content.kind].is_part:
        raise Invalid("This is a part of another content: open that one.", field="content_id")
    seeing = await audience_of(context, room.twinspace_id, content)
    unseen = sorted({peer.user.id for peer in context.live_rooms.roster.peers(room.id)} - seeing)
    if unseen:
        return OpenedForAll(is_open=False, unseen_by=list(unseen))
    now_ms, place = context.now_ms(), payload.place.model_dump()
    await _change(context, room, lambda view: rules.open_content(view, content.id, session.user.id, now_ms, place))
    await follow_locks(context, room)
    return OpenedForAll(is_open=True, unseen_by=[])


async def close_for_all(context: Context, session: Session, payload: RoomRef) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.PRESENT)
    await _change(context, room, rules.close)
    await follow_locks(context, room)


async def turn_to(context: Context, session: Session, payload: TurnTo) -> None:
    """The presenter went on in what is open; whoever follows goes along. Of anybody else it changes nothing."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.PRESENT)
    content_id, place = ContentId(payload.content_id), payload.place.model_dump()
    await _change(context, room, lambda view: rules.turn(view, content_id, session.user.id, place))


async def put_in_spotlight(context: Context, session: Session, payload: PutInSpotlight) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.PRESENT)
    user_ids = [UserId(user_id) for user_id in payload.user_ids]
    for user_id in user_ids:
        try:
            await context.storage.twinspaces.get_member(room.twinspace_id, user_id)
        except ports.NotFound:
            raise NotFound from None
    await _change(context, room, lambda view: rules.spotlight(view, user_ids))


async def set_timer(context: Context, session: Session, payload: SetTimer) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.PRESENT)
    now_ms, length_ms = context.now_ms(), payload.length_ms
    steps: dict[str, Callable[[records.SharedView], records.SharedView]] = {
        "start": lambda view: rules.start_timer(view, length_ms, now_ms),
        "pause": lambda view: rules.pause(view, now_ms),
        "resume": lambda view: rules.resume(view, now_ms),
        "add": lambda view: rules.add_time(view, length_ms, now_ms),
        "end": rules.end_timer,
    }
    await _change(context, room, steps[payload.step])


async def tell_view(context: Context, room: Room, peer: RoomPeer) -> None:
    """To who has just come; and to the presenter, if that is somebody who may not see what is open."""
    view = await context.storage.shared_views.get(room.id)
    if view.revision:
        context.live_rooms.roster.tell_peer(peer, "room:view", _shown(context, view))
    if view.opened_id is None:
        return
    content = await context.storage.contents.get(view.opened_id)
    if content.visibility in OF_ALL_MEMBERS:
        return
    if peer.user.id not in await audience_of(context, room.twinspace_id, content):
        for other in context.live_rooms.roster.peers(room.id):
            if other.user.id == view.opened_by:
                told = Unseen(room_id=room.id, user_id=peer.user.id)
                context.live_rooms.roster.tell_peer(other, "room:unseen", told)


async def clear_view(context: Context, room_id: RoomId) -> None:
    """The meeting is over."""
    await context.storage.shared_views.change(room_id, rules.clear)
    await follow_locks(context, await context.storage.twinspaces.get_room(room_id))


async def _change(context: Context, room: Room, change: Callable[[records.SharedView], records.SharedView]) -> None:
    heard: list[int] = []

    def noted(view: records.SharedView) -> records.SharedView:
        heard[:] = [view.revision]
        return change(view)

    view = await context.storage.shared_views.change(room.id, noted)
    if heard != [view.revision]:
        context.live_rooms.roster.tell(room.id, "room:view", _shown(context, view))


def _shown(context: Context, view: records.SharedView) -> SharedView:
    now_ms = context.now_ms()
    return SharedView.of(view, rules.time_left_ms(view, now_ms), now_ms)
