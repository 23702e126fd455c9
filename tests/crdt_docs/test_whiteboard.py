"""The rules CB of SPEC.md: what is read of a board that anybody may have written anything into, and who made it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from crdt_docs.content import whiteboard
from crdt_docs.content.plain_text import plain_text
from crdt_docs.content.polyline import pack, unpack
from crdt_docs.limits import Limits
from crdt_docs.makers import makers

NUMBERS = st.integers(-(1 << 28), 1 << 28)


def put(doc: Doc[Any], object_id: str, fields: dict[str, Any]) -> None:
    doc.get("objects", type=Map)[object_id] = Map(fields)


def board() -> Doc[Any]:
    doc: Doc[Any] = Doc(client_id=1)
    whiteboard.start(doc, "Our river")
    look = {"type": "pen", "tint": 2, "width": 4, "pressed": True}
    first, second = pack([(10, 20, 16), (12, 19, 20)], (0, 0, 0)), pack([(15, 25, 31)], (12, 19, 20))
    put(doc, "a", {"look": look, "points": Array([first, second]), "order": "a1"})
    note = {"type": "note", "tint": 3, "width": 20}
    put(doc, "b", {"look": note, "box": [0, 0, 200, 150], "words": Text("Otters live here"), "order": "a0"})
    return doc


def test_CB1_objects_are_read_from_the_lowest_up_and_strokes_grow_in_parts() -> None:
    note, stroke = whiteboard.objects(board())
    assert (note.id, note.type, note.text, note.box) == ("b", "note", "Otters live here", (0, 0, 200, 150))
    assert stroke.points == ((10, 20, 16), (12, 19, 20), (15, 25, 31)) and stroke.box is None


def test_CB3_blocks_are_whole_numbers_and_words_are_found() -> None:
    blocks = whiteboard.blocks(board())
    assert blocks[1] == {
        "type": "drawn",
        "id": "a",
        "shape": "pen",
        "tint": 2,
        "width": 4,
        "points": [10, 20, 16, 12, 19, 20, 15, 25, 31],
    }
    assert plain_text(blocks) == "Otters live here"


def test_CB2_what_is_no_object_is_left_out_and_the_rest_is_put_into_bounds() -> None:
    doc = board()
    kept = doc.get("objects", type=Map)
    kept["text"] = "no object"
    kept["empty"] = Map({})
    put(doc, "unknown", {"look": {"type": "hologram"}, "box": [0, 0, 1, 1]})
    put(doc, "nowhere", {"look": {"type": "rectangle"}})
    put(doc, "short", {"look": {"type": "rectangle"}, "box": [1, 2]})
    put(doc, "words", {"look": {"type": "rectangle"}, "box": ["1", 2, 3, 4]})
    put(doc, "blind", {"look": {"type": "picture"}, "box": [0, 0, 9, 9]})
    put(doc, "dots", {"look": {"type": "pen"}, "points": Array([3, "\n", "__"])})
    put(doc, "far", {"look": {"type": "ellipse", "tint": 99, "width": -3}, "box": [1e12, -5.5, 1e300, 7], "order": 4})
    found = {each.id: each for each in whiteboard.objects(doc)}
    assert set(found) == {"a", "b", "far"}
    assert (found["far"].tint, found["far"].width, found["far"].order) == (6, 1, "")
    assert found["far"].box == (1_000_000, -5, 0, 7)


def test_CB4_who_put_an_object_there_is_read_from_the_state() -> None:
    doc = board()
    other: Doc[Any] = Doc(client_id=2)
    other.apply_update(doc.get_update())
    put(other, "c", {"look": {"type": "line", "tint": 1, "width": 4}, "box": [0, 0, 5, 5]})
    # Moved by another hand, it stays its maker's; put there anew, it is another's; taken off, nobody's.
    other.get("objects", type=Map)["a"]["box"] = [1, 1, 2, 2]
    put(other, "b", {"look": {"type": "text"}, "box": [0, 0, 5, 5]})
    put(other, "d", {"look": {"type": "text"}, "box": [0, 0, 5, 5]})
    del other.get("objects", type=Map)["d"]
    assert makers(other.get_update(), "objects", Limits()) == {"a": 1, "b": 2, "c": 2}
    assert whiteboard.remove_objects(other, ["a", "none"]) == 1
    assert makers(other.get_update(), "objects", Limits()) == {"b": 2, "c": 2}


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=30), st.integers(0, 30))
def test_CB1_packed_in_parts_is_what_was_drawn(points: list[tuple[int, int]], cut: int) -> None:
    before = points[:cut]
    text = pack(before, (0, 0)) + pack(points[cut:], before[-1] if before else (0, 0))
    assert unpack(text, 2, 100) == points


@given(st.text(max_size=60))
def test_CB2_any_text_can_be_unpacked(text: str) -> None:
    assert len(unpack(text, 3, 5)) <= 5


def test_a_point_near_the_one_before_takes_two_characters() -> None:
    assert len(pack([(7, -9), (9, -3), (-6, 12)], (0, 0))) == 6
