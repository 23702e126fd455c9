"""The gate under strain: two decisions at once, a hub that is killed in the middle, a full queue, a full wall."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

from crdt_docs.content import wall
from hub import gate
from tests.hub.gate_steps import decide, held, open_wall, post, queue, shown
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def wall_id(world: World) -> str:
    return await open_wall(world)


async def test_two_approvals_at_once_have_one_outcome(world: World, wall_id: str) -> None:
    colleague = await world.add("teacher", "teacher", "a")
    await post(world.pupil, wall_id, "one")
    (thing,) = await queue(world.founder, world)
    answers = await asyncio.gather(
        decide(world.founder, thing), decide(colleague, thing), decide(colleague, thing, "refusal", reason="No")
    )
    statuses = sorted(answer.status for answer in answers)
    assert statuses[0] == 204 and all(status in (404, 409) for status in statuses[1:]), statuses
    is_shown, left = await shown(world, wall_id), await held(world.pupil, wall_id)
    # Either it is on the wall and nothing waits, or it was refused and is not.
    assert (is_shown, [each["state"] for each in left]) in (({"one": "A card"}, []), ({}, ["refused"]))


async def test_all_that_was_seen_is_let_through_together_and_what_changed_since_is_left(
    world: World, wall_id: str
) -> None:
    for number in range(5):
        await post(world.pupil, wall_id, f"card-{number}", title=f"Card {number}")
    await post(world.partner, wall_id, "theirs")
    seen = await queue(world.founder, world)
    await world.pupil.call("PATCH", f"/api/v1/walls/{wall_id}/cards/card-2", {"title": "Other"})
    body = {
        "held": [
            {"content_id": wall_id, "kind": each["kind"], "held_id": each["id"], "revision": each["revision"]}
            for each in [*seen, {"kind": "card", "id": "theirs", "revision": 1}]
        ]
    }
    answer = await world.founder.call("POST", f"{world.path}/held/approval", body)
    assert (answer.status, answer.body) == (200, {"approved": 4, "left": 2})
    assert set(await shown(world, wall_id)) == {"card-0", "card-1", "card-3", "card-4"}
    assert [each["id"] for each in await queue(world.founder, world)] == ["card-2"]


async def test_a_hub_that_was_killed_after_the_decision_ends_what_it_began(world: World, wall_id: str) -> None:
    await post(world.pupil, wall_id, "one", title="Decided")
    storage = world.hub.context.storage
    decided = await storage.gate.decide(
        wall_id,  # type: ignore[arg-type]
        "card",
        "one",
        revision=1,
        state="approved",
        reason="",
        decided_by=world.founder.user.id,  # type: ignore[union-attr]
        at_ms=1,
    )
    assert await shown(world, wall_id) == {} and decided.state == "approved"
    # Whoever comes by ends it: the author who changes the card, here.
    changed = await world.pupil.call("PATCH", f"/api/v1/walls/{wall_id}/cards/one", {"title": "Later"})
    assert changed.body["waits"] is True
    assert await shown(world, wall_id) == {"one": "Decided"}
    (thing,) = await held(world.pupil, wall_id)
    assert (thing["is_new"], thing["former"]["title"]) == (False, "Decided")
    await gate.finish(world.hub.context, decided)
    assert await shown(world, wall_id) == {"one": "Decided"}


async def test_nobody_fills_the_queue(world: World, wall_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_HELD", 2)
    await post(world.pupil, wall_id, "one")
    await post(world.pupil, wall_id, "two")
    full = await world.pupil.call(
        "POST", f"/api/v1/walls/{wall_id}/cards", {"client_card_id": "three", "title": "More"}
    )
    assert (full.status, full.code) == (400, "invalid")
    assert (await world.pupil.call("PATCH", f"/api/v1/walls/{wall_id}/cards/one", {"title": "Better"})).status == 200


async def test_a_full_wall_lets_nothing_through_and_loses_nothing(
    world: World, wall_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post(world.founder, wall_id, "one")
    await post(world.pupil, wall_id, "two")
    (thing,) = await queue(world.founder, world)
    monkeypatch.setattr(wall, "MAX_CARDS", 1)
    full = await decide(world.founder, thing)
    assert (full.status, full.code) == (400, "invalid")
    (still,) = await queue(world.founder, world)
    monkeypatch.undo()
    assert (await decide(world.founder, still)).status == 204
    assert set(await shown(world, wall_id)) == {"one", "two"}
