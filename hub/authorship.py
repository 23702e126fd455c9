"""Who wrote a content, with the school of each: for whoever shows or exports it."""

from __future__ import annotations

from dataclasses import dataclass

from hub.context import Context
from storage import ports
from storage.records import ContentId, SchoolId, UserId


@dataclass(frozen=True, slots=True)
class WrittenRun:
    text: str
    user_id: UserId | None
    """None: the hub itself wrote it."""
    school_id: SchoolId | None
    written_at_ms: int | None
    client_of: UserId | None
    """Another than `user_id`: it was only brought by them (rule AU3)."""


@dataclass(frozen=True, slots=True)
class ContentAuthorship:
    runs: tuple[WrittenRun, ...]
    characters_by_user: dict[UserId | None, int]
    characters_by_school: dict[SchoolId | None, int]


async def read_authorship(context: Context, content_id: ContentId) -> ContentAuthorship:
    """Ask only for who may read the content. It may take seconds for a long one. Raise HubError."""
    found = await context.live_docs.authorship(content_id)
    characters: dict[UserId | None, int] = {
        None if user_id is None else UserId(user_id): number for user_id, number in found.characters.items()
    }
    school_of: dict[str | None, SchoolId | None] = {None: None}
    for user_id in characters:
        if user_id is not None:
            school_of[user_id] = await _school(context, user_id)
    by_school: dict[SchoolId | None, int] = {}
    for user_id, number in characters.items():
        school_id = school_of[user_id]
        by_school[school_id] = by_school.get(school_id, 0) + number
    runs = tuple(
        WrittenRun(
            run.text,
            None if run.user_id is None else UserId(run.user_id),
            school_of[run.user_id],
            run.written_at_ms,
            None if run.client_of is None else UserId(run.client_of),
        )
        for run in found.runs
    )
    return ContentAuthorship(runs, characters, by_school)


async def _school(context: Context, user_id: UserId) -> SchoolId | None:
    try:
        return (await context.storage.users.get_user(user_id)).school_id
    except ports.NotFound:
        return None
