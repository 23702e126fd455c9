"""What is said to a wall's cards: rules CW5 to CW8."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map

from crdt_docs.content import wall, wall_talk
from crdt_docs.errors import Absent, ContentError
from tests.crdt_docs.test_content import add


def say(doc: Doc[Any], comment_id: str, card_id: str = "a", **fields: Any) -> dict[str, Any]:
    words: dict[str, Any] = {"text": "Nice", "author_id": "ana", "author_name": "Ana", "school_id": "s", "at_ms": 5}
    return wall_talk.add_comment(doc, comment_id=comment_id, card_id=card_id, **(words | fields))


def test_CW6_saying_again_returns_the_comment_that_is_there_and_takes_over_no_other() -> None:
    doc: Doc[Any] = Doc()
    first = say(doc, "k")
    state = doc.get_state()
    assert say(doc, "k", text="Other") == first and doc.get_state() == state
    for other in ({"author_id": "kuba"}, {"card_id": "b"}):
        with pytest.raises(ContentError) as refusal:
            say(doc, "k", **other)
        assert refusal.value.field == "client_comment_id"
    for text in (" \n", "x" * (wall_talk.MAX_COMMENT + 1)):
        with pytest.raises(ContentError):
            say(doc, "l", text=text)
        with pytest.raises(ContentError):
            wall_talk.change_comment(doc, "k", text=text, at_ms=6)
    assert doc.get_state() == state
    assert wall_talk.change_comment(doc, "k", text="Better", at_ms=6)["changed_at_ms"] == 6
    for absent in (
        lambda: wall_talk.change_comment(doc, "z", text="x", at_ms=1),
        lambda: wall_talk.remove_comment(doc, "z"),
        lambda: wall_talk.rename_commenter(doc, "z", "Z"),
    ):
        with pytest.raises(Absent):
            absent()


def test_CW6_a_card_has_so_many_comments_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall_talk, "MAX_COMMENTS", 2)
    doc: Doc[Any] = Doc()
    for comment_id in ("one", "two"):
        say(doc, comment_id)
    with pytest.raises(ContentError, match="at most 2"):
        say(doc, "three")
    say(doc, "three", "b")
    wall_talk.remove_comment(doc, "one")
    say(doc, "four")
    assert [comment["id"] for comment in wall_talk.comments(doc) if comment["card_id"] == "a"] == ["four", "two"]


def test_CW7_marks_are_one_of_each_and_one_that_says_nothing_is_gone() -> None:
    doc: Doc[Any] = Doc()
    wall_talk.set_mark(doc, "a", "ana", reaction="heart", stars=3)
    assert wall_talk.set_mark(doc, "a", "ana", reaction="clap", vote=True) == {
        "card_id": "a",
        "user_id": "ana",
        "reaction": "clap",
        "stars": 3,
        "vote": True,
        "choice": "",
    }
    state = doc.get_state()
    wrongs: tuple[dict[str, Any], ...] = ({"reaction": "rude"}, {"stars": 6}, {"stars": -1})
    for wrong in wrongs:
        with pytest.raises(ContentError):
            wall_talk.set_mark(doc, "a", "ana", **wrong)
    assert wall_talk.set_mark(doc, "a", "ana", stars=3)["stars"] == 3 and doc.get_state() == state
    wall_talk.set_mark(doc, "a", "ana", reaction="", stars=0, vote=False)
    assert wall_talk.marks(doc) == [] and len(doc.get("marks", type=Map)) == 0


def test_CW5_a_card_comes_back_with_all_that_was_said_to_it() -> None:
    doc: Doc[Any] = Doc()
    for card_id in "ab":
        add(doc, card_id)
        say(doc, f"k{card_id}", card_id)
        wall_talk.set_mark(doc, card_id, "ana", stars=2)
    before = wall.blocks(doc)
    kept = wall.remove_card(doc, "a")
    assert [block["id"] for block in wall.blocks(doc)] == ["b"]
    assert [comment["id"] for comment in wall_talk.comments(doc)] == ["kb"] and len(wall_talk.marks(doc)) == 1
    wall.put_back(doc, kept)
    assert wall.blocks(doc) == before
    assert before[0]["marks"] == {"reactions": {}, "stars": {"2": 1}, "votes": 0, "choices": {}}
    assert wall_talk.remove_marks(doc, "ana") == 2 and wall_talk.marks(doc) == []


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from("ab"), st.sampled_from(["ana", "kuba"])), max_size=12))
def test_CW8_two_processes_that_write_to_the_same_cards_lose_nothing(steps: list[tuple[int, str, str]]) -> None:
    docs: list[Doc[Any]] = [Doc(client_id=1), Doc(client_id=2)]
    for place, (side, card_id, user_id) in enumerate(steps):
        say(docs[side], f"k{place}", card_id, author_id=user_id)
        wall_talk.set_mark(docs[side], card_id, user_id, vote=True)
    for here, there in (docs, reversed(docs)):
        here.apply_update(there.get_update())
    assert wall_talk.comments(docs[0]) == wall_talk.comments(docs[1])
    assert {comment["id"] for comment in wall_talk.comments(docs[0])} == {f"k{place}" for place in range(len(steps))}
    given_by = {(mark["card_id"], mark["user_id"]) for mark in wall_talk.marks(docs[0])}
    assert given_by == {(card_id, user_id) for _, card_id, user_id in steps}
