"""Quizzes."""

from __future__ import annotations

from typing import Any

from tests.hub.cases.case import Case
from tests.hub.cases.finding import made
from tests.hub.world import World

QUESTION: dict[str, Any] = {"question": "Rye or wheat?", "options": ["Rye", "Wheat"], "right": [0]}
QUIZ: dict[str, Any] = {"title": "Bread", "questions": [QUESTION]}


async def prepare(world: World, author: str) -> dict[str, str]:
    founder, path = world.founder, f"{world.path}/quizzes"
    asked, ending, asking, unasked = [(await made(founder, "POST", path, QUIZ))["id"] for _ in range(4)]
    for quiz_id in (asked, ending):
        await made(founder, "POST", f"/api/v1/quizzes/{quiz_id}/ask", {"room_id": world.room_id, "place": 0})
    return {"quiz_id": asked, "ending_quiz_id": ending, "asking_quiz_id": asking, "unasked_quiz_id": unasked}


ASKING, UNASKED, ENDING = ((("quiz_id", f"{name}_quiz_id"),) for name in ("asking", "unasked", "ending"))

ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/quizzes": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/quizzes": Case(lambda ids: QUIZ),
    "GET /api/v1/quizzes/{quiz_id}": Case(),
    "DELETE /api/v1/quizzes/{quiz_id}": Case(ids=UNASKED),
    "POST /api/v1/quizzes/{quiz_id}/ask": Case(lambda ids: {"room_id": ids["room_id"], "place": 0}, ASKING),
    "POST /api/v1/quizzes/{quiz_id}/end": Case(lambda ids: {}, ENDING),
    "GET /api/v1/quizzes/{quiz_id}/export": Case(),
}
