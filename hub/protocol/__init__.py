"""THE table: every HTTP route, every Socket.IO event and every announcement of the hub, one row each, by area.

The shells, the OpenAPI document, the client's types and the tests are made from it; PROTOCOL.md is compared with it. To
add a row, follow the recipe in CONTRIBUTING.md.
"""

from __future__ import annotations

from hub.protocol import (
    accounts,
    breakouts,
    consents,
    contents,
    desk,
    finding,
    forms,
    forum,
    founding,
    lesson_text,
    materials,
    meeting_records,
    meetings,
    operations,
    pages,
    personal_data,
    plan,
    polls,
    safety,
    shares,
    talk,
    twinspaces,
    walls,
)
from hub.table import Announcement, Event, Route

ROUTES: tuple[Route, ...] = (
    *operations.ROUTES,
    *accounts.ROUTES,
    *twinspaces.ROUTES,
    *founding.ROUTES,
    *consents.ROUTES,
    *safety.ROUTES,
    *personal_data.ROUTES,
    *plan.ROUTES,
    *desk.ROUTES,
    *contents.ROUTES,
    *walls.ROUTES,
    *forms.ROUTES,
    *materials.ROUTES,
    *pages.ROUTES,
    *shares.ROUTES,
    *talk.ROUTES,
    *finding.ROUTES,
    *forum.ROUTES,
    *meetings.ROUTES,
    *polls.ROUTES,
    *lesson_text.ROUTES,
    *breakouts.ROUTES,
    *meeting_records.ROUTES,
)
EVENTS: tuple[Event, ...] = (
    *twinspaces.EVENTS,
    *talk.EVENTS,
    *finding.EVENTS,
    *forum.EVENTS,
    *meetings.EVENTS,
    *lesson_text.EVENTS,
    *breakouts.EVENTS,
    *meeting_records.EVENTS,
)
ANNOUNCEMENTS: tuple[Announcement, ...] = (
    *accounts.ANNOUNCEMENTS,
    *twinspaces.ANNOUNCEMENTS,
    *founding.ANNOUNCEMENTS,
    *consents.ANNOUNCEMENTS,
    *safety.ANNOUNCEMENTS,
    *plan.ANNOUNCEMENTS,
    *desk.ANNOUNCEMENTS,
    *contents.ANNOUNCEMENTS,
    *walls.ANNOUNCEMENTS,
    *forms.ANNOUNCEMENTS,
    *materials.ANNOUNCEMENTS,
    *pages.ANNOUNCEMENTS,
    *talk.ANNOUNCEMENTS,
    *finding.ANNOUNCEMENTS,
    *forum.ANNOUNCEMENTS,
    *meetings.ANNOUNCEMENTS,
    *polls.ANNOUNCEMENTS,
    *lesson_text.ANNOUNCEMENTS,
    *breakouts.ANNOUNCEMENTS,
    *meeting_records.ANNOUNCEMENTS,
)
