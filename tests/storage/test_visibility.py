"""The visibility ladder in the stores: every implementation filters as the pure rule says."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import Storage
from storage.ports import NotFound
from storage.records import RUNGS, Content, ContentId, Rung, SchoolId, Sight, TeamId, UserId
from storage.visibility import sees
from tests.storage.people import ANA, DOCUMENT, LUCIA, SPACE, settle

SCHOOLS = (None, SchoolId("school"), SchoolId("elsewhere"))
TEAMS = (None, TeamId("red"), TeamId("blue"))

sights = st.builds(
    Sight,
    rungs=st.frozensets(st.sampled_from(RUNGS)),
    user_id=st.sampled_from([None, ANA.id, LUCIA.id]),
    school_id=st.sampled_from(SCHOOLS),
    team_ids=st.frozensets(st.sampled_from([TeamId("red"), TeamId("blue")])),
)
items = st.builds(
    Content,
    id=st.just(ContentId("item")),
    twinspace_id=st.just(SPACE.id),
    kind=st.just("document"),
    title=st.just("Item"),
    created_by=st.sampled_from([ANA.id, LUCIA.id]),
    created_at_ms=st.just(1),
    changed_at_ms=st.just(1),
    visibility=st.sampled_from(RUNGS),
    team_id=st.sampled_from(TEAMS),
    school_id=st.sampled_from(SCHOOLS),
)


@given(sights, items)
def test_nobody_sees_more_by_seeing_less(sight: Sight, item: Content) -> None:
    """Whatever is added to a sight never hides anything."""
    if sees(sight, item):
        assert sees(replace(sight, rungs=frozenset(RUNGS)), item)
        assert sees(replace(sight, team_ids=sight.team_ids | {TeamId("blue")}), item)


@given(sights, items)
def test_what_is_for_its_author_alone_is_for_its_author_alone(sight: Sight, item: Content) -> None:
    item, sight = replace(item, visibility="me"), replace(sight, rungs=sight.rungs - {"me"})
    assert sees(sight, item) is (item.created_by == sight.user_id)


async def test_lists_and_the_journal_hold_exactly_what_the_rule_says(storage: Storage) -> None:
    await settle(storage)
    every = itertools.product(RUNGS, TEAMS, SCHOOLS, (ANA.id, LUCIA.id))
    made = [
        Content(ContentId(f"item{n}"), SPACE.id, "document", "Item", author, 1, 1, rung, team, school)
        for n, (rung, team, school, author) in enumerate(every)
    ]
    for item in made:
        await storage.contents.add(item)
        about = {"verb": "content_created", "user_id": None, "details": {}, "at_ms": 1}
        await storage.journal.record(SPACE.id, subject_id=item.id, **about)
    await storage.journal.record(SPACE.id, verb="met", user_id=None, subject_id=None, details={}, at_ms=1)
    await storage.journal.record(SPACE.id, verb="met", user_id=None, subject_id="a-room", details={}, at_ms=1)
    rungs: list[frozenset[Rung]] = [frozenset(), frozenset({"twinspace", "public"}), frozenset(RUNGS)]
    for seen, user_id, school_id, teams in itertools.product(
        rungs, (None, ANA.id, UserId("nobody")), SCHOOLS, (frozenset(), frozenset({TeamId("red")}))
    ):
        sight = Sight(seen, user_id, school_id, teams)
        expected = {item.id for item in made if sees(sight, item)}
        listed = {item.id for item in await storage.contents.of_twinspace(SPACE.id, sight)}
        assert listed - {"document", "form"} == expected, sight
        told = [entry.subject_id for entry in await storage.journal.latest(SPACE.id, 500, sight=sight)]
        assert set(told) == expected | {None, "a-room"}, sight


async def test_a_limit_counts_what_one_sees(storage: Storage) -> None:
    await settle(storage)
    for n, subject in enumerate(["document", "form", "document"]):
        await storage.journal.record(SPACE.id, verb="x", user_id=None, subject_id=subject, details={}, at_ms=n)
    await storage.contents.set_visibility(ContentId("document"), "me", None)
    entries = await storage.journal.latest(SPACE.id, 1, sight=Sight(frozenset({"twinspace"})))
    assert [entry.subject_id for entry in entries] == ["form"]


async def test_a_rung_is_changed_alone(storage: Storage) -> None:
    await settle(storage)
    changed = await storage.contents.set_visibility(DOCUMENT.id, "team", TeamId("red"))
    assert changed == replace(DOCUMENT, visibility="team", team_id=TeamId("red"))
    assert await storage.contents.get(DOCUMENT.id) == changed
    with pytest.raises(NotFound):
        await storage.contents.set_visibility(ContentId("absent"), "me", None)
