"""Text beside the voice. Nobody is in the meeting; tests/hub/test_live_text.py types in one."""

from __future__ import annotations

from tests.hub.cases.case import Case

ROUTES: dict[str, Case] = {
    "GET /api/v1/rooms/{room_id}/captions": Case(),
    "GET /api/v1/rooms/{room_id}/transcript": Case(query="form=vtt"),
}


def desk(ids: dict[str, str], **more: str) -> dict[str, str]:
    return {"room_id": ids["room_id"], "language": "es", **more}


EVENTS: dict[str, Case] = {
    "caption:read": Case(lambda ids: {"room_id": ids["room_id"]}),
    "caption:take": Case(desk, succeeds=False),
    "caption:leave": Case(desk, succeeds=False),
    "caption:hand_on": Case(lambda ids: desk(ids, user_id="somebody"), succeeds=False),
    "caption:share": Case(lambda ids: desk(ids, mode="together"), succeeds=False),
    "caption:say": Case(lambda ids: desk(ids, line_id="a-line", text="Hola"), succeeds=False),
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
