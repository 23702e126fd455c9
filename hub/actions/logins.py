"""Where one is signed in, and one-time codes as a second factor."""

from __future__ import annotations

import io

import segno

from hub import one_time_codes
from hub.actions.people import describe
from hub.context import Context, Session
from hub.errors import Conflict, NotFound, WrongSecret
from hub.logins import end_login, end_other_logins
from hub.payloads.fields import Nothing
from hub.payloads.logins import Login, LoginRef, Logins, NewSecondFactor, OneTimeCode
from hub.payloads.people import User
from hub.second_factors import read_factors
from storage import ports, records
from storage.records import LoginId, SecondFactor

ISSUER = "TwinSpace Hub"


async def list_logins(context: Context, session: Session, payload: Nothing) -> Logins:
    """Those that are open now, the newest first."""
    mine = await context.storage.logins.of_user(session.user.id)
    return Logins(
        logins=[
            Login(
                id=login.id,
                way=login.way,
                device=login.device,
                created_at_ms=login.created_at_ms,
                last_used_at_ms=login.last_used_at_ms,
                is_this_one=login.id == session.login_id,
            )
            for login in reversed(mine)
            if _is_open(login, context.now_ms())
        ]
    )


async def revoke_login(context: Context, session: Session, payload: LoginRef) -> None:
    for login in await context.storage.logins.of_user(session.user.id):
        if login.id == LoginId(payload.login_id) and _is_open(login, context.now_ms()):
            await end_login(context, login, "signed_out")
            return
    raise NotFound


async def revoke_other_logins(context: Context, session: Session, payload: Nothing) -> None:
    await end_other_logins(context, session.user.id, session.login_id, "signed_out")


async def start_second_factor(context: Context, session: Session, payload: Nothing) -> NewSecondFactor:
    """A new secret; it protects nothing until a code of it was typed. Raise Conflict while another one is in force."""
    try:
        factor = await context.storage.proofs.second_factor(session.user.id)
        if factor.confirmed_at_ms is not None:
            raise Conflict("You have a second factor already. Take it away before you set up another.")
    except ports.NotFound:
        pass
    secret, codes = one_time_codes.new_secret(), one_time_codes.new_recovery_codes()
    await context.storage.proofs.put_second_factor(
        SecondFactor(
            session.user.id,
            context.auth.seal(secret, session.user.id),
            context.now_ms(),
            recovery_hashes=tuple(context.auth.recovery_hash(code) for code in codes),
        )
    )
    url = one_time_codes.app_url(secret, account=session.user.email or session.user.name, issuer=ISSUER)
    drawing = io.BytesIO()
    segno.make(url, micro=False).save(drawing, kind="svg", scale=4, border=4, xmldecl=False, svgns=True)
    return NewSecondFactor(
        secret=one_time_codes.shown(secret), app_url=url, qr_svg=drawing.getvalue().decode(), recovery_codes=codes
    )


async def prove_second_factor(context: Context, session: Session, payload: OneTimeCode) -> User:
    """From now on this login is whole. The first code of a new secret puts it in force.

    Raise WrongSecret for a wrong or used code, TooMany after several; NotFound when nothing was set up.
    """
    auth, now_ms, user = context.auth, context.now_ms(), session.user
    try:
        factor = await context.storage.proofs.second_factor(user.id)
    except ports.NotFound:
        raise NotFound from None
    code = "".join(payload.code.split()).lower()
    with auth.counting_codes(user.id, now_ms):
        try:
            step = one_time_codes.matching_step(auth.unseal(factor.sealed_secret, user.id), code, now_ms)
            if step is not None:
                await context.storage.proofs.use_step(user.id, step, now_ms)
            elif factor.confirmed_at_ms is not None:
                await context.storage.proofs.use_recovery(user.id, auth.recovery_hash(code))
            else:
                raise WrongSecret("This code doesn't fit.")
        except (ports.Conflict, ports.NotFound):
            raise WrongSecret("This code doesn't fit, or was used already.") from None
    await context.storage.logins.note_second_factor(session.login_id, now_ms)
    return await describe(context, user)


async def remove_second_factor(context: Context, session: Session, payload: Nothing) -> User:
    """Raise Conflict for those whose work needs one, unless they have a passkey."""
    if session.user.kind == "staff" and "passkey" not in await read_factors(context, session.user):
        raise Conflict("People of a support service need a second factor.")
    await context.storage.proofs.remove_second_factor(session.user.id)
    return await describe(context, session.user)


def _is_open(login: records.Login, now_ms: int) -> bool:
    return login.revoked_at_ms is None and login.expires_at_ms > now_ms
