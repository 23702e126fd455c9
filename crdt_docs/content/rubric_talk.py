"""`rubric_talk`: what people say to a rubric while they negotiate it (rules CT in SPEC.md). The hub alone writes it.

The rubric itself is everybody's to write, so whose a word in it is nobody could be sure of. Comments are those of walls
(`wall_talk`); what stands for the card is the criterion, or the criterion and the level that is meant.
"""

from __future__ import annotations

from pycrdt import Map

from crdt_docs.content.kind import Block, Doc, Kind
from crdt_docs.content.wall_talk import COMMENTS, comments


def place_of(criterion_id: str, level_id: str | None) -> str:
    """The `card_id` of a comment on this criterion, or on what a level means for it. No id has a bar in it."""
    return criterion_id if level_id is None else f"{criterion_id}|{level_id}"


def read_place(card_id: str) -> tuple[str, str | None]:
    criterion_id, bar, level_id = card_id.partition("|")
    return criterion_id, level_id if bar else None


def blocks(doc: Doc) -> list[Block]:
    return [{"type": "comment", **comment} for comment in comments(doc)]


def start(doc: Doc, title: str) -> None:
    doc.get(COMMENTS, type=Map)


KIND = Kind(
    name="rubric_talk", written_by="hub", write_act="write", start=start, blocks=blocks, is_part=True, has_talk=True
)
