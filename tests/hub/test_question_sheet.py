"""Questions as a sheet: what is written is read back the same, and what is wrong is named by line and column."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc

from crdt_docs.content import authoring, form
from crdt_docs.content.questions import TYPES
from hub.form_sheet import as_csv
from hub.question_sheet import NAMES, make_question_sheet, sample_sheet
from hub.question_sheet_reader import Found, read_question_sheet

WORDS = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t=+-@'|\\;,\""), max_size=12)
    .map(str.strip)
    .filter(bool)
)
MAYBE = st.just("") | WORDS


def read(text: str) -> Found:
    numbers = itertools.count(1)
    return read_question_sheet(text, lambda: f"n{next(numbers)}")


def items(draw: st.DrawFn, name: str, least: int, most: int) -> list[dict[str, str]]:
    labels = draw(st.lists(WORDS, min_size=least, max_size=most))
    return [{"id": f"{name}-{place}", "label": label} for place, label in enumerate(labels)]


@st.composite
def one_question(draw: st.DrawFn, place: int, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(TYPES)))
    question: dict[str, Any] = {"id": f"q{place}", "type": kind, "label": draw(WORDS), "required": draw(st.booleans())}
    if kind in ("single_choice", "multiple_choice", "ranking", "picture_choice", "matrix", "rubric"):
        question["options"] = items(draw, "o", 2, 4)
    if kind == "picture_choice":
        for number, option in enumerate(question["options"]):
            option["picture"] = f"material.{number}"
    if kind in ("matrix", "rubric"):
        question["rows"] = items(draw, "r", 1, 3)
    if kind == "rubric":
        question["cells"] = grid(draw, question)
    if kind == "scale":
        question |= {"min": draw(st.integers(0, 3)), "max": draw(st.integers(4, 10))}
    if kind == "faces":
        question["max"] = draw(st.integers(3, 5))
    if kind == "number":
        bounds = {"min": draw(st.none() | st.integers(-5, 3)), "max": draw(st.none() | st.integers(4, 10**6))}
        question |= bounds | {"decimals": draw(st.integers(0, 3)), "unit": draw(MAYBE)}
    if kind == "section":
        question |= {"text": draw(MAYBE), "required": False}
    if (answers := key_values(kind, question)) is not None and draw(st.booleans()):
        chosen = draw(st.lists(answers, min_size=1, max_size=2, unique=True))
        question["key"] = {"any_of": chosen, "points": draw(st.integers(0, 100))}
        question["key"] |= {"right": draw(MAYBE), "wrong": draw(MAYBE)}
    askable = [each for each in earlier if each["type"] in ("single_choice", "multiple_choice", "faces", "consent")]
    if askable and draw(st.booleans()):
        asked = draw(st.sampled_from(askable))
        offered = ["yes", "no"] if asked["type"] == "consent" else [each["id"] for each in asked.get("options", [])]
        any_of = draw(st.lists(st.sampled_from(offered or [1, 2, 3]), min_size=1, unique=True))
        question["show_if"] = {"question_id": asked["id"], "any_of": any_of}
    if words := {tag: parts for tag in ("pl", "es") if (parts := translate(draw, question))}:
        question["words"] = words
    return question


def grid(draw: st.DrawFn, question: dict[str, Any]) -> dict[str, dict[str, str]]:
    found = {row["id"]: {option["id"]: draw(MAYBE) for option in question["options"]} for row in question["rows"]}
    return {
        row: filled for row, texts in found.items() if (filled := {key: text for key, text in texts.items() if text})
    }


def key_values(kind: str, question: dict[str, Any]) -> st.SearchStrategy[Any] | None:
    match kind:
        case "single_choice" | "multiple_choice" | "picture_choice":
            return st.sampled_from([option["id"] for option in question["options"]])
        case "short_text":
            return WORDS
        case "scale":
            return st.integers(question["min"], question["max"])
        case "number":
            return st.integers(-100, 100) | st.sampled_from([0.5, 2.25])
    return None


def translate(draw: st.DrawFn, question: dict[str, Any]) -> dict[str, str]:
    parts = ["label", *(["text"] if question["type"] == "section" else [])]
    parts += ["right", "wrong"] if "key" in question else []
    parts += [f"option|{each['id']}" for each in question.get("options", [])]
    parts += [f"row|{each['id']}" for each in question.get("rows", [])]
    if question["type"] == "rubric":
        parts += [f"cell|{row['id']}|{each['id']}" for row in question["rows"] for each in question["options"]]
    return {part: text for part in parts if (text := draw(MAYBE))}


@st.composite
def forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = []
    for place in range(draw(st.integers(1, 5))):
        questions.append(draw(one_question(place, questions)))
    return questions


def as_built(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a builder's document gives them back."""
    doc: Doc[Any] = Doc()
    authoring.add_languages(doc, ["pl", "es"])
    authoring.write_questions(doc, questions)
    return list(form.definition(doc)["questions"])


def without_ids(questions: list[dict[str, Any]]) -> Any:
    """The same questions, with the order in which ids come in the place of the ids."""
    order: dict[str, str] = {}
    for place, question in enumerate(questions):
        order[question["id"]] = f"question {place}"
    told = []
    for question in questions:
        local = dict(order)
        for name in ("options", "rows"):
            for number, item in enumerate(question.get(name, [])):
                local[item["id"]] = item["id"] if question["type"] == "consent" else f"{name} {number}"
        # A condition names options of another question: by their own order.
        if condition := question.get("show_if"):
            asked = next(each for each in questions if each["id"] == condition["question_id"])
            ids = [option["id"] for option in asked.get("options", [])]
            places = [ids.index(value) if value in ids else value for value in condition["any_of"]]
            question = question | {"show_if": {"question_id": order[asked["id"]], "any_of": places}}
        told.append(_renamed(question, local))
    return told


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        renamed = {_part(key, names): _renamed(each, names) for key, each in value.items()}
        for name in ("id",):
            if name in renamed:
                renamed[name] = names.get(renamed[name], renamed[name])
        if "any_of" in renamed and "points" in renamed:
            renamed["any_of"] = [names.get(each, each) if isinstance(each, str) else each for each in renamed["any_of"]]
        return renamed
    return [_renamed(each, names) for each in value] if isinstance(value, list) else value


def _part(key: str, names: dict[str, str]) -> str:
    return "|".join(names.get(each, each) for each in key.split("|"))


@given(forms(), st.sampled_from(sorted(NAMES)))
def test_what_is_written_is_read_back_the_same(questions: list[dict[str, Any]], language: str) -> None:
    built = as_built(questions)
    sheet = as_csv(make_question_sheet(built, ["pl", "es"], language)).decode()
    found = read(sheet)
    assert [line.faults for line in found.lines] == [[]] * len(built)
    again = as_built([line.question for line in found.lines if line.question is not None])
    assert without_ids(again) == without_ids(built)


@pytest.mark.parametrize("language", sorted(NAMES))
def test_the_sample_is_right_in_every_language(language: str) -> None:
    found = read(as_csv(sample_sheet(language)).decode())
    assert [line.faults for line in found.lines] == [[]] * 5 and found.unknown_columns == []
    kinds = [line.type for line in found.lines]
    assert kinds == ["section", "faces", "long_text", "single_choice", "multiple_choice"]
    built = as_built([line.question for line in found.lines if line.question])
    form.check_definition({"title": "", "mode": "alone", "anonymous": False, "words": {}, "questions": built})
    assert built[2]["show_if"]["any_of"] == [1, 2] and built[3]["key"]["points"] == 2


@pytest.mark.parametrize(
    "text",
    [
        "question,type,choices\nWhich?,one choice,a | b\n",
        "\ufeffQuestion;Type;Choices\r\nWhich?;ONE CHOICE;a|b\r\n",
        "sep=;\r\nTítulo;Tipo;Opciones\r\nWhich?;una opcion;a | b\r\n",
        "pytanie\trodzaj\todpowiedzi\nWhich?\tjedna odpowiedź\ta | b",
        'title,options\n"Which?","a\nb"\n\n',
        'note;title;options\n"a,b,c,d";Which?;"a | b"',
    ],
)
def test_it_forgives_how_a_sheet_was_saved(text: str) -> None:
    found = read(text)
    [line] = found.lines
    assert line.question is not None, line.faults
    assert line.question["type"] == "single_choice" and line.question["label"] == "Which?"
    assert [option["label"] for option in line.question["options"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        (",short text", [("title", "missing", "")]),
        ("Q," + "riddle", [("type", "unknown_type", "riddle")]),
        ("Q,one choice", [("options", "missing", "")]),
        ("Q,one choice,,a | | b", [("options", "blank", "")]),
        ("Q,one choice,,a", [("", "wrong", "needs at least 2 options")]),
        ("Q,short text,perhaps", [("required", "not_yes_or_no", "perhaps")]),
        ("Q,short text,yes,a | b", [("options", "not_for_type", "a | b")]),
        ("Q,scale,,,one", [("min", "not_a_number", "one")]),
        ("Q,faces,,,,7", [("max", "not_offered", "7")]),
        ("Q,one choice,,a | b,,,c", [("right", "not_offered", "c")]),
        ("Q,long text,,,,,c", [("right", "not_for_type", "c")]),
        ("Q,short text,,,,,,2: yes", [("shown_if", "not_earlier", "2: yes")]),
        ("Q,short text,,,,,,1: perhaps", [("shown_if", "not_offered", "perhaps")]),
        ("Q,short text,,,,,,1: yes,and more", [("", "too_many_cells", "and more")]),
        (f"{'Q' * 501},riddle", [("type", "unknown_type", "riddle")]),
        (f"{'Q' * 501},date,perhaps", [("title", "too_long", "500"), ("required", "not_yes_or_no", "perhaps")]),
    ],
)
def test_what_is_wrong_is_named_by_its_line_and_column(row: str, faults: list[Any]) -> None:
    header = "title,type,required,options,min,max,right,shown if"
    found = read(f"{header}\nMay we?,consent\n\n{row}\n")
    first, second = found.lines
    assert first.question is not None and (first.row, second.row) == (2, 4)
    assert [(fault.column, fault.code, fault.value) for fault in second.faults] == faults
    assert second.question is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("\ufeff\n\n", "empty"),
        ("title,type\n", "empty"),
        ("Which river?\nHow was it?", "no_title_column"),
        ("title\n" + "Q\n" * 201, "too_many_lines"),
    ],
)
def test_what_is_no_sheet_is_said(text: str, problem: str) -> None:
    assert read(text).problem == problem


def test_columns_that_nobody_knows_are_named() -> None:
    found = read("title,colour,title [pl],colour [pl]\nRiver?,blue,Rzeka?,niebieska")
    assert found.unknown_columns == ["colour", "colour [pl]"] and found.languages == ["pl"]


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    found = read("title,type,options,cells,rows,shown if\n" + text)
    assert all((line.question is None) == bool(line.faults) for line in found.lines)
    json.dumps([line.question for line in found.lines])
