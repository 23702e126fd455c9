"""The contract of successions over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Member, SchoolId, Service, Succession, SuccessionId, TwinspaceId, User, UserId
from tests.storage.people import ANA, LUCIA, SCHOOL, SPACE
from tests.storage.test_founding import found

EVA = User(UserId("eva"), "eva", "Eva", "teacher", SCHOOL.id, "es", 1)
PROPOSAL = Succession(SuccessionId("s1"), SPACE.id, ANA.id, LUCIA.id, EVA.id, LUCIA.id, True, 5, 99)


async def settle(storage: Storage) -> None:
    await found(storage)
    await storage.users.add_user(EVA)


async def role_of(storage: Storage, user_id: UserId) -> str | None:
    try:
        return (await storage.twinspaces.get_member(SPACE.id, user_id)).role
    except NotFound:
        return None


async def test_one_proposal_at_a_time_and_of_the_founders_there_are(storage: Storage) -> None:
    await settle(storage)
    with pytest.raises(Conflict):
        await storage.successions.add(replace(PROPOSAL, leaving_id=EVA.id, successor_id=ANA.id))
    with pytest.raises(NotFound):
        await storage.successions.add(replace(PROPOSAL, twinspace_id=TwinspaceId("absent")))
    with pytest.raises(NotFound):
        await storage.successions.add(replace(PROPOSAL, successor_id=UserId("absent")))
    added = await asyncio.gather(
        *(storage.successions.add(replace(PROPOSAL, id=SuccessionId(f"s{n}"))) for n in range(4)),
        return_exceptions=True,
    )
    (kept,) = await storage.successions.of_twinspace(SPACE.id)
    assert [type(each) for each in added].count(Conflict) == 3
    for user_id in PROPOSAL.people:
        assert await storage.successions.open(user_id) == [kept] == await storage.successions.open()
    assert await storage.successions.open(UserId("nobody")) == []
    assert await storage.successions.get(kept.id) == kept
    with pytest.raises(NotFound):
        await storage.successions.get(SuccessionId("absent"))


async def test_each_agrees_once(storage: Storage) -> None:
    await settle(storage)
    await storage.successions.add(PROPOSAL)
    await storage.successions.agree(PROPOSAL.id, LUCIA.id, 6)
    agreed = await storage.successions.agree(PROPOSAL.id, LUCIA.id, 7)
    assert agreed == replace(PROPOSAL, remaining_agreed_at_ms=6) and not agreed.is_agreed
    agreed = await storage.successions.agree(PROPOSAL.id, EVA.id, 8)
    assert agreed.is_agreed and agreed.unanswered == [ANA.id]
    assert (agreed.is_due(98), agreed.is_due(99)) == (False, True)
    assert (await storage.successions.agree(PROPOSAL.id, ANA.id, 9)).is_due(9)
    with pytest.raises(NotFound):
        await storage.successions.agree(PROPOSAL.id, UserId("nobody"), 9)


async def test_what_has_ended_does_not_go_on(storage: Storage) -> None:
    await settle(storage)
    await storage.successions.add(PROPOSAL)
    ended = await storage.successions.end(PROPOSAL.id, "stopped", by=ANA.id, reason="No", at_ms=7)
    assert (ended.state, ended.ended_by, ended.ended_at_ms, ended.reason) == ("stopped", ANA.id, 7, "No")
    for late in (
        storage.successions.agree(PROPOSAL.id, EVA.id, 8),
        storage.successions.end(PROPOSAL.id, "declined", by=EVA.id, reason="", at_ms=8),
        storage.successions.fulfil(PROPOSAL.id, 8),
    ):
        with pytest.raises(Conflict):
            await late
    await storage.successions.add(replace(PROPOSAL, id=SuccessionId("s2"), proposed_at_ms=9))
    assert [each.id for each in await storage.successions.of_twinspace(SPACE.id)] == ["s1", "s2"]
    assert [each.id for each in await storage.successions.open()] == ["s2"]


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("was", ["nobody", "member", "former member"])
async def test_the_successor_takes_the_place_in_one_step(storage: Storage, stays: bool, was: str) -> None:
    await settle(storage)
    for user_id in (ANA.id, LUCIA.id):
        if await role_of(storage, user_id) is None:
            await storage.twinspaces.add_member(Member(SPACE.id, user_id, "founder", 1, 1))
        else:
            await storage.twinspaces.set_role(SPACE.id, user_id, "founder")
    before = await storage.twinspaces.get_member(SPACE.id, ANA.id)
    if was != "nobody":
        await storage.twinspaces.add_member(Member(SPACE.id, EVA.id, "teacher", 4, 2))
        await storage.twinspaces.mute(SPACE.id, EVA.id, ["chat"], None)
    if was == "former member":
        await storage.twinspaces.remove_member(SPACE.id, EVA.id)
    await storage.successions.add(replace(PROPOSAL, stays=stays))
    results = await asyncio.gather(
        storage.successions.fulfil(PROPOSAL.id, 50), storage.successions.fulfil(PROPOSAL.id, 51), return_exceptions=True
    )
    assert sorted(isinstance(each, Conflict) for each in results) == [False, True]
    founding = await storage.foundings.get(SPACE.id)
    assert (founding.proposed_by, founding.partner_id) == (EVA.id, LUCIA.id)
    assert await storage.foundings.of_user(ANA.id) == []
    follows = await storage.twinspaces.get_member(SPACE.id, EVA.id)
    assert (follows.role, follows.muted) == ("founder", ()) and (was == "nobody" or follows.epoch > 5)
    assert await role_of(storage, LUCIA.id) == "founder"
    assert await role_of(storage, ANA.id) == ("teacher" if stays else None)
    if stays:
        assert (await storage.twinspaces.get_member(SPACE.id, ANA.id)).epoch > before.epoch
    assert (await storage.successions.get(PROPOSAL.id)).state == "done"


async def test_who_works_for_services(storage: Storage) -> None:
    await settle(storage)
    await storage.services.add(Service(SCHOOL.id, "national"))
    staff = User(UserId("staff"), "staff", "Staff", "staff", SCHOOL.id, "es", 1)
    await storage.users.add_user(staff)
    await storage.users.add_user(replace(staff, id=UserId("gone"), name="gone", state="closed"))
    assert await storage.services.people([SCHOOL.id]) == ["staff"]
    assert await storage.services.people([SchoolId("other")]) == [] == await storage.services.people([])
