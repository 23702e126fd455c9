"""The digest: what somebody has not read yet, in one letter, at an hour and on a day that they chose."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from hub.context import Context
from hub.mail import Letter
from hub.notices import choice_of, free_days_of, is_quiet, is_school_day, zone_of
from hub.phrases import phrase
from hub.time_zones import local_time
from storage.records import Preferences, User

DIGEST_AT = datetime.time(7, 0)
"""In the reader's own time: before lessons begin. Later where the quiet hours last longer."""


@dataclass(frozen=True, slots=True)
class DigestLetter:
    since_ms: int
    until_ms: int
    secret: str


async def digest_is_due(context: Context, user: User, chosen: Preferences, now_ms: int) -> bool:
    """Once a day, or once a week on its first school day; never in quiet hours."""
    zone = await zone_of(context, user, chosen)
    local, last = local_time(now_ms, zone), local_time(chosen.digest_at_ms, zone)
    quiet = datetime.time.fromisoformat(chosen.quiet_from), datetime.time.fromisoformat(chosen.quiet_until)
    if local.time() < DIGEST_AT or is_quiet(local.time(), quiet) or last.date() >= local.date():
        return False
    if chosen.school_days_only and not is_school_day(local.date(), await free_days_of(context, user)):
        return False
    if chosen.digest == "weekly":
        return last.date() < local.date() - datetime.timedelta(days=local.weekday())
    return chosen.digest == "daily"


async def write_digest(context: Context, user: User, digest: DigestLetter) -> Letter | None:
    """None when everything was read in the meantime, or the reader does not want it any more."""
    chosen = await context.storage.preferences.get(user.id)
    if not user.email or user.state != "active" or chosen.digest == "off":
        return None
    found = await context.storage.notices.unread_since(user.id, digest.since_ms)
    notices = [notice for notice in found if notice.at_ms <= digest.until_ms and choice_of(chosen, notice.kind).mail]
    if not notices:
        return None
    titles = {space.id: space.title for space in await context.storage.twinspaces.of_user(user.id)}
    parts = []
    for twinspace_id in dict.fromkeys(notice.twinspace_id for notice in notices):
        counted = Counter(notice.kind for notice in notices if notice.twinspace_id == twinspace_id)
        head = titles.get(twinspace_id, "") if twinspace_id else ""
        lines = [f"  {phrase(f'digest_{kind}', user.language)}: {count}" for kind, count in counted.items()]
        parts.append("\n".join([*([head] if head else []), *lines]))
    url = f"{context.settings.base_url}/unsubscribe/{digest.secret}"
    text = phrase(
        "digest_text",
        user.language,
        name=user.display_name,
        notices="\n\n".join(parts),
        link=f"{context.settings.base_url}/desk",
        unsubscribe=url,
    )
    subject = phrase("digest_subject", user.language, count=str(len(notices)))
    return Letter(user.email, subject, text, user.language, unsubscribe_url=url)
