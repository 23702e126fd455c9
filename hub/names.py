"""How people are called: the one place that says whether somebody of another school reads a pupil's first name.

Without the consent `first_name_to_partner` whoever is not of the pupil's school reads a pseudonym, `Olive 482`. What
answers one person carries the names that this person may read (`read_people`); what goes to many at once, or is kept
where many read it, carries the name for everybody (`outward`), and pages of the pupil's own school know who that is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from hub.class_keys import words_of
from hub.consents import read_allowed
from hub.context import Context
from hub.roster import read_users
from storage.records import User, UserId


def pseudonym(user: User) -> str:
    """Always the same for a person, and told by nothing but their id."""
    digest = hashlib.sha256(f"pseudonym of {user.id}".encode()).digest()
    words = words_of("en")
    word = words[int.from_bytes(digest[:4], "big") % len(words)]
    number = 100 + int.from_bytes(digest[4:8], "big") % 900
    return f"{word.capitalize()} {number}"


def _has_first_name(user: User) -> bool:
    """Who was erased is called by their school already."""
    return user.kind == "pupil" and not user.name.startswith("erased:")


async def outward(context: Context, user: User) -> User:
    """The user as everybody may call them, of whatever school."""
    return (await outward_all(context, [user]))[user.id]


async def outward_all(context: Context, users: Iterable[User]) -> dict[UserId, User]:
    people = {user.id: user for user in users}
    pupils = [user for user in people.values() if _has_first_name(user)]
    allowed = await read_allowed(context, pupils) if pupils else {}
    return {
        user.id: replace(user, display_name=pseudonym(user))
        if user.id in allowed and "first_name_to_partner" not in allowed[user.id]
        else user
        for user in people.values()
    }


async def read_people(context: Context, viewer: User, user_ids: Iterable[UserId]) -> dict[UserId, User]:
    """`read_users`, each called as the viewer may call them: those of one's own school by their names."""
    users = await read_users(context.storage, user_ids)
    return await as_called_by(context, viewer, users.values())


async def as_called_by(context: Context, viewer: User, users: Iterable[User]) -> dict[UserId, User]:
    people = list(users)
    others = [user for user in people if user.school_id != viewer.school_id or viewer.kind == "guest"]
    called = await outward_all(context, others)
    return {user.id: called.get(user.id, user) for user in people}
