"""Forms: published by teachers, answered by everybody, each once, and kept while they are written."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array, Map

from crdt_docs.content import form
from tests.hub.form_steps import (
    ALL_ANSWERS,
    answer,
    picture,
    publish,
)
from tests.hub.world import QUESTIONS, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


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


async def test_CF9_a_quiz_is_marked_once_and_its_right_answers_are_not_shown_before(world: World) -> None:
    def with_key(doc: Any) -> None:
        for question in doc.get(form.QUESTIONS, type=Array):
            if question["id"] == "one":
                question["key"] = Map({"any_of": Array(["b"]), "points": 3, "right": "Yes!", "wrong": "Read page 4."})
                question["words"] = Map({"pl|wrong": "Przeczytaj stronę 4."})
        doc.get(form.FORM, type=Map)["languages"] = Array(["pl"])

    form_id = await world.create_form()
    await world.hub.context.live_docs.edit(form_id, "form", with_key, user_id=None)
    published = await publish(world, form_id)
    assert published["is_quiz"] and "Read page 4" not in str(published)
    sent = await answer(world.pupil, form_id, {"one": "a"})
    mark: dict[str, Any] = {"id": "one", "right": False, "points": 0, "of": 3, "feedback": "Read page 4."}
    mark["feedback_in"] = {"pl": "Przeczytaj stronę 4."}
    assert sent.body["marks"] == [mark]
    assert (await world.pupil.get(f"/api/v1/forms/{form_id}"))["marks"] == [mark]
    assert (await answer(world.pupil, form_id, {"one": "b"})).code == "conflict"
    # The builder's document holds the right answers: its doors are the teachers' alone.
    written = await world.pupil.get(f"/api/v1/contents/{form_id}/authorship")
    assert "Read page 4" not in str(written)
    snapshot = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Now"})
    kept = await world.pupil.get(f"/api/v1/snapshots/{snapshot.body['id']}/contents/{form_id}")
    assert "Read page 4" not in str(kept)
