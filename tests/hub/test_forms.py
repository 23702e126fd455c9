"""Forms: published by teachers, answered by everybody, counted by school."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from crdt_docs.content import form
from storage.records import ContentId, Material, MaterialFile, MaterialId
from tests.hub.cases.rubrics import seal_rubric, write_rubric
from tests.hub.world import QUESTIONS, Person, World
from tests.hub.yjs_client import open_collab

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
    {
        "id": "craft",
        "type": "rubric",
        "label": "How did your group work?",
        "required": False,
        "rows": [{"id": "listen", "label": "We listened"}],
        "options": [{"id": "not", "label": "Not yet"}, {"id": "yes", "label": "Always"}],
        "cells": {"listen|not": "One of us talked", "listen|yes": "Everybody was heard"},
    },
    {"id": "drawn", "type": "drawing", "label": "Draw it", "required": False},
    {"id": "mine", "type": "file", "label": "Your recipe", "required": False},
    {
        "id": "which",
        "type": "picture_choice",
        "label": "Which river?",
        "required": False,
        "options": [{"id": "a", "label": "Vistula", "picture": "p-1"}, {"id": "b", "label": "Ebro", "picture": "p-2"}],
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
DRAWING = {"strokes": [{"tint": 2, "width": 10, "points": [0, 0, 1000, 750]}]}
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
    assert first.body == {"new": True, "response_count": 1, "marks": None}
    assert await socket.expect("form:answered") == {"content_id": form_id, "version": 1, "response_count": 1}
    second = await answer(world.pupil, form_id, {"one": "b"})
    assert second.body == {"new": False, "response_count": 1, "marks": None}
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["my_answers"] == {"one": "b"}
    assert (await world.teacher.get(f"/api/v1/forms/{form_id}"))["my_answers"] is None


async def picture(world: World, rung: str, owner: Person | None = None) -> str:
    """A file in the TwinSpace that says it is a picture."""
    by = (owner or world.founder).user
    assert by is not None
    material_id, now_ms = MaterialId(secrets.token_hex(8)), world.hub.context.now_ms()
    material = Material(
        material_id, world.twinspace_id, "file", "A picture", by.id, now_ms, now_ms, version=1, visibility=rung,
        school_id=by.school_id,
    )  # fmt: skip
    file = MaterialFile(material_id, 1, "blob", "a.png", "image/png", 5, by.id, now_ms)
    await world.hub.context.storage.materials.add(material, file)
    return material_id


async def members(world: World, school: str, count: int) -> list[Person]:
    return [await world.add("pupil", "pupil", school) for _ in range(count)]


async def results_of(world: World, form_id: str, query: str = "") -> dict[str, Any]:
    results = await world.teacher.get(f"/api/v1/forms/{form_id}/results{query}")
    return {question["id"]: question for question in results["questions"]}


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


async def test_pictures_that_not_everybody_sees_can_not_be_chosen_among(world: World) -> None:
    question = next(dict(question) for question in EVERY_TYPE if question["id"] == "which")
    for rung in ("me", "teachers"):
        kept_back = await picture(world, rung)
        question["options"] = [{"id": str(n), "label": str(n), "picture": kept_back} for n in range(2)]
        refused = await world.founder.call("POST", f"/api/v1/forms/{await world.create_form([question])}/versions")
        assert (refused.status, refused.body["field"]) == (400, "which")


async def test_a_file_is_seen_by_teachers_from_the_moment_it_is_sent(world: World) -> None:
    form_id = await world.create_form([{"id": "mine", "type": "file", "label": "Yours", "required": True}])
    await publish(world, form_id)
    first, second = [await picture(world, "me", world.pupil) for _ in range(2)]
    foreign = await picture(world, "me", world.founder)

    async def sees(material_id: str) -> int:
        return (await world.teacher.call("GET", f"/api/v1/materials/{material_id}")).status

    assert (await answer(world.pupil, form_id, {"mine": foreign})).body["field"] == "mine"
    assert await sees(first) == 404
    assert (await answer(world.pupil, form_id, {"mine": first})).status == 200
    assert await sees(first) == 200
    assert (await answer(world.pupil, form_id, {"mine": second})).status == 200
    assert (await sees(first), await sees(second)) == (404, 200)


async def test_a_draft_is_kept_answer_by_answer_and_gone_when_it_is_sent(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    path = f"/api/v1/forms/{form_id}"

    async def keep(answers: Any) -> Any:
        return await world.pupil.call("PUT", f"{path}/draft", {"version": 1, "answers": answers})

    assert (await keep({"short": "half a w", "one": "a"})).status == 200
    assert (await keep({"short": "half a word", "one": None, "scale": 99})).status == 200
    assert (await world.pupil.get(path))["my_draft"]["answers"] == {"short": "half a word"}
    assert (await world.teacher.get(path))["my_draft"] is None
    assert (await keep({"unknown": "x"})).body["field"] == "unknown"
    assert (await answer(world.pupil, form_id, {"one": "b"})).status == 200
    assert (await world.pupil.get(path))["my_draft"] is None


async def test_who_has_begun_finishes_the_version_that_was_begun(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    path = f"/api/v1/forms/{form_id}"
    await world.pupil.call("PUT", f"{path}/draft", {"version": 1, "answers": {"short": "begun"}})
    await publish(world, form_id)
    begun = await world.pupil.get(path)
    assert (begun["version"], begun["newest_version"]) == (1, 2)
    assert (await answer(world.pupil, form_id, {"one": "a"}, version=1)).status == 200
    assert (await world.pupil.get(path))["version"] == 2
    assert (await world.teacher.get(f"{path}/results?version=1"))["response_count"] == 1
    assert (await world.teacher.get(f"{path}/results"))["response_count"] == 0


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


async def settings(world: World, form_id: str, **values: Any) -> None:
    def change(doc: Any) -> None:
        from pycrdt import Map

        for name, value in values.items():
            doc.get(form.FORM, type=Map)[name] = value

    await world.hub.context.live_docs.edit(ContentId(form_id), "form", change, user_id=None)


async def test_anonymous_answers_are_joined_to_nobody_and_shown_five_of_a_school_at_a_time(world: World) -> None:
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


async def test_a_quiz_is_marked_once_and_its_right_answers_are_not_shown_before(world: World) -> None:
    def with_key(doc: Any) -> None:
        from pycrdt import Array, Map

        for question in doc.get(form.QUESTIONS, type=Array):
            if question["id"] == "one":
                question["key"] = Map({"any_of": Array(["b"]), "points": 3, "right": "Yes!", "wrong": "Read page 4."})

    form_id = await world.create_form()
    await world.hub.context.live_docs.edit(form_id, "form", with_key, user_id=None)
    published = await publish(world, form_id)
    assert published["is_quiz"] and "Read page 4" not in str(published)
    sent = await answer(world.pupil, form_id, {"one": "a"})
    mark = {"id": "one", "right": False, "points": 0, "of": 3, "feedback": "Read page 4."}
    assert sent.body["marks"] == [mark]
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["marks"] == [mark]
    assert (await answer(world.pupil, form_id, {"one": "b"})).code == "conflict"
    # The builder's document holds the right answers: its doors are the teachers' alone.
    written = await world.pupil.get(f"/api/v1/contents/{form_id}/authorship")
    assert "Read page 4" not in str(written)
    snapshot = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Now"})
    kept = await world.pupil.get(f"/api/v1/snapshots/{snapshot.body['id']}/contents/{form_id}")
    assert "Read page 4" not in str(kept)


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


async def test_two_schools_fill_in_one_sheet_and_both_hand_it_in(world: World) -> None:
    """What is on the sheet comes over the documents' doors; who signs what, and that it is closed then, is here."""
    form_id = await world.create_form()
    await settings(world, form_id, mode="together")
    published = await publish(world, form_id)
    sheet_id, path = published["sheet_id"], f"/api/v1/forms/{form_id}"

    async def write(**answers: Any) -> None:
        def change(doc: Any) -> None:
            from pycrdt import Map

            doc.get("answers", type=Map).update(answers)

        await world.hub.context.live_docs.edit(ContentId(sheet_id), "answer_sheet", change, user_id=None)

    sheet = await world.pupil.get(f"{path}/sheet")
    assert "one" in sheet["faults"] and sheet["school_ids"] == ["school-a", "school-b"]
    signing = {"version": 1, "digest": sheet["digest"]}
    incomplete = await world.founder.call("PUT", f"{path}/sheet/signature", signing)
    assert (incomplete.status, incomplete.body["field"]) == (400, "one")

    await write(one="a", scale=3.0)
    sheet = await world.founder.get(f"{path}/sheet")
    assert sheet["answers"] == {"one": "a", "scale": 3} and sheet["faults"] == {}
    canonical = json.dumps(sheet["answers"], sort_keys=True, separators=(",", ":")).encode()
    assert sheet["digest"] == hashlib.sha256(canonical).hexdigest()
    signing = {"version": 1, "digest": sheet["digest"]}
    signed = await world.founder.call("PUT", f"{path}/sheet/signature", signing)
    assert (signed.status, signed.body["submitted_at_ms"]) == (200, None)
    await write(one="b")
    stale = await world.teacher.call("PUT", f"{path}/sheet/signature", signing)
    assert (stale.status, stale.body["field"]) == (409, "digest")
    signing["digest"] = (await world.teacher.get(f"{path}/sheet"))["digest"]
    mine = await world.teacher.call("PUT", f"{path}/sheet/signature", signing)
    assert [each["is_current"] for each in mine.body["signed"]] == [False, True]
    both = await world.founder.call("PUT", f"{path}/sheet/signature", signing)
    assert both.body["submitted_at_ms"] is not None and both.body["answers"] == {"one": "b", "scale": 3}
    assert (await world.teacher.call("PUT", f"{path}/sheet/signature", signing)).code == "conflict"
    assert await world.hub.context.storage.seals.get(ContentId(sheet_id))
    # It is nothing of its own: no list names it, nobody makes one.
    listed = await world.founder.get(f"{world.path}/contents")
    assert sheet_id not in str(listed)
    made = await world.founder.call("POST", f"{world.path}/contents", {"kind": "answer_sheet", "title": "Mine"})
    assert made.status == 400
    assert (await answer(world.pupil, form_id, {"one": "a"})).status == 400


async def test_a_client_of_its_own_making_changes_no_sheet_that_was_handed_in(world: World) -> None:
    form_id = await world.create_form([{"id": "short", "type": "short_text", "label": "Where?", "required": False}])
    await settings(world, form_id, mode="together")
    sheet_id, path = (await publish(world, form_id))["sheet_id"], f"/api/v1/forms/{form_id}"

    def typed(text: str) -> bytes:
        doc: Doc[Any] = Doc()
        doc.get("text:short", type=Text).insert(0, text)
        return doc.get_update()

    token = world.founder.token or ""
    async with open_collab(world.founder, sheet_id) as held, open_collab(world.teacher, sheet_id) as late:
        assert (await held.sign_in(token))[1] == "read-write"
        assert await held.update(typed("Toruń"))
        sheet = await world.founder.get(f"{path}/sheet")
        assert sheet["answers"] == {"short": "Toruń"}
        assert [writer["user_id"] for writer in sheet["writers"]] == [world.founder.user and world.founder.user.id]
        for person in (world.founder, world.teacher):
            signed = await person.call("PUT", f"{path}/sheet/signature", {"version": 1, "digest": sheet["digest"]})
            assert signed.status == 200, signed
        # The one that was open all the time, and one that comes now.
        assert not await held.update(typed("Gdańsk"))
        assert (await late.sign_in(world.teacher.token or ""))[1] == "readonly"
        assert not await late.update(typed("Gdańsk"))
    assert (await world.founder.get(f"{path}/sheet"))["answers"] == {"short": "Toruń"}


async def test_the_builders_document_is_closed_to_whoever_only_answers(world: World) -> None:
    form_id = await world.create_form()
    await publish(world, form_id)
    async with open_collab(world.pupil, form_id) as door:
        assert await door.sign_in(world.pupil.token or "") == (1, "not_found")


async def test_questions_that_wait_for_each_other_are_named(world: World) -> None:
    def waits(name: str, other: str) -> dict[str, Any]:
        options = [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]
        condition = {"question_id": other, "any_of": ["x"]}
        question = {"id": name, "type": "single_choice", "label": name, "required": False}
        return {**question, "options": options, "show_if": condition}

    form_id = await world.create_form([QUESTIONS[0], waits("second", "third"), waits("third", "second")])
    refused = await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")
    assert (refused.status, refused.body["field"]) == (400, "second")
    assert "2 → 3 → 2" in refused.body["detail"]


async def test_a_question_asks_by_a_rubric_that_both_schools_have_sealed(world: World) -> None:
    draft_id, sealed_id = await write_rubric(world), await seal_rubric(world)

    async def ask_by(rubric_id: str) -> Any:
        question = {"id": "work", "type": "rubric", "label": "Our page", "required": True, "rubric_id": rubric_id}
        form_id = await world.create_form([question])
        return form_id, await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")

    for wrong in ("absent", draft_id, await world.create("document")):
        _, refused = await ask_by(wrong)
        assert (refused.status, refused.body["field"]) == (400, "work"), wrong
    form_id, published = await ask_by(sealed_id)
    assert published.status == 201, published
    (question,) = published.body["questions"]
    assert question["rubric_id"] == sealed_id
    assert [row["id"] for row in question["rows"]] == ["sources", "voice"]
    assert question["cells"]["sources"] == {"begun": "None is named", "there": "All are named"}
    assert (await answer(world.pupil, form_id, {"work": {"sources": "there", "voice": "begun"}})).status == 200
    await world.founder.call("PUT", f"/api/v1/contents/{sealed_id}/visibility", {"visibility": "teachers"})
    _, refused = await ask_by(sealed_id)
    assert (refused.status, refused.body["field"]) == (400, "work")


async def test_the_title_has_words_in_each_language_of_the_form(world: World) -> None:
    form_id = await world.create_form([QUESTIONS[0]])

    async def call_it(polish: str) -> Any:
        def change(doc: Any) -> None:
            head = doc.get("form", type=Map)
            head["languages"] = Array(["pl"])
            head["words"] = Map({"pl|title": polish, "es|title": "No such language here"})

        await world.hub.context.live_docs.edit(form_id, "form", change, user_id=None)
        return await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")

    refused = await call_it("x" * 2_001)
    assert (refused.status, refused.body["field"]) == (400, "title")
    assert (await call_it("Nasz piknik")).status == 201
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["words"] == {"pl": {"title": "Nasz piknik"}}
