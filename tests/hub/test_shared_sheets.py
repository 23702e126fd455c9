"""Sheets that two schools fill in at the same moment: handed in by both, closed then, kept and taken along."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from storage.records import ContentId
from tests.hub.form_steps import (
    answer,
    publish,
    settings,
)
from tests.hub.world import World
from tests.hub.yjs_client import open_collab

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_CA1_CA2_two_schools_fill_in_one_sheet_and_both_hand_it_in(world: World) -> None:
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


async def test_CA2_a_client_of_its_own_making_changes_no_sheet_that_was_handed_in(world: World) -> None:
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


async def handed_in(world: World, words: str) -> tuple[str, str]:
    """A form and its sheet: one wrote the words, one chose, both schools gave their word."""
    form_id = await world.create_form(
        [
            {"id": "where", "type": "short_text", "label": "Where to?", "required": True},
            {"id": "when", "type": "date", "label": "When?", "required": False},
            {"id": "far", "type": "number", "label": "How far?", "required": False, "decimals": 1, "unit": "km"},
        ]
    )
    await settings(world, form_id, mode="together")
    sheet_id = (await publish(world, form_id))["sheet_id"]

    def write(doc: Any) -> None:
        doc.get("answers", type=Map).update({"when": "2027-05-31", "far": 2.5})
        doc.get("text:where", type=Text).insert(0, words)

    await world.hub.context.live_docs.edit(ContentId(sheet_id), "answer_sheet", write, user_id=None)
    path = f"/api/v1/forms/{form_id}/sheet"
    for person in (world.founder, world.teacher):
        sheet = await person.get(path)
        signed = await person.call("PUT", f"{path}/signature", {"version": 1, "digest": sheet["digest"]})
        assert signed.status == 200, signed
    return form_id, sheet_id


async def test_a_sheet_is_taken_along_as_one_row_of_all_schools(world: World) -> None:
    form_id, _ = await handed_in(world, "=Toruń")
    exported = await world.teacher.call("GET", f"/api/v1/forms/{form_id}/results/sheet")
    header, row = csv.reader(io.StringIO(exported.body.decode("utf-8-sig"), newline=""))
    assert header[1:] == ["Where to?", "When?", "How far? (km)"]
    assert row[1:] == ["'=Toruń", "2027-05-31", "2.5"] and "," in row[0]
    book = await world.teacher.call("GET", f"/api/v1/forms/{form_id}/results/sheet?format=xlsx")
    assert book.status == 200
    assert (await world.pupil.call("GET", f"/api/v1/forms/{form_id}/results/sheet")).status == 404


async def test_CA3_a_snapshots_page_of_a_form_shows_what_stood_on_its_sheet(world: World) -> None:
    form_id, sheet_id = await handed_in(world, "Toruń")
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Handed in"})
    path = f"/api/v1/snapshots/{taken.body['id']}"
    page = await world.visitor.get(f"{path}/contents/{form_id}")
    said = [block["spans"][0]["text"] for block in page["blocks"] if "spans" in block]
    assert said[-6:] == ["Where to?", "Toruń", "When?", "2027-05-31", "How far? (km)", "2.5"]
    assert sheet_id not in [each["content_id"] for each in (await world.visitor.get(path))["contents"]]
