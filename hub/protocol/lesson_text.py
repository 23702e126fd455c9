"""Text beside the voice: real-time text."""

from __future__ import annotations

from hub.access import Act
from hub.actions import live_text
from hub.payloads import live_text as text_payloads
from hub.payloads import rooms as room_payloads
from hub.table import READING, WRITING, Announcement, Event, Limit, Route

TYPING = Limit(per_minute=900, burst=60)
"""Somebody who types says what is new every 150 ms."""

# fmt: off
ROUTES: tuple[Route, ...] = ()

EVENTS: tuple[Event, ...] = (
    Event("text:type", live_text.type_text, text_payloads.TypeText, None,
          "Letters as they are typed, or taken back.", Act.CHAT, limit=TYPING),
    Event("text:line", live_text.say_line, text_payloads.SayLine, None,
          "The whole of an open line, after an edit was lost.", Act.CHAT, limit=WRITING),
    Event("text:read", live_text.read_lines, room_payloads.RoomRef, text_payloads.TextLines,
          "What is being written in the meeting now.", Act.MEET, limit=READING),
    Event("text:end", live_text.end_text, text_payloads.EndText, text_payloads.Ended,
          "Finish a line: it becomes a message of the meeting's chat.", Act.CHAT, limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("text:typed", text_payloads.TextTyped, "Somebody typed letters, or took some back."),
    Announcement("text:whole", text_payloads.TextLine, "The whole of an open line, said again."),
    Announcement("text:ended", text_payloads.TextEnded, "A line is finished or gone."),
)
# fmt: on
