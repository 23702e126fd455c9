"""Cards: everybody's own, moderators' all, the hub writes them and every open wall shows them.

What pupils make waits first: tests/hub/test_gate.py. Here it has been let through.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crdt_docs.content import wall
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def post(person: Person, wall_id: str, card_id: str, **fields: Any) -> Any:
    fields = {"title": "A card", "text": "", "tint": 1, **fields}
    answer = await person.call("POST", f"/api/v1/walls/{wall_id}/cards", {"client_card_id": card_id, **fields})
    assert answer.status == 201, answer
    return answer.body


async def shown(world: World, wall_id: Any) -> list[str]:
    cards = await world.hub.context.live_docs.read(wall_id, "wall", wall.cards)
    return [card["id"] for card in cards]


async def test_a_card_carries_its_author_and_comes_once_however_often_it_is_sent(world: World) -> None:
    wall_id = await world.create("wall")
    await world.pin(world.pupil, wall_id, "one", title="Rzeka", text="Szeroka", tint=3)
    first = await post(world.pupil, wall_id, "one", title="Rzeka", text="Szeroka", tint=3)
    again = await post(world.pupil, wall_id, "one", title="Rzeka", text="Szeroka", tint=3)
    assert first == again
    assert first["author_id"] == world.pupil.user.id and first["school_id"] == "school-a" and first["tint"] == 3
    assert await shown(world, wall_id) == ["one"]


async def test_somebody_elses_card_id_is_not_taken_over(world: World) -> None:
    wall_id = await world.create("wall")
    await world.pin(world.pupil, wall_id, "one")
    taken = await world.teacher.call(
        "POST", f"/api/v1/walls/{wall_id}/cards", {"client_card_id": "one", "title": "Mine"}
    )
    assert (taken.status, taken.code, taken.body["field"]) == (400, "invalid", "client_card_id")


async def test_own_cards_can_be_changed_moved_and_removed(world: World) -> None:
    wall_id = await world.create("wall")
    for card_id in ("a", "b", "c"):
        await world.pin(world.pupil, wall_id, card_id)
    cards = f"/api/v1/walls/{wall_id}/cards"
    changed = await world.pupil.call("PATCH", f"{cards}/b", {"title": "New", "tint": 6})
    assert (changed.body["title"], changed.body["tint"], changed.body["text"]) == ("New", 6, "")
    assert (await world.pupil.call("POST", f"{cards}/c/move", {"after_card_id": None})).status == 200
    assert await shown(world, wall_id) == ["c", "a", "b"]
    assert (await world.pupil.call("POST", f"{cards}/c/move", {"after_card_id": "a"})).status == 200
    assert await shown(world, wall_id) == ["a", "c", "b"]
    assert (await world.pupil.call("DELETE", f"{cards}/a")).status == 204
    assert await shown(world, wall_id) == ["c", "b"]
    gone = await world.pupil.call("DELETE", f"{cards}/a")
    assert (gone.status, gone.code) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PATCH", "/t", {"title": "Mine now"}), ("POST", "/t/move", {"after_card_id": None}), ("DELETE", "/t", None)],
)
async def test_other_peoples_cards_are_for_moderators_only(world: World, method: str, path: str, body: Any) -> None:
    wall_id = await world.create("wall")
    await world.pin(world.pupil, wall_id, "p")
    await post(world.teacher, wall_id, "t")
    before = await shown(world, wall_id)
    refused = await world.pupil.call(method, f"/api/v1/walls/{wall_id}/cards{path}", body)
    assert (refused.status, refused.code) == (404, "not_found")
    assert await shown(world, wall_id) == before
    allowed = await world.founder.call(method, f"/api/v1/walls/{wall_id}/cards{path}", body)
    assert allowed.status in (200, 204)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " ", "text": "\n"}, None),
        ({"title": "x" * 201}, "title"),
        ({"text": "x" * 4_001}, "text"),
        ({"tint": 7}, "tint"),
        ({"tint": 0}, "tint"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "nul\x00"}, "title"),
        ({"colour": "red"}, "colour"),
        ({"client_card_id": "no spaces"}, "client_card_id"),
    ],
)
async def test_a_card_that_does_not_fit_leaves_no_trace(world: World, fields: Any, field: str | None) -> None:
    wall_id = await world.create("wall")
    body = {"client_card_id": "one", "title": "A card", **fields}
    answer = await world.pupil.call("POST", f"/api/v1/walls/{wall_id}/cards", body)
    assert (answer.status, answer.code, answer.body.get("field")) == (400, "invalid", field), answer
    assert await shown(world, wall_id) == []


async def test_a_wall_action_on_a_document_finds_nothing(world: World) -> None:
    document_id = await world.create("document")
    body = {"client_card_id": "one", "title": "A card"}
    answer = await world.founder.call("POST", f"/api/v1/walls/{document_id}/cards", body)
    assert (answer.status, answer.code) == (404, "not_found")


async def test_cards_of_many_people_at_once_are_all_kept_in_one_order(world: World) -> None:
    wall_id = await world.create("wall")
    people = [world.founder, world.teacher, await world.person_of("librarian")]
    await asyncio.gather(*(post(people[n % 3], wall_id, f"card-{n}") for n in range(30)))
    cards = await world.hub.context.live_docs.read(wall_id, "wall", wall.cards)
    assert {card["id"] for card in cards} == {f"card-{n}" for n in range(30)}
    assert len({card["position"] for card in cards}) == 30
