"""One valid request for every row of the table, so that tests can walk it. A row without a case fails the suite.

Each area has a file: its `ROUTES` and `EVENTS`, and a `prepare` that makes what its requests name.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from hub.table import Route
from tests.hub.cases import (
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
    line_tests,
    materials,
    meeting_records,
    meetings,
    operations,
    personal_data,
    plan,
    polls,
    powers,
    quizzes,
    rubrics,
    safety,
    shared_view,
    shares,
    slides,
    talk,
    twinspaces,
    walls,
    whiteboards,
)
from tests.hub.cases.case import Case, Prepared
from tests.hub.world import World

AREAS: tuple[ModuleType, ...] = (
    operations,
    accounts,
    twinspaces,
    founding,
    consents,
    plan,
    desk,
    contents,
    walls,
    whiteboards,
    forms,
    rubrics,
    materials,
    slides,
    shares,
    talk,
    safety,
    personal_data,
    finding,
    forum,
    meetings,
    line_tests,
    polls,
    quizzes,
    breakouts,
    lesson_text,
    meeting_records,
    powers,
    shared_view,
)
ROUTES: dict[str, Case] = {name: case for area in AREAS for name, case in getattr(area, "ROUTES", {}).items()}
EVENTS: dict[str, Case] = {name: case for area in AREAS for name, case in getattr(area, "EVENTS", {}).items()}


async def prepare(world: World, author: str) -> Prepared:
    """A TwinSpace in which everything exists; `author` is the role that will send the requests: cards are theirs if
    they may have any."""
    ids: dict[str, str] = {}
    for area in AREAS:
        if hasattr(area, "prepare"):
            ids |= await area.prepare(world, author)
    return Prepared(world, ids)


LAST = (
    "POST /api/v1/forms/{content_id}/versions",
    "DELETE /api/v1/twinspaces",
    "DELETE /api/v1/pupils",
    "DELETE",
    "POST /api/v1/logout",
)
"""What takes away what the others need: the form's version, cards, the token."""


def in_order(routes: Iterable[Route]) -> list[Route]:
    def place(route: Route) -> int:
        return next((n for n, start in enumerate(LAST, 1) if f"{route.method} {route.path}".startswith(start)), 0)

    return sorted(routes, key=place)
