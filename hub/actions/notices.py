"""One's notices, how one wants to be told, one's private calendar address, and the browsers that take pushes."""

from __future__ import annotations

import html
import secrets
from dataclasses import replace

from hub.auth import SECRET_BYTES, hash_login_secret
from hub.calendar_files import CONTENT_TYPE, calendar_file
from hub.context import Caller, Context, Session
from hub.errors import Invalid, NotFound
from hub.invitations import calendar_meeting
from hub.notices import KINDS, choices_of, zone_of
from hub.payloads.fields import Nothing
from hub.payloads.notices import (
    CalendarFeed,
    ChangePreferences,
    FeedRef,
    MailSecret,
    MarkRead,
    Notice,
    Notices,
    Preferences,
    ReadNotices,
    Subscribe,
    Unread,
    Unsubscribe,
)
from hub.payloads.operations import Text
from hub.phrases import phrase
from hub.planning import is_asked
from storage import ports, records
from storage.records import User

FEED_BACK_MS = 60 * 24 * 3_600_000
FEED_AHEAD_MS = 400 * 24 * 3_600_000
MOST_BROWSERS = 10


async def read_notices(context: Context, session: Session, payload: ReadNotices) -> Notices:
    storage = context.storage.notices
    found = await storage.of_user(session.user.id, payload.limit, payload.before)
    return Notices(
        notices=[Notice.of(notice) for notice in found], unread_count=await storage.unread_count(session.user.id)
    )


async def mark_read(context: Context, session: Session, payload: MarkRead) -> Unread:
    storage = context.storage.notices
    await storage.mark_read(session.user.id, payload.up_to, payload.seqs, context.now_ms())
    unread = Unread(unread_count=await storage.unread_count(session.user.id))
    await context.announce.to_user(session.user.id, "notice:read", unread)
    return unread


async def read_preferences(context: Context, session: Session, payload: Nothing) -> Preferences:
    return await _shown(context, session.user)


async def change_preferences(context: Context, session: Session, payload: ChangePreferences) -> Preferences:
    unknown = sorted(set(payload.kinds) - set(KINDS))
    if unknown:
        raise Invalid(f"There is no kind of notice “{unknown[0]}”.", field="kinds")
    former = await context.storage.preferences.get(session.user.id)
    chosen = records.Preferences(
        user_id=session.user.id,
        time_zone=payload.time_zone,
        digest=payload.digest if session.user.email else former.digest,
        quiet_from=payload.quiet_from,
        quiet_until=payload.quiet_until,
        school_days_only=payload.school_days_only,
        kinds={kind: choice.model_dump() for kind, choice in payload.kinds.items()},
        mail_secret=former.mail_secret,
    )
    await context.storage.preferences.put(chosen)
    return await _shown(context, session.user)


async def make_feed(context: Context, session: Session, payload: Nothing) -> CalendarFeed:
    """A new private address of one's calendar; a former one is dead at once."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    await context.storage.preferences.put_feed(session.user.id, hash_login_secret(secret), context.now_ms())
    return CalendarFeed(url=f"{context.settings.base_url}/calendar/{secret}/meetings.ics")


async def remove_feed(context: Context, session: Session, payload: Nothing) -> None:
    await context.storage.preferences.remove_feed(session.user.id)


async def read_feed(context: Context, caller: Caller, payload: FeedRef) -> Text:
    """Whoever holds the address sees the meetings to which its owner is asked, as long as the account lives."""
    storage, now_ms = context.storage, context.now_ms()
    try:
        user = await storage.users.get_user(await storage.preferences.find_feed(hash_login_secret(payload.secret)))
    except ports.NotFound:
        raise NotFound from None
    if user.state != "active":
        raise NotFound
    rows = await storage.desk.read(user, now_ms=now_ms - FEED_BACK_MS, until_ms=now_ms + FEED_AHEAD_MS, latest=0)
    rooms = {room.id: room for room in rows.rooms}
    data = calendar_file(
        [
            calendar_meeting(context, meeting, rooms[meeting.room_id])
            for meeting in rows.meetings
            if is_asked(meeting, user.id, rows.team_ids)
        ],
        "PUBLISH",
        title="TwinSpace Hub",
    )
    return Text(content_type=CONTENT_TYPE, text=data.decode())


async def subscribe(context: Context, session: Session, payload: Subscribe) -> None:
    """Send pushes to this browser, until its login ends. Raise Invalid for a push service the operator did not list."""
    context.web_push.check_endpoint(payload.endpoint)
    storage = context.storage.deliveries
    known = await storage.subscriptions([session.user.id], context.now_ms())
    if len(known) >= MOST_BROWSERS and payload.endpoint not in {each.endpoint for each in known}:
        await storage.unsubscribe(known[0].endpoint)
    await storage.subscribe(
        records.PushSubscription(
            payload.endpoint, session.user.id, session.login_id, payload.p256dh, payload.auth, context.now_ms()
        )
    )


async def unsubscribe(context: Context, session: Session, payload: Unsubscribe) -> None:
    mine = await context.storage.deliveries.subscriptions([session.user.id], context.now_ms())
    if payload.endpoint in {each.endpoint for each in mine}:
        await context.storage.deliveries.unsubscribe(payload.endpoint)


async def ask_to_end_letters(context: Context, caller: Caller, payload: MailSecret) -> Text:
    """A page with one button: programs that fetch every address of a letter must not end anything (RFC 8058)."""
    user = await _whose_letters(context, payload)
    button = html.escape(phrase("unsubscribe_button", user.language))
    form = f'<form method="post"><button name="List-Unsubscribe" value="One-Click">{button}</button></form>'
    return _page(user, "unsubscribe_ask", form)


async def end_letters(context: Context, caller: Caller, payload: MailSecret) -> Text:
    """RFC 8058: one POST, without a cookie and without a question."""
    user = await _whose_letters(context, payload)
    former = await context.storage.preferences.get(user.id)
    await context.storage.preferences.put(replace(former, digest="off"))
    return _page(user, "unsubscribe_done", "")


async def _whose_letters(context: Context, payload: MailSecret) -> User:
    try:
        preferences = await context.storage.preferences.find_by_mail_secret(payload.secret)
        return await context.storage.users.get_user(preferences.user_id)
    except ports.NotFound:
        raise NotFound from None


def _page(user: User, sentence: str, more: str) -> Text:
    title, said = (html.escape(phrase(name, user.language)) for name in ("unsubscribe_title", sentence))
    text = (
        f'<!doctype html><html lang="{html.escape(user.language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<main><h1>{title}</h1><p>{said}</p>{more}</main></html>"
    )
    return Text(content_type="text/html; charset=utf-8", text=text)


async def _shown(context: Context, user: User) -> Preferences:
    chosen = await context.storage.preferences.get(user.id)
    return Preferences(
        time_zone=await zone_of(context, user, chosen),
        is_own_time_zone=bool(chosen.time_zone),
        digest=chosen.digest if user.email else "off",
        quiet_from=chosen.quiet_from,
        quiet_until=chosen.quiet_until,
        school_days_only=chosen.school_days_only,
        kinds=choices_of(chosen),
        has_mail=user.email is not None,
        feed_since_ms=await context.storage.preferences.feed_since(user.id),
        push_key=context.web_push.public_key if context.web_push.is_on else None,
    )
