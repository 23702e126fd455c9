"""Recordings of meetings: begin, end, say whether one is in it, list, fetch, erase."""

from __future__ import annotations

from pathlib import Path

from hub.access import Act, access_room, access_twinspace
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import NotFound
from hub.names import read_people
from hub.payloads.operations import StoredFile
from hub.payloads.recordings import (
    ChooseRecording,
    RecordedFileRef,
    Recording,
    RecordingRef,
    Recordings,
    RecordingState,
    StartRecording,
)
from hub.payloads.rooms import RoomRef
from hub.payloads.twinspaces import TwinspaceRef
from storage import ports, records
from storage.records import RecordingId, RoomId, TwinspaceId, UserId

CONTENT_TYPES = {".webm": "video/webm", ".mkv": "video/x-matroska"}


async def read_recording_state(context: Context, session: Session, payload: RoomRef) -> RecordingState:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    return context.live_recordings.state(room.id)


async def start_recording(context: Context, session: Session, payload: StartRecording) -> RecordingState:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.RECORD)
    return await context.live_recordings.start(room, session.user, include_me=payload.include_me)


async def stop_recording(context: Context, session: Session, payload: RoomRef) -> None:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.RECORD)
    context.live_recordings.stop(room.id)


async def choose_recording(context: Context, session: Session, payload: ChooseRecording) -> RecordingState:
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    return await context.live_recordings.choose(room.id, session.user, include_me=payload.include_me)


async def list_recordings(context: Context, session: Session, payload: TwinspaceRef) -> Recordings:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.RECORDINGS)
    kept = await context.storage.recordings.of_twinspace(access.twinspace.id)
    hidden = await context.storage.safety.hidden_ids(access.twinspace.id, "recording")
    shown = [recording for recording in kept if recording.id not in hidden]
    recorded = [UserId(file["user_id"]) for recording in shown for file in recording.files]
    called = await read_people(context, session.user, recorded)
    return Recordings(recordings=[Recording.of(recording, called) for recording in shown])


async def fetch_recorded_file(context: Context, session: Session, payload: RecordedFileRef) -> StoredFile:
    recording = await _access_recording(context, session, payload)
    for file in recording.files:
        if file["file_id"] == payload.file_id:
            path = Path(context.storage.blobs.path(file["blob"]))
            # Recordings that are older than H.264 in them do not say what they are.
            suffix = file.get("suffix", ".webm")
            return StoredFile(content_type=CONTENT_TYPES[suffix], filename=f"{payload.file_id}{suffix}", path=path)
    raise NotFound


async def erase_recording(context: Context, session: Session, payload: RecordingRef) -> None:
    """The row first: files without a row can't be reached, a row without files would be a broken promise."""
    recording = await _access_recording(context, session, payload)
    try:
        await context.storage.recordings.remove(recording.id)
    except ports.NotFound:
        raise NotFound from None
    for file in recording.files:
        await context.storage.blobs.remove(file["blob"])
    await record(context, recording.twinspace_id, "recording_erased", session.user, recording.id, {})


async def note_recording(context: Context, recording: records.Recording) -> None:
    """Into the journal: a recording was kept."""
    room = await context.storage.twinspaces.get_room(recording.room_id)
    user = await context.storage.users.get_user(recording.started_by)
    details = {
        "title": room.title,
        "recording_id": recording.id,
        "duration_ms": recording.ended_at_ms - recording.started_at_ms,
        "reason": recording.reason,
        "user_ids": sorted({file["user_id"] for file in recording.files}),
    }
    await record(context, recording.twinspace_id, "meeting_recorded", user, room.id, details)


async def _access_recording(context: Context, session: Session, payload: RecordingRef) -> records.Recording:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.RECORDINGS)
    try:
        recording = await context.storage.recordings.get(RecordingId(payload.recording_id))
    except ports.NotFound:
        raise NotFound from None
    if recording.twinspace_id != access.twinspace.id:
        raise NotFound
    if await context.storage.safety.is_hidden(access.twinspace.id, "recording", recording.id):
        raise NotFound
    return recording
