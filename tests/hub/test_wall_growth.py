"""How a wall grew: what is played of it, and what never is."""

from __future__ import annotations

import json
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from hub.wall_growth import steps
from tests.hub.gate_steps import decide, post, queue
from tests.hub.world import Person, World

DAY_MS = 86_400_000
in_world = pytest.mark.asyncio(loop_scope="session")
TIMES = st.lists(st.integers(0, 5 * DAY_MS), max_size=30)


@given(TIMES, TIMES)
def test_every_card_and_comment_comes_once_and_in_time(made: list[int], said: list[int]) -> None:
    cards = [
        {"id": f"card-{n}", "position": f"a{n:03}", "created_at_ms": at, "author_id": "a", "school_id": "s"}
        for n, at in enumerate(made)
    ]
    found = steps(cards, [{"created_at_ms": at} for at in said])
    assert [step.at_ms for step in found] == sorted(step.at_ms for step in found)
    assert sorted(step.card_id for step in found if step.card_id) == sorted(card["id"] for card in cards)
    assert sum(not step.card_id for step in found) <= len({at // DAY_MS for at in said})
    for step in found:
        assert step.comments == sum(at <= step.at_ms for at in said)
    if found:
        assert (found[-1].cards, found[-1].comments) == (len(made), len(said))


@pytest_asyncio.fixture(loop_scope="session")
async def wall_id(world: World) -> str:
    return str(await world.create("wall", "How it grew"))


async def growth(person: Person, wall_id: str) -> Any:
    return (await person.get(f"/api/v1/walls/{wall_id}/growth"))["steps"]


async def played(person: Person, wall_id: str) -> list[str]:
    return [step["card_id"] for step in await growth(person, wall_id)]


@in_world
async def test_what_waits_is_played_to_nobody_and_from_its_approval_on_to_all(world: World, wall_id: str) -> None:
    await post(world.founder, wall_id, "first")
    await post(world.pupil, wall_id, "waiting", title="A secret until then")
    for person in (world.founder, world.pupil, world.teacher, world.people["visitor"]):
        found = await growth(person, wall_id)
        assert [step["card_id"] for step in found] == ["first"]
        assert "waiting" not in json.dumps(found)
    (thing,) = [each for each in await queue(world.founder, world) if each["id"] == "waiting"]
    await decide(world.founder, thing)
    found = await growth(world.teacher, wall_id)
    assert [step["card_id"] for step in found] == ["first", "waiting"]
    pupil = world.pupil.user
    assert pupil is not None
    assert (found[1]["author_id"], found[1]["school_id"]) == (pupil.id, pupil.school_id)
    assert found[1]["cards"] == 2


@in_world
async def test_what_was_hidden_taken_off_or_erased_is_not_played_any_more(world: World, wall_id: str) -> None:
    for card_id in ("stays", "hidden", "taken-off", "erased"):
        await post(world.founder, wall_id, card_id, title=f"Words of {card_id}")
    assert len(await played(world.teacher, wall_id)) == 4
    for card_id in ("hidden", "erased"):
        subject = {"kind": "card", "subject_id": f"{wall_id}:{card_id}", "reason": "mean"}
        hidden = await world.founder.call("POST", f"{world.path}/hidden", subject)
        assert hidden.status == 204, hidden
    assert await played(world.founder, wall_id) == ["stays", "taken-off"]
    erased = await world.founder.call("DELETE", f"{world.path}/erased/card/{wall_id}:erased")
    assert erased.status == 204, erased
    taken = await world.founder.call("DELETE", f"/api/v1/walls/{wall_id}/cards/taken-off")
    assert taken.status == 204, taken
    found = await growth(world.founder, wall_id)
    assert [step["card_id"] for step in found] == ["stays"]
    assert [step["cards"] for step in found] == [1], "they are not counted either"


@in_world
async def test_of_a_wall_that_is_hidden_or_no_wall_nothing_is_told(world: World, wall_id: str) -> None:
    document = await world.create("document")
    assert (await world.founder.call("GET", f"/api/v1/walls/{document}/growth")).status == 404
    assert (await world.people["stranger"].call("GET", f"/api/v1/walls/{wall_id}/growth")).status == 404
