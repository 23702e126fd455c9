"""The contract of teams, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Team, TeamId, TwinspaceId, UserId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, SPACE, settle

BAKERS = Team(TeamId("bakers"), SPACE.id, "Bakers", (ANA.id, LUCIA.id), ANA.id, 10)


async def test_teams_are_listed_and_know_who_is_in_them(storage: Storage) -> None:
    await settle(storage)
    poets = replace(BAKERS, id=TeamId("poets"), title="Poets", user_ids=(LUCIA.id, LUCIA.id), created_at_ms=5)
    empty = replace(BAKERS, id=TeamId("empty"), user_ids=(), created_at_ms=20)
    for team in (BAKERS, poets, empty):
        await storage.teams.add(team)
    assert await storage.teams.of_twinspace(SPACE.id) == [replace(poets, user_ids=(LUCIA.id,)), BAKERS, empty]
    assert await storage.teams.of_twinspace(OTHER_SPACE.id) == []
    assert await storage.teams.of_user(SPACE.id, LUCIA.id) == {BAKERS.id, poets.id}
    assert await storage.teams.of_user(SPACE.id, ANA.id) == {BAKERS.id}
    assert await storage.teams.of_user(OTHER_SPACE.id, ANA.id) == frozenset()
    with pytest.raises(Conflict):
        await storage.teams.add(BAKERS)


async def test_of_two_changes_of_one_revision_the_second_is_a_conflict(storage: Storage) -> None:
    await settle(storage)
    await storage.teams.add(BAKERS)
    changed = replace(BAKERS, title="Bread", user_ids=(ANA.id,), revision=2)
    await storage.teams.change(changed)
    with pytest.raises(Conflict):
        await storage.teams.change(replace(changed, title="Cake"))
    assert await storage.teams.get(BAKERS.id) == changed
    with pytest.raises(NotFound):
        await storage.teams.change(replace(changed, id=TeamId("absent")))
    with pytest.raises(NotFound):
        await storage.teams.change(replace(changed, user_ids=(UserId("absent"),), revision=3))
    assert await storage.teams.get(BAKERS.id) == changed


async def test_a_team_that_is_removed_is_gone_with_its_people(storage: Storage) -> None:
    await settle(storage)
    await storage.teams.add(BAKERS)
    await storage.teams.remove(BAKERS.id)
    assert await storage.teams.of_user(SPACE.id, ANA.id) == frozenset()
    for gone in (storage.teams.get(BAKERS.id), storage.teams.remove(BAKERS.id)):
        with pytest.raises(NotFound):
            await gone


@pytest.mark.parametrize(
    "team",
    [
        replace(BAKERS, twinspace_id=TwinspaceId("absent")),
        replace(BAKERS, created_by=UserId("absent")),
        replace(BAKERS, user_ids=(ANA.id, UserId("absent"))),
    ],
)
async def test_a_team_of_nobody_known_is_not_kept(storage: Storage, team: Team) -> None:
    await settle(storage)
    with pytest.raises(NotFound):
        await storage.teams.add(team)
    assert await storage.teams.of_twinspace(SPACE.id) == []
