"""Questions that are brought into a builder from a sheet: all that was accepted, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from crdt_docs.content import form
from tests.hub.world import QUESTIONS, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

GOOD = (
    "Pregunta;Tipo;Opciones;Pregunta [pl]\r\n¿Qué río?;una opción;Ebro | Vístula;Jaka rzeka?\r\n¿Por qué?;texto;;\r\n"
)
FAULTY = GOOD + "¿Cuándo?;adivinanza;;\r\n"


async def built(world: World, form_id: str) -> list[dict[str, Any]]:
    definition = await world.hub.context.live_docs.read(form_id, "form", form.definition)  # type: ignore[arg-type]
    return list(definition["questions"])


def path(form_id: str, more: str = "") -> str:
    return f"/api/v1/forms/{form_id}/questions{more}"


async def test_a_sheet_is_looked_at_and_then_added_in_one_change(world: World) -> None:
    form_id = await world.create_form(QUESTIONS[:1])
    preview = await world.founder.call("POST", path(form_id, "/preview"), {"text": GOOD})
    assert preview.status == 200, preview
    assert (preview.body["accepted"], preview.body["problem"], preview.body["unknown_columns"]) == (2, None, [])
    assert [line["row"] for line in preview.body["lines"]] == [2, 3]
    assert preview.body["lines"][0]["options"] == ["Ebro", "Vístula"]
    assert len(await built(world, form_id)) == 1
    sent = {"text": GOOD, "import_id": "import-1"}
    assert (await world.founder.call("POST", path(form_id), sent)).body == {"added": 2}
    # Whoever did not hear the answer sends it again.
    assert (await world.founder.call("POST", path(form_id), sent)).body == {"added": 0}
    added = (await built(world, form_id))[1:]
    assert [question["label"] for question in added] == ["¿Qué río?", "¿Por qué?"]
    assert added[0]["words"] == {"pl": {"label": "Jaka rzeka?"}}
    published = await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")
    assert published.status == 201 and published.body["languages"] == ["pl"]


async def test_one_faulty_line_keeps_all_out_unless_it_is_to_be_skipped(world: World) -> None:
    form_id = await world.create_form(QUESTIONS[:1])
    preview = await world.founder.call("POST", path(form_id, "/preview"), {"text": FAULTY})
    assert preview.body["accepted"] == 2
    assert preview.body["lines"][2]["faults"] == [{"column": "type", "code": "unknown_type", "value": "adivinanza"}]
    refused = await world.founder.call("POST", path(form_id), {"text": FAULTY, "import_id": "i"})
    assert (refused.status, refused.body["field"]) == (400, "text") and "line 4" in refused.body["detail"]
    assert len(await built(world, form_id)) == 1
    skipped = {"text": FAULTY, "import_id": "i", "skip_faulty": True}
    assert (await world.founder.call("POST", path(form_id), skipped)).body == {"added": 2}


async def test_a_form_that_would_be_too_long_takes_none(world: World) -> None:
    form_id = await world.create_form(QUESTIONS[:1])
    sheet = "question\n" + "Which?\n" * 100
    preview = await world.founder.call("POST", path(form_id, "/preview"), {"text": sheet})
    assert preview.body["problem"] == "form_full"
    refused = await world.founder.call("POST", path(form_id), {"text": sheet, "import_id": "i"})
    assert refused.status == 409 and len(await built(world, form_id)) == 1


async def test_what_a_form_asks_is_taken_along_and_brought_into_another(world: World) -> None:
    form_id, other_id = await world.create_form(), await world.create_form(QUESTIONS[:1])
    sheet = (await world.founder.call("GET", path(form_id))).body.decode()
    answered = await world.founder.call("POST", path(other_id), {"text": sheet, "import_id": "i"})
    assert answered.body == {"added": len(QUESTIONS)}
    former, brought = await built(world, form_id), (await built(world, other_id))[1:]
    assert [question["label"] for question in brought] == [question["label"] for question in former]
    assert [question["type"] for question in brought] == [question["type"] for question in former]
    sample = (await world.founder.call("GET", f"{path(form_id)}?sample=true")).body.decode()
    assert sample.startswith("\ufeff") and "Kra" in sample
