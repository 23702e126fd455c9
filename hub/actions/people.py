"""Signing in and out, who I am, class cards."""

from __future__ import annotations

import io

import segno

from hub.access import Act, access_twinspace
from hub.auth import DAY_MS, new_class_words, open_login
from hub.context import Context, Session
from hub.errors import NotFound, NotSignedIn
from hub.payloads.fields import Nothing
from hub.payloads.people import ChangeMe, ClassCard, MakeClassCard, SignedIn, SignedOut, SignIn, User
from storage import ports
from storage.records import TwinspaceId, UserId

CARD_TRIES = 20
"""New words are drawn again when another pupil has them: rare among a thousand million, so more tries mean a fault."""


async def login(context: Context, session: Session | None, payload: SignIn) -> SignedIn:
    now_ms = context.now_ms()
    if payload.class_key is not None:
        user = await context.auth.sign_in_with_class_card(context.storage, payload.class_key, now_ms)
    else:
        # The payload's own check lets nothing else through.
        assert payload.name is not None and payload.password is not None
        user = await context.auth.sign_in_with_password(context.storage, payload.name, payload.password, now_ms)
    days = context.settings.login_days
    _, secret = await open_login(context.storage, user, "browser", days=days, now_ms=now_ms)
    school = await context.storage.users.get_school(user.school_id)
    return SignedIn.of(user, school).with_secret(secret, max_age_s=days * DAY_MS // 1000)


async def logout(context: Context, session: Session, payload: Nothing) -> SignedOut:
    await context.storage.logins.revoke(session.login_id, context.now_ms())
    await context.announce.disconnect_login(session.login_id, "signed_out")
    await context.live_docs.revoke_user(
        session.user.id, login_id=session.login_id, code=NotSignedIn.code, reason=NotSignedIn.sentence
    )
    return SignedOut()


async def read_me(context: Context, session: Session, payload: Nothing) -> User:
    return User.of(session.user, await context.storage.users.get_school(session.user.school_id))


async def change_me(context: Context, session: Session, payload: ChangeMe) -> User:
    await context.storage.users.set_language(session.user.id, payload.language)
    user = await context.storage.users.get_user(session.user.id)
    return User.of(user, await context.storage.users.get_school(user.school_id))


async def make_class_card(context: Context, session: Session, payload: MakeClassCard) -> ClassCard:
    """A new card for a pupil of one's own school. The old words and everything signed in with them end."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.MODERATE)
    try:
        await context.storage.twinspaces.get_member(access.twinspace.id, UserId(payload.user_id))
        pupil = await context.storage.users.get_user(UserId(payload.user_id))
    except ports.NotFound:
        raise NotFound from None
    if pupil.kind != "pupil" or pupil.school_id != session.user.school_id:
        raise NotFound
    words = await _give_new_words(context, pupil.id)
    for login in await context.storage.logins.of_user(pupil.id):
        if login.revoked_at_ms is None:
            await context.storage.logins.revoke(login.id, context.now_ms())
    await context.announce.disconnect_user(pupil.id, "key_reset")
    await context.live_docs.revoke_user(pupil.id, code=NotSignedIn.code, reason=NotSignedIn.sentence)
    await context.live_rooms.revoke(pupil.id)
    url = f"{context.settings.base_url}/sign-in#card={words}"
    return ClassCard(display_name=pupil.display_name, words=words, qr_svg=_qr_svg(url), sign_in_url=url)


async def _give_new_words(context: Context, user_id: UserId) -> str:
    for _ in range(CARD_TRIES):
        words = new_class_words()
        try:
            await context.storage.users.set_class_key(user_id, context.auth.class_card_hash(words))
        except ports.Conflict:
            continue
        return words
    raise AssertionError(f"{CARD_TRIES} random class cards in a row were taken")


def _qr_svg(url: str) -> str:
    drawing = io.BytesIO()
    segno.make(url, micro=False).save(drawing, kind="svg", scale=4, border=4, xmldecl=False, svgns=True)
    return drawing.getvalue().decode()
