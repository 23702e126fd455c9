"""Guests come by a link that expires and can be revoked; they wait until somebody of the TwinSpace lets them in."""

from __future__ import annotations

import secrets

from hub.access import Access, Act, access_twinspace
from hub.actions.people import describe, signed_in
from hub.auth import DAY_MS, SECRET_BYTES, hash_login_secret
from hub.context import Caller, Context, Session
from hub.errors import NotFound, TooMany
from hub.logins import end_all_logins
from hub.notices import tell_desks
from hub.payloads.guests import (
    ComeAsGuest,
    Guest,
    GuestLink,
    GuestLinkRef,
    GuestLinks,
    GuestRef,
    MakeGuestLink,
    NewGuestLink,
)
from hub.payloads.people import SignedIn
from hub.payloads.twinspaces import TwinspaceRef
from storage import ports, records
from storage.records import GuestLinkId, Member, TwinspaceId, User, UserId

MAX_WAITING = 50
"""Guests of one link who wait at once: a link that went astray must not fill the hub with accounts."""


async def make_guest_link(context: Context, session: Session, payload: MakeGuestLink) -> NewGuestLink:
    access = await _inviting(context, session, payload.twinspace_id)
    secret, now_ms = secrets.token_urlsafe(SECRET_BYTES), context.now_ms()
    link = records.GuestLink(
        GuestLinkId(secrets.token_urlsafe(12)),
        access.twinspace.id,
        hash_login_secret(secret),
        payload.role,
        payload.title,
        session.user.id,
        now_ms,
        now_ms + payload.days * DAY_MS,
    )
    await context.storage.guests.add_link(link)
    return NewGuestLink(
        id=link.id,
        title=link.title,
        role=link.role,
        expires_at_ms=link.expires_at_ms,
        url=f"{context.settings.base_url}/guest#secret={secret}",
    )


async def list_guest_links(context: Context, session: Session, payload: TwinspaceRef) -> GuestLinks:
    access = await _inviting(context, session, payload.twinspace_id)
    guests, users, now_ms = context.storage.guests, context.storage.users, context.now_ms()
    return GuestLinks(
        links=[
            GuestLink(
                id=link.id,
                title=link.title,
                role=link.role,
                made_by=(await users.get_user(link.made_by)).display_name,
                expires_at_ms=link.expires_at_ms,
                is_open=_is_open(link, now_ms),
                guests=[
                    Guest(user_id=guest.id, display_name=guest.display_name, state=guest.state)
                    for guest in await guests.guests_of(link.id)
                    if guest.state != "closed"
                ],
            )
            for link in await guests.links_of(access.twinspace.id)
        ]
    )


async def revoke_guest_link(context: Context, session: Session, payload: GuestLinkRef) -> None:
    """Nobody comes by it any more, and everybody who came by it is sent away at once."""
    access = await _inviting(context, session, payload.twinspace_id)
    guests = context.storage.guests
    try:
        link = await guests.get_link(GuestLinkId(payload.link_id))
    except ports.NotFound:
        raise NotFound from None
    if link.twinspace_id != access.twinspace.id:
        raise NotFound
    await guests.revoke_link(link.id, context.now_ms())
    for guest in await guests.guests_of(link.id):
        if guest.state != "closed":
            await send_away(context, access.twinspace.id, guest)


async def come_as_guest(context: Context, caller: Caller, payload: ComeAsGuest) -> SignedIn:
    """An account that can do nothing but wait. Raise NotFound for a link that is unknown, expired or revoked."""
    guests, now_ms = context.storage.guests, context.now_ms()
    try:
        link = await guests.find_link(hash_login_secret(payload.secret))
    except ports.NotFound:
        raise NotFound from None
    if not _is_open(link, now_ms):
        raise NotFound
    if sum(guest.state == "waiting" for guest in await guests.guests_of(link.id)) >= MAX_WAITING:
        raise TooMany("Many people wait behind this link already. Try again later.", retry_after_ms=60_000)
    host = await context.storage.users.get_user(link.made_by)
    user_id = UserId(secrets.token_urlsafe(12))
    user = User(
        user_id,
        f"guest:{user_id}",
        payload.display_name,
        "guest",
        host.school_id,
        payload.language,
        now_ms,
        state="waiting",
    )
    await guests.add_guest(user, link.id)
    await tell_desks(context, link.twinspace_id, Act.INVITE, "guest")
    return await signed_in(context, user, "link", caller.device, until_ms=link.expires_at_ms)


async def admit_guest(context: Context, session: Session, payload: GuestRef) -> None:
    """Raise NotFound unless somebody waits here under this id."""
    access = await _inviting(context, session, payload.twinspace_id)
    guest, link = await _guest_of(context, access, payload.user_id)
    now_ms = context.now_ms()
    if guest.state != "waiting" or not _is_open(link, now_ms):
        raise NotFound
    try:
        await context.storage.twinspaces.add_member(Member(access.twinspace.id, guest.id, link.role, 1, now_ms))
    except ports.Conflict:
        # Somebody else admitted the guest in the same moment: that is what was asked for.
        return
    await context.storage.users.set_state(guest.id, "active")
    if not _is_open(await context.storage.guests.get_link(link.id), now_ms):
        # Revoked in the same moment: whoever did it may not have found the guest inside yet.
        await send_away(context, access.twinspace.id, guest)
        raise NotFound
    admitted = await context.storage.users.get_user(guest.id)
    await context.announce.to_user(guest.id, "account:changed", await describe(context, admitted))
    await tell_desks(context, access.twinspace.id, Act.INVITE, "guest")


async def send_guest_away(context: Context, session: Session, payload: GuestRef) -> None:
    access = await _inviting(context, session, payload.twinspace_id)
    guest, _ = await _guest_of(context, access, payload.user_id)
    if guest.state == "closed":
        raise NotFound
    await send_away(context, access.twinspace.id, guest)


async def _inviting(context: Context, session: Session, twinspace_id: str) -> Access:
    return await access_twinspace(context, session.user, TwinspaceId(twinspace_id), Act.INVITE)


async def _guest_of(context: Context, access: Access, user_id: str) -> tuple[User, records.GuestLink]:
    try:
        link = await context.storage.guests.link_of(UserId(user_id))
    except ports.NotFound:
        raise NotFound from None
    if link.twinspace_id != access.twinspace.id:
        raise NotFound
    return await context.storage.users.get_user(UserId(user_id)), link


async def send_away(context: Context, twinspace_id: TwinspaceId, guest: User) -> None:
    await context.storage.users.set_state(guest.id, "closed")
    try:
        await context.storage.twinspaces.remove_member(twinspace_id, guest.id)
    except ports.NotFound:
        pass  # Still waiting.
    await end_all_logins(context, guest.id, "removed")
    await tell_desks(context, twinspace_id, Act.INVITE, "guest")


def _is_open(link: records.GuestLink, now_ms: int) -> bool:
    return link.revoked_at_ms is None and link.expires_at_ms > now_ms
