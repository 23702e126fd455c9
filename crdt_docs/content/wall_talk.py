"""What people say to cards: comments, reactions, stars, votes. Written by the hub alone, like the cards (CW6, CW7).

They lie in maps of their own beside the cards, under ids that two processes can't both make new, so nothing that is
written at the same moment in two places is lost.
"""

from __future__ import annotations

from typing import Any

from pycrdt import Map

from crdt_docs.content.kind import Doc, text_of, whole
from crdt_docs.errors import Absent, ContentError

COMMENTS, MARKS = "comments", "marks"
MAX_COMMENT = 1_000
MAX_COMMENTS = 100
"""On one card."""
REACTIONS = ("heart", "clap", "laugh", "wow", "think", "thanks")
MAX_STARS = 5

Comment = dict[str, Any]
"""A Comment of PROTOCOL.md."""
Mark = dict[str, Any]
"""What one person gave one card: `{card_id, user_id, reaction, stars, vote, choice}`."""

_WORDS = ("card_id", "text", "author_id", "author_name", "school_id")
_TIMES = ("created_at_ms", "changed_at_ms")


def add_comment(
    doc: Doc,
    *,
    comment_id: str,
    card_id: str,
    text: str,
    author_id: str,
    author_name: str,
    school_id: str,
    at_ms: int,
) -> Comment:
    """The same author may repeat it with the same id and gets the comment that is there.

    The caller has looked whether the card is there. Raise ContentError.
    """
    check_comment(text)
    found = _map(doc, COMMENTS).get(comment_id)
    if isinstance(found, Map):
        comment = _read(comment_id, found)
        if (comment["author_id"], comment["card_id"]) == (author_id, card_id):
            return comment
        raise ContentError("There is another comment with this id.", field="client_comment_id")
    if sum(each["card_id"] == card_id for each in comments(doc)) >= MAX_COMMENTS:
        raise ContentError(f"A card has at most {MAX_COMMENTS} comments.")
    _map(doc, COMMENTS)[comment_id] = Map(
        {
            "card_id": card_id,
            "text": text,
            "author_id": author_id,
            "author_name": author_name,
            "school_id": school_id,
            "created_at_ms": at_ms,
            "changed_at_ms": at_ms,
        }
    )
    return get_comment(doc, comment_id)


def change_comment(doc: Doc, comment_id: str, *, text: str, at_ms: int) -> Comment:
    """Raise Absent or ContentError."""
    comment = get_comment(doc, comment_id)
    check_comment(text)
    if text != comment["text"]:
        value = _map(doc, COMMENTS)[comment_id]
        value["text"], value["changed_at_ms"] = text, at_ms
    return get_comment(doc, comment_id)


def remove_comment(doc: Doc, comment_id: str) -> None:
    """Raise Absent when it is gone already."""
    get_comment(doc, comment_id)
    del _map(doc, COMMENTS)[comment_id]


def put_comment_back(doc: Doc, comment: Comment) -> None:
    """Put one that was taken off where it was, unless one has its id by now."""
    if comment["id"] not in _map(doc, COMMENTS):
        _map(doc, COMMENTS)[comment["id"]] = Map({key: comment[key] for key in (*_WORDS, *_TIMES)})


def rename_commenter(doc: Doc, comment_id: str, name: str) -> None:
    """Raise Absent."""
    get_comment(doc, comment_id)
    _map(doc, COMMENTS)[comment_id]["author_name"] = name


def get_comment(doc: Doc, comment_id: str) -> Comment:
    """Raise Absent."""
    value = _map(doc, COMMENTS).get(comment_id)
    if not isinstance(value, Map):
        raise Absent("This comment is gone.", field="comment_id")
    return _read(comment_id, value)


def comments(doc: Doc) -> list[Comment]:
    """Of all cards, oldest first."""
    found = [_read(key, value) for key, value in _map(doc, COMMENTS).items() if isinstance(value, Map)]
    return sorted(found, key=lambda comment: (comment["created_at_ms"], comment["id"]))


def set_mark(
    doc: Doc,
    card_id: str,
    user_id: str,
    *,
    reaction: str | None = None,
    stars: int | None = None,
    vote: bool | None = None,
    choice: str | None = None,
) -> Mark:
    """Give a card what is not None, or take it back with `""`, 0 or False. Raise ContentError.

    The caller has looked whether the card is there, and whether it has such a choice.
    """
    if reaction and reaction not in REACTIONS:
        raise ContentError(f"Reactions are {', '.join(REACTIONS)}.", field="reaction")
    if stars is not None and not 0 <= stars <= MAX_STARS:
        raise ContentError(f"A card gets 1 to {MAX_STARS} stars, or 0 for none.", field="stars")
    former = get_mark(doc, card_id, user_id)
    wanted = {"reaction": reaction, "stars": stars, "vote": vote, "choice": choice}
    changes = {key: value for key, value in wanted.items() if value is not None and value != former[key]}
    mark, key = former | changes, _key(card_id, user_id)
    if changes and not any(mark[name] for name in wanted):
        del _map(doc, MARKS)[key]
    elif changes and isinstance(value := _map(doc, MARKS).get(key), Map):
        for name, given in changes.items():
            value[name] = given
    elif changes:
        _map(doc, MARKS)[key] = Map(mark)
    return mark


def get_mark(doc: Doc, card_id: str, user_id: str) -> Mark:
    """What the person gave the card, or a mark that says nothing."""
    value = _map(doc, MARKS).get(_key(card_id, user_id))
    return _read_mark(card_id, user_id, value if isinstance(value, Map) else {})


def marks(doc: Doc) -> list[Mark]:
    found = []
    for value in _map(doc, MARKS).values():
        if isinstance(value, Map):
            found.append(_read_mark(text_of(value.get("card_id")), text_of(value.get("user_id")), value))
    return found


def remove_marks(doc: Doc, user_id: str) -> int:
    """All that somebody gave; returns how many."""
    own = [mark for mark in marks(doc) if mark["user_id"] == user_id]
    for mark in own:
        del _map(doc, MARKS)[_key(mark["card_id"], user_id)]
    return len(own)


def take_talk(doc: Doc, card_id: str) -> dict[str, Any]:
    """Take off all that was said to a card; returns what `put_talk_back` needs."""
    said = [comment for comment in comments(doc) if comment["card_id"] == card_id]
    given = [mark for mark in marks(doc) if mark["card_id"] == card_id]
    for comment in said:
        del _map(doc, COMMENTS)[comment["id"]]
    for mark in given:
        del _map(doc, MARKS)[_key(card_id, mark["user_id"])]
    return {"comments": said, "marks": given}


def put_talk_back(doc: Doc, talk: dict[str, Any]) -> None:
    for comment in talk.get("comments", ()):
        put_comment_back(doc, comment)
    for mark in talk.get("marks", ()):
        key = _key(mark["card_id"], mark["user_id"])
        if key not in _map(doc, MARKS):
            _map(doc, MARKS)[key] = Map(mark)


def check_comment(text: str) -> None:
    """Raise ContentError."""
    if not text.strip():
        raise ContentError("A comment says something.", field="text")
    if len(text) > MAX_COMMENT:
        raise ContentError(f"A comment has at most {MAX_COMMENT} characters.", field="text")


def _map(doc: Doc, name: str) -> Any:
    return doc.get(name, type=Map)


def _key(card_id: str, user_id: str) -> str:
    # No id has a space in it.
    return f"{card_id} {user_id}"


def _read(comment_id: str, value: Any) -> Comment:
    comment: Comment = {"id": comment_id}
    comment |= {key: text_of(value.get(key)) for key in _WORDS}
    return comment | {key: whole(value.get(key)) for key in _TIMES}


def _read_mark(card_id: str, user_id: str, value: Any) -> Mark:
    return {
        "card_id": card_id,
        "user_id": user_id,
        "reaction": text_of(value.get("reaction")),
        "stars": whole(value.get("stars")),
        "vote": value.get("vote") is True,
        "choice": text_of(value.get("choice")),
    }
