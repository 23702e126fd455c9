"""Figures that go on from the last look are those that are counted from scratch, whatever came in between."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.form_figures import FormFigures
from hub.form_tally import FormCounts, tally
from storage.records import AnonymousResponse, ClassTally, ContentId, FormResponse, FormVersion, SchoolId, TallyId
from tests.hub.form_steps import answer, members, publish, results_of, settings
from tests.hub.world import World

OPTIONS = [{"id": each, "label": each} for each in "xyz"]
GRID = {"rows": [{"id": "r", "label": "r"}, {"id": "s", "label": "s"}], "options": OPTIONS}
DEFINITION: dict[str, Any] = {
    "questions": [
        {"id": "text", "type": "short_text", "label": "?"},
        {"id": "one", "type": "single_choice", "label": "?", "options": OPTIONS, "key": {"any_of": ["x"], "points": 1}},
        {"id": "many", "type": "multiple_choice", "label": "?", "options": OPTIONS},
        {"id": "order", "type": "ranking", "label": "?", "options": OPTIONS},
        {"id": "face", "type": "faces", "label": "?", "min": 1, "max": 3},
        {"id": "weight", "type": "number", "label": "?", "decimals": 2},
        {"id": "day", "type": "date", "label": "?"},
        {"id": "grid", "type": "matrix", "label": "?", **GRID},
        {"id": "drawn", "type": "drawing", "label": "?"},
    ]
}
STROKES = st.lists(st.builds(lambda at: {"tint": 1, "width": 2, "points": [at, at]}, st.integers(0, 9)), max_size=2)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "text": st.text("abń", min_size=1, max_size=2),
        "one": st.sampled_from("xyz"),
        "many": st.lists(st.sampled_from("xyz"), min_size=1, unique=True).map(sorted),
        "order": st.permutations("xyz"),
        "face": st.integers(1, 3),
        "weight": st.integers(-3, 3) | st.sampled_from([0.1, 0.2, 0.25, 10.05]),
        "day": st.sampled_from(["2027-05-31", "2027-06-01"]),
        "grid": st.dictionaries(st.sampled_from("rs"), st.sampled_from("xyz"), min_size=1),
        "drawn": STROKES.map(lambda strokes: {"strokes": strokes}),
    },
)
SCHOOLS = st.sampled_from([SchoolId("a"), SchoolId("b")])
CHANGES = st.lists(st.tuples(st.integers(0, 11), SCHOOLS, st.none() | ANSWERS), max_size=60)
HANDS = [
    ClassTally(TallyId("t"), ContentId("f"), 1, SchoolId("b"), "ana", "1B", 9, {"face": {"3": 9}, "one": {"y": 6}}, 1)  # type: ignore[arg-type]
]


@given(CHANGES)
def test_counting_on_is_counting_from_scratch(changes: list[Any]) -> None:
    counts, there = FormCounts(DEFINITION), {}
    for person, school_id, answers in changes:
        if person in there:
            counts.remove(there.pop(person))
        if answers is not None:
            there[person] = (school_id, answers)
            counts.add(there[person])
    assert counts.results(HANDS) == tally(DEFINITION, there.values(), HANDS)


def test_an_amount_that_was_taken_out_leaves_nothing_of_itself() -> None:
    """Sums of floats would: 0.1 + 10.05 - 10.05 is not 0.1."""
    counts = FormCounts(DEFINITION)
    for weight in (0.1, 0.1, 0.1, 0.1, 0.1):
        counts.add((SchoolId("a"), {"weight": weight}))
    counts.add((SchoolId("a"), {"weight": 10.05}))
    counts.remove((SchoolId("a"), {"weight": 10.05}))
    [amounts] = [each.amounts for each in counts.results() if each.id == "weight"]
    assert amounts is not None and (amounts.mean, amounts.greatest) == (0.1, 0.1)


class Counted:
    """Passes on what is asked of storage, and counts the answers that were read."""

    def __init__(self, forms: Any) -> None:
        self._forms = forms
        self.read = 0

    def __getattr__(self, name: str) -> Any:
        async def ask(*given: Any) -> Any:
            found = await getattr(self._forms, name)(*given)
            self.read += len(found) if name in ("responses", "responses_of", "anonymous_of") else 0
            return found

        return ask


@pytest.mark.asyncio(loop_scope="session")
async def test_a_look_reads_what_was_answered_since_the_last_one(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    forms = Counted(world.hub.context.storage.forms)
    version: FormVersion = await forms.get_version(form_id, 1)
    figures = FormFigures(most_answers=3)
    people = await members(world, "a", 8)
    for person in people:
        await answer(person, form_id, {"one": "a", "short": "river"})
    assert (await figures.read(forms, version, ())).response_count == 8  # type: ignore[arg-type]
    assert forms.read == 8
    await figures.read(forms, version, ())  # type: ignore[arg-type]
    assert forms.read == 8
    # Corrected within the same millisecond, and erased: found all the same.
    first, second = people[0].user, people[1].user
    assert first is not None and second is not None
    for word in ("lake", "sea"):
        again = FormResponse(form_id, 1, first.id, first.school_id, {"one": "b", "short": word}, 1)
        await world.hub.context.storage.forms.put_response(again)
    await world.hub.context.storage.erasure.erase_person(second.id, display_name="Somebody", texts=True)
    shown = await figures.read(forms, version, ())  # type: ignore[arg-type]
    assert (shown.response_count, forms.read) == (7, 9)
    texts = {each.id: each.texts for each in shown.questions}["short"]
    assert texts == ["river"] * 6 + ["sea"]
    assert shown.questions == (await FormFigures().read(forms, version, ())).questions  # type: ignore[arg-type]


@pytest.mark.asyncio(loop_scope="session")
async def test_anonymous_batches_are_read_once_each(world: World) -> None:
    form_id = await world.create_form()
    await settings(world, form_id, anonymous=True)
    await publish(world, form_id)
    forms = Counted(world.hub.context.storage.forms)
    version: FormVersion = await forms.get_version(form_id, 1)
    figures = FormFigures()
    for place, person in enumerate(await members(world, "a", 11), 1):
        assert person.user is not None
        kept = AnonymousResponse(secrets.token_hex(8), form_id, 1, person.user.school_id, 0, {"one": "a"})
        await world.hub.context.storage.forms.put_anonymous(kept, person.user.id, batch_size=5)
        shown = await figures.read(forms, version, ())  # type: ignore[arg-type]
        assert (shown.response_count, shown.waiting_count) == (place, place % 5)
    assert forms.read == 10


@pytest.mark.asyncio(loop_scope="session")
async def test_many_looks_at_once_while_answers_come_in_agree_in_the_end(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    people = await members(world, "b", 12)
    await asyncio.gather(
        *(answer(person, form_id, {"one": "a", "scale": 4}) for person in people),
        *(world.teacher.get(f"/api/v1/forms/{form_id}/results") for _ in range(6)),
    )
    scale = (await results_of(world, form_id))["scale"]
    assert (scale["answer_count"], scale["mean"]) == (12, 4.0)
