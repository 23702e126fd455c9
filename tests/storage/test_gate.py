"""The contract of what waits before walls, over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Content, ContentId, Held, HeldState, SchoolId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, SCHOOL, SPACE, settle

WALL = Content(ContentId("wall"), SPACE.id, "wall", "Our morning", ANA.id, 6, 6)
CARD = Held(WALL.id, "card", "c", SPACE.id, "c", LUCIA.id, SCHOOL.id, True, {"title": "Bread"}, "waiting", "", 0, 10)
COMMENT = replace(CARD, kind="comment", id="k", fields={"text": "Nice"}, held_at_ms=11)


async def with_wall(storage: Storage) -> None:
    await settle(storage)
    await storage.contents.add(WALL)


async def decide(storage: Storage, held: Held, revision: int, state: HeldState = "approved", reason: str = "") -> Held:
    return await storage.gate.decide(
        held.content_id,
        held.kind,
        held.id,
        revision=revision,
        state=state,
        reason=reason,
        decided_by=ANA.id,
        at_ms=20,
    )


async def test_what_is_held_is_there_until_it_is_removed_and_grows_a_revision_with_each_change(
    storage: Storage,
) -> None:
    await with_wall(storage)
    gate = storage.gate
    first = await gate.hold(CARD)
    assert first == replace(CARD, revision=1)
    comment = await gate.hold(COMMENT)
    again = await gate.hold(replace(CARD, fields={"title": "Rolls"}, held_at_ms=99))
    assert again == replace(first, fields={"title": "Rolls"}, revision=2)
    assert await gate.get(WALL.id, "card", "c") == again
    assert await gate.of_content(WALL.id) == [again, comment]
    assert await gate.of_school([SPACE.id, OTHER_SPACE.id], SCHOOL.id) == [again, comment]
    assert await gate.of_school([OTHER_SPACE.id], SCHOOL.id) == []
    assert await gate.of_school([SPACE.id], SchoolId("another")) == []
    await gate.remove(WALL.id, "comment", "k")
    await gate.remove(WALL.id, "comment", "k")
    assert await gate.of_content(WALL.id) == [again]
    with pytest.raises(NotFound):
        await gate.get(WALL.id, "comment", "k")
    with pytest.raises(NotFound):
        await gate.hold(replace(CARD, content_id=ContentId("absent")))


async def test_nobody_takes_over_what_another_wrote_under_the_same_id(storage: Storage) -> None:
    await with_wall(storage)
    await storage.gate.hold(CARD)
    with pytest.raises(Conflict):
        await storage.gate.hold(replace(CARD, author_id=ANA.id))


async def test_of_two_who_decide_at_once_one_does_and_nobody_on_what_they_have_not_seen(storage: Storage) -> None:
    await with_wall(storage)
    await storage.gate.hold(CARD)
    with pytest.raises(Conflict):
        await decide(storage, CARD, 2)
    with pytest.raises(NotFound):
        await decide(storage, replace(CARD, id="absent"), 1)
    tried = await asyncio.gather(
        decide(storage, CARD, 1), decide(storage, CARD, 1, "refused", "No"), return_exceptions=True
    )
    assert sorted(isinstance(each, Conflict) for each in tried) == [False, True]


async def test_what_was_refused_leaves_the_queue_and_comes_back_when_its_author_changes_it(storage: Storage) -> None:
    await with_wall(storage)
    await storage.gate.hold(CARD)
    refused = await decide(storage, CARD, 1, "refused", "Say it kindly.")
    assert (refused.state, refused.reason, refused.decided_by, refused.decided_at_ms) == (
        "refused",
        "Say it kindly.",
        ANA.id,
        20,
    )
    assert await storage.gate.of_school([SPACE.id], SCHOOL.id) == []
    assert await storage.gate.of_content(WALL.id) == [refused]
    waiting = await storage.gate.hold(replace(CARD, fields={"title": "Kind"}))
    assert (waiting.state, waiting.reason, waiting.revision, waiting.decided_by) == ("waiting", "", 2, None)
    assert await storage.gate.of_school([SPACE.id], SCHOOL.id) == [waiting]


async def test_what_is_on_its_way_can_not_be_changed_but_can_come_back(storage: Storage) -> None:
    await with_wall(storage)
    await storage.gate.hold(CARD)
    await decide(storage, CARD, 1)
    with pytest.raises(Conflict):
        await storage.gate.hold(CARD)
    assert (await storage.gate.of_school([SPACE.id], SCHOOL.id))[0].state == "approved"
    assert (await storage.gate.wait_again(WALL.id, "card", "c")).state == "waiting"
    with pytest.raises(NotFound):
        await storage.gate.wait_again(WALL.id, "card", "absent")


async def test_what_waits_for_a_card_goes_with_it(storage: Storage) -> None:
    await with_wall(storage)
    card = await storage.gate.hold(CARD)
    comment = await storage.gate.hold(COMMENT)
    other = await storage.gate.hold(replace(CARD, id="d", card_id="d"))
    assert await storage.gate.remove_of_card(WALL.id, "c") == [card, comment]
    assert await storage.gate.of_content(WALL.id) == [other]


async def test_it_is_erased_with_the_wall_and_with_its_author(storage: Storage) -> None:
    await with_wall(storage)
    await storage.gate.hold(CARD)
    await storage.erasure.erase_person(LUCIA.id, display_name="Pupil", texts=True)
    assert await storage.gate.of_content(WALL.id) == []
    await storage.gate.hold(replace(CARD, author_id=ANA.id))
    await storage.erasure.erase_content(WALL.id)
    assert await storage.gate.of_content(WALL.id) == []
