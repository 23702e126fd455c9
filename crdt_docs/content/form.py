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
    loop_of,
    problem_of_condition,
    read_condition,
)
from crdt_docs.content.questions.quiz_keys import is_right, problem_of_key, read_key
from crdt_docs.content.questions.translations import problem_of_words, read_languages, read_words
from crdt_docs.errors import ContentError

FORM = "form"
QUESTIONS = "questions"
MAX_QUESTIONS = 100

MODES = ("alone", "together")
"""`together`: the schools fill in one sheet at the same moment (`answer_sheet`)."""

Definition = dict[str, Any]
"""`{"title": str, "mode", "anonymous": bool, "languages": [tag], "words", "questions": [Question of PROTOCOL.md]}`."""


def definition(doc: Doc) -> Definition:
    """The form as it stands in the builder. What has no id or no known type is no question and is left out."""
    head = doc.get(FORM, type=Map)
    languages = read_languages(head.get("languages"))
    questions: list[Question] = []
    seen: set[str] = set()
    for value in doc.get(QUESTIONS, type=Array):
        question = _read_question(value, languages)
        # Two people who moved one question at once left it twice; the first counts.
        if question is not None and question["id"] not in seen:
            seen.add(question["id"])
            questions.append(question)
    mode = head.get("mode")
    return {
        "title": text_of(head.get("title")).strip(),
        "mode": mode if mode in MODES else MODES[0],
        "anonymous": head.get("anonymous") is True,
        "languages": languages,
        "words": read_words(head.get("words"), languages),
        "questions": questions,
    }


def _read_question(value: Any, languages: list[str]) -> Question | None:
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
    if key := read_key(value.get("key")):
        question["key"] = key
    if words := read_words(value.get("words"), languages):
        question["words"] = words
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
    if problem := problem_of_words(form["words"]):
        raise ContentError(f"The form {problem}.", field="title")
    if form["anonymous"] and form["mode"] != "alone":
        raise ContentError("A sheet that is filled in together is not anonymous.", field="anonymous")
    if form["anonymous"] and any(question["type"] == "file" for question in questions):
        raise ContentError("A file says whose it is: an anonymous form can't ask for one.", field="anonymous")
    if loop := loop_of(questions):
        chain = " → ".join(map(str, loop))
        sentence = f"Questions {chain} wait for each other's answers, so nobody would ever see them."
        raise ContentError(sentence, field=questions[loop[0] - 1]["id"])
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
    return (
        TYPES[question["type"]].problem(question)
        or problem_of_condition(question, earlier)
        or problem_of_key(question)
        or problem_of_words(question.get("words", {}))
    )


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


def check_draft(form: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers on their way: each may be unfinished, but has to be one to a question that is there."""
    known = {question["id"]: question for question in form["questions"]}
    kept: dict[str, Any] = {}
    for question_id, answer in answers.items():
        if question_id not in known:
            raise ContentError("This form has no such question.", field=str(question_id))
        question = {**known[question_id], "required": False}
        try:
            kept[question_id] = None if answer is None else TYPES[question["type"]].clean(question, answer)
        except ContentError:
            # Half a number or half an order is no answer yet; what was there before stays as it was.
            continue
    return kept


def is_quiz(form: Definition) -> bool:
    return any("key" in question for question in form["questions"])


def mark(form: Definition, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """What becomes of each question of a quiz that was asked: `{id, right, points, of, feedback, feedback_in}`."""
    marks = []
    for question in form["questions"]:
        if "key" not in question or not is_asked(question, answers):
            continue
        key, right = question["key"], is_right(question, answers.get(question["id"]))
        points = key["points"] if right else 0
        part = "right" if right else "wrong"
        said_in = {tag: parts[part] for tag, parts in question.get("words", {}).items() if part in parts}
        marks.append(
            {
                "id": question["id"],
                "right": right,
                "points": points,
                "of": key["points"],
                "feedback": key[part],
                "feedback_in": said_in,
            }
        )
    return marks


def without_keys(question: Question) -> Question:
    """The question as somebody sees it who is to answer it."""
    words = {
        language: {part: text for part, text in parts.items() if part not in ("right", "wrong")}
        for language, parts in question.get("words", {}).items()
    }
    return {name: value for name, value in question.items() if name not in ("key", "words")} | (
        {"words": words} if words else {}
    )


def blocks(doc: Doc) -> list[Block]:
    form = definition(doc)
    title: list[Block] = [{"type": "heading", "level": 1, "spans": [{"text": form["title"]}]}] if form["title"] else []
    return title + [{"type": "question", "question": without_keys(question)} for question in form["questions"]]


def start(doc: Doc, title: str) -> None:
    doc.get(FORM, type=Map)["title"] = title
    doc.get(QUESTIONS, type=Array)


# The builder's document holds the right answers of a quiz.
KIND = Kind(name="form", written_by="members", write_act="build", read_act="build", start=start, blocks=blocks)
