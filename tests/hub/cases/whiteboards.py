"""Whiteboards: drawers and locks."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World

BOARD = (("content_id", "whiteboard_id"),)
PATH = "/api/v1/whiteboards/{content_id}"


async def prepare(world: World, author: str) -> dict[str, str]:
    return {"whiteboard_id": await world.create("whiteboard", "A board")}


ROUTES: dict[str, Case] = {
    f"GET {PATH}/drawers": Case(ids=BOARD),
    f"GET {PATH}/lock": Case(ids=BOARD),
    f"GET {PATH}/export": Case(ids=BOARD),
    f"PATCH {PATH}/lock": Case(lambda ids: {"is_locked": False}, BOARD),
}
