"""`wall`: cards that only the hub writes, through actions; clients read the map `cards` (rules CW in SPEC.md).

Every function here checks all it was given before it changes anything, so a refused change leaves no trace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pycrdt import Map

from crdt_docs.content.kind import Block, Doc, Kind, text_of, whole
from crdt_docs.content.order_key import key_between
from crdt_docs.content.wall_card import (
    CHANGEABLE,
    NOTHING_MORE,
    NOWHERE,
    check_body,
    check_places,
    read_more,
    strokes_of,
)
from crdt_docs.content.wall_layout import read_sections
from crdt_docs.content.wall_talk import Comment, Mark, comments, marks, put_talk_back, take_talk
from crdt_docs.errors import Absent, ContentError

CARDS = "cards"
MAX_CARDS = 2_000
"""A wall with more can't be read any more, and each card costs every phone that opens it."""

Card = dict[str, Any]
"""A Card of PROTOCOL.md."""

_WORDS = ("title", "text", "author_id", "author_name", "school_id", "position")
_TIMES = ("created_at_ms", "changed_at_ms")


def add_card(
    doc: Doc,
    *,
    card_id: str,
    title: str,
    text: str,
    tint: int,
    author_id: str,
    author_name: str,
    school_id: str,
    at_ms: int,
    **more: Any,
) -> Card:
    """Put a card at the end. The same author may repeat it with the same id and gets the card that is there.

    `more` are fields of `wall_card.NOTHING_MORE` and `NOWHERE`. Raise ContentError when a field does not fit, or the id
    belongs to somebody else's card.
    """
    check_body({"title": title, "text": text, "tint": tint, **more})
    check_places(more)
    _check_section(doc, more)
    if isinstance(_map(doc).get(card_id), Map):
        card = get_card(doc, card_id)
        if card["author_id"] == author_id:
            return card
        raise ContentError("There is another card with this id.", field="client_card_id")
    everything = _places(doc)
    if len(everything) >= MAX_CARDS:
        raise ContentError(f"A wall has at most {MAX_CARDS} cards.")
    position = key_between(everything[-1]["position"] if everything else None, None)
    _map(doc)[card_id] = Map(
        {
            "title": title,
            "text": text,
            "tint": tint,
            "author_id": author_id,
            "author_name": author_name,
            "school_id": school_id,
            "position": position,
            "created_at_ms": at_ms,
            "changed_at_ms": at_ms,
            **_said(more),
        }
    )
    return get_card(doc, card_id)


def change_card(doc: Doc, card_id: str, *, at_ms: int, **wanted: Any) -> Card:
    """Change what is given and not None, of `wall_card.CHANGEABLE`. Raise Absent or ContentError."""
    card = get_card(doc, card_id)
    changes = {key: wanted[key] for key in CHANGEABLE if wanted.get(key) is not None and wanted[key] != card[key]}
    check_body(card | changes)
    if changes:
        _write(doc, card_id, changes | {"changed_at_ms": at_ms})
    return get_card(doc, card_id)


def move_card(doc: Doc, card_id: str, after_card_id: str | None, *, at_ms: int) -> Card:
    """Put a card behind another one, or first. Raise Absent when either is gone."""
    get_card(doc, card_id)
    if after_card_id == card_id:
        raise ContentError("A card can't come after itself.", field="after_card_id")
    others = [card for card in _places(doc) if card["id"] != card_id]
    if after_card_id is None:
        place = 0
    else:
        places = [i for i, card in enumerate(others) if card["id"] == after_card_id]
        if not places:
            raise Absent("The card it should come after is gone.", field="after_card_id")
        place = places[0] + 1
    before = others[place - 1]["position"] if place else None
    after = others[place]["position"] if place < len(others) else None
    if before is not None and before == after:
        # Two processes gave two cards one place. Make room: move what follows, then try again.
        _spread(doc, others[place:], before)
        return move_card(doc, card_id, after_card_id, at_ms=at_ms)
    _write(doc, card_id, {"position": key_between(before, after), "changed_at_ms": at_ms})
    return get_card(doc, card_id)


def place_card(doc: Doc, card_id: str, places: Mapping[str, Any], *, at_ms: int) -> Card:
    """Give it these of its places, of `wall_card.NOWHERE`; None takes one away. Raise Absent or ContentError."""
    card = get_card(doc, card_id)
    wanted = {key: NOWHERE[key] if value is None else value for key, value in places.items()}
    changes = {key: value for key, value in wanted.items() if value != card[key]}
    check_places(card | changes)
    _check_section(doc, changes)
    if changes:
        _write(doc, card_id, changes | {"changed_at_ms": at_ms})
    return get_card(doc, card_id)


def remove_card(doc: Doc, card_id: str) -> dict[str, Any]:
    """With all that was said to it; returns what `put_back` needs. Raise Absent when it is gone already."""
    card = get_card(doc, card_id)
    del _map(doc)[card_id]
    return card | take_talk(doc, card_id)


def put_back(doc: Doc, kept: dict[str, Any]) -> None:
    """Put a card that was taken off where it was, unless one has its id by now. Raise ContentError on a full wall."""
    if kept["id"] in _map(doc):
        return
    if len(_map(doc)) >= MAX_CARDS:
        raise ContentError(f"A wall has at most {MAX_CARDS} cards.")
    _map(doc)[kept["id"]] = Map({**{key: kept[key] for key in ("tint", *_WORDS, *_TIMES)}, **_said(kept)})
    put_talk_back(doc, kept)


def rename_author(doc: Doc, card_id: str, name: str) -> None:
    """Call a card's author otherwise. Raise Absent."""
    get_card(doc, card_id)
    _write(doc, card_id, {"author_name": name})


def get_card(doc: Doc, card_id: str) -> Card:
    """Raise Absent."""
    value = _map(doc).get(card_id)
    if not isinstance(value, Map):
        raise Absent("This card is gone.", field="card_id")
    return _read(card_id, value)


def cards(doc: Doc) -> list[Card]:
    """In the wall's order; ids decide between two cards of one place, the same way everywhere."""
    found = [_read(card_id, value) for card_id, value in _map(doc).items() if isinstance(value, Map)]
    return sorted(found, key=lambda card: (card["position"], card["id"]))


def _places(doc: Doc) -> list[Card]:
    """`{id, position}` of all cards in the wall's order: a full wall is read for each new card."""
    found = [
        {"id": card_id, "position": text_of(value.get("position"))}
        for card_id, value in _map(doc).items()
        if isinstance(value, Map)
    ]
    return sorted(found, key=lambda card: (card["position"], card["id"]))


def blocks(doc: Doc) -> list[Block]:
    """Each card with what was said to it: of reactions, stars, votes and choices how many there are, not whose."""
    said: dict[str, list[Comment]] = {}
    for comment in comments(doc):
        said.setdefault(comment["card_id"], []).append(
            {key: value for key, value in comment.items() if key != "card_id"}
        )
    given: dict[str, list[Mark]] = {}
    for mark in marks(doc):
        given.setdefault(mark["card_id"], []).append(mark)
    titles = {section["id"]: section["title"] for section in read_sections(doc)}
    return [
        {
            "type": "card",
            **card,
            "drawing": strokes_of(card["drawing"]),
            "section_title": titles.get(card["section"], ""),
            "comments": said.get(card["id"], []),
            "marks": _counted(given.get(card["id"], [])),
        }
        for card in cards(doc)
    ]


def _counted(given: list[Mark]) -> dict[str, Any]:
    def count(name: str) -> dict[str, int]:
        return dict(sorted(Counter(mark[name] for mark in given if mark[name]).items()))

    return {
        "reactions": count("reaction"),
        "stars": {str(stars): times for stars, times in count("stars").items()},
        "votes": sum(mark["vote"] for mark in given),
        "choices": count("choice"),
    }


def start(doc: Doc, title: str) -> None:
    """A new wall is empty."""


def _map(doc: Doc) -> Any:
    return doc.get(CARDS, type=Map)


def _read(card_id: str, value: Any) -> Card:
    # At once: asked one by one, the fields of a full wall take a tenth of a second.
    found = value.to_py()
    card: Card = {"id": card_id, "tint": whole(found.get("tint"), 1)}
    card |= {key: text_of(found.get(key)) for key in _WORDS}
    card |= {key: whole(found.get(key)) for key in _TIMES}
    return card | read_more(found)


def _said(more: Mapping[str, Any]) -> dict[str, Any]:
    """What says something: a card of words is as small as it ever was."""
    everything = {**NOTHING_MORE, **NOWHERE}
    return {key: more[key] for key, nothing in everything.items() if key in more and more[key] not in (nothing, None)}


def _check_section(doc: Doc, places: Mapping[str, Any]) -> None:
    if (wanted := places.get("section")) and not any(each["id"] == wanted for each in read_sections(doc)):
        raise Absent("This column is gone.", field="section")


def _write(doc: Doc, card_id: str, values: dict[str, Any]) -> None:
    card = _map(doc)[card_id]
    for key, value in values.items():
        card[key] = value


def _spread(doc: Doc, following: list[Card], position: str) -> None:
    last = next((card["position"] for card in following if card["position"] > position), None)
    for card in following:
        if card["position"] != position:
            break
        position = key_between(position, last)
        _write(doc, card["id"], {"position": position})


KIND = Kind(name="wall", written_by="hub", write_act="write", start=start, blocks=blocks, has_talk=True)
