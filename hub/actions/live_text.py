"""Real-time text in a meeting: type, repair, finish; letters go to the others at once, finished lines into its chat."""

from __future__ import annotations

from hub.access import Act, access_room
from hub.actions.chat import post_message
from hub.context import Context, Session
from hub.errors import NotFound
from hub.lane_names import room_lane
from hub.lanes import access_lane
from hub.lesson.live_text import LiveText
from hub.payloads.chat import Message, PostMessage
from hub.payloads.live_text import Ended, EndText, SayLine, TextEnded, TextLine, TextLines, TextTyped, TypeText
from hub.payloads.rooms import RoomRef
from hub.room_peers import RoomPeer
from storage.records import RoomId


async def type_text(context: Context, session: Session, payload: TypeText) -> None:
    """Raise Conflict when an edit is missing before this one: then `text:line` says the whole."""
    peer, live = await access_writing(context, session, RoomId(payload.room_id), payload.language)
    live.edit(
        peer.peer_id,
        payload.language,
        payload.line_id,
        payload.revision,
        at=payload.at,
        removed=payload.removed,
        inserted=payload.inserted,
        now_ms=context.now_ms(),
    )
    typed = TextTyped(
        room_id=payload.room_id,
        peer_id=peer.peer_id,
        user_id=peer.user.id,
        display_name=peer.user.display_name,
        language=payload.language,
        line_id=payload.line_id,
        revision=payload.revision,
        at=payload.at,
        removed=payload.removed,
        inserted=payload.inserted,
    )
    context.live_rooms.roster.tell(RoomId(payload.room_id), "text:typed", typed, but=peer)


async def say_line(context: Context, session: Session, payload: SayLine) -> None:
    peer, live = await access_writing(context, session, RoomId(payload.room_id), payload.language)
    line = live.replace(
        peer.peer_id,
        payload.language,
        payload.line_id,
        payload.revision,
        text=payload.text,
        now_ms=context.now_ms(),
    )
    whole = TextLine.of(payload.room_id, line, peer.user)
    context.live_rooms.roster.tell(RoomId(payload.room_id), "text:whole", whole, but=peer)


async def read_lines(context: Context, session: Session, payload: RoomRef) -> TextLines:
    """What is being written now: for who comes in, or missed an edit."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    context.live_rooms.roster.require_session(room.id, session.id)
    peers = {peer.peer_id: peer for peer in context.live_rooms.roster.peers(room.id)}
    live = live_text_of(context, room.id)
    return TextLines(lines=[TextLine.of(room.id, line, peers[line.peer_id].user) for line in live.lines()])


async def end_text(context: Context, session: Session, payload: EndText) -> Ended:
    """A finished line is a message of the meeting's lane, under the line's id: the same again is answered alike."""
    room_id = RoomId(payload.room_id)
    peer, live = await access_writing(context, session, room_id, "")
    message: Message | None = None
    if payload.text.strip():
        _, room = await access_room(context, session.user, room_id, Act.MEET)
        said = PostMessage(
            twinspace_id=room.twinspace_id,
            lane=room_lane(room_id),
            client_message_id=payload.line_id,
            text=payload.text,
        )
        message = await post_message(context, session, said)
    end_line(context, room_id, live, peer, "", payload.line_id)
    return Ended(message=message)


def end_line(
    context: Context, room_id: RoomId, live: LiveText, peer: RoomPeer, language: str, line_id: str
) -> int | None:
    """Take it from among the open lines and tell the others; returns when it was begun, None when it was not open."""
    try:
        line = live.end(peer.peer_id, language, line_id)
    except NotFound:
        return None
    ended = TextEnded(room_id=room_id, peer_id=peer.peer_id, language=language, line_id=line_id)
    context.live_rooms.roster.tell(room_id, "text:ended", ended, but=peer)
    return line.begun_at_ms


async def access_writing(
    context: Context, session: Session, room_id: RoomId, language: str
) -> tuple[RoomPeer, LiveText]:
    """Who writes in a meeting is in it and may chat there; captions are written at their desk, by whose turn it is."""
    access, _ = await access_room(context, session.user, room_id, Act.MEET)
    await access_lane(context, session.user, access.twinspace.id, room_lane(room_id), Act.CHAT)
    peer = context.live_rooms.roster.require_session(room_id, session.id)
    if language:
        context.live_writing.captioning_in(room_id, context.live_rooms.roster.user_ids(room_id)).check_turn(
            language, session.user.id
        )
    return peer, live_text_of(context, room_id)


def live_text_of(context: Context, room_id: RoomId) -> LiveText:
    peer_ids = {peer.peer_id for peer in context.live_rooms.roster.peers(room_id)}
    return context.live_writing.text_in(room_id, peer_ids)
