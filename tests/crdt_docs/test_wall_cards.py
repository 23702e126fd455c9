"""What cards hold beside words, and where they stand: rules CW10 to CW13."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc

from crdt_docs.content import wall, wall_layout
from crdt_docs.content.plain_text import plain_text
from crdt_docs.errors import Absent, ContentError
from tests.crdt_docs.test_content import add

DRAWING = json.dumps({"strokes": [{"tint": 1, "width": 4, "points": [1, 2, 3, 4]}]})
PICTURE = {"kind": "image", "file_id": "f", "file_name": "a.png", "media_type": "image/png", "width": 3, "alt": "A dog"}
WHOLE: tuple[dict[str, Any], ...] = (
    PICTURE,
    {"kind": "file", "file_id": "g"},
    {"kind": "audio", "file_id": "h", "title": ""},
    {"kind": "drawing", "drawing": DRAWING, "title": ""},
    {"kind": "link", "url": "https://example.org"},
    {"kind": "pointer", "target_kind": "content", "target_id": "d"},
    {"kind": "poll", "options": ["Yes", "No"]},
)


@pytest.mark.parametrize("fields", WHOLE, ids=lambda fields: fields["kind"])
def test_CW10_a_card_of_each_kind_comes_back_as_it_was_made_also_after_it_was_taken_off(fields: Any) -> None:
    doc: Doc[Any] = Doc()
    card = add(doc, "a", **fields)
    assert {name: card[name] for name in fields} == fields
    wall.put_back(doc, wall.remove_card(doc, "a"))
    assert wall.get_card(doc, "a") == card
    (block,) = wall.blocks(doc)
    assert block["drawing"] == (json.loads(DRAWING) if fields["kind"] == "drawing" else None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "video"}, "kind"),
        ({"kind": "image"}, "file_id"),
        ({"file_id": "f"}, "file_id"),
        ({"kind": "link"}, "url"),
        ({"kind": "link", "url": "https://example.org/" + "x" * 2_000}, "url"),
        ({"kind": "drawing"}, "drawing"),
        ({"kind": "drawing", "drawing": "x" * 100_001}, "drawing"),
        ({"kind": "pointer", "target_id": "d"}, "target_kind"),
        ({"kind": "poll", "options": ["Yes"]}, "options"),
        ({"kind": "poll", "options": ["Yes", "Yes"]}, "options"),
        ({"kind": "poll", "options": ["Yes", " "]}, "options"),
        ({"kind": "poll", "options": ["Yes", "No"], "title": " "}, "title"),
        ({"options": ["Yes", "No"]}, "options"),
        ({**PICTURE, "alt": "x" * 501}, "alt"),
        ({"begins_on": "tomorrow"}, "begins_on"),
        ({"ends_on": "2026-05-09"}, "ends_on"),
        ({"begins_on": "2026-05-09", "ends_on": "2026-05-08"}, "ends_on"),
        ({"begins_on": "20260509"}, "begins_on"),
        ({"east": 1}, "north"),
        ({"east": 180_001, "north": 0}, "east"),
        ({"x": 1, "y": 20_001}, "y"),
        ({"section": "gone"}, "section"),
    ],
)
def test_CW10_a_card_that_does_not_fit_leaves_no_trace(fields: Any, field: str) -> None:
    doc: Doc[Any] = Doc()
    with pytest.raises((ContentError, Absent)) as refusal:
        add(doc, "a", **fields)
    assert refusal.value.field == field and wall.cards(doc) == []


def test_CW11_each_view_has_its_own_place_for_a_card_and_changes_no_other() -> None:
    doc: Doc[Any] = Doc()
    wall_layout.set_layout(doc, sections=[{"id": "s", "title": "Morning"}])
    add(doc, "a")
    steps: list[dict[str, Any]] = [
        {"section": "s"},
        {"begins_on": "2026-05-09", "ends_on": "2026-05-10"},
        {"country": "ES", "east": -4_420, "north": 36_720},
        {"x": 10, "y": 20, "z": 3},
    ]
    expected: dict[str, Any] = {}
    for step in steps:
        card = wall.place_card(doc, "a", step, at_ms=2)
        expected |= step
        assert {name: card[name] for name in expected} == expected
    assert wall.blocks(doc)[0]["section_title"] == "Morning"
    away = wall.place_card(doc, "a", {"east": None, "north": None, "begins_on": None, "ends_on": None}, at_ms=3)
    assert (away["east"], away["begins_on"], away["x"], away["section"]) == (None, "", 10, "s")
    with pytest.raises(ContentError):
        wall.place_card(doc, "a", {"x": None}, at_ms=4)
    state = doc.get_state()
    wall.place_card(doc, "a", {"x": 10, "y": 20}, at_ms=5)
    assert doc.get_state() == state


def test_CW13_a_card_stands_in_none_when_its_column_goes_and_columns_keep_their_order() -> None:
    doc: Doc[Any] = Doc()
    first, second = {"id": "one", "title": "One"}, {"id": "two", "title": "Two"}
    wall_layout.set_layout(doc, view="map", all_move=True, sections=[first, second])
    add(doc, "a", section="one")
    assert wall_layout.read_layout(doc) == {"view": "map", "all_move": True, "sections": [first, second]}
    wall_layout.set_layout(doc, sections=[second, first])
    assert wall_layout.read_sections(doc) == [second, first]
    state = doc.get_state()
    wall_layout.set_layout(doc, view="map", sections=[second, first])
    assert doc.get_state() == state
    wall_layout.set_layout(doc, sections=[second])
    assert wall.blocks(doc)[0]["section_title"] == ""
    with pytest.raises(Absent):
        add(doc, "b", section="one")
    for wrong in ([first, first], [{"id": "x", "title": " "}], [{"id": str(n), "title": "x"} for n in range(21)]):
        with pytest.raises(ContentError):
            wall_layout.set_layout(doc, sections=wrong)
    with pytest.raises(ContentError):
        wall_layout.set_layout(doc, view="spiral")


def test_search_finds_what_pictures_and_polls_say() -> None:
    doc: Doc[Any] = Doc()
    add(doc, "a", **PICTURE)
    add(doc, "b", kind="poll", options=["Bread", "Rolls"])
    assert {"A dog", "a.png", "Bread"} <= set(plain_text(wall.blocks(doc)).splitlines())


@given(st.lists(st.sampled_from([("x", 5), ("y", 7), ("x", None), ("y", None), ("z", 2), ("east", 1), ("north", 1)])))
def test_CW11_whatever_places_are_asked_for_what_is_there_is_a_place(steps: list[tuple[str, int | None]]) -> None:
    doc: Doc[Any] = Doc()
    add(doc, "a")
    for name, value in steps:
        try:
            wall.place_card(doc, "a", {name: value}, at_ms=2)
        except ContentError:
            pass
        card = wall.get_card(doc, "a")
        assert (card["x"] is None) == (card["y"] is None) and (card["east"] is None) == (card["north"] is None)
