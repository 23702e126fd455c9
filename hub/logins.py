"""Ends logins and everything that is open through them: sockets, documents, meetings, at once and in every process."""

from __future__ import annotations

from hub.context import Context
from hub.errors import NotSignedIn
from storage.records import Login, LoginId, UserId


async def end_login(context: Context, login: Login, reason: str) -> None:
    await context.storage.logins.revoke(login.id, context.now_ms())
    await context.announce.disconnect_login(login.id, reason)
    await context.live_docs.revoke_user(
        login.user_id, login_id=login.id, code=NotSignedIn.code, reason=NotSignedIn.sentence
    )


async def end_all_logins(context: Context, user_id: UserId, reason: str) -> None:
    """Scripts' tokens too."""
    for login in await context.storage.logins.of_user(user_id):
        if login.revoked_at_ms is None:
            await context.storage.logins.revoke(login.id, context.now_ms())
    await context.announce.disconnect_user(user_id, reason)
    await context.live_docs.revoke_user(user_id, code=NotSignedIn.code, reason=NotSignedIn.sentence)
    await context.live_rooms.revoke(user_id)


async def end_other_logins(context: Context, user_id: UserId, kept: LoginId, reason: str) -> None:
    """Every browser but this one; tokens stay."""
    now_ms = context.now_ms()
    for login in await context.storage.logins.of_user(user_id):
        is_open = login.revoked_at_ms is None and login.expires_at_ms > now_ms
        if is_open and login.kind == "browser" and login.id != kept:
            await end_login(context, login, reason)
