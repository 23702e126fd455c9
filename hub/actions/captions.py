"""Captions typed by people: take a desk, hand on the baton, say a line; read and export the transcript."""

from __future__ import annotations

from hub.access import Act, access_room
from hub.actions.live_text import access_writing, end_line
from hub.breakout_people import access_said
from hub.context import Context, Session
from hub.errors import NotFound
from hub.lesson.captions import Captioning
from hub.names import outward, read_people
from hub.payloads.captions import (
    Caption,
    CaptionDesk,
    CaptionDesks,
    Captions,
    DeskRef,
    HandOn,
    ReadCaptions,
    SayCaption,
    ShareDesk,
    TakeTranscript,
)
from hub.payloads.operations import Text
from hub.payloads.rooms import RoomRef
from hub.transcripts import as_text, as_webvtt, read_lines, without_hidden
from storage import records
from storage.records import Room, RoomId


async def read_desks(context: Context, session: Session, payload: RoomRef) -> CaptionDesks:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    return _shown(room, _captioning(context, room))


async def take_desk(context: Context, session: Session, payload: DeskRef) -> CaptionDesks:
    """Caption this language from now on. It ends with leaving the meeting; coming back, one takes it again."""
    room = await _access_desk(context, session, payload)
    captioning = _captioning(context, room)
    captioning.take(payload.language, session.user.id)
    return _tell(context, room, captioning)


async def leave_desk(context: Context, session: Session, payload: DeskRef) -> CaptionDesks:
    room = await _access_desk(context, session, payload)
    captioning = _captioning(context, room)
    captioning.leave(payload.language, session.user.id)
    return _tell(context, room, captioning)


async def hand_on(context: Context, session: Session, payload: HandOn) -> CaptionDesks:
    """Give the baton away, or take it as one of those who caption this language. Teachers may, too."""
    room = await _access_desk(context, session, payload)
    captioning = await _require_desk(context, session, room, payload.language)
    captioning.hand_on(payload.language, payload.user_id)
    return _tell(context, room, captioning)


async def share_desk(context: Context, session: Session, payload: ShareDesk) -> CaptionDesks:
    """One after the other, or all at once."""
    room = await _access_desk(context, session, payload)
    captioning = await _require_desk(context, session, room, payload.language)
    captioning.share(payload.language, payload.mode)
    return _tell(context, room, captioning)


async def say_caption(context: Context, session: Session, payload: SayCaption) -> Caption:
    """A finished line, credited to who typed it: kept first, then told to everybody in the meeting."""
    room_id = RoomId(payload.room_id)
    peer, live = await access_writing(context, session, room_id, payload.language)
    _, room = await access_room(context, session.user, room_id, Act.MEET)
    now_ms = context.now_ms()
    begun_at_ms = live.begun_at_ms(peer.peer_id, payload.language, payload.line_id)
    stored, is_new = await context.storage.captions.append(
        room.id,
        twinspace_id=room.twinspace_id,
        language=payload.language,
        user_id=session.user.id,
        client_line_id=payload.line_id,
        text=payload.text,
        began_at_ms=now_ms if begun_at_ms is None else begun_at_ms,
        ended_at_ms=now_ms,
    )
    if is_new:
        context.search_index.note_caption(stored)
        said = Caption.of(stored, await outward(context, session.user))
        context.live_rooms.roster.tell(room.id, "caption:said", said)
    end_line(context, room_id, live, peer, payload.language, payload.line_id)
    return Caption.of(stored, session.user)


async def read_captions(context: Context, session: Session, payload: ReadCaptions) -> Captions:
    _, room = await access_said(context, session.user, RoomId(payload.room_id))
    stored = context.storage.captions
    found = await stored.since(
        room.id,
        payload.since,
        payload.limit + 1,
        language=payload.language,
        from_ms=payload.from_ms,
        to_ms=payload.to_ms,
    )
    lines = await without_hidden(context, room, found[: payload.limit])
    users = await read_people(context, session.user, [line.user_id for line in lines])
    return Captions(
        captions=[Caption.of(line, users[line.user_id]) for line in lines],
        languages=await stored.languages(room.id, payload.from_ms, payload.to_ms),
        more=len(found) > payload.limit,
    )


async def take_transcript(context: Context, session: Session, payload: TakeTranscript) -> Text:
    """As WebVTT, to lie beside a recording, or as plain text."""
    _, room = await access_said(context, session.user, RoomId(payload.room_id))
    lines = await read_lines(context, room, language=payload.language, from_ms=payload.from_ms, to_ms=payload.to_ms)
    users = await read_people(context, session.user, [line.user_id for line in lines])
    names: dict[str, str] = {user_id: user.display_name for user_id, user in users.items()}
    if payload.form == "txt":
        return Text(content_type="text/plain; charset=utf-8", text=as_text(lines, names))
    began_at_ms = payload.from_ms or min((line.began_at_ms for line in lines), default=0)
    return Text(content_type="text/vtt; charset=utf-8", text=as_webvtt(lines, names, began_at_ms=began_at_ms))


async def _access_desk(context: Context, session: Session, payload: DeskRef) -> Room:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    await access_writing(context, session, room.id, "")
    return room


async def _require_desk(context: Context, session: Session, room: Room, language: str) -> Captioning:
    captioning = _captioning(context, room)
    access, _ = await access_room(context, session.user, room.id, Act.MEET)
    if not (captioning.sits_at(language, session.user.id) or access.may(Act.MODERATE)):
        raise NotFound("You don't caption this language. Take its desk first.")
    return captioning


def _captioning(context: Context, room: Room) -> Captioning:
    return context.live_writing.captioning_in(room.id, context.live_rooms.roster.user_ids(room.id))


def _shown(room: records.Room, captioning: Captioning) -> CaptionDesks:
    return CaptionDesks(room_id=room.id, desks=[CaptionDesk.of(desk) for desk in captioning.desks()])


def _tell(context: Context, room: Room, captioning: Captioning) -> CaptionDesks:
    desks = _shown(room, captioning)
    context.live_rooms.roster.tell(room.id, "caption:desks", desks)
    return desks
