"""Recordings of meetings: whether one runs and who is in it, and what was kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from hub.payloads.fields import Id, Payload, Reply
from storage import records

Group = Literal["camera", "screen", "interpreter"]
"""Voice and camera make one file, the screen with its sound another."""
EndReason = Literal["stopped", "meeting_over", "time_over", "disk_full", "disk_slow", "disk_error", "interrupted"]


class RecordingState(Reply):
    """Announced whenever it changes, to everybody in the TwinSpace: who wants to come in knows it before."""

    room_id: str
    running: bool
    started_by: str | None
    """The name of who started it."""
    started_at_ms: int | None
    recorded_user_ids: list[str]
    """Whose voice or picture goes into it at this moment."""
    agreed_user_ids: list[str]
    """Who is in the meeting and said yes, or has a consent in the ledger; nobody else is ever recorded."""
    unreadable_user_ids: list[str]
    """Whose picture can't be written into a file although they agreed: what their device sends is not whole."""
    reason: EndReason | None
    """Why the last one ended."""
    revision: int
    """Grows with every change: an answer that was overtaken by an announcement is the older one."""


class StartRecording(Payload):
    room_id: Id
    include_me: bool = False


class ChooseRecording(Payload):
    room_id: Id
    include_me: bool


class RecordedFile(Reply):
    file_id: str
    user_id: str
    display_name: str
    source: Group
    began_at_ms: int | None
    """To the millisecond, so that a player can lay the files of one meeting side by side."""
    size_bytes: int


_KEPT_BACK = ("blob", "suffix")


class Recording(Reply):
    id: str
    twinspace_id: str
    room_id: str
    started_by: str
    started_at_ms: int
    ended_at_ms: int
    reason: EndReason
    files: list[RecordedFile]

    @classmethod
    def of(cls, recording: records.Recording, called: Mapping[records.UserId, records.User]) -> Self:
        """`called`: the people in it, as the reader may call them."""
        return cls.model_validate(
            {
                "id": recording.id,
                "twinspace_id": recording.twinspace_id,
                "room_id": recording.room_id,
                "started_by": recording.started_by,
                "started_at_ms": recording.started_at_ms,
                "ended_at_ms": recording.ended_at_ms,
                "reason": recording.reason,
                "files": [
                    {name: v for name, v in file.items() if name not in _KEPT_BACK}
                    | {"display_name": called[file["user_id"]].display_name}
                    for file in recording.files
                ],
            }
        )


class Recordings(Reply):
    recordings: list[Recording]


class RecordingRef(Payload):
    twinspace_id: Id
    recording_id: Id


class RecordedFileRef(RecordingRef):
    file_id: Id
