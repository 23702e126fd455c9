"""Versions of a rubric: each is a content of its own, sealed for good, and the next one starts with what it holds.

A version's id is that of the first, a colon and its number; ids that the hub draws have no colon.
"""

from __future__ import annotations

from storage.records import ContentId


def number_of(content_id: ContentId) -> int:
    _, _, number = content_id.rpartition(":")
    return int(number) if number.isdecimal() and ":" in content_id else 1


def first_id(content_id: ContentId) -> ContentId:
    return ContentId(content_id.rpartition(":")[0]) if number_of(content_id) > 1 else content_id


def version_id(content_id: ContentId, number: int) -> ContentId:
    """Of this or any version of the same rubric, the one with this number."""
    first = first_id(content_id)
    return first if number == 1 else ContentId(f"{first}:{number}")
