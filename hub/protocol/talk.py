"""Chat and journal."""

from __future__ import annotations

from hub.access import Act
from hub.actions import chat, journal
from hub.payloads import chat as chat_payloads
from hub.payloads import journal as journal_payloads
from hub.protocol.paths import TWINSPACE
from hub.table import READING, WRITING, Announcement, Event, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/messages", chat.read_messages, chat_payloads.ReadMessages, chat_payloads.Messages,
          "Chat messages, oldest first.", Act.READ),
    Route("POST", f"{TWINSPACE}/messages", chat.post_message, chat_payloads.PostMessage, chat_payloads.Message,
          "Post a chat message.", Act.CHAT, status=201, limit=WRITING),
    Route("GET", f"{TWINSPACE}/journal", journal.read_journal, journal_payloads.ReadJournal, journal_payloads.Entries,
          "What happened in the TwinSpace, newest first.", Act.READ),
)

EVENTS: tuple[Event, ...] = (
    Event("chat:post", chat.post_message, chat_payloads.PostMessageEvent, chat_payloads.Message,
          "Post a chat message; the same client_message_id again is answered with the stored one.", Act.CHAT),
    Event("chat:since", chat.read_messages_since, chat_payloads.MessagesSince, chat_payloads.Messages,
          "The messages after this number, at most 200.", Act.READ, limit=READING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("chat:posted", chat_payloads.Message, "A chat message was posted."),
    Announcement("journal:recorded", journal_payloads.RecordedEntry, "Something was written into the journal."),
)
# fmt: on
