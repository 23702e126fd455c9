"""A meeting's transcript, from the captions that people typed: for the page, for the record, and as files.

`read_lines` is what the meeting's record asks; hidden lines are left out everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from hub.context import Context
from storage.records import Caption, Room, RoomId

AT_ONCE = 500
SHOWN_MS = 4_000
"""How long the last line stays, and any that is followed by silence."""
SHORTEST_MS = 1_000


def subject_of(room_id: RoomId, seq: int) -> str:
    """How a line is called among things of many kinds."""
    return f"{room_id}:{seq}"


async def read_lines(
    context: Context, room: Room, *, language: str | None = None, from_ms: int = 0, to_ms: int | None = None
) -> list[Caption]:
    """What was captioned in the room from `from_ms` on and before `to_ms`; None: in all languages."""
    found: list[Caption] = []
    seq = 0
    while page := await context.storage.captions.since(
        room.id, seq, AT_ONCE, language=language, from_ms=from_ms, to_ms=to_ms
    ):
        found += page
        seq = page[-1].seq
    return await without_hidden(context, room, found)


async def without_hidden(context: Context, room: Room, lines: Sequence[Caption]) -> list[Caption]:
    hidden = await context.storage.safety.hidden_ids(room.twinspace_id, "caption")
    return [line for line in lines if line.text and subject_of(room.id, line.seq) not in hidden]


def as_text(lines: Sequence[Caption], names: dict[str, str]) -> str:
    """One line each, credited to who typed it."""
    return "".join(f"[{line.language}] {names[line.user_id]}: {line.text}\n" for line in lines)


def as_webvtt(lines: Sequence[Caption], names: dict[str, str], *, began_at_ms: int) -> str:
    """WebVTT (W3C), one cue for each line, voiced by who typed it; times count from `began_at_ms`."""
    ordered = sorted(lines, key=lambda line: (line.began_at_ms, line.seq))
    cues = ["WEBVTT\n"]
    for place, line in enumerate(ordered):
        start_ms = max(0, line.began_at_ms - began_at_ms)
        end_ms = max(line.ended_at_ms - began_at_ms, start_ms) + SHOWN_MS
        following = [each for each in ordered[place + 1 :] if each.language == line.language]
        if following:
            end_ms = min(end_ms, max(following[0].began_at_ms - began_at_ms, start_ms + SHORTEST_MS))
        voice = f"<v {_escaped(names[line.user_id])}>{_escaped(line.text)}</v>"
        cues.append(f"{line.seq}\n{_time(start_ms)} --> {_time(end_ms)}\n{voice}\n")
    return "\n".join(cues)


def _time(ms: int) -> str:
    seconds, rest_ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest_ms:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
