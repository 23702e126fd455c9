"""Text beside the voice. Nobody is in the meeting; tests/hub/test_live_text.py types in one."""

from __future__ import annotations

from tests.hub.cases.case import Case

EVENTS: dict[str, Case] = {
    "text:type": Case(
        lambda ids: {
            "room_id": ids["room_id"],
            "line_id": "a-line",
            "revision": 1,
            "at": 0,
            "removed": 0,
            "inserted": "H",
        },
        succeeds=False,
    ),
    "text:line": Case(
        lambda ids: {"room_id": ids["room_id"], "line_id": "a-line", "revision": 1, "text": "Hello"}, succeeds=False
    ),
    "text:read": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
    "text:end": Case(lambda ids: {"room_id": ids["room_id"], "line_id": "a-line", "text": "Hello"}, succeeds=False),
}
