"""Real-time text: edits in step, and the whole line for who is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Conflict, Invalid, NotFound
from hub.lesson.live_text import MOST_CHARACTERS, LiveText


def write(live: LiveText, revision: int, at: int, removed: int, inserted: str, line_id: str = "l") -> str:
    return live.edit("p", "", line_id, revision, at=at, removed=removed, inserted=inserted, now_ms=revision).text


def difference(former: str, text: str) -> tuple[int, int, str]:
    """As the client finds it."""
    start = 0
    while start < min(len(former), len(text)) and former[start] == text[start]:
        start += 1
    end = 0
    while end < min(len(former), len(text)) - start and former[-1 - end] == text[-1 - end]:
        end += 1
    return start, len(former) - start - end, text[start : len(text) - end]


@given(st.lists(st.text(alphabet="aąb 🎈", max_size=12), min_size=1, max_size=12))
def test_whoever_applies_the_edits_reads_what_was_typed(texts: list[str]) -> None:
    live, former = LiveText(), ""
    for revision, text in enumerate(texts, 1):
        assert write(live, revision, *difference(former, text)) == text
        former = text
    (line,) = live.lines()
    assert (line.text, line.revision, line.begun_at_ms) == (texts[-1], len(texts), 1)


def test_letters_that_are_taken_back_go() -> None:
    live = LiveText()
    assert [write(live, n, *edit) for n, edit in enumerate([(0, 0, "helo"), (3, 1, ""), (3, 0, "lo")], 1)] == [
        "helo",
        "hel",
        "hello",
    ]


def test_who_missed_an_edit_says_the_whole_line() -> None:
    live = LiveText()
    write(live, 1, 0, 0, "he")
    for revision in (1, 3):
        with pytest.raises(Conflict):
            write(live, revision, 2, 0, "y")
    assert live.replace("p", "", "l", 3, text="hey", now_ms=9).text == "hey"
    assert write(live, 4, 3, 0, "!") == "hey!"
    with pytest.raises(Conflict):
        live.replace("p", "", "l", 2, text="old", now_ms=9)


def test_an_edit_stays_inside_its_line() -> None:
    live = LiveText()
    write(live, 1, 0, 0, "abc")
    for at, removed in ((4, 0), (2, 2)):
        with pytest.raises(Invalid):
            write(live, 2, at, removed, "x")
    with pytest.raises(Invalid):
        write(live, 2, 3, 0, "x" * MOST_CHARACTERS)
    assert [line.text for line in live.lines()] == ["abc"]


def test_each_language_and_person_has_a_line_of_their_own() -> None:
    live = LiveText()
    write(live, 1, 0, 0, "me")
    for peer, language in (("p", "es"), ("q", "es")):
        live.edit(peer, language, "l", 1, at=0, removed=0, inserted=peer, now_ms=2)
    assert sorted(line.text for line in live.lines()) == ["me", "p", "q"]
    live.keep_only({"p"})
    assert sorted(line.text for line in live.lines()) == ["me", "p"]
    assert live.end("p", "es", "l").text == "p"
    with pytest.raises(NotFound):
        live.end("p", "es", "l")
    # Another line takes the place of one that was never finished.
    assert write(live, 1, 0, 0, "new", line_id="m") == "new"
    assert [line.text for line in live.lines()] == ["new"]
