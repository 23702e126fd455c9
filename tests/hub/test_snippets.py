"""What is shown of a text that was found."""

from __future__ import annotations

from hub.snippets import LENGTH, excerpt, mark
from storage.words import terms_of


def test_what_was_looked_for_is_marked() -> None:
    assert mark("El río", terms_of("RIO")) == [("El ", False), ("río", True)]
    assert mark("Żółw", terms_of("zol")) == [("Żółw", True)]
    assert mark("one two three", terms_of('"two three" -one')) == [("one ", False), ("two three", True)]
    assert mark("<b>bold</b>", terms_of("bold")) == [("<b>", False), ("bold", True), ("</b>", False)]
    assert mark("nothing", terms_of("else")) == [("nothing", False)]
    assert mark("", terms_of("x")) == []


def test_the_excerpt_shows_where_the_words_stand_together() -> None:
    filler = "and so on " * 100
    text = f"bread {filler} milk with bread {filler} milk"
    parts = excerpt(text, terms_of("bread milk"))
    assert [part for part, is_hit in parts if is_hit] == ["milk", "bread"]
    assert parts[0] == ("… ", False) and parts[-1] == (" …", False)
    assert len("".join(part for part, _ in parts)) < LENGTH + 10


def test_without_a_hit_the_beginning_is_shown() -> None:
    assert excerpt("Short.", terms_of("title")) == [("Short.", False)]
    parts = excerpt("word " * 200, terms_of("title"))
    assert len(parts) == 2 and parts[0][0].startswith("word word") and parts[1] == (" …", False)
    assert excerpt("", terms_of("x")) == []


def test_the_pieces_are_the_text() -> None:
    text = "Las cigüeñas vuelan; las cigüeñas comen."
    assert "".join(part for part, _ in mark(text, terms_of("las cigu"))) == text
