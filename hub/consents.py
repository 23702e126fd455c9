"""What the consent ledger allows right now. Nothing that was not said counts as no; grown-ups speak for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from hub.access import Access
from hub.context import Context
from storage.records import Consent, Purpose, User, UserId

Kind = Literal["audio", "video"]
ALL: frozenset[Purpose] = frozenset(get_args(Purpose))
NEEDED_TO_SEND: dict[Kind, Purpose] = {"audio": "live_voice", "video": "live_camera"}
"""By the kind of a track, not by what its sender calls it: a camera may be announced as a screen."""


def holds(entry: Consent, now_ms: int) -> bool:
    return entry.granted and (entry.until_ms is None or now_ms < entry.until_ms)


async def read_allowed(context: Context, users: Iterable[User]) -> dict[UserId, frozenset[Purpose]]:
    """By user, what they consent to at this moment."""
    people = list(users)
    pupils = [user.id for user in people if user.kind == "pupil"]
    now_ms = context.now_ms()
    given: dict[UserId, set[Purpose]] = {user_id: set() for user_id in pupils}
    for entry in await context.storage.consents.newest(pupils) if pupils else []:
        if holds(entry, now_ms):
            given[entry.user_id].add(entry.purpose)
    return {user.id: frozenset(given[user.id]) if user.kind == "pupil" else ALL for user in people}


async def is_account_closed(context: Context, user: User) -> bool:
    """Whether the pupil's account rests: its consent was refused, withdrawn or has run out. An account that nobody has
    spoken of is open: the school made it for its lessons, which a family's word can end and need not begin."""
    if user.kind != "pupil":
        return False
    newest = await context.storage.consents.newest([user.id])
    return any(entry.purpose == "account" and not holds(entry, context.now_ms()) for entry in newest)


async def read_decided(context: Context, user_ids: Iterable[UserId]) -> dict[UserId, frozenset[Purpose]]:
    """By user, of which purposes anything is written down, yes or no."""
    wanted = list(user_ids)
    decided: dict[UserId, set[Purpose]] = {user_id: set() for user_id in wanted}
    for entry in await context.storage.consents.newest(wanted) if wanted else []:
        decided[entry.user_id].add(entry.purpose)
    return {user_id: frozenset(purposes) for user_id, purposes in decided.items()}


async def may_send(context: Context, user: User, access: Access) -> frozenset[Kind]:
    """The kinds of tracks that the user may publish now: what is consented to; nothing while a teacher mutes them."""
    if "speak" in access.member.muted:
        return frozenset()
    allowed = (await read_allowed(context, [user]))[user.id]
    return frozenset(kind for kind, purpose in NEEDED_TO_SEND.items() if purpose in allowed)


async def may_record(context: Context, user_id: UserId) -> bool:
    """Whether a recording may hold the user's voice and picture now. Ask again: a consent can end at any moment."""
    user = await context.storage.users.get_user(user_id)
    return "recording" in (await read_allowed(context, [user]))[user.id]


async def may_follow_links(context: Context, user: User) -> bool:
    """Whether the user is given the addresses of links to other tools. Who opens one is seen by its maker, and the hub
    can't go along: a pupil without the consent reads the captured copy."""
    return "external_tool" in (await read_allowed(context, [user]))[user.id]
