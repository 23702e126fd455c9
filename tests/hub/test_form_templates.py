"""Forms kept as templates: made by a teacher, looked at, found at another school, and asked there."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from pycrdt import Array, Map

from crdt_docs.content import authoring, form
from hub.form_templates import FALLBACK, MAX_BYTES, READY_MADE, check_template, ready_made
from storage.records import ContentId
from tests.hub.cases.finding import RESOURCE, made
from tests.hub.cases.forms import TEMPLATE
from tests.hub.form_steps import EVERY_TYPE
from tests.hub.world import QUESTIONS, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

TRANSLATED = [
    {**QUESTIONS[2], "words": {"pl": {"label": "Jedno z nich", "option|a": "Pierwsze"}}},
    {**QUESTIONS[0], "show_if": {"question_id": "one", "any_of": ["b"]}},
    {**QUESTIONS[5], "max": 3},
]


async def definition_of(world: World, form_id: str) -> form.Definition:
    return await world.hub.context.live_docs.read(ContentId(form_id), "form", form.definition)


async def edit(world: World, form_id: ContentId, change: Any) -> None:
    await world.hub.context.live_docs.edit(form_id, "form", change, user_id=None)


async def test_a_template_is_looked_at_found_by_another_school_and_asked_there(world: World) -> None:
    ana, marek = world.founder, world.teacher
    staff, stranger = await world.person_of("regional_staff"), world.people["stranger"]
    form_id = await world.create_form(TRANSLATED)
    await edit(world, form_id, lambda doc: authoring.add_languages(doc, ["pl"]))
    await made(ana, "POST", f"/api/v1/forms/{form_id}/versions", {})
    await made(
        ana, "PUT", f"/api/v1/forms/{form_id}/response", {"version": 1, "answers": {"one": "b", "short": "xyzzy"}}
    )
    title = f"Sourdough {secrets.token_hex(4)}"
    kept = await made(ana, "POST", f"/api/v1/forms/{form_id}/template", TEMPLATE | {"title": title})
    assert (kept["state"], kept["sort"], kept["question_count"]) == ("waiting", "form_template", 3)
    path = f"/api/v1/form_templates/{kept['id']}"

    async def found(person: Any, words: str, more: str = "") -> list[tuple[str, str]]:
        answer = await person.get(f"/api/v1/form_templates?q={words}{more}")
        return [(each["id"], each["origin"]) for each in answer["templates"]]

    # Until a service has looked at it, its author and the services alone see it.
    assert await found(ana, title) == [(kept["id"], "mine")] and await found(stranger, title) == []
    absent = await stranger.call("GET", "/api/v1/form_templates/absent")
    hidden = await stranger.call("GET", path)
    assert (hidden.status, hidden.body) == (404, absent.body)
    assert (await staff.get(path))["questions"][0]["label"] == "One of these"
    await made(staff, "POST", f"/api/v1/resources/{kept['id']}/decision", {"decision": "listed"})
    assert await found(stranger, title) == await found(ana, title) == [(kept["id"], "shelf")]
    assert (kept["id"], "shelf") in await found(stranger, "jedno", "&language=pl")
    assert await found(stranger, title, "&language=fi") == []
    shelf = await stranger.get(f"/api/v1/resources?q={title}&sort=form_template")
    assert [(each["id"], each["question_count"]) for each in shelf["resources"]] == [(kept["id"], 3)]

    preview = await marek.get(path)
    assert preview["school"]["country"] == "ES" and preview["languages"] == ["en", "pl"]
    assert "xyzzy" not in json.dumps(preview)
    copy = await made(marek, "POST", f"{world.path}/forms", {"template_id": kept["id"], "title": "Nasz chleb"})
    assert (copy["kind"], copy["title"]) == ("form", "Nasz chleb")
    former, now = await definition_of(world, form_id), await definition_of(world, copy["id"])
    assert now["questions"] == former["questions"] and now["title"] == "Nasz chleb" and now["languages"] == ["pl"]
    await made(marek, "POST", f"/api/v1/forms/{copy['id']}/versions", {})
    answers = {"version": 1, "answers": {"one": "b", "short": "Rye", "face": 3}}
    assert (await made(ana, "PUT", f"/api/v1/forms/{copy['id']}/response", answers))["response_count"] == 1
    # It was taken along: what becomes of the template changes nothing.
    assert (await ana.call("DELETE", f"/api/v1/resources/{kept['id']}")).status == 204
    assert (await marek.call("GET", path)).status == 404
    gone = {"template_id": kept["id"], "title": "Too late"}
    assert (await marek.call("POST", f"{world.path}/forms", gone)).status == 404
    assert (await definition_of(world, copy["id"]))["questions"] == former["questions"]


async def test_everything_that_a_template_may_ask_comes_through_unchanged(world: World) -> None:
    questions = [each for each in EVERY_TYPE if each["type"] != "picture_choice"]
    form_id = await world.create_form(questions)

    def together(doc: Any) -> None:
        head = doc.get(form.FORM, type=Map)
        head["mode"] = "together"
        head["languages"] = Array(["pl"])
        head["words"] = Map({"pl|title": "Formularz"})

    await edit(world, form_id, together)
    kept = await made(world.founder, "POST", f"/api/v1/forms/{form_id}/template", TEMPLATE | {"title": "A form"})
    made_of = {"template_id": kept["id"], "title": "A form"}
    copy = await made(world.founder, "POST", f"{world.path}/forms", made_of)
    now = await definition_of(world, copy["id"])
    assert now == await definition_of(world, form_id) and len(now["questions"]) == len(questions)
    other = await made(world.founder, "POST", f"{world.path}/forms", made_of | {"title": "Another"})
    assert (await definition_of(world, other["id"]))["words"] == {}


async def test_what_belongs_to_a_twinspace_is_no_part_of_a_template(world: World) -> None:
    pictures = [{"id": "a", "label": "Ebro", "picture": "p-1"}, {"id": "b", "label": "Oder", "picture": "p-2"}]
    picture = {"id": "which", "type": "picture_choice", "label": "Which?", "options": pictures}
    rubric = {"id": "craft", "type": "rubric", "label": "How?", "rubric_id": "a-rubric"}
    long = [
        {**QUESTIONS[0], "id": f"q{n}", "words": {tag: {"label": "x" * 2_000} for tag in ("pl", "es")}}
        for n in range(MAX_BYTES // 4_000 + 1)
    ]
    for questions, field, said in (
        ([QUESTIONS[0], picture], "which", "Question 2 has pictures"),
        ([rubric], "craft", "a rubric of this TwinSpace"),
        ([], "questions", "at least one question"),
        ([{**QUESTIONS[0], "label": ""}], "short", "has no words"),
        (long, "content_id", "100 kB"),
    ):
        form_id = await world.create_form(questions)
        await edit(world, form_id, lambda doc: authoring.add_languages(doc, ["pl", "es"]))
        refused = await world.founder.call("POST", f"/api/v1/forms/{form_id}/template", TEMPLATE)
        assert (refused.status, refused.body["field"]) == (400, field) and said in refused.body["detail"], refused
    assert (await world.founder.get("/api/v1/me/resources"))["resources"] == []


async def test_pupils_and_strangers_make_none_and_begin_none(world: World) -> None:
    form_id = await world.create_form()
    editor = await world.add("pupil_editor", "pupil", "a")
    begun = {"template_id": "ready-meeting", "title": "Mine"}
    for person in (editor, world.people["stranger"]):
        assert (await person.call("POST", f"/api/v1/forms/{form_id}/template", TEMPLATE)).status == 404
        assert (await person.call("POST", f"{world.path}/forms", begun)).status == 404
    assert (await editor.call("GET", "/api/v1/form_templates")).status == 404
    assert (await editor.call("GET", "/api/v1/form_templates/ready-meeting")).status == 404
    # Something else of the shelf is no template, and a template is not written by hand.
    article = await made(world.founder, "POST", "/api/v1/resources", RESOURCE)
    assert (await world.founder.call("GET", f"/api/v1/form_templates/{article['id']}")).status == 404
    unknown = await world.founder.call("POST", f"{world.path}/forms", begun | {"template_id": article["id"]})
    assert unknown.status == 404
    by_hand = await world.founder.call("POST", "/api/v1/resources", RESOURCE | {"sort": "form_template"})
    assert (by_hand.status, by_hand.body["field"]) == (400, "sort")


async def test_ready_made_ones_are_found_in_every_language_and_begin_a_form(world: World) -> None:
    words = {
        "video": "ready-meeting",
        "encuentro caras": "ready-meeting",
        "buzkami": "ready-meeting",
        "quiz": "ready-esafety",
    }
    for query, template_id in words.items():
        found = (await world.teacher.get(f"/api/v1/form_templates?q={query}"))["templates"]
        assert template_id in [each["id"] for each in found], query
    everything = (await world.teacher.get("/api/v1/form_templates"))["templates"]
    ready = [each for each in everything if each["origin"] == "ready_made"]
    assert [each["id"] for each in ready] == [entry["id"] for entry in READY_MADE] and len(ready) == 5
    assert (await world.teacher.get("/api/v1/form_templates?q=-video"))["templates"] == []
    onwards = (await world.teacher.get("/api/v1/form_templates?offset=1"))["templates"]
    assert not [each for each in onwards if each["origin"] == "ready_made"]
    for each in ready:
        begun = {"template_id": each["id"], "title": each["title"]}
        content = await made(world.teacher, "POST", f"{world.path}/forms", begun)
        assert content["title"] == each["title"]
        published = await made(world.teacher, "POST", f"/api/v1/forms/{content['id']}/versions", {})
        assert len(published["questions"]) == each["question_count"]
        assert sorted([*published["languages"], each["languages"][0]]) == ["en", "es", "pl"]


async def test_every_ready_made_one_says_all_of_it_in_every_language() -> None:
    whole = {language: ready_made(language) for language in READY_MADE[0]["title"]}
    assert set(whole) == {"en", "es", "pl"} and ready_made("fi") == whole[FALLBACK]
    for language, templates in whole.items():
        for each in templates:
            check_template(each.definition)
            others = sorted(set(whole) - {language})
            assert sorted(each.definition["words"]) == others == sorted(each.definition["languages"])
            for question in each.definition["questions"]:
                parts = {"label"}
                parts |= {f"option|{option['id']}" for option in question.get("options", ())}
                parts |= {f"row|{row['id']}" for row in question.get("rows", ())}
                parts |= {"right", "wrong"} if "key" in question else set()
                assert {tag: set(said) for tag, said in question["words"].items()} == dict.fromkeys(others, parts)
