"""Text beside the voice: real-time text, and captions typed by people."""

from __future__ import annotations

from hub.access import Act
from hub.actions import captions, live_text
from hub.payloads import captions as caption_payloads
from hub.payloads import live_text as text_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import rooms as room_payloads
from hub.protocol.paths import API
from hub.table import READING, WRITING, Announcement, Event, Limit, Route

TYPING = Limit(per_minute=900, burst=60)
"""Somebody who types says what is new every 150 ms."""

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{API}/rooms/{{room_id}}/captions", captions.read_captions, caption_payloads.ReadCaptions,
          caption_payloads.Captions, "What was captioned in a room, oldest first.", Act.READ),
    Route("GET", f"{API}/rooms/{{room_id}}/transcript", captions.take_transcript, caption_payloads.TakeTranscript,
          operation_payloads.Text, "The captions as a file, WebVTT or plain text.", Act.READ),
)

EVENTS: tuple[Event, ...] = (
    Event("text:type", live_text.type_text, text_payloads.TypeText, None,
          "Letters as they are typed, or taken back.", Act.CHAT, limit=TYPING),
    Event("text:line", live_text.say_line, text_payloads.SayLine, None,
          "The whole of an open line, after an edit was lost.", Act.CHAT, limit=WRITING),
    Event("text:read", live_text.read_lines, room_payloads.RoomRef, text_payloads.TextLines,
          "What is being written in the meeting now.", Act.MEET, limit=READING),
    Event("text:end", live_text.end_text, text_payloads.EndText, text_payloads.Ended,
          "Finish a line: it becomes a message of the meeting's chat.", Act.CHAT, limit=WRITING),
    Event("caption:read", captions.read_desks, room_payloads.RoomRef, caption_payloads.CaptionDesks,
          "Who captions which language.", Act.MEET, limit=READING),
    Event("caption:take", captions.take_desk, caption_payloads.DeskRef, caption_payloads.CaptionDesks,
          "Caption this language from now on.", Act.CHAT, limit=WRITING),
    Event("caption:leave", captions.leave_desk, caption_payloads.DeskRef, caption_payloads.CaptionDesks,
          "Caption it no more.", Act.CHAT, limit=WRITING),
    Event("caption:hand_on", captions.hand_on, caption_payloads.HandOn, caption_payloads.CaptionDesks,
          "Give the baton to another one at the desk.", Act.CHAT, limit=WRITING),
    Event("caption:share", captions.share_desk, caption_payloads.ShareDesk, caption_payloads.CaptionDesks,
          "Let the baton go round, or let all type at once.", Act.CHAT, limit=WRITING),
    Event("caption:say", captions.say_caption, caption_payloads.SayCaption, caption_payloads.Caption,
          "A finished line of captions, kept as a transcript.", Act.CHAT, limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("text:typed", text_payloads.TextTyped, "Somebody typed letters, or took some back."),
    Announcement("text:whole", text_payloads.TextLine, "The whole of an open line, said again."),
    Announcement("text:ended", text_payloads.TextEnded, "A line is finished or gone."),
    Announcement("caption:desks", caption_payloads.CaptionDesks, "Who captions which language now."),
    Announcement("caption:said", caption_payloads.Caption, "A line of captions is finished and kept."),
)
# fmt: on
