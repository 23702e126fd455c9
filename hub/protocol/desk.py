"""The desk, notices, and how one wants to be told."""

from __future__ import annotations

from hub.actions import desk, notices
from hub.payloads import notices as notice_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, RARE, REGISTERING, WATCHING
from hub.table import WRITING, Announcement, Event, Route

ME = f"{API}/me"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{ME}/desk", desk.read_desk, Nothing, notice_payloads.Desk,
          "Everything the first page shows: meetings, what waits, one's TwinSpaces.", None),
    Route("GET", f"{ME}/notices", notices.read_notices, notice_payloads.ReadNotices, notice_payloads.Notices,
          "What I was told, newest first.", None),
    Route("POST", f"{ME}/notices/read", notices.mark_read, notice_payloads.MarkRead, notice_payloads.Unread,
          "I have read these.", None, limit=WRITING),
    Route("GET", f"{ME}/preferences", notices.read_preferences, Nothing, notice_payloads.Preferences,
          "My time zone, and how I want to be told.", None),
    Route("PUT", f"{ME}/preferences", notices.change_preferences, notice_payloads.ChangePreferences,
          notice_payloads.Preferences, "Choose them.", None, limit=WRITING),
    Route("POST", f"{ME}/calendar_feed", notices.make_feed, Nothing, notice_payloads.CalendarFeed,
          "A private address of my calendar, shown this once; a former one is dead.", None, status=201, limit=RARE),
    Route("DELETE", f"{ME}/calendar_feed", notices.remove_feed, Nothing, None,
          "Nobody reads my calendar by its address any more.", None, status=204, limit=WRITING),
    Route("POST", f"{ME}/push", notices.subscribe, notice_payloads.Subscribe, None,
          "Send pushes to this browser, until I sign out of it.", None, status=204, limit=RARE),
    Route("POST", f"{ME}/push/end", notices.unsubscribe, notice_payloads.Unsubscribe, None,
          "Send it no more.", None, status=204, limit=WRITING),
    Route("GET", "/calendar/{secret}/meetings.ics", notices.read_feed, notice_payloads.FeedRef,
          operation_payloads.Text, "The meetings of who made this address.", None, open=True, limit=WATCHING),
    Route("GET", "/unsubscribe/{secret}", notices.ask_to_end_letters, notice_payloads.MailSecret,
          operation_payloads.Text, "A page that asks whether letters about news shall end.", None, open=True,
          limit=REGISTERING),
    Route("POST", "/unsubscribe/{secret}", notices.end_letters, notice_payloads.MailSecret, operation_payloads.Text,
          "End letters about news (RFC 8058).", None, open=True, body="none", limit=REGISTERING),
)

EVENTS: tuple[Event, ...] = ()

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("desk:changed", notice_payloads.DeskChanged, "Something on my desk is another: told to me alone."),
    Announcement("notice:added", notice_payloads.Notice, "I was told something: told to me alone."),
    Announcement("notice:read", notice_payloads.Unread, "I read notices, perhaps in another window."),
)
# fmt: on
