"""The registry of kinds, and the rules of each kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from crdt_docs.content import KINDS, document, form, rubric, wall, wall_card
from crdt_docs.content.kind import Kind
from crdt_docs.errors import Absent, ContentError

WRITTEN_BY_TIPTAP = Path(__file__).parent.parent / "vectors" / "tiptap_document.bin"


def has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    return any(map(has_float, value)) if isinstance(value, list) else isinstance(value, float)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_starts_and_reads_as_plain_json(kind: Kind) -> None:
    doc: Doc[Any] = Doc()
    assert kind.blocks(doc) == []
    kind.start(doc, "Our rivers")
    assert json.loads(json.dumps(kind.blocks(doc))) == kind.blocks(doc)
    assert not has_float(kind.blocks(doc))


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_CW12_every_kind_reads_whatever_is_in_the_document(kind: Kind) -> None:
    doc: Doc[Any] = Doc()
    doc.apply_update(WRITTEN_BY_TIPTAP.read_bytes())
    cards = doc.get("cards", type=Map)
    cards["text"] = "no card"
    cards["empty"] = Map({})
    cards["odd"] = Map({"tint": "blue", "title": 7, "position": None, "created_at_ms": float("1e300")})
    doc.get("questions", type=Array).extend([1, "x", Map({}), Map({"id": "q", "type": "essay"}), Map({"id": 3})])
    assert not has_float(kind.blocks(doc))


def test_CD1_a_new_document_has_one_empty_paragraph() -> None:
    doc: Doc[Any] = Doc()
    document.start(doc, "Title")
    assert document.blocks(doc) == [{"type": "paragraph", "spans": []}]


def test_CD1_what_the_editor_writes_reads_as_blocks() -> None:
    doc: Doc[Any] = Doc()
    doc.apply_update(WRITTEN_BY_TIPTAP.read_bytes())
    assert document.blocks(doc) == [
        {
            "type": "heading",
            "level": 2,
            "spans": [
                {"text": "Hi "},
                {"text": "bold", "marks": ["bold"]},
                {"text": "link", "marks": ["italic"], "link": "https://x.y"},
            ],
        },
        {"type": "paragraph", "spans": [{"text": "a\nb"}]},
        {"type": "list", "ordered": True, "start": 3, "items": [[{"type": "paragraph", "spans": [{"text": "one"}]}]]},
        {"type": "code", "language": "python", "text": "x = 1"},
    ]


def test_CD3_unknown_nodes_give_their_text_and_unknown_marks_are_left_out() -> None:
    doc: Doc[Any] = Doc()
    fragment = doc.get("default", type=XmlFragment)
    box = fragment.children.append(XmlElement("callout"))
    paragraph = box.children.append(XmlElement("paragraph"))
    text = paragraph.children.append(XmlText("hello"))
    text.format(0, 5, {"glow": {}, "bold--a1b2": {}})
    assert document.blocks(doc) == [{"type": "paragraph", "spans": [{"text": "hello", "marks": ["bold"]}]}]


def test_CD3_nesting_without_end_is_cut() -> None:
    doc: Doc[Any] = Doc()
    place = doc.get("default", type=XmlFragment).children
    for _ in range(200):
        place = place.append(XmlElement("blockquote")).children
    block, depth = document.blocks(doc)[0], 1
    while block["blocks"]:
        block, depth = block["blocks"][0], depth + 1
    assert depth == document.MAX_DEPTH


def add(doc: Doc[Any], card_id: str, **fields: Any) -> dict[str, Any]:
    given = {"title": card_id, "text": "", "tint": 1, "author_id": "ana", "author_name": "Ana", "school_id": "s"}
    return wall.add_card(doc, card_id=card_id, at_ms=1_790_000_000_000, **(given | fields))


def order(doc: Doc[Any]) -> str:
    return "".join(card["id"] for card in wall.cards(doc))


def test_CW1_a_card_is_what_the_protocol_says() -> None:
    doc: Doc[Any] = Doc()
    assert add(doc, "a", text="words", tint=6) == {
        "id": "a",
        "title": "a",
        "text": "words",
        "tint": 6,
        "author_id": "ana",
        "author_name": "Ana",
        "school_id": "s",
        "position": "a0",
        "created_at_ms": 1_790_000_000_000,
        "changed_at_ms": 1_790_000_000_000,
        **wall_card.NOTHING_MORE,
        **wall_card.NOWHERE,
    }
    # What it has not is not in the document: CW12.
    assert len(doc.get("cards", type=Map)["a"]) == 9


def test_CW2_cards_come_last_and_move_alone() -> None:
    doc: Doc[Any] = Doc()
    for card_id in "abcd":
        add(doc, card_id)
    others = {card["id"]: card["position"] for card in wall.cards(doc) if card["id"] != "d"}
    wall.move_card(doc, "d", None, at_ms=2)
    assert order(doc) == "dabc"
    wall.move_card(doc, "d", "b", at_ms=3)
    assert order(doc) == "abdc"
    wall.move_card(doc, "d", "c", at_ms=4)
    assert order(doc) == "abcd"
    assert {card["id"]: card["position"] for card in wall.cards(doc) if card["id"] != "d"} == others


def test_CW2_two_processes_that_gave_one_place_twice() -> None:
    doc, other = Doc(client_id=1), Doc(client_id=2)
    add(doc, "a")
    add(other, "b")
    doc.apply_update(other.get_update())
    add(doc, "c")
    assert order(doc) == "abc"
    wall.move_card(doc, "c", "a", at_ms=2)
    assert order(doc) == "acb"


def test_CW3_adding_again_returns_the_card_that_is_there() -> None:
    doc: Doc[Any] = Doc()
    first = add(doc, "a")
    state = doc.get_state()
    assert add(doc, "a", title="other") == first
    assert doc.get_state() == state
    with pytest.raises(ContentError) as refusal:
        add(doc, "a", author_id="kuba")
    assert refusal.value.field == "client_card_id"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": "x" * 201}, "title"),
        ({"text": "x" * 4_001}, "text"),
        ({"tint": 7}, "tint"),
        ({"title": " ", "text": "\n"}, "text"),
    ],
)
def test_CW4_refused_changes_leave_no_trace(fields: dict[str, Any], named: str) -> None:
    doc: Doc[Any] = Doc()
    add(doc, "a")
    before = doc.get_update()
    for change in (lambda: add(doc, "b", **fields), lambda: wall.change_card(doc, "a", at_ms=2, **fields)):
        with pytest.raises(ContentError) as refusal:
            change()
        assert refusal.value.field == named
    for absent in (
        lambda: wall.change_card(doc, "z", title="x", at_ms=2),
        lambda: wall.move_card(doc, "z", None, at_ms=2),
        lambda: wall.move_card(doc, "a", "z", at_ms=2),
        lambda: wall.remove_card(doc, "z"),
        lambda: wall.get_card(doc, "z"),
    ):
        with pytest.raises(Absent):
            absent()
    with pytest.raises(ContentError):
        wall.move_card(doc, "a", "a", at_ms=2)
    assert doc.get_update() == before


def test_CW4_a_wall_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "MAX_CARDS", 2)
    doc: Doc[Any] = Doc()
    add(doc, "a")
    add(doc, "b")
    with pytest.raises(ContentError, match="at most 2"):
        add(doc, "c")
    wall.remove_card(doc, "a")
    add(doc, "c")
    assert wall.change_card(doc, "c", text="new", at_ms=9)["changed_at_ms"] == 9
    assert wall.change_card(doc, "c", text="new", at_ms=10)["changed_at_ms"] == 9


QUESTIONS: list[dict[str, Any]] = [
    {"id": "name", "type": "short_text", "label": " Your name ", "required": True},
    {"id": "why", "type": "long_text", "label": "Why?", "required": False},
    {"id": "one", "type": "single_choice", "label": "One", "required": True, "options": ["x", "y"]},
    {"id": "many", "type": "multiple_choice", "label": "Many", "required": False, "options": ["x", "y", "z"]},
    {"id": "scale", "type": "scale", "label": "How much?", "required": False, "min": 0, "max": 10},
    {"id": "faces", "type": "faces", "label": "How was it?", "required": False},
]


def build(*questions: dict[str, Any], title: str = "Form") -> Doc[Any]:
    doc: Doc[Any] = Doc()
    form.start(doc, title)
    place = doc.get("questions", type=Array)
    for question in questions:
        fields = dict(question)
        options = fields.pop("options", None)
        label = fields.pop("label", "")
        place.append(Map(fields))
        place[len(place) - 1]["label"] = Text(label)
        if options is not None:
            place[len(place) - 1]["options"] = Array([Map({"id": o, "label": Text(f"Label {o}")}) for o in options])
    return doc


def test_CF1_CF2_the_definition_is_plain_json() -> None:
    built = form.definition(build(*QUESTIONS))
    assert built["title"] == "Form"
    assert [question["id"] for question in built["questions"]] == ["name", "why", "one", "many", "scale", "faces"]
    assert built["questions"][0] == {"id": "name", "type": "short_text", "label": "Your name", "required": True}
    assert built["questions"][2]["options"] == [{"id": "x", "label": "Label x"}, {"id": "y", "label": "Label y"}]
    assert (built["questions"][4]["min"], built["questions"][4]["max"]) == (0, 10)
    assert (built["questions"][5]["min"], built["questions"][5]["max"]) == (1, 5)
    assert not has_float(built)
    form.check_definition(built)


def test_CF2_of_two_questions_with_one_id_the_first_counts() -> None:
    built = form.definition(build(QUESTIONS[0], QUESTIONS[0] | {"label": "Again"}))
    assert [question["label"] for question in built["questions"]] == ["Your name"]


@pytest.mark.parametrize(
    ("questions", "named", "complaint"),
    [
        ([], "questions", "at least one"),
        ([QUESTIONS[0] | {"label": " "}], "name", "no words"),
        ([QUESTIONS[0] | {"label": "x" * 501}], "name", "longer"),
        ([QUESTIONS[0], QUESTIONS[2] | {"options": ["x"]}], "one", "Question 2 needs at least 2 options"),
        ([QUESTIONS[2] | {"options": [str(i) for i in range(51)]}], "one", "more than 50"),
        ([QUESTIONS[4] | {"min": 5, "max": 5}], "scale", "scale that grows"),
        ([QUESTIONS[4] | {"min": -1}], "scale", "scale that grows"),
        ([QUESTIONS[4] | {"max": 11}], "scale", "scale that grows"),
        ([QUESTIONS[1] | {"id": f"q{i}"} for i in range(101)], "questions", "at most 100"),
    ],
)
def test_CF3_a_form_that_cannot_be_answered_is_refused(
    questions: list[dict[str, Any]], named: str, complaint: str
) -> None:
    with pytest.raises(ContentError, match=complaint) as refusal:
        form.check_definition(form.definition(build(*questions)))
    assert refusal.value.field == named


def test_CF4_answers_are_cleaned() -> None:
    definition = form.definition(build(*QUESTIONS))
    answers = {"name": "  Ana ", "why": " ", "one": "y", "many": ["z", "x", "x"], "scale": 0, "faces": 5}
    cleaned = {"name": "Ana", "one": "y", "many": ["x", "z"], "scale": 0, "faces": 5}
    assert form.check_answers(definition, answers) == cleaned
    assert form.check_answers(definition, {"name": "A", "one": "x", "many": [], "why": None}) == {
        "name": "A",
        "one": "x",
    }


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"name": " "}, "name"),
        ({"name": 3}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"why": "x" * 4_001}, "why"),
        ({"one": "z"}, "one"),
        ({"one": ""}, "one"),
        ({"one": ["x"]}, "one"),
        ({"many": "x"}, "many"),
        ({"many": ["x", "w"]}, "many"),
        ({"many": [["x"]]}, "many"),
        ({"scale": 11}, "scale"),
        ({"scale": 2.5}, "scale"),
        ({"scale": True}, "scale"),
        ({"faces": 0}, "faces"),
        ({"faces": "3"}, "faces"),
        ({"nobody asked": 1}, "nobody asked"),
    ],
)
def test_CF4_a_wrong_answer_is_named(answer: dict[str, Any], named: str) -> None:
    definition = form.definition(build(*QUESTIONS))
    with pytest.raises(ContentError) as refusal:
        form.check_answers(definition, {"name": "Ana", "one": "x"} | answer)
    assert refusal.value.field == named


@pytest.mark.parametrize("answers", [None, [], "x", 3])
def test_CF4_answers_are_an_object(answers: Any) -> None:
    with pytest.raises(ContentError, match="object"):
        form.check_answers(form.definition(build(*QUESTIONS)), answers)


def rubric_doc() -> Doc[Any]:
    doc: Doc[Any] = Doc()
    rubric.write(doc, RUBRIC)
    return doc


RUBRIC: rubric.Definition = {
    "levels": [{"id": "a", "label": "Begun"}, {"id": "b", "label": "There"}],
    "criteria": [{"id": "x", "label": "Sources", "cells": {"b": "All are named"}}],
}


def test_CR1_what_is_written_reads_back_and_is_a_block() -> None:
    doc = rubric_doc()
    assert rubric.read_checked(doc) == RUBRIC
    assert rubric.blocks(doc) == [{"type": "rubric", **RUBRIC}]


def test_CR1_two_begin_one_cell_and_both_stay_while_its_row_moves() -> None:
    one, two = Doc[Any](), Doc[Any]()
    begun = rubric_doc().get_update()
    for doc in (one, two):
        doc.apply_update(begun)
    one.get("cell:x|a", type=Text).insert(0, "None ")
    two.get("cell:x|a", type=Text).insert(0, "No ")
    criteria = two.get("criteria", type=Array)
    criteria.append("y")
    del criteria[0]
    criteria.append("x")
    one.apply_update(two.get_update())
    two.apply_update(one.get_update())
    assert rubric.definition(one) == rubric.definition(two)
    found = rubric.definition(one)["criteria"]
    assert [criterion["id"] for criterion in found] == ["y", "x"]
    assert sorted(found[1]["cells"]["a"].split()) == ["No", "None"]


def test_CR2_what_is_no_id_is_left_out_and_of_two_the_first_counts() -> None:
    doc = rubric_doc()
    doc.get("criteria", type=Array).extend([7, "", "no id", "x" * 37, "z", "x", None, ["y"]])
    assert [criterion["id"] for criterion in rubric.definition(doc)["criteria"]] == ["x", "z"]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"criteria": []}, "criteria", "at least one criterion"),
        ({"levels": RUBRIC["levels"][:1]}, "levels", "two to 6 levels"),
        ({"levels": [RUBRIC["levels"][0], {"id": "b", "label": ""}]}, "b", "Level 2 has no words"),
        ({"criteria": [{"id": "x", "label": "n" * 201, "cells": {}}]}, "x", "longer than 200"),
        ({"criteria": [{"id": "x", "label": "n", "cells": {"a": "w" * 501}}]}, "x", "more than 500"),
        ({"criteria": [{"id": f"x{n}", "label": "n", "cells": {}} for n in range(13)]}, "criteria", "at most 12"),
        ({"levels": [{"id": f"l{n}", "label": "n"} for n in range(7)]}, "levels", "two to 6 levels"),
    ],
)
def test_CR3_what_nobody_could_assess_by_is_named(change: dict[str, Any], field: str, says: str) -> None:
    doc: Doc[Any] = Doc()
    rubric.write(doc, {**RUBRIC, **change})
    with pytest.raises(ContentError, match=says) as refused:
        rubric.read_checked(doc)
    assert refused.value.field == field


def test_CR3_a_document_full_of_ids_is_read_no_further_than_it_matters() -> None:
    doc: Doc[Any] = Doc()
    for name in ("criteria", "levels"):
        doc.get(name, type=Array).extend([f"n{number}" for number in range(1_000)])
    found = rubric.definition(doc)
    assert len(found["criteria"]) == 13 and len(found["levels"]) == 7
