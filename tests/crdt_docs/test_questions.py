"""The types of questions, and questions that depend on answers (rules CF3 to CF6)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc

from crdt_docs.content import authoring, form
from crdt_docs.content.questions import TYPES, is_asked
from crdt_docs.errors import ContentError

ABC = [{"id": each, "label": each.upper()} for each in "abc"]
RANKING = {"id": "q", "type": "ranking", "label": "Order", "options": ABC}
GRID = {"id": "q", "type": "matrix", "label": "Grid", "rows": ABC, "options": ABC}
NUMBER = {"id": "q", "type": "number", "label": "How many?"}
DATE = {"id": "q", "type": "date", "label": "When?"}
FACES = {"id": "face", "type": "faces", "label": "How?", "max": 4}
WHY = {"id": "why", "type": "short_text", "label": "Why?", "required": True}


def frozen(*questions: dict[str, Any]) -> form.Definition:
    doc: Doc[Any] = Doc()
    form.start(doc, "Form")
    authoring.write_questions(doc, [{"required": False} | question for question in questions])
    return form.definition(doc)


@pytest.mark.parametrize(
    ("question", "answer", "kept"),
    [
        (RANKING, ["c", "a", "b"], ["c", "a", "b"]),
        (RANKING, [], None),
        (GRID, {"a": "c", "c": "a"}, {"a": "c", "c": "a"}),
        (GRID, {"b": "", "c": None}, None),
        (NUMBER, 3, 3),
        (NUMBER, 3.0, 3),
        (NUMBER | {"decimals": 2}, 2.25, 2.25),
        (NUMBER | {"min": -5, "max": 5}, -5, -5),
        (DATE, "2028-02-29", "2028-02-29"),
        (DATE, "", None),
        ({"id": "q", "type": "consent", "label": "May we?"}, "no", "no"),
    ],
)
def test_CF4_answers_are_kept_as_they_are_meant(question: dict[str, Any], answer: Any, kept: Any) -> None:
    definition = frozen(question)
    form.check_definition(definition)
    assert form.check_answers(definition, {"q": answer}) == ({} if kept is None else {"q": kept})


@pytest.mark.parametrize(
    ("question", "answer", "complaint"),
    [
        (RANKING, ["a", "b"], "every option"),
        (RANKING, ["a", "b", "b"], "every option"),
        (RANKING, ["a", "b", "d"], "list of the options"),
        (RANKING, "abc", "list of the options"),
        (GRID, {"d": "a"}, "row id"),
        (GRID, ["a"], "row id"),
        (GRID, {"a": "d"}, "one of the columns"),
        (GRID, {"a": ["a"]}, "one of the columns"),
        (GRID | {"required": True}, {"a": "a"}, "Each row"),
        (GRID | {"required": True}, {}, "needs an answer"),
        (NUMBER, 1.5, "0 decimal places"),
        (NUMBER | {"decimals": 1}, 1.25, "1 decimal places"),
        (NUMBER, "3", "a number"),
        (NUMBER, True, "a number"),
        (NUMBER, 1e13, "a number"),
        (NUMBER | {"min": 2}, 1, "at least 2"),
        (NUMBER | {"max": 2}, 3, "at most 2"),
        (DATE, "2027-02-29", "a date"),
        (DATE, "2027-13-01", "a date"),
        (DATE, "27-1-1", "a date"),
        (DATE, 20270101, "a date"),
        ({"id": "q", "type": "consent", "label": "May we?"}, "perhaps", "one of the options"),
        (FACES | {"id": "q"}, 5, "from 1 to 4"),
        ({"id": "q", "type": "section", "label": "Part"}, "x", "takes no answer"),
    ],
)
def test_CF4_wrong_answers_are_refused(question: dict[str, Any], answer: Any, complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint) as refusal:
        form.check_answers(frozen(question), {"q": answer})
    assert refusal.value.field == "q"


@pytest.mark.parametrize(
    ("questions", "complaint"),
    [
        ([{"id": "q", "type": "section", "label": "Only a heading"}], "at least one question"),
        ([RANKING | {"options": [{"id": str(i), "label": "x"} for i in range(13)]}], "more than 12 options"),
        ([GRID | {"rows": []}], "at least 1 row"),
        ([GRID | {"options": ABC[:1]}], "at least 2 columns"),
        ([GRID | {"options": [*ABC, {"id": "d", "label": " "}]}], "column without words"),
        ([NUMBER | {"min": 3, "max": 3}], "smallest number below"),
        ([NUMBER | {"max": 10**13}], "bounds"),
        ([WHY | {"show_if": {"question_id": "face", "any_of": [1]}}, FACES], "does not come before"),
        ([WHY | {"show_if": {"question_id": "why", "any_of": [1]}}], "1 → 1 wait"),
        ([FACES, WHY | {"show_if": {"question_id": "face", "any_of": []}}], "not chosen yet"),
        ([FACES, WHY | {"show_if": {"question_id": "face", "any_of": [5]}}], "not there"),
        ([DATE, WHY | {"show_if": {"question_id": "q", "any_of": ["x"]}}], "another type"),
    ],
)
def test_CF3_CF5_what_nobody_could_answer_is_refused(questions: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint):
        form.check_definition(frozen(*questions))


def test_CF6_what_is_not_asked_is_neither_demanded_nor_kept() -> None:
    definition = frozen(FACES, WHY | {"show_if": {"question_id": "face", "any_of": [1, 2]}})
    form.check_definition(definition)
    assert form.check_answers(definition, {"face": 4, "why": "From before"}) == {"face": 4}
    assert form.check_answers(definition, {}) == {}
    with pytest.raises(ContentError) as refusal:
        form.check_answers(definition, {"face": 2})
    assert refusal.value.field == "why"


def test_CF6_what_hangs_on_a_hidden_question_is_hidden_too() -> None:
    chain = frozen(
        FACES,
        {"id": "more", "type": "consent", "label": "More?", "show_if": {"question_id": "face", "any_of": [1]}},
        WHY | {"show_if": {"question_id": "more", "any_of": ["yes"]}},
    )
    form.check_definition(chain)
    assert form.check_answers(chain, {"face": 2, "more": "yes", "why": "x"}) == {"face": 2}


@given(st.lists(st.tuples(st.integers(0, 6), st.lists(st.integers(1, 4), max_size=3)), max_size=7), st.data())
def test_CF5_CF6_no_form_that_is_accepted_goes_round_in_a_circle(
    conditions: list[tuple[int, list[int]]], data: st.DataObject
) -> None:
    questions = [
        FACES | {"id": f"f{number}"} | ({"show_if": {"question_id": f"f{on}", "any_of": values}} if values else {})
        for number, (on, values) in enumerate(conditions)
    ]
    definition = frozen(*questions)
    try:
        form.check_definition(definition)
    except ContentError:
        return
    answers = {q["id"]: data.draw(st.integers(1, 4)) for q in questions}
    kept = form.check_answers(definition, answers)
    for question in definition["questions"]:
        assert (question["id"] in kept) == is_asked(question, kept)
    assert form.check_answers(definition, kept) == kept


def test_every_type_can_be_read_from_a_bare_question() -> None:
    """The client makes a question first and fills it in later; half of it may arrive."""
    bare = frozen(*({"id": name, "type": name, "label": "x"} for name in TYPES))
    assert [question["type"] for question in bare["questions"]] == list(TYPES)
