"""A founder changes school or falls ill: who takes the place is proposed, agreed on by those who go on, and done.

The two who will be founders have to agree. The one who leaves may agree too; otherwise it waits three days, so that
they, or the support service of their country, can say no. Signatures are not touched: they name other founders now.
"""

from __future__ import annotations

import logging
import secrets

from hub.access import Act, access_twinspace
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Conflict, HubError, Invalid, NotFound
from hub.founders import check_countries, country_of, find_teacher, may_stop, people_speaking_for
from hub.notices import notify, tell_desk
from hub.payloads.fields import Nothing
from hub.payloads.foundings import FoundingChanged
from hub.payloads.people import School
from hub.payloads.successions import (
    EndSuccession,
    ProposeSuccession,
    Succession,
    SuccessionPerson,
    SuccessionRef,
    Successions,
)
from hub.roster import read_users
from storage import ports, records
from storage.records import Founding, SuccessionId, TwinspaceId, User, UserId

logger = logging.getLogger(__name__)

SILENT_MS = 3 * 86_400_000
NOT_FIT = (
    "No teacher who could follow has this name or address: it takes one of the leaving founder's country, "
    "and not of the school of the founder who stays."
)
OTHER_BY_NOW = "This is not so any more. Look at it again."
CLOSED = "The project is closed. Open it again first; who founds it changes while it goes on."


async def list_successions(context: Context, session: Session, payload: Nothing) -> Successions:
    """The open ones that concern me; for a support service those of founders in its country."""
    found = await context.storage.successions.open(session.user.id)
    known = {each.id for each in found}
    for each in await context.storage.successions.open() if session.user.kind == "staff" else []:
        if each.id not in known and await may_stop(context, session.user, each):
            found.append(each)
    shown = [await describe(context, session.user, each) for each in found if await _is_alive(context, each)]
    return Successions(successions=shown)


async def propose_succession(context: Context, session: Session, payload: ProposeSuccession) -> Succession:
    """Propose it, which is agreeing to it. Raise Conflict while another proposal is open."""
    user, founding = session.user, await _founding(context, session.user, payload.twinspace_id)
    founders = (founding.proposed_by, founding.partner_id)
    if payload.leaving_id not in founders:
        raise Invalid("This is none of the two founders.", field="leaving_id")
    leaving = await context.storage.users.get_user(UserId(payload.leaving_id))
    (remaining_id,) = (each for each in founders if each != leaving.id)
    successor = await find_teacher(context, payload.successor)
    if successor is None:
        raise Invalid(NOT_FIT, field="successor")
    await _check_fit(context, leaving, await context.storage.users.get_user(remaining_id), successor)
    now_ms = context.now_ms()
    made = records.Succession(
        SuccessionId(secrets.token_urlsafe(12)),
        founding.twinspace_id,
        leaving.id,
        remaining_id,
        successor.id,
        user.id,
        payload.stays,
        now_ms,
        now_ms + SILENT_MS,
        remaining_agreed_at_ms=now_ms if user.id == remaining_id else None,
        leaving_agreed_at_ms=now_ms if user.id == leaving.id else None,
    )
    try:
        await context.storage.successions.add(made)
    except ports.Conflict:
        raise Conflict("Somebody proposed a successor already. One proposal at a time.") from None
    await _tell(context, made, founding, "succession_proposed", user)
    return await describe(context, user, made)


async def agree_to_succession(context: Context, session: Session, payload: SuccessionRef) -> Succession:
    """Say yes, as one of the three. Once nothing is missing any more it is done."""
    found = await _of_mine(context, session.user, payload)
    await _check_goes_on(context, found)
    try:
        agreed = await context.storage.successions.agree(found.id, session.user.id, context.now_ms())
    except ports.Conflict:
        raise Conflict(OTHER_BY_NOW) from None
    founding = await context.storage.foundings.get(found.twinspace_id)
    if agreed.is_due(context.now_ms()):
        agreed = await _fulfil(context, agreed)
    else:
        await _tell(context, agreed, founding, None, session.user)
    return await describe(context, session.user, agreed)


async def end_succession(context: Context, session: Session, payload: EndSuccession) -> Succession:
    """Say no, as one of the three, or take it back; as the support service, stop it with a reason."""
    found = await _find(context, payload)
    is_one = session.user.id in found.people
    if not is_one and not await may_stop(context, session.user, found):
        raise NotFound
    if not is_one and not payload.reason:
        raise Invalid("Say why it is stopped.", field="reason")
    try:
        ended = await context.storage.successions.end(
            found.id,
            "declined" if is_one else "stopped",
            by=session.user.id,
            reason=payload.reason,
            at_ms=context.now_ms(),
        )
    except ports.Conflict:
        raise Conflict(OTHER_BY_NOW) from None
    founding = await context.storage.foundings.get(found.twinspace_id)
    await _tell(context, ended, founding, f"succession_{ended.state}", session.user)
    return await describe(context, session.user, ended)


async def newest(context: Context, user: User, twinspace_id: TwinspaceId) -> Succession | None:
    """The newest proposal of a TwinSpace, open or not, as the user sees it."""
    found = await context.storage.successions.of_twinspace(twinspace_id)
    return await describe(context, user, found[-1]) if found else None


async def settle_due(context: Context) -> int:
    """Do what nobody said no to in time; returns how many. For the daily rounds of the hub."""
    count = 0
    for each in await context.storage.successions.open():
        if not each.is_due(context.now_ms()):
            continue
        try:
            await _check_goes_on(context, each)
            await _fulfil(context, each)
            count += 1
        except HubError as error:
            logger.info("nobody follows the founder of %s yet: %s", each.twinspace_id, error.detail)
    return count


async def describe(context: Context, user: User, found: records.Succession) -> Succession:
    storage = context.storage
    users = await read_users(storage, [*found.people, *([found.ended_by] if found.ended_by else [])])

    async def person(user_id: UserId, agreed_at_ms: int | None) -> SuccessionPerson:
        school = School.of(await storage.users.get_school(users[user_id].school_id))
        return SuccessionPerson(
            user_id=user_id, display_name=users[user_id].display_name, school=school, agreed_at_ms=agreed_at_ms
        )

    leaving = await person(found.leaving_id, found.leaving_agreed_at_ms)
    remaining = await person(found.remaining_id, found.remaining_agreed_at_ms)
    successor = await person(found.successor_id, found.successor_agreed_at_ms)
    is_open = found.state == "open"
    mine = next((each for each in (leaving, remaining, successor) if each.user_id == user.id), None)
    return Succession(
        id=found.id,
        twinspace_id=found.twinspace_id,
        title=(await storage.foundings.get(found.twinspace_id)).title,
        leaving=leaving,
        remaining=remaining,
        successor=successor,
        stays=found.stays,
        proposed_at_ms=found.proposed_at_ms,
        silent_until_ms=found.silent_until_ms,
        state=found.state,
        ended_by_name=users[found.ended_by].display_name if found.ended_by else None,
        ended_at_ms=found.ended_at_ms,
        reason=found.reason,
        may_agree=is_open and mine is not None and mine.agreed_at_ms is None,
        may_end=is_open and (mine is not None or await may_stop(context, user, found)),
    )


async def _fulfil(context: Context, due: records.Succession) -> records.Succession:
    users = await read_users(context.storage, due.people)
    await _check_fit(context, users[due.leaving_id], users[due.remaining_id], users[due.successor_id])
    try:
        done = await context.storage.successions.fulfil(due.id, context.now_ms())
    except ports.Conflict:
        # Somebody else was quicker: it is done, or it was declined.
        return await context.storage.successions.get(due.id)
    await context.live_docs.reauthorise(None, done.twinspace_id)
    founding = await context.storage.foundings.get(done.twinspace_id)
    await _tell(context, done, founding, "founder_followed", users[done.successor_id])
    return done


async def _check_fit(context: Context, leaving: User, remaining: User, successor: User) -> None:
    """Raise Invalid; the same for a pupil, a colleague of the founder who stays, and nobody."""
    fit = await find_teacher(context, successor.id) is not None
    fit = fit and successor.id not in (leaving.id, remaining.id) and successor.school_id != remaining.school_id
    if not fit or await country_of(context, successor) != await country_of(context, leaving):
        raise Invalid(NOT_FIT, field="successor")
    await check_countries(context, remaining, successor, field="successor")


async def _founding(context: Context, user: User, twinspace_id: str) -> Founding:
    """Of a project that goes on. Raise NotFound to everybody but its founders, Conflict when it is closed."""
    try:
        founding = await context.storage.foundings.get(TwinspaceId(twinspace_id))
    except ports.NotFound:
        raise NotFound from None
    if user.id not in (founding.proposed_by, founding.partner_id):
        raise NotFound
    phase = (await context.storage.twinspaces.get(founding.twinspace_id)).phase
    act = Act.AGREE if phase == "founding" else Act.READ
    access = await access_twinspace(context, user, founding.twinspace_id, act)
    if not access.may(Act.AGREE):
        raise Conflict(CLOSED)
    return founding


async def _check_goes_on(context: Context, found: records.Succession) -> None:
    phase = (await context.storage.twinspaces.get(found.twinspace_id)).phase
    if phase == "withdrawn":
        raise NotFound
    if phase in ("closed", "archived"):
        raise Conflict(CLOSED)


async def _is_alive(context: Context, found: records.Succession) -> bool:
    return (await context.storage.twinspaces.get(found.twinspace_id)).phase != "withdrawn"


async def _find(context: Context, payload: SuccessionRef) -> records.Succession:
    try:
        found = await context.storage.successions.get(SuccessionId(payload.succession_id))
    except ports.NotFound:
        raise NotFound from None
    if found.twinspace_id != payload.twinspace_id or not await _is_alive(context, found):
        raise NotFound
    return found


async def _of_mine(context: Context, user: User, payload: SuccessionRef) -> records.Succession:
    found = await _find(context, payload)
    if user.id not in found.people:
        raise NotFound
    return found


async def _tell(context: Context, found: records.Succession, founding: Founding, verb: str | None, by: User) -> None:
    """The journal, the three people's notices and the service's; verb None: somebody has agreed, no more."""
    users = await read_users(context.storage, found.people)
    leaving, successor = users[found.leaving_id], users[found.successor_id]
    if verb is not None:
        details = {"title": founding.title, "leaving": leaving.display_name, "successor": successor.display_name}
        await record(context, found.twinspace_id, verb, by, found.twinspace_id, details)
        staff = await people_speaking_for(context, await country_of(context, leaving))
        told = [user_id for user_id in (*found.people, *staff) if user_id != by.id]
        await notify(context, told, "succession", subject_id=found.twinspace_id, details={**details, "step": verb})
        await tell_desk(context, staff, "succession")
    for user_id in found.people:
        await context.announce.to_user(user_id, "founding:changed", FoundingChanged(twinspace_id=found.twinspace_id))
    await tell_desk(context, found.people, "succession")
