"""Ten thousand answers to one form: all are counted, and all are in the sheets that teachers take along."""

from __future__ import annotations

import asyncio
import csv
import io

import openpyxl
import pytest

from storage.records import ContentId, FormResponse, SchoolId, User, UserId
from tests.hub.form_steps import publish, results_of
from tests.hub.test_form_sheet import export
from tests.hub.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
MANY = 10_000
QUESTIONS = [
    {"id": "one", "type": "single_choice", "label": "Which?", "required": True,
     "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
    {"id": "short", "type": "short_text", "label": "A word", "required": False},
]  # fmt: skip


async def test_ten_thousand_answers_are_counted_and_taken_along(world: World) -> None:
    form_id = await world.create_form(QUESTIONS)
    await publish(world, form_id)
    storage = world.hub.context.storage

    async def give(number: int) -> None:
        school = SchoolId("school-a" if number % 4 else "school-b")
        who = UserId(f"many-{number}")
        await storage.users.add_user(User(who, who, "Somebody", "pupil", school, "en", 1))
        given = {"one": "a" if number % 5 else "b", "short": f"word {number}"}
        await storage.forms.put_response(FormResponse(ContentId(form_id), 1, who, school, given, number))

    for start in range(0, MANY, 500):
        await asyncio.gather(*map(give, range(start, start + 500)))
    found = await results_of(world, form_id)
    counts = {each["value"]: (each["total"], each["by_school"]) for each in found["one"]["counts"]}
    assert counts == {
        "a": (8_000, {"school-a": 6_000, "school-b": 2_000}),
        "b": (2_000, {"school-a": 1_500, "school-b": 500}),
    }
    rows = list(csv.reader(io.StringIO((await export(world.teacher, form_id, "csv")).body.decode("utf-8-sig"))))
    assert len(rows) == MANY + 1 and {row[-1] for row in rows[1:]} == {f"word {number}" for number in range(MANY)}
    book = openpyxl.load_workbook(io.BytesIO((await export(world.teacher, form_id, "xlsx")).body), read_only=True)
    assert sum(1 for _ in book.worksheets[0].iter_rows()) == MANY + 1
