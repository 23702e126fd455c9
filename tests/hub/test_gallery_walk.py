"""A gallery walk of a wall in a meeting: everybody's place is the presenter's card, and all go on talking about it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.gate_steps import held, said
from tests.hub.test_room_powers import ask, id_of, join
from tests.hub.test_shared_view import stored, view
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def pin(person: Person, wall_id: str, card_id: str) -> Any:
    body = {"client_card_id": card_id, "title": card_id, "text": "words"}
    return (await person.call("POST", f"/api/v1/walls/{wall_id}/cards", body)).body


async def test_all_are_at_the_presenters_card_late_or_not_and_talk_about_it(world: World) -> None:
    wall = await world.create("wall", "Rivers")
    for card_id in ("otter", "heron"):
        await pin(world.founder, wall, card_id)
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "view:open", content_id=wall)
    await ask(world, teacher, "view:turn", content_id=wall, place={"anchor": "walk:otter"})
    assert (await view(pupil, 2))["opened"]["anchor"] == "walk:otter"

    card = f"/api/v1/walls/{wall}/cards/otter"
    given = await world.pupil.call("PUT", f"{card}/mark", {"reaction": "wow"})
    assert (given.status, given.body["reaction"]) == (200, "wow")
    await world.pupil.call("POST", f"{card}/comments", {"client_comment_id": "one", "text": "Is it shy?"})
    assert [each["id"] for each in await held(world.pupil, wall)] == ["one"], "the gate is the same as ever"
    assert await said(world, wall) == []

    await ask(world, teacher, "view:turn", content_id=wall, place={"anchor": "walk:heron"})
    late = await join(world, world.teacher)
    assert (await view(late, 3))["opened"]["anchor"] == "walk:heron"
    refused = await pupil.call(
        "view:turn", {"room_id": world.room_id, "content_id": wall, "place": {"anchor": "walk:otter"}}
    )
    assert refused["error"]["code"] == "not_found"
    await ask(world, late, "view:open", content_id=wall)
    led = (await view(pupil, 4))["opened"]
    assert (led["presenter_id"], led["anchor"]) == (id_of(world.teacher), "walk:heron"), "who takes over walks on"
    await ask(world, late, "view:turn", content_id=wall, place={"anchor": "card:heron"})
    assert (await view(pupil, 5))["opened"]["anchor"] == "card:heron", "the walk is over, the wall is still open"
    await ask(world, late, "room:end")
    assert (await stored(world)).opened_id is None
