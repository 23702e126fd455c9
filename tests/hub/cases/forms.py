"""Forms, and the sheets that schools fill in together."""

from __future__ import annotations

import hashlib
from typing import Any

from crdt_docs.content import form
from tests.hub.cases.case import Case
from tests.hub.world import QUESTIONS, World

FORM = (("content_id", "form_id"),)
SHEET = (("content_id", "together_id"),)
SHEET_TEXT = "question,type\nWhich river?,short text\n"
TEMPLATE = {"title": "Our bread", "text": "After a visit.", "licence": "CC-BY-4.0", "language": "en"}
EMPTY = hashlib.sha256(b"{}").hexdigest()


async def prepare(world: World, author: str) -> dict[str, str]:
    form_id = await world.create_form()
    together_id = await world.create_form([QUESTIONS[0]])

    def fill_in_together(doc: Any) -> None:
        from pycrdt import Map

        doc.get(form.FORM, type=Map)["mode"] = "together"

    await world.hub.context.live_docs.edit(together_id, "form", fill_in_together, user_id=None)
    for each in (form_id, together_id):
        await world.founder.call("POST", f"/api/v1/forms/{each}/versions")
    return {
        "form_id": form_id,
        "together_id": together_id,
        "tally_id": f"tally-{form_id}",
        "template_id": "ready-meeting",
    }


def _tally(ids: dict[str, str]) -> dict[str, Any]:
    return {"version": 1, "title": "1B", "counts": {"face": {"3": 12}}}


ROUTES: dict[str, Case] = {
    "POST /api/v1/forms/{content_id}/versions": Case(ids=FORM),
    "GET /api/v1/forms/{content_id}/questions": Case(ids=FORM),
    "POST /api/v1/forms/{content_id}/questions/preview": Case(lambda ids: {"text": SHEET_TEXT}, FORM),
    "POST /api/v1/forms/{content_id}/questions": Case(lambda ids: {"text": SHEET_TEXT, "import_id": "i-1"}, FORM),
    "POST /api/v1/forms/{content_id}/template": Case(lambda ids: TEMPLATE, FORM),
    "GET /api/v1/form_templates": Case(),
    "GET /api/v1/form_templates/{template_id}": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/forms": Case(
        lambda ids: {"template_id": ids["template_id"], "title": "A meeting"}
    ),
    "GET /api/v1/forms/{content_id}": Case(ids=FORM),
    "PUT /api/v1/forms/{content_id}/draft": Case(lambda ids: {"version": 1, "answers": {"one": "a"}}, FORM),
    "PUT /api/v1/forms/{content_id}/response": Case(lambda ids: {"version": 1, "answers": {"one": "a"}}, FORM),
    "GET /api/v1/forms/{content_id}/sheet": Case(ids=SHEET),
    "PUT /api/v1/forms/{content_id}/sheet/signature": Case(
        lambda ids: {"version": 1, "digest": EMPTY}, SHEET, succeeds=False
    ),
    "GET /api/v1/forms/{content_id}/results": Case(ids=FORM),
    "GET /api/v1/forms/{content_id}/results/sheet": Case(ids=FORM),
    "GET /api/v1/forms/{content_id}/comparison": Case(ids=FORM),
    "GET /api/v1/forms/{content_id}/tallies": Case(ids=FORM),
    "PUT /api/v1/forms/{content_id}/tallies/{tally_id}": Case(_tally, FORM),
    "DELETE /api/v1/forms/{content_id}/tallies/{tally_id}": Case(ids=FORM),
}
