"""Chat and journal."""

from __future__ import annotations

from hub.access import Act
from hub.actions import chat, journal
from hub.payloads import chat as chat_payloads
from hub.payloads import journal as journal_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import TWINSPACE
from hub.table import READING, WRITING, Announcement, Event, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/lanes", chat.list_lanes, twinspace_payloads.TwinspaceRef, chat_payloads.Lanes,
          "The lanes of the chat that are open to me, and what I have not seen of each.", Act.READ),
    Route("GET", f"{TWINSPACE}/messages", chat.read_messages, chat_payloads.ReadMessages, chat_payloads.Messages,
          "Chat messages of one lane, oldest first.", Act.READ),
    Route("POST", f"{TWINSPACE}/messages", chat.post_message, chat_payloads.PostMessage, chat_payloads.Message,
          "Post a chat message.", Act.CHAT, status=201, limit=WRITING),
    Route("PUT", f"{TWINSPACE}/messages/read", chat.mark_lane_read, chat_payloads.MarkRead, None,
          "I have seen a lane up to this message.", Act.READ, status=204, limit=WRITING),
    Route("GET", f"{TWINSPACE}/messages/versions", chat.list_message_versions, chat_payloads.MessageRef,
          chat_payloads.FormerTexts, "What it said before: for its author and those who protect.", Act.READ),
    Route("GET", f"{TWINSPACE}/journal", journal.read_journal, journal_payloads.ReadJournal, journal_payloads.Entries,
          "What happened in the TwinSpace, newest first.", Act.READ),
)

EVENTS: tuple[Event, ...] = (
    Event("chat:post", chat.post_message, chat_payloads.PostMessageEvent, chat_payloads.Message,
          "Post a chat message; the same client_message_id again is answered with the stored one.", Act.CHAT),
    Event("chat:since", chat.read_messages_since, chat_payloads.MessagesSince, chat_payloads.Messages,
          "The messages of a lane after this number, at most 200.", Act.READ, limit=READING),
    Event("chat:edit", chat.edit_message, chat_payloads.EditMessage, chat_payloads.Message,
          "Say it in other words, within a quarter of an hour; the former ones are kept.", Act.CHAT),
    Event("chat:react", chat.react, chat_payloads.React, chat_payloads.Reacted,
          "Show what one feels about a message, with one of a few signs.", Act.CHAT),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("chat:posted", chat_payloads.Message, "A chat message was posted."),
    Announcement("chat:edited", chat_payloads.Message, "A chat message says something else now."),
    Announcement("chat:reacted", chat_payloads.Reacted, "Somebody feels something about a message."),
    Announcement("journal:recorded", journal_payloads.RecordedEntry, "Something was written into the journal."),
)
# fmt: on
