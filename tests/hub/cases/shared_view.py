"""What everybody in a meeting looks at together."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World


async def prepare(world: World, author: str) -> dict[str, str]:
    return {"shown_id": await world.create("document", "Shown to all")}


EVENTS: dict[str, Case] = {
    "view:open": Case(lambda ids: {"room_id": ids["room_id"], "content_id": ids["shown_id"]}),
    "view:close": Case(lambda ids: {"room_id": ids["room_id"]}),
    "view:turn": Case(
        lambda ids: {"room_id": ids["room_id"], "content_id": ids["shown_id"], "place": {"anchor": "card"}}
    ),
    "view:spotlight": Case(lambda ids: {"room_id": ids["room_id"], "user_ids": []}),
    "view:timer": Case(lambda ids: {"room_id": ids["room_id"], "step": "end"}),
}
