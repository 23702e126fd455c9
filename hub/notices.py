"""Tells people things: in the page at once, by push where they allowed it, by digest for those with an address.

`await notify(context, user_ids, "plan", …)` is all that an action does. A new kind is one line in KINDS, its words in
the client's catalogue (`notice_KIND`) and in phrases.toml (`digest_KIND`).
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.access import Act, acts_of
from hub.context import Context
from hub.payloads.notices import DeskChanged, KindChosen, Notice
from hub.roster import read_users
from hub.time_zones import local_time, zone_of_country
from storage import records
from storage.records import Delivery, Preferences, TwinspaceId, User, UserId

MINUTE_MS = 60_000
PUSH_LIFE_MS = 12 * 60 * MINUTE_MS
"""A push that could not be given for so long is not given any more: what it tells is in the page."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of notice is told to who never chose."""

    mail: bool = True
    """In the digest."""
    push: bool = False


KINDS: dict[str, Kind] = {
    "meeting_planned": Kind(mail=True, push=True),
    "meeting_changed": Kind(mail=True, push=True),
    "meeting_cancelled": Kind(mail=True, push=True),
    "meeting_soon": Kind(mail=False, push=True),
    "plan": Kind(),
    "phase": Kind(),
    "succession": Kind(),
    "flag": Kind(push=True),
    "approval": Kind(),
    "mentioned": Kind(),
    "answered": Kind(),
    "refused": Kind(),
    "assess": Kind(push=True),
    "assess_soon": Kind(mail=False, push=True),
    "assess_shown": Kind(),
}

NIGHT_FOR_MINORS = (datetime.time(20, 0), datetime.time(7, 0))
"""Whatever a pupil chose: between these nothing is pushed to a pupil."""


@dataclass(frozen=True, slots=True)
class Choice:
    page: bool
    mail: bool
    push: bool


def choice_of(preferences: Preferences, kind: str) -> Choice:
    default, chosen = KINDS[kind], preferences.kinds.get(kind, {})
    return Choice(chosen.get("page", True), chosen.get("mail", default.mail), chosen.get("push", default.push))


def choices_of(preferences: Preferences) -> list[KindChosen]:
    chosen = {kind: choice_of(preferences, kind) for kind in KINDS}
    return [KindChosen(kind=kind, page=each.page, mail=each.mail, push=each.push) for kind, each in chosen.items()]


async def notify(
    context: Context,
    user_ids: Iterable[UserId],
    kind: str,
    *,
    subject_id: str,
    details: Mapping[str, Any],
    twinspace_id: TwinspaceId | None = None,
) -> None:
    """Tell these people, each as they chose. `details` are what the words need: titles and names, never texts."""
    storage, now_ms = context.storage, context.now_ms()
    wanted = list(dict.fromkeys(user_ids))
    preferences = await storage.preferences.of_users(wanted)
    told = [user_id for user_id in wanted if choice_of(preferences[user_id], kind).page]
    stored = await storage.notices.add(
        told, kind=kind, twinspace_id=twinspace_id, subject_id=subject_id, details=dict(details), at_ms=now_ms
    )
    for notice in stored:
        await context.announce.to_user(notice.user_id, "notice:added", Notice.of(notice))
    await _push(context, told, preferences, kind, subject_id, now_ms)


async def tell_desk(context: Context, user_ids: Iterable[UserId], source: str) -> None:
    """Something on these people's desks is another: whoever looks at one sees it at once."""
    for user_id in dict.fromkeys(user_ids):
        await context.announce.to_user(user_id, "desk:changed", DeskChanged(source=source))


async def tell_desks(context: Context, twinspace_id: TwinspaceId, act: Act, source: str) -> None:
    """On the desks of everybody who may do this in the TwinSpace, something is another."""
    twinspace = await context.storage.twinspaces.get(twinspace_id)
    members = await context.storage.twinspaces.members(twinspace_id)
    await tell_desk(
        context, [member.user_id for member in members if act in acts_of(member.role, twinspace.phase)], source
    )


async def _push(
    context: Context,
    user_ids: list[UserId],
    preferences: Mapping[UserId, Preferences],
    kind: str,
    subject_id: str,
    now_ms: int,
) -> None:
    """Queue a push for every browser; it says the kind alone, never a name, a title or a text."""
    if not context.settings.push_services:
        return
    willing = [user_id for user_id in user_ids if choice_of(preferences[user_id], kind).push]
    browsers = await context.storage.deliveries.subscriptions(willing, now_ms)
    if not browsers:
        return
    users = await read_users(context.storage, [browser.user_id for browser in browsers])
    waiting = []
    for browser in browsers:
        user = users[browser.user_id]
        zone = await zone_of(context, user, preferences[user.id])
        due_ms = next_allowed_ms(now_ms, zone, preferences[user.id], user.kind, await free_days_of(context, user))
        if due_ms - now_ms > PUSH_LIFE_MS:
            continue
        data = {"endpoint": browser.endpoint, "kind": kind, "until_ms": due_ms + PUSH_LIFE_MS}
        waiting.append(Delivery(secrets.token_urlsafe(12), "push", user.id, data, due_ms))
    await context.storage.deliveries.queue(waiting)


async def zone_of(context: Context, user: User, preferences: Preferences | None = None) -> str:
    """The time zone somebody lives in: chosen in the account, or that of the school's country."""
    chosen = preferences or await context.storage.preferences.get(user.id)
    if chosen.time_zone:
        return chosen.time_zone
    return zone_of_country((await context.storage.users.get_school(user.school_id)).country)


async def free_days_of(context: Context, user: User) -> list[records.FreeDays]:
    return await context.storage.plan.free_days([user.school_id])


def is_school_day(day: datetime.date, free_days: Iterable[records.FreeDays]) -> bool:
    iso = day.isoformat()
    return day.weekday() < 5 and not any(days.starts_on <= iso <= days.ends_on for days in free_days)


def is_quiet(clock: datetime.time, quiet: tuple[datetime.time, datetime.time]) -> bool:
    """Whether the clock is within the quiet hours, which may go across midnight."""
    begins, ends = quiet
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


def next_allowed_ms(
    now_ms: int, zone: str, preferences: Preferences, kind: records.UserKind, free_days: Iterable[records.FreeDays]
) -> int:
    """When somebody may next be disturbed, now or later; for pupils never at night and on school days alone."""
    own = datetime.time.fromisoformat(preferences.quiet_from), datetime.time.fromisoformat(preferences.quiet_until)
    quiets = [own, NIGHT_FOR_MINORS] if kind == "pupil" else [own]
    days_off = list(free_days)
    only_school_days = preferences.school_days_only or kind == "pupil"
    at_ms = now_ms
    for _ in range(60 * 24 * 4):
        local = local_time(at_ms, zone)
        allowed_day = not only_school_days or is_school_day(local.date(), days_off)
        if allowed_day and not any(is_quiet(local.time(), quiet) for quiet in quiets):
            return at_ms
        # On to the next quarter: every zone and every quiet hour is read off the clock, none is computed.
        at_ms = (at_ms // (15 * MINUTE_MS) + 1) * 15 * MINUTE_MS
    return at_ms
