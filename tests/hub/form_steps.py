"""What tests of forms do again and again: publish, answer, set; and a question of every type."""

from __future__ import annotations

import secrets
from typing import Any

from pycrdt import Map

from crdt_docs.content import form
from storage.records import ContentId, Material, MaterialFile, MaterialId
from tests.hub.world import Person, World

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


async def settings(world: World, form_id: str, **values: Any) -> None:
    def change(doc: Any) -> None:

        for name, value in values.items():
            doc.get(form.FORM, type=Map)[name] = value

    await world.hub.context.live_docs.edit(ContentId(form_id), "form", change, user_id=None)


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
