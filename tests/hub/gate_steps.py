"""What people do at a wall's gate, for tests of what the gate lets through."""

from __future__ import annotations

from typing import Any

from crdt_docs.content import wall, wall_talk
from tests.hub.world import Person, World


async def open_wall(world: World) -> str:
    """A wall; beside the world's pupil of school a there are a classmate, and a pupil of school b."""
    world.people["classmate"] = await world.add("pupil", "pupil", "a")
    world.people["partner"] = await world.add("pupil", "pupil", "b")
    return await world.create("wall", "Our morning")


async def post(person: Person, wall_id: str, card_id: str, **fields: Any) -> Any:
    body = {"client_card_id": card_id, "title": "A card", **fields}
    answer = await person.call("POST", f"/api/v1/walls/{wall_id}/cards", body)
    assert answer.status == 201, answer
    return answer.body


async def comment(person: Person, wall_id: str, card_id: str, comment_id: str, text: str) -> Any:
    path, body = f"/api/v1/walls/{wall_id}/cards/{card_id}/comments", {"client_comment_id": comment_id, "text": text}
    answer = await person.call("POST", path, body)
    assert answer.status == 201, answer
    return answer.body


async def held(person: Person, wall_id: str) -> list[Any]:
    return list((await person.get(f"/api/v1/walls/{wall_id}/held"))["held"])


async def queue(person: Person, world: World) -> list[Any]:
    return list((await person.get(f"{world.path}/held"))["held"])


async def decide(person: Person, thing: Any, how: str = "approval", **body: Any) -> Any:
    path = f"/api/v1/walls/{thing['content_id']}/held/{thing['kind']}/{thing['id']}/{how}"
    return await person.call("POST", path, {"revision": thing["revision"], **body})


async def shown(world: World, wall_id: Any) -> dict[str, str]:
    """What everybody sees: card → title."""
    cards = await world.hub.context.live_docs.read(wall_id, "wall", wall.cards)
    return {card["id"]: card["title"] for card in cards}


async def said(world: World, wall_id: Any) -> list[str]:
    comments = await world.hub.context.live_docs.read(wall_id, "wall", wall_talk.comments)
    return [each["text"] for each in comments]
