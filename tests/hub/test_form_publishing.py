"""What can be published: by whom it is built, and what is asked, shown and said in which words."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array, Map

from tests.hub.cases.rubrics import seal_rubric, write_rubric
from tests.hub.form_steps import (
    EVERY_TYPE,
    answer,
    picture,
    publish,
)
from tests.hub.world import QUESTIONS, World
from tests.hub.yjs_client import open_collab

pytestmark = pytest.mark.asyncio(loop_scope="session")


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


async def test_CF8_the_title_has_words_in_each_language_of_the_form(world: World) -> None:
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
