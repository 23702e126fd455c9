"""Take a form's questions along as a sheet, and bring them in from one."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from typing import Any

from crdt_docs.content import authoring, form
from hub import form_sheet
from hub.access import Act
from hub.actions.forms import KIND, access_form
from hub.context import Context, Session
from hub.errors import Conflict, Invalid
from hub.payloads.form_questions import (
    ExportQuestions,
    Imported,
    ImportQuestions,
    LineFault,
    PreviewQuestions,
    QuestionLine,
    QuestionLines,
)
from hub.payloads.operations import Download
from hub.question_sheet import make_question_sheet, sample_sheet
from hub.question_sheet_reader import Found, Line, read_question_sheet

PROBLEMS = {
    "empty": "There is no question in this sheet.",
    "no_title_column": "The first line has to name the columns; one of them is “question”.",
    "too_many_lines": "A sheet has at most 200 lines.",
    "form_full": f"A form has at most {form.MAX_QUESTIONS} questions.",
}


async def export_questions(context: Context, session: Session, payload: ExportQuestions) -> Download:
    """As they stand in the builder, in the form in which they can be brought in again."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    language = session.user.language
    if payload.sample:
        sheet = sample_sheet(language)
    else:
        definition = await context.live_docs.read(content.id, KIND, form.definition)
        sheet = make_question_sheet(definition["questions"], definition["languages"], language)
    return Download(content_type="text/csv; charset=utf-8", filename="questions.csv", content=form_sheet.as_csv(sheet))


async def preview_questions(context: Context, session: Session, payload: PreviewQuestions) -> QuestionLines:
    """What would be added, line by line, and what is wrong in the others. Nothing is changed."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    found = await asyncio.to_thread(read_question_sheet, payload.text, lambda: secrets.token_urlsafe(6))
    accepted = [line for line in found.lines if line.question is not None]
    had = len((await context.live_docs.read(content.id, KIND, form.definition))["questions"])
    return QuestionLines(
        lines=[_shown(line) for line in found.lines],
        accepted=len(accepted),
        unknown_columns=found.unknown_columns[:20],
        problem=found.problem or ("form_full" if had + len(accepted) > form.MAX_QUESTIONS else None),
    )


async def import_questions(context: Context, session: Session, payload: ImportQuestions) -> Imported:
    """Add them to the builder's document in one change, or none of them. Raise Invalid and name the line."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    numbers = itertools.count(1)
    found = await asyncio.to_thread(read_question_sheet, payload.text, lambda: f"{payload.import_id}.{next(numbers)}")
    _check(found, payload.skip_faulty)
    questions = [line.question for line in found.lines if line.question is not None]

    def add(doc: Any) -> int:
        had = {question["id"] for question in form.definition(doc)["questions"]}
        if any(question["id"] in had for question in questions):
            return 0
        if len(had) + len(questions) > form.MAX_QUESTIONS:
            raise Conflict(PROBLEMS["form_full"])
        authoring.add_languages(doc, found.languages)
        authoring.write_questions(doc, questions)
        return len(questions)

    added = await context.live_docs.edit(content.id, KIND, add, user_id=session.user.id)
    return Imported(added=added)


def _check(found: Found, skip_faulty: bool) -> None:
    if found.problem is not None:
        raise Invalid(PROBLEMS[found.problem], field="text")
    wrong = next((line for line in found.lines if line.faults), None)
    if wrong is not None and not skip_faulty:
        raise Invalid(f"Something is wrong in line {wrong.row}, so nothing was added.", field="text")
    if all(line.question is None for line in found.lines):
        raise Invalid("There is no line that can be added.", field="text")


def _shown(line: Line) -> QuestionLine:
    question = line.question or {}
    return QuestionLine(
        row=line.row,
        type=line.type or None,
        label=line.label[:500],
        required=question.get("required", False),
        options=[] if line.type == "consent" else [each["label"] for each in question.get("options", [])],
        faults=[LineFault(column=each.column, code=each.code, value=each.value) for each in line.faults],
    )
