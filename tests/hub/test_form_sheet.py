"""A form's answers for spreadsheets, read by another library than the one that writes them."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from tests.hub.form_steps import EVERY_TYPE, answer, publish
from tests.hub.world import Person, World

WRITTEN = [each for each in EVERY_TYPE if each["id"] not in ("craft", "drawn", "mine", "which")]
"""Those whose answers are words and numbers."""
pytestmark = pytest.mark.asyncio(loop_scope="session")

ATTACK = '=cmd|" /C calc"!A0'
GIVEN = {
    "order": ["y", "x", "z"],
    "agree": "no",
    "weight": 2.5,
    "grid": {"bread": "good"},
    "face": 2,
    "why": ATTACK,
}


async def answered_form(world: World) -> str:
    form_id = await world.create_form(WRITTEN)
    await publish(world, form_id)
    assert (await answer(world.pupil, form_id, GIVEN)).status == 200
    assert (await answer(world.teacher, form_id, {"face": 3, "day": "2027-05-31"})).status == 200
    return form_id


async def export(person: Person, form_id: str, kind: str) -> Any:
    return await person.call("GET", f"/api/v1/forms/{form_id}/results/sheet?format={kind}")


async def test_a_csv_has_a_row_for_each_answer_without_names_or_formulas(world: World) -> None:
    form_id = await answered_form(world)
    exported = await export(world.teacher, form_id, "csv")
    assert exported.status == 200 and exported.headers["Content-Type"].startswith("text/csv")
    assert 'attachment; filename="answers.csv"' in exported.headers["Content-Disposition"]
    header, *rows = csv.reader(io.StringIO(exported.body.decode("utf-8-sig")))
    assert header[1:] == [
        "What was best?",
        "May we print this?",
        "How heavy? (kg)",
        "When?",
        "How was it? · Bread",
        "How was it? · Soup",
        "And the day?",
        "Why?",
    ]
    by_face = {row[7]: row for row in rows}
    assert by_face["2"][1:7] == ["1. Y; 2. X; 3. Z", "no", "2.5", "", "Good", ""]
    assert by_face["2"][8] == f"'{ATTACK}"
    assert by_face["3"][4] == "2027-05-31"
    assert world.pupil.user is not None and world.pupil.user.display_name not in exported.body.decode("utf-8-sig")


async def test_a_workbook_holds_the_same_and_texts_stay_texts(world: World) -> None:
    form_id = await answered_form(world)
    exported = await export(world.teacher, form_id, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(exported.body))
    sheet = book.active
    assert sheet is not None and sheet.max_row == 3
    row = next(row for row in sheet.iter_rows(min_row=2) if row[7].value == 2)
    assert (row[3].value, row[3].data_type) == (2.5, "n")
    assert (row[8].value, row[8].data_type) == (ATTACK, "s")


async def test_only_who_builds_may_export_and_only_what_is_published(world: World) -> None:
    form_id = await answered_form(world)
    for person in (world.pupil, world.visitor):
        assert (await export(person, form_id, "csv")).status == 404
    assert (await export(world.teacher, form_id, "pdf")).code == "invalid"
    assert (await export(world.teacher, await world.create_form(), "csv")).status == 404
