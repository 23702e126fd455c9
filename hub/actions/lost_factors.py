"""Somebody has lost the phone and the written codes: a support service takes the second factor away."""

from __future__ import annotations

import logging

from hub.access import Duty, access_duty
from hub.actions.registrations import scope_of
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.letters import tell_by_letter
from hub.logins import end_all_logins
from hub.payloads.lost_factors import ResetFactors
from hub.second_factors import read_factors
from storage import ports
from storage.records import User

logger = logging.getLogger(__name__)


async def reset_factors(context: Context, session: Session, payload: ResetFactors) -> None:
    """Codes and passkeys are gone, everything that was signed in ends, and a letter tells its owner.

    People of a service set up a new factor at the next sign-in, with their password. Raise NotFound for oneself and for
    whom one doesn't look after, Conflict for an account without any factor.
    """
    await access_duty(context, session.user, Duty.VALIDATE)
    try:
        owner = await context.storage.users.find_by_email(payload.email)
    except ports.NotFound:
        raise NotFound from None
    if not await _looks_after(context, session.user, owner):
        raise NotFound
    if not await read_factors(context, owner):
        raise Conflict("This account has no second factor.")
    await context.storage.proofs.remove_second_factor(owner.id)
    await context.storage.passkeys.remove_all(owner.id)
    await end_all_logins(context, owner.id, "key_reset")
    logger.warning("%s has reset the second factor of %s", session.user.id, owner.id)
    service = (await context.storage.users.get_school(session.user.school_id)).name
    values = {"service": service, "reason": payload.reason, "link": f"{context.settings.base_url}/sign-in"}
    await tell_by_letter(context, owner, "factor_reset", **values)


async def _looks_after(context: Context, staff: User, owner: User) -> bool:
    """Colleagues of one's own service, never oneself; and the teachers whom the service lets in."""
    if owner.id == staff.id or owner.state == "closed":
        return False
    if owner.kind == "staff":
        return owner.school_id == staff.school_id
    school = await context.storage.users.get_school(owner.school_id)
    country, region = await scope_of(context, staff)
    return owner.kind == "teacher" and country in (None, school.country) and region in (None, school.region)
