"""Contents that belong to another and are never shown alone: sheets that schools fill in together, and
what is said to a rubric.

A part's id is that of the whole, a dot and a number; its rung is kept the same, and hiding the whole hides it.
"""

from __future__ import annotations

from hub.context import Context
from storage.records import Content, ContentId


def part_id(whole_id: ContentId, number: int) -> ContentId:
    return ContentId(f"{whole_id}.{number}")


def whole_id(content_id: ContentId) -> ContentId:
    """The id itself, of what is no part."""
    return ContentId(content_id.partition(".")[0])


def number_of(part: ContentId) -> int:
    """Of a part's id; ValueError for what is none."""
    return int(part.partition(".")[2])


async def is_hidden(context: Context, content: Content) -> bool:
    ids = {content.id, whole_id(content.id)}
    return any([await context.storage.safety.is_hidden(content.twinspace_id, "content", each) for each in ids])
