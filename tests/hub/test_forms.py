"""Forms: published by teachers, answered by everybody, counted by school."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.world import QUESTIONS, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPTIONS = [{"id": each, "label": each.upper()} for each in ("x", "y", "z")]
EVERY_TYPE: list[dict[str, Any]] = [
    {"id": "part", "type": "section", "label": "The meal", "text": "What did you eat?"},
    {"id": "order", "type": "ranking", "label": "What was best?", "required": False, "options": OPTIONS},
    {"id": "agree", "type": "consent", "label": "May we print this?", "required": False},
    {"id": "weight", "type": "number", "label": "How heavy?", "required": False, "min": 0, "decimals": 1, "unit": "kg"},
    {"id": "day", "type": "date", "label": "When?", "required": False},
    {
        "id": "grid",
        "type": "matrix",
        "label": "How was it?",
        "required": False,
        "rows": [{"id": "bread", "label": "Bread"}, {"id": "soup", "label": "Soup"}],
        "options": [{"id": "good", "label": "Good"}, {"id": "bad", "label": "Bad"}],
    },
    {"id": "face", "type": "faces", "label": "And the day?", "required": True, "max": 3},
    {
        "id": "why",
        "type": "short_text",
        "label": "Why?",
        "required": True,
        "show_if": {"question_id": "face", "any_of": [1, 2]},
    },
]
ALL_ANSWERS = {"short": "río", "long": "Once\nupon", "one": "a", "many": ["y", "x"], "scale": 4, "face": 5}


async def publish(world: World, form_id: str) -> Any:
    answer = await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")
    assert answer.status == 201, answer
    return answer.body


async def answer(person: Person, form_id: str, answers: Any, version: int = 1) -> Any:
    return await person.call("PUT", f"/api/v1/forms/{form_id}/response", {"version": version, "answers": answers})


async def test_a_form_is_absent_until_it_is_published(world: World) -> None:
    form_id = await world.create_form()
    before = await world.pupil.call("GET", f"/api/v1/forms/{form_id}")
    assert (before.status, before.code) == (404, "not_found")
    published = await publish(world, form_id)
    assert published["version"] == 1 and published["response_count"] == 0 and published["my_answers"] is None
    assert [question["type"] for question in published["questions"]] == [q["type"] for q in QUESTIONS]
    assert await world.pupil.get(f"/api/v1/forms/{form_id}") == published


async def test_publishing_is_announced_and_a_new_version_starts_empty(world: World) -> None:
    form_id = await world.create_form()
    socket = await world.visitor.socket()
    await socket.enter(world.twinspace_id)
    await publish(world, form_id)
    assert await socket.expect("form:published") == {"content_id": form_id, "version": 1}
    await answer(world.pupil, form_id, {"one": "a"})
    assert (await publish(world, form_id))["version"] == 2
    form = await world.pupil.get(f"/api/v1/forms/{form_id}")
    assert (form["version"], form["my_answers"], form["response_count"]) == (2, None, 0)


async def test_answers_are_replaced_not_added_and_announced_with_the_count(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    socket = await world.teacher.socket()
    await socket.enter(world.twinspace_id)
    first = await answer(world.pupil, form_id, ALL_ANSWERS)
    assert first.body == {"new": True, "response_count": 1}
    assert await socket.expect("form:answered") == {"content_id": form_id, "version": 1, "response_count": 1}
    second = await answer(world.pupil, form_id, {"one": "b"})
    assert second.body == {"new": False, "response_count": 1}
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["my_answers"] == {"one": "b"}
    assert (await world.teacher.get(f"/api/v1/forms/{form_id}"))["my_answers"] is None


async def test_results_count_by_school_and_carry_no_names(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    await answer(world.pupil, form_id, ALL_ANSWERS)
    await answer(world.teacher, form_id, {"one": "a", "many": ["x"], "scale": 1, "short": "rzeka"})
    await answer(world.founder, form_id, {"one": "b", "face": 2})
    results = await world.teacher.get(f"/api/v1/forms/{form_id}/results")
    assert results["response_count"] == 3
    by_id = {question["id"]: question for question in results["questions"]}
    assert by_id["one"]["counts"] == [
        {"value": "a", "label": "A", "total": 2, "by_school": {"school-a": 1, "school-b": 1}, "place": None},
        {"value": "b", "label": "B", "total": 1, "by_school": {"school-a": 1}, "place": None},
    ]
    assert [(c["value"], c["total"]) for c in by_id["many"]["counts"]] == [("x", 2), ("y", 1)]
    assert [c["total"] for c in by_id["scale"]["counts"]] == [1, 0, 0, 1, 0] and by_id["scale"]["mean"] == 2.5
    assert by_id["face"]["mean"] == 3.5 and len(by_id["face"]["counts"]) == 5
    assert sorted(by_id["short"]["texts"]) == ["rzeka", "río"] and by_id["long"]["texts"] == ["Once\nupon"]
    assert world.pupil.user.id not in str(results) and world.pupil.user.display_name not in str(results)


async def test_every_type_of_question_is_published_answered_and_counted(world: World) -> None:
    form_id = await world.create_form(EVERY_TYPE)
    published = await publish(world, form_id)
    assert [question["type"] for question in published["questions"]] == [q["type"] for q in EVERY_TYPE]
    given = {
        "order": ["y", "x", "z"],
        "agree": "yes",
        "weight": 2.5,
        "day": "2027-02-28",
        "grid": {"bread": "good", "soup": "bad"},
        "face": 1,
        "why": "It rained",
    }
    assert (await answer(world.pupil, form_id, given)).status == 200
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["my_answers"] == given
    other = {"order": ["x", "y", "z"], "weight": 4, "grid": {"bread": "good"}, "face": 3, "why": "not asked"}
    assert (await answer(world.teacher, form_id, other)).status == 200
    assert "why" not in (await world.teacher.get(f"/api/v1/forms/{form_id}"))["my_answers"]

    results = {
        result["id"]: result for result in (await world.teacher.get(f"/api/v1/forms/{form_id}/results"))["questions"]
    }
    assert "part" not in results
    assert [(c["value"], c["total"], c["place"]) for c in results["order"]["counts"]] == [
        ("x", 1, 1.5),
        ("y", 1, 1.5),
        ("z", 0, 3.0),
    ]
    assert [(c["value"], c["total"]) for c in results["agree"]["counts"]] == [("yes", 1), ("no", 0)]
    assert results["weight"]["amounts"] == {
        "least": 2.5,
        "greatest": 4.0,
        "mean": 3.25,
        "by_school": {"school-a": 2.5, "school-b": 4.0},
    }
    assert [(c["value"], c["total"]) for c in results["day"]["counts"]] == [("2027-02-28", 1)]
    rows = {row["id"]: [(c["value"], c["total"]) for c in row["counts"]] for row in results["grid"]["rows"]}
    assert rows == {"bread": [("good", 2), ("bad", 0)], "soup": [("good", 0), ("bad", 1)]}
    assert (results["why"]["texts"], results["why"]["answer_count"]) == (["It rained"], 1)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "one"),
        ({"one": "c"}, "one"),
        ({"one": ["a"]}, "one"),
        ({"one": "a", "many": "x"}, "many"),
        ({"one": "a", "many": ["z"]}, "many"),
        ({"one": "a", "scale": 6}, "scale"),
        ({"one": "a", "scale": True}, None),
        ({"one": "a", "face": 0}, "face"),
        ({"one": "a", "short": "x" * 201}, "short"),
        ({"one": "a", "short": 5}, "short"),
        ({"one": "a", "unknown": "x"}, "unknown"),
        ({"one": "a", "short": {"nested": 1}}, None),
        ("not an object", "answers"),
    ],
)
async def test_wrong_answers_are_refused_whole(world: World, answers: Any, field: str | None) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    refused = await answer(world.pupil, form_id, answers)
    assert (refused.status, refused.code) == (400, "invalid"), refused
    assert field is None or refused.body["field"] == field, refused
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["response_count"] == 0


async def test_answers_to_an_older_version_conflict(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    await publish(world, form_id)
    late = await answer(world.pupil, form_id, {"one": "a"}, version=1)
    assert (late.status, late.code) == (409, "conflict")


async def test_a_form_without_questions_or_with_a_bad_one_can_not_be_published(world: World) -> None:
    empty = await world.create("form")
    refused = await world.founder.call("POST", f"/api/v1/forms/{empty}/versions")
    assert (refused.status, refused.code, refused.body["field"]) == (400, "invalid", "questions")
    one_option = {**QUESTIONS[2], "options": [{"id": "a", "label": "A"}]}
    bad = await world.create_form([QUESTIONS[0], one_option])
    refused = await world.founder.call("POST", f"/api/v1/forms/{bad}/versions")
    assert (refused.status, refused.body["field"]) == (400, "one")
    assert "Question 2" in refused.body["detail"]
