"""The desk, notices, and how one wants to be told."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World

CHOICES = {
    "time_zone": "Atlantic/Canary",
    "digest": "weekly",
    "quiet_from": "20:00",
    "quiet_until": "07:00",
    "school_days_only": True,
    "kinds": {"plan": {"page": True, "mail": False, "push": False}},
}
BROWSER = {"endpoint": "https://push.elsewhere.example/1", "p256dh": "B" * 87, "auth": "A" * 22}


async def prepare(world: World, author: str) -> dict[str, str]:
    return {"secret": "no-such-secret-that-anybody-holds"}


ROUTES: dict[str, Case] = {
    "GET /api/v1/me/desk": Case(),
    "GET /api/v1/me/notices": Case(),
    "POST /api/v1/me/notices/read": Case(lambda ids: {"up_to": 1}),
    "GET /api/v1/me/preferences": Case(),
    "PUT /api/v1/me/preferences": Case(lambda ids: CHOICES),
    "POST /api/v1/me/calendar_feed": Case(),
    "DELETE /api/v1/me/calendar_feed": Case(),
    # No push service is allowed in these tests; tests/hub/test_web_push.py has one.
    "POST /api/v1/me/push": Case(lambda ids: BROWSER, succeeds=False),
    "POST /api/v1/me/push/end": Case(lambda ids: {"endpoint": BROWSER["endpoint"]}),
    "GET /calendar/{secret}/meetings.ics": Case(succeeds=False),
    "GET /unsubscribe/{secret}": Case(succeeds=False),
    "POST /unsubscribe/{secret}": Case(succeeds=False),
}
