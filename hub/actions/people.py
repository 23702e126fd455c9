"""Signing in and out, who I am, class cards."""

from __future__ import annotations

import io

import segno

from hub.access import Act, access_twinspace, duties_of
from hub.auth import DAY_MS, open_login
from hub.class_keys import new_key, normalise
from hub.consents import is_account_closed
from hub.context import Caller, Context, Session
from hub.errors import AccountRests, NotFound, WrongSecret
from hub.logins import end_all_logins, end_login
from hub.payloads.fields import Nothing
from hub.payloads.people import ChangeMe, ClassCard, MakeClassCard, SignedIn, SignedOut, SignIn, User
from hub.second_factors import NEED_SECOND_FACTOR, demanded, read_factors
from storage import ports, records
from storage.records import TwinspaceId, UserId

CARD_TRIES = 20
"""A new key is drawn again when another pupil has it: rare among a million million, so more tries mean a fault."""


async def login(context: Context, caller: Caller, payload: SignIn) -> SignedIn:
    now_ms = context.now_ms()
    if payload.class_key is not None:
        user = await context.auth.sign_in_with_class_card(context.storage, payload.class_key, now_ms, caller.address)
        return await signed_in(context, user, "class_card", caller.device)
    # The payload's own check lets nothing else through.
    assert payload.name is not None and payload.password is not None
    user = await context.auth.sign_in_with_password(context.storage, payload.name, payload.password, now_ms)
    return await signed_in(context, user, "password", caller.device)


async def signed_in(
    context: Context, user: records.User, way: records.SignInWay, device: str, *, until_ms: int | None = None
) -> SignedIn:
    """A new login of this browser, until `until_ms` at the latest.

    Raise WrongSecret for an account that is closed, AccountRests for a pupil's without consent.
    """
    if user.state == "closed":
        raise WrongSecret
    if await is_account_closed(context, user):
        raise AccountRests
    now_ms, days = context.now_ms(), context.settings.login_days
    factors = await read_factors(context, user)
    second_factor = demanded(user, factors)
    is_whole = way not in NEED_SECOND_FACTOR or second_factor == "off"
    _, secret = await open_login(
        context.storage,
        user,
        "browser",
        days=days,
        now_ms=now_ms,
        way=way,
        device=device,
        is_whole=is_whole,
        until_ms=until_ms,
    )
    school = await context.storage.users.get_school(user.school_id)
    duties = await duties_of(context, user)
    if second_factor == "on" and not is_whole:
        second_factor = "ask"
    me = SignedIn.of(user, school, duties, second_factor, factors)
    return me.with_secret(secret, max_age_s=days * DAY_MS // 1000)


async def logout(context: Context, session: Session, payload: Nothing) -> SignedOut:
    await end_login(context, await context.storage.logins.get(session.login_id), "signed_out")
    return SignedOut()


async def read_me(context: Context, session: Session, payload: Nothing) -> User:
    return await describe(context, session.user, is_half=session.is_half)


async def change_me(context: Context, session: Session, payload: ChangeMe) -> User:
    await context.storage.users.set_language(session.user.id, payload.language)
    user = await context.storage.users.get_user(session.user.id)
    return await describe(context, user, is_half=session.is_half)


async def describe(context: Context, user: records.User, *, is_half: bool = False) -> User:
    factors = await read_factors(context, user)
    second_factor = demanded(user, factors)
    if second_factor == "on" and is_half:
        second_factor = "ask"
    school = await context.storage.users.get_school(user.school_id)
    return User.of(user, school, await duties_of(context, user), second_factor, factors)


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
    words = await give_new_key(context, pupil)
    url = sign_in_url(context, words)
    return ClassCard(display_name=pupil.display_name, words=words, qr_svg=_qr_svg(url), sign_in_url=url)


def sign_in_url(context: Context, key: str) -> str:
    """With the words as one may type them, plain: the shorter the address, the coarser and easier its QR code."""
    plain = "-".join(normalise(part) for part in key.split("-"))
    return f"{context.settings.base_url}/sign-in#card={plain}"


async def give_new_key(context: Context, pupil: records.User) -> str:
    """The old key is dead, and everything that was signed in with it ends."""
    for _ in range(CARD_TRIES):
        key = new_key(pupil.language)
        try:
            await context.storage.users.set_class_key(pupil.id, context.auth.class_card_hash(key))
        except ports.Conflict:
            continue
        await end_all_logins(context, pupil.id, "key_reset")
        return key
    raise AssertionError(f"{CARD_TRIES} random class cards in a row were taken")


def _qr_svg(url: str) -> str:
    drawing = io.BytesIO()
    segno.make(url, micro=False).save(drawing, kind="svg", scale=4, border=4, xmldecl=False, svgns=True)
    return drawing.getvalue().decode()
