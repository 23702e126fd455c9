"""Chat and journal."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World


async def prepare(world: World, author: str) -> dict[str, str]:
    """The author has said one thing."""
    person = await world.person_of(author) if author not in world.people else world.people[author]
    assert person.user is not None
    await world.hub.context.storage.messages.append(
        world.twinspace_id, client_message_id="prepared", user_id=person.user.id, text="Hello", at_ms=2**42
    )
    return {}


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/lanes": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/messages": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/messages": Case(lambda ids: {"text": "Hello"}),
    "PUT /api/v1/twinspaces/{twinspace_id}/messages/read": Case(lambda ids: {"seq": 1}),
    "GET /api/v1/twinspaces/{twinspace_id}/messages/versions": Case(query="seq=1"),
    "GET /api/v1/twinspaces/{twinspace_id}/journal": Case(),
}

EVENTS: dict[str, Case] = {
    "chat:post": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "client_message_id": "case", "text": "Hello"}),
    "chat:since": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "seq": 0}),
    "chat:edit": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "seq": 1, "text": "Hello!"}),
    "chat:react": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "seq": 1, "sign": "heart"}),
}
