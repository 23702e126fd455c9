"""Who wrote a content, with the school of each: for whoever shows or exports it."""

from __future__ import annotations

from dataclasses import dataclass

from hub.context import Context
from storage import ports
from storage.records import ContentId, SchoolId, User, UserId


@dataclass(frozen=True, slots=True)
class WrittenRun:
    text: str
    user_id: UserId | None
    """None: the hub itself wrote it."""
    school_id: SchoolId | None
    written_at_ms: int | None
    client_of: UserId | None
    """Another than `user_id`: it was only brought by them (rule AU3)."""
    begins_text: bool
    """It is the first of its text: of a paragraph, say."""


@dataclass(frozen=True, slots=True)
class ContentAuthorship:
    runs: tuple[WrittenRun, ...]
    users: tuple[User, ...]
    """Whoever is named in a run and still has an account."""
    characters_by_user: dict[UserId | None, int]
    characters_by_school: dict[SchoolId | None, int]


async def read_authorship(context: Context, content_id: ContentId) -> ContentAuthorship:
    """Ask only for who may read the content. It may take seconds for a long one. Raise HubError."""
    found = await context.live_docs.authorship(content_id)
    characters: dict[UserId | None, int] = {
        None if user_id is None else UserId(user_id): number for user_id, number in found.characters.items()
    }
    named = {*characters, *(UserId(run.client_of) for run in found.runs if run.client_of is not None)}
    users = [user for user_id in named if user_id is not None and (user := await _user(context, user_id)) is not None]
    school_of: dict[str | None, SchoolId | None] = {user.id: user.school_id for user in users}
    by_school: dict[SchoolId | None, int] = {}
    for user_id, number in characters.items():
        school_id = school_of.get(user_id)
        by_school[school_id] = by_school.get(school_id, 0) + number
    runs = tuple(
        WrittenRun(
            run.text,
            None if run.user_id is None else UserId(run.user_id),
            school_of.get(run.user_id),
            run.written_at_ms,
            None if run.client_of is None else UserId(run.client_of),
            run.begins_text,
        )
        for run in found.runs
    )
    return ContentAuthorship(runs, tuple(users), characters, by_school)


async def _user(context: Context, user_id: UserId) -> User | None:
    try:
        return await context.storage.users.get_user(user_id)
    except ports.NotFound:
        return None
