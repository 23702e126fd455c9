"""What answers come to: counted by school without names, by hands, without names at all, before beside after."""

from __future__ import annotations

import pytest

from storage.records import ContentId
from tests.hub.form_steps import (
    DRAWING,
    EVERY_TYPE,
    answer,
    members,
    picture,
    publish,
    results_of,
    settings,
)
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_results_count_by_school_and_carry_no_names(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    for place, person in enumerate([*await members(world, "a", 11), *await members(world, "b", 6)]):
        given = {"one": "a" if place < 5 or place > 10 else "b", "scale": 5, "short": f"word {20 - place}"}
        await answer(person, form_id, given)
    results = await world.teacher.get(f"/api/v1/forms/{form_id}/results")
    assert (results["response_count"], results["tally_count"], results["waiting_count"]) == (17, 0, 0)
    by_id = {question["id"]: question for question in results["questions"]}
    # Nobody of school B said "b": that is hidden, and with it all from which it could be worked out.
    one = {count["value"]: (count["total"], count["by_school"]) for count in by_id["one"]["counts"]}
    assert one["b"][1]["school-b"] == "few" and one["a"][1]["school-b"] == "kept"
    assert one["a"][0] == one["b"][0] == "kept" or one["a"][1]["school-a"] == one["b"][1]["school-a"] == "kept"
    assert by_id["scale"]["mean"] == 5.0 and by_id["scale"]["mean_is_rough"]
    assert by_id["short"]["texts"] == sorted(by_id["short"]["texts"]) and len(by_id["short"]["texts"]) == 17
    assert world.pupil.user.id not in str(results) and world.pupil.user.display_name not in str(results)


async def test_a_cell_of_four_is_not_told(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    for place, person in enumerate(await members(world, "a", 15)):
        await answer(person, form_id, {"one": "a" if place < 4 else "b"})
    counts = (await results_of(world, form_id))["one"]["counts"]
    assert [count["total"] for count in counts] == ["few", "kept"]


async def test_every_type_of_question_is_published_answered_and_counted(world: World) -> None:
    pictures = [await picture(world, "twinspace") for _ in range(2)]
    questions = [dict(question) for question in EVERY_TYPE]
    which = next(question for question in questions if question["id"] == "which")
    which["options"] = [{**option, "picture": made} for option, made in zip(which["options"], pictures, strict=True)]
    form_id = await world.create_form(questions)
    published = await publish(world, form_id)
    assert [question["type"] for question in published["questions"]] == [q["type"] for q in EVERY_TYPE]
    given = {
        "order": ["y", "x", "z"],
        "agree": "yes",
        "weight": 2.5,
        "day": "2027-02-28",
        "grid": {"bread": "good", "soup": "bad"},
        "craft": {"listen": "yes"},
        "drawn": DRAWING,
        "which": "b",
        "face": 1,
        "why": "It rained",
    }
    assert (await answer(world.pupil, form_id, given)).status == 200
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["my_answers"] == given
    other = {"order": ["x", "y", "z"], "weight": 4, "grid": {"bread": "good"}, "face": 3, "why": "not asked"}
    people = [world.teacher, *await members(world, "b", 4), *await members(world, "a", 4)]
    for person in people:
        assert (await answer(person, form_id, other)).status == 200
    assert "why" not in (await world.teacher.get(f"/api/v1/forms/{form_id}"))["my_answers"]

    results = await results_of(world, form_id)
    assert "part" not in results
    assert [(c["value"], c["place"]) for c in results["order"]["counts"]] == [("x", 1.0), ("y", 2.0), ("z", 3.0)]
    assert [c["total"] for c in results["agree"]["counts"]] == ["few", "few"]
    amounts = results["weight"]["amounts"]
    assert (amounts["least"], amounts["greatest"], amounts["mean"]) == (2.5, 4.0, 3.85)
    assert amounts["by_school"] == {"school-a": 3.7, "school-b": 4.0}
    rows = {row["id"]: [(c["value"], c["total"]) for c in row["counts"]] for row in results["grid"]["rows"]}
    assert rows["bread"] == [("good", 10), ("bad", "few")] or rows["bread"] == [("good", "kept"), ("bad", "few")]
    assert (results["why"]["texts"], results["why"]["answer_count"]) == (["It rained"], 1)
    assert (results["drawn"]["drawings"], results["mine"]["files"]) == ([DRAWING], [])
    assert [c["value"] for c in results["which"]["counts"]] == ["a", "b"]


async def test_a_class_tally_counts_as_so_many_answers_and_says_so(world: World) -> None:
    form_id = await world.create_form([{"id": "face", "type": "faces", "label": "How?", "required": False, "max": 3}])
    await publish(world, form_id)
    path = f"/api/v1/forms/{form_id}"
    body = {"version": 1, "title": "1B", "counts": {"face": {"1": 1, "2": 3, "3": 20}}}
    put = await world.founder.call("PUT", f"{path}/tallies/class-1b", body)
    assert (put.status, put.body["pupils"]) == (200, 24)
    again = await world.founder.call("PUT", f"{path}/tallies/class-1b", body)
    assert again.status == 200
    results = await world.teacher.get(f"{path}/results")
    [question] = results["questions"]
    assert (results["response_count"], results["tally_count"]) == (0, 24)
    assert (question["answer_count"], question["tally_count"]) == (24, 24)
    assert [count["total"] for count in question["counts"]] == ["few", "few", "kept"]
    # A class belongs to its school's teachers.
    assert (await world.teacher.call("PUT", f"{path}/tallies/class-1b", body)).status == 404
    assert (await world.teacher.get(f"{path}/tallies"))["tallies"] == []
    wrong = {**body, "counts": {"face": {"9": 3}}}
    assert (await world.founder.call("PUT", f"{path}/tallies/other", wrong)).body["field"] == "face"
    assert (await world.founder.call("DELETE", f"{path}/tallies/class-1b")).status == 204
    assert (await world.teacher.get(f"{path}/results"))["tally_count"] == 0


async def test_CF7_anonymous_answers_are_joined_to_nobody_and_shown_five_of_a_school_at_a_time(world: World) -> None:
    form_id = await world.create_form()
    await settings(world, form_id, anonymous=True)
    await publish(world, form_id)
    path = f"/api/v1/forms/{form_id}"
    people = await members(world, "a", 6)
    for place, person in enumerate(people):
        assert (await answer(person, form_id, {"one": "a", "short": f"word {place}"})).status == 200
        shown = await results_of(world, form_id)
        assert shown["short"]["answer_count"] == (5 if place >= 4 else 0)
    assert (await answer(people[0], form_id, {"one": "b"})).code == "conflict"
    mine = await people[0].get(path)
    assert (mine["has_answered"], mine["my_answers"], mine["my_draft"]) == (True, None, None)
    assert (await world.teacher.get(f"{path}/results"))["waiting_count"] == 1
    kept = {"version": 1, "answers": {"one": "a"}}
    assert (await world.pupil.call("PUT", f"{path}/draft", kept)).status == 400
    stored = await world.hub.context.storage.forms.anonymous_responses(ContentId(form_id), 1)
    assert not any(person.user.id in str(stored) for person in people if person.user)
    assert await world.hub.context.storage.forms.responses(ContentId(form_id), 1) == []


async def test_before_and_after_are_put_side_by_side(world: World) -> None:
    form_id = await world.create_form()
    people = await members(world, "a", 6)
    path = f"/api/v1/forms/{form_id}"
    for version, (name, step) in enumerate((("before", 2), ("after", 4)), 1):
        await world.founder.call("POST", f"{path}/versions", {"round": name})
        for person in people:
            assert (await answer(person, form_id, {"one": "a", "scale": step}, version)).status == 200
    compared = await world.teacher.get(f"{path}/comparison")
    assert (compared["before_version"], compared["after_version"]) == (1, 2)
    change = {pair["before"]["id"]: pair["change"] for pair in compared["pairs"]}
    assert change["scale"] == 2.0 and change["short"] is None
