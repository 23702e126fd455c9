"""What is said to a rubric while it is negotiated: a content of its own beside the rubric, which the hub alone writes.

So the gate, hiding, erasing and copies work as on walls, whose comments these are. With the seal it is closed for good.
"""

from __future__ import annotations

import re

from crdt_docs.content import rubric, rubric_talk, wall
from hub.content_parts import part_id, whole_id
from hub.context import Context
from hub.errors import NotFound
from hub.sealing import is_sealed
from storage import ports, records
from storage.records import Content, ContentId

KIND = rubric_talk.KIND.name
_OF_A_VERSION = re.compile(r"([^:]+:\d+\.\d+):(.+)")
"""Ids of later versions of a rubric have a colon of their own."""


def talk_id(rubric_id: ContentId) -> ContentId:
    return part_id(rubric_id, 1)


async def find_talk(context: Context, content: Content) -> Content | None:
    """None until somebody says something to this rubric."""
    try:
        return await context.storage.contents.get(talk_id(content.id))
    except ports.NotFound:
        return None


async def begin_talk(context: Context, content: Content) -> tuple[Content, bool]:
    """The rubric's talk, and whether it is new."""
    if (known := await find_talk(context, content)) is not None:
        return known, False
    talk = records.Content(
        id=talk_id(content.id),
        twinspace_id=content.twinspace_id,
        kind=KIND,
        title=content.title,
        created_by=content.created_by,
        created_at_ms=context.now_ms(),
        changed_at_ms=context.now_ms(),
        visibility=content.visibility,
        team_id=content.team_id,
        school_id=content.school_id,
    )
    try:
        await context.storage.contents.add(talk)
    except ports.Conflict:
        return await context.storage.contents.get(talk.id), False
    return talk, True


async def is_closed(context: Context, content: Content) -> bool:
    """Whether nothing can be said or changed in this talk any more; what is no rubric's talk never closes."""
    return content.kind == KIND and await is_sealed(context, whole_id(content.id))


async def read_places(context: Context, rubric_id: ContentId) -> dict[str, wall.Card]:
    """What a comment can be on, under its `card_id`, as the gate shows cards: with its words as the title."""
    found = await context.live_docs.read(rubric_id, rubric.KIND.name, rubric.definition)
    places: dict[str, wall.Card] = {}
    for criterion in found["criteria"]:
        words = {rubric_talk.place_of(criterion["id"], None): criterion["label"]}
        for level in found["levels"]:
            names = filter(None, (criterion["label"], level["label"]))
            words[rubric_talk.place_of(criterion["id"], level["id"])] = " · ".join(names)
        places |= {card_id: _place(card_id, title) for card_id, title in words.items()}
    return places


def _place(card_id: str, title: str) -> wall.Card:
    words = dict.fromkeys(("text", "author_id", "author_name", "school_id", "position"), "")
    return {"id": card_id, "title": title, "tint": 1, "created_at_ms": 0, "changed_at_ms": 0, **words}


async def locate_comment(context: Context, subject_id: str) -> tuple[Content, str]:
    """The content and the comment that `<content>:<comment>` names. Raise NotFound."""
    first, _, comment_id = subject_id.partition(":")
    found = await _get(context, first)
    if found.kind == rubric.KIND.name and (named := _OF_A_VERSION.fullmatch(subject_id)) is not None:
        found, comment_id = await _get(context, named[1]), named[2]
    return found, comment_id


async def _get(context: Context, content_id: str) -> Content:
    try:
        return await context.storage.contents.get(ContentId(content_id))
    except ports.NotFound:
        raise NotFound from None
