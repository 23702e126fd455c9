"""The contract of assessments, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Assessment, AssessmentId, Content, ContentId, Json, Rating, UserId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, SPACE, settle

RUBRIC = Content(ContentId("rubric"), SPACE.id, "rubric", "How we assess", ANA.id, 1, 1)
ABOUT_LUCIA = Assessment(
    AssessmentId("a"),
    SPACE.id,
    RUBRIC.id,
    "Lucía's talk",
    {"kind": "member", "id": LUCIA.id, "part_id": None},
    (LUCIA.id,),
    tuple(sorted((ANA.id, LUCIA.id))),
    ANA.id,
    10,
)
BY_ANA = Rating(ABOUT_LUCIA.id, ANA.id, {"voice": "there"}, {"voice": "Clear"}, [], 20, 20)


async def begin(storage: Storage) -> None:
    await settle(storage)
    await storage.contents.add(RUBRIC)
    await storage.assessments.add(ABOUT_LUCIA)


async def test_what_is_said_is_kept_until_it_is_revealed(storage: Storage) -> None:
    await begin(storage)
    kept = storage.assessments
    assert await kept.of_twinspace(SPACE.id) == [ABOUT_LUCIA] and await kept.of_twinspace(OTHER_SPACE.id) == []
    with pytest.raises(Conflict):
        await kept.add(ABOUT_LUCIA)
    await kept.rate(replace(BY_ANA, sent_at_ms=None, words={}))
    await kept.rate(BY_ANA)
    own = replace(BY_ANA, user_id=LUCIA.id, levels={"voice": "begun"})
    await kept.rate(own)
    assert await kept.ratings(ABOUT_LUCIA.id) == sorted([BY_ANA, own], key=lambda each: each.user_id)
    assert await kept.given_to(LUCIA.id) == []
    revealed = await kept.reveal(ABOUT_LUCIA.id, 30)
    assert revealed == replace(ABOUT_LUCIA, revealed_at_ms=30) == await kept.reveal(ABOUT_LUCIA.id, 31)
    with pytest.raises(Conflict):
        await kept.rate(replace(BY_ANA, levels={}))
    # One's own is nothing that was given.
    assert await kept.given_to(LUCIA.id) == [(revealed, BY_ANA)] and await kept.given_to(ANA.id) == []
    await kept.remove(ABOUT_LUCIA.id)
    for gone in (
        kept.get(ABOUT_LUCIA.id),
        kept.remove(ABOUT_LUCIA.id),
        kept.rate(BY_ANA),
        kept.reveal(ABOUT_LUCIA.id, 1),
    ):
        with pytest.raises(NotFound):
            await gone
    assert await kept.ratings(ABOUT_LUCIA.id) == []


async def test_what_is_open_is_found_with_who_has_sent_and_its_day_may_be_moved(storage: Storage) -> None:
    await begin(storage)
    kept, late = storage.assessments, replace(ABOUT_LUCIA, id=AssessmentId("late"), created_at_ms=11, reveal_at_ms=90)
    await kept.add(late)
    await kept.rate(BY_ANA)
    await kept.rate(replace(BY_ANA, user_id=LUCIA.id, sent_at_ms=None))
    here = [(ABOUT_LUCIA, frozenset({ANA.id})), (late, frozenset())]
    assert await kept.open_in([SPACE.id, OTHER_SPACE.id]) == here
    assert await kept.open_in([OTHER_SPACE.id]) == await kept.open_in([]) == []
    assert await kept.ending(90) == [] and await kept.ending(91) == here[1:]
    moved = await kept.move(late.id, 50)
    assert moved == replace(late, reveal_at_ms=50) == await kept.get(late.id)
    assert await kept.ending(51) == [(moved, frozenset())]
    assert (await kept.move(late.id, None)).reveal_at_ms is None and await kept.ending(10**12) == []
    await kept.reveal(ABOUT_LUCIA.id, 60)
    with pytest.raises(Conflict):
        await kept.move(ABOUT_LUCIA.id, 70)
    with pytest.raises(NotFound):
        await kept.move(AssessmentId("absent"), 70)
    assert [each.id for each, _ in await kept.open_in([SPACE.id])] == [late.id]


async def test_the_words_of_a_passage_go_from_every_pin_and_the_pins_stay(storage: Storage) -> None:
    await begin(storage)
    pin = {"criterion_id": "voice", "kind": "content", "id": RUBRIC.id, "part_id": None}
    passage = {"start": "AA", "end": "BB", "words": "It rained"}
    other = {**pin, "id": "other", "passage": passage}
    pins: list[Json] = [{**pin, "passage": passage}, {**pin, "passage": None}, other]
    for user_id in (ANA.id, LUCIA.id):
        await storage.assessments.rate(replace(BY_ANA, user_id=user_id, evidence=pins))
    await storage.assessments.blank_passages(RUBRIC.id)
    left = [{**pin, "passage": {**passage, "words": None}}, {**pin, "passage": None}, other]
    assert [each.evidence for each in await storage.assessments.ratings(ABOUT_LUCIA.id)] == [left, left]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rubric_id": ContentId("absent")},
        {"assessed": (UserId("absent"),)},
        {"assessors": (UserId("absent"),)},
        {"created_by": UserId("absent")},
    ],
)
async def test_an_assessment_of_nobody_known_is_not_kept(storage: Storage, wrong: dict[str, object]) -> None:
    await begin(storage)
    with pytest.raises(NotFound):
        await storage.assessments.add(replace(ABOUT_LUCIA, id=AssessmentId("b"), **wrong))  # type: ignore[arg-type]
    assert await storage.assessments.of_twinspace(SPACE.id) == [ABOUT_LUCIA]


async def test_with_a_person_goes_what_was_said_of_them_alone(storage: Storage) -> None:
    await begin(storage)
    both = replace(ABOUT_LUCIA, id=AssessmentId("both"), assessed=ABOUT_LUCIA.assessors, created_at_ms=11)
    await storage.assessments.add(both)
    for each in (ABOUT_LUCIA, both):
        await storage.assessments.rate(replace(BY_ANA, assessment_id=each.id))
        await storage.assessments.rate(replace(BY_ANA, assessment_id=each.id, user_id=LUCIA.id))
    await storage.erasure.erase_person(LUCIA.id, display_name="Somebody", texts=True)
    assert await storage.assessments.of_twinspace(SPACE.id) == [replace(both, assessed=(ANA.id,), assessors=(ANA.id,))]
    assert await storage.assessments.ratings(ABOUT_LUCIA.id) == []
    assert [each.user_id for each in await storage.assessments.ratings(both.id)] == [ANA.id]


async def test_with_a_rubric_goes_what_was_assessed_by_it(storage: Storage) -> None:
    await begin(storage)
    await storage.assessments.rate(BY_ANA)
    await storage.erasure.erase_content(RUBRIC.id)
    assert await storage.assessments.of_twinspace(SPACE.id) == []
