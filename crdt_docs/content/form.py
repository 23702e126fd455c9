"""`form`: questions that teachers build together; what is answered is a frozen copy of them (rules CF in SPEC.md).

Answers are rows and never part of the document: who may answer must not be able to write the form (decision D6).
"""

from __future__ import annotations

from typing import Any

from pycrdt import Array, Map

from crdt_docs.content.kind import Block, Doc, Kind, text_of, whole
from crdt_docs.errors import ContentError

FORM = "form"
QUESTIONS = "questions"

TYPES = ("short_text", "long_text", "single_choice", "multiple_choice", "scale", "faces")
MAX_LENGTH = {"short_text": 200, "long_text": 4_000}
FACES = (1, 5)
SCALE = (0, 10)
"""No scale goes beyond; a row of more steps does not fit a phone."""
MAX_QUESTIONS = 100
MAX_OPTIONS = 50
MAX_LABEL = 500
MAX_ID = 64

Definition = dict[str, Any]
"""`{"title": str, "questions": [Question of PROTOCOL.md]}`."""


def definition(doc: Doc) -> Definition:
    """The form as it stands in the builder. What has no id or no known type is no question and is left out."""
    questions: list[dict[str, Any]] = []
    seen: set[str] = set()
    for value in doc.get(QUESTIONS, type=Array):
        question = _read_question(value)
        # Two people who moved one question at once left it twice; the first counts.
        if question is not None and question["id"] not in seen:
            seen.add(question["id"])
            questions.append(question)
    return {"title": text_of(doc.get(FORM, type=Map).get("title")).strip(), "questions": questions}


def _read_question(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, Map):
        return None
    question_id, kind = value.get("id"), value.get("type")
    if not isinstance(question_id, str) or not 0 < len(question_id) <= MAX_ID or kind not in TYPES:
        return None
    question: dict[str, Any] = {
        "id": question_id,
        "type": kind,
        "label": text_of(value.get("label")).strip(),
        "required": value.get("required") is True,
    }
    if kind in ("single_choice", "multiple_choice"):
        question["options"] = _read_options(value.get("options"))
    elif kind == "scale":
        question |= {"min": whole(value.get("min"), 1), "max": whole(value.get("max"), 5)}
    elif kind == "faces":
        question |= {"min": FACES[0], "max": FACES[1]}
    return question


def _read_options(value: Any) -> list[dict[str, str]]:
    options: dict[str, dict[str, str]] = {}
    for option in value if isinstance(value, Array) else ():
        option_id = option.get("id") if isinstance(option, Map) else None
        if isinstance(option_id, str) and 0 < len(option_id) <= MAX_ID:
            options.setdefault(option_id, {"id": option_id, "label": text_of(option.get("label")).strip()})
    return list(options.values())


def check_definition(form: Definition) -> None:
    """Raise ContentError, naming the question, when the form can't be answered as it is."""
    questions = form["questions"]
    if not questions:
        raise ContentError("A form needs at least one question.", field="questions")
    if len(questions) > MAX_QUESTIONS:
        raise ContentError(f"A form has at most {MAX_QUESTIONS} questions.", field="questions")
    if len(form["title"]) > MAX_LABEL:
        raise ContentError(f"The title has at most {MAX_LABEL} characters.", field="title")
    for number, question in enumerate(questions, 1):
        if problem := _problem(question):
            raise ContentError(f"Question {number} {problem}.", field=question["id"])


def _problem(question: dict[str, Any]) -> str | None:
    if not question["label"]:
        return "has no words yet"
    if len(question["label"]) > MAX_LABEL:
        return f"is longer than {MAX_LABEL} characters"
    if "options" in question:
        options = question["options"]
        if len(options) < 2:
            return "needs at least two options"
        if len(options) > MAX_OPTIONS:
            return f"has more than {MAX_OPTIONS} options"
        if any(not option["label"] for option in options):
            return "has an option without words"
        if any(len(option["label"]) > MAX_LABEL for option in options):
            return f"has an option longer than {MAX_LABEL} characters"
    if question["type"] == "scale" and not SCALE[0] <= question["min"] < question["max"] <= SCALE[1]:
        return f"needs a scale that grows, between {SCALE[0]} and {SCALE[1]}"
    return None


def check_answers(form: Definition, answers: Any) -> dict[str, Any]:
    """The answers to a frozen form, cleaned: text trimmed, empty ones left out, choices in the order of the options.

    Raise ContentError naming the question that is answered wrongly or not at all.
    """
    if not isinstance(answers, dict):
        raise ContentError("The answers have to be an object: question id → answer.", field="answers")
    questions = {question["id"]: question for question in form["questions"]}
    if unknown := [key for key in answers if key not in questions]:
        raise ContentError("This form has no such question.", field=str(unknown[0]))
    cleaned = {}
    for question_id, question in questions.items():
        answer = _clean(question, answers.get(question_id))
        if answer is not None:
            cleaned[question_id] = answer
        elif question["required"]:
            raise ContentError("This question needs an answer.", field=question_id)
    return cleaned


def _clean(question: dict[str, Any], answer: Any) -> Any:
    kind, field = question["type"], question["id"]
    if answer is None:
        return None
    if kind in MAX_LENGTH:
        if not isinstance(answer, str):
            raise ContentError("The answer has to be a text.", field=field)
        text = answer.strip()
        if len(text) > MAX_LENGTH[kind]:
            raise ContentError(f"The answer has at most {MAX_LENGTH[kind]} characters.", field=field)
        return text or None
    if kind in ("scale", "faces"):
        # bool is an int in Python and not a number in JSON.
        if not isinstance(answer, int) or isinstance(answer, bool) or not question["min"] <= answer <= question["max"]:
            raise ContentError(
                f"The answer has to be a whole number from {question['min']} to {question['max']}.", field=field
            )
        return answer
    offered = [option["id"] for option in question["options"]]
    if kind == "single_choice":
        if answer == "":
            return None
        if answer not in offered:
            raise ContentError("The answer has to be one of the options.", field=field)
        return answer
    if not isinstance(answer, list) or any(choice not in offered for choice in answer):
        raise ContentError("The answer has to be a list of the options' ids.", field=field)
    return [option for option in offered if option in answer] or None


def blocks(doc: Doc) -> list[Block]:
    form = definition(doc)
    title: list[Block] = [{"type": "heading", "level": 1, "spans": [{"text": form["title"]}]}] if form["title"] else []
    return title + [{"type": "question", "question": question} for question in form["questions"]]


def start(doc: Doc, title: str) -> None:
    doc.get(FORM, type=Map)["title"] = title
    doc.get(QUESTIONS, type=Array)


KIND = Kind(name="form", written_by="members", write_act="build", start=start, blocks=blocks)
