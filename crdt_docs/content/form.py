"""`form`: questions that teachers build together; what is answered is a frozen copy of them (rules CF in SPEC.md).

Answers are rows and never part of the document: who may answer must not be able to write the form (decision D6).
"""

from __future__ import annotations

from typing import Any

from pycrdt import Array, Map

from crdt_docs.content.kind import Block, Doc, Kind, text_of
from crdt_docs.content.questions import (
    MAX_ID,
    MAX_LABEL,
    TYPES,
    Question,
    is_asked,
    problem_of_condition,
    read_condition,
)
from crdt_docs.errors import ContentError

FORM = "form"
QUESTIONS = "questions"
MAX_QUESTIONS = 100

Definition = dict[str, Any]
"""`{"title": str, "questions": [Question of PROTOCOL.md]}`."""


def definition(doc: Doc) -> Definition:
    """The form as it stands in the builder. What has no id or no known type is no question and is left out."""
    questions: list[Question] = []
    seen: set[str] = set()
    for value in doc.get(QUESTIONS, type=Array):
        question = _read_question(value)
        # Two people who moved one question at once left it twice; the first counts.
        if question is not None and question["id"] not in seen:
            seen.add(question["id"])
            questions.append(question)
    return {"title": text_of(doc.get(FORM, type=Map).get("title")).strip(), "questions": questions}


def _read_question(value: Any) -> Question | None:
    if not isinstance(value, Map):
        return None
    question_id, kind = value.get("id"), value.get("type")
    if not isinstance(question_id, str) or not 0 < len(question_id) <= MAX_ID or kind not in TYPES:
        return None
    question: Question = {
        "id": question_id,
        "type": kind,
        "label": text_of(value.get("label")).strip(),
        "required": value.get("required") is True,
        **TYPES[kind].read(value),
    }
    if condition := read_condition(value.get("show_if")):
        question["show_if"] = condition
    return question


def check_definition(form: Definition) -> None:
    """Raise ContentError, naming the question, when the form can't be answered as it is."""
    questions = form["questions"]
    if all(TYPES[question["type"]].tally == "none" for question in questions):
        raise ContentError("A form needs at least one question.", field="questions")
    if len(questions) > MAX_QUESTIONS:
        raise ContentError(f"A form has at most {MAX_QUESTIONS} questions.", field="questions")
    if len(form["title"]) > MAX_LABEL:
        raise ContentError(f"The title has at most {MAX_LABEL} characters.", field="title")
    earlier: dict[str, Question] = {}
    for number, question in enumerate(questions, 1):
        if problem := _problem(question, earlier):
            raise ContentError(f"Question {number} {problem}.", field=question["id"])
        earlier[question["id"]] = question


def _problem(question: Question, earlier: dict[str, Question]) -> str | None:
    if not question["label"]:
        return "has no words yet"
    if len(question["label"]) > MAX_LABEL:
        return f"is longer than {MAX_LABEL} characters"
    return TYPES[question["type"]].problem(question) or problem_of_condition(question, earlier)


def check_answers(form: Definition, answers: Any) -> dict[str, Any]:
    """The answers to a frozen form, cleaned: texts trimmed; empty ones, and to questions that were not asked, left out.

    Raise ContentError naming the question that is answered wrongly or not at all.
    """
    if not isinstance(answers, dict):
        raise ContentError("The answers have to be an object: question id → answer.", field="answers")
    known = {question["id"] for question in form["questions"]}
    if unknown := [key for key in answers if key not in known]:
        raise ContentError("This form has no such question.", field=str(unknown[0]))
    cleaned: dict[str, Any] = {}
    for question in form["questions"]:
        if not is_asked(question, cleaned):
            continue
        given = answers.get(question["id"])
        answer = None if given is None else TYPES[question["type"]].clean(question, given)
        if answer is not None:
            cleaned[question["id"]] = answer
        elif question["required"]:
            raise ContentError("This question needs an answer.", field=question["id"])
    return cleaned


def blocks(doc: Doc) -> list[Block]:
    form = definition(doc)
    title: list[Block] = [{"type": "heading", "level": 1, "spans": [{"text": form["title"]}]}] if form["title"] else []
    return title + [{"type": "question", "question": question} for question in form["questions"]]


def start(doc: Doc, title: str) -> None:
    doc.get(FORM, type=Map)["title"] = title
    doc.get(QUESTIONS, type=Array)


KIND = Kind(name="form", written_by="members", write_act="build", start=start, blocks=blocks)
