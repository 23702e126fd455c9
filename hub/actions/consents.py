"""The consent ledger: a teacher's sheet of the pupils of one's own school, and what is written down in it."""

from __future__ import annotations

import datetime

from hub.access import Act, access_twinspace
from hub.consent_effects import carry_out
from hub.consents import holds, read_allowed
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.names import pseudonym
from hub.payloads.consents import (
    ConsentEntry,
    ConsentHistory,
    ConsentRef,
    ConsentSheet,
    OwnConsents,
    PupilConsents,
    RecordConsents,
    WithdrawConsents,
)
from hub.payloads.fields import Nothing
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_users
from storage import ports
from storage.records import Consent, Purpose, TwinspaceId, User, UserId

AGE_WITHOUT_TABLE = 16
"""Article 8(1) of Regulation (EU) 2016/679, for a country that left the table."""
DAY_S = 86_400


async def read_sheet(context: Context, session: Session, payload: TwinspaceRef) -> ConsentSheet:
    return await _sheet(context, session.user, payload.twinspace_id)


async def record_consents(context: Context, session: Session, payload: RecordConsents) -> ConsentSheet:
    """Write down what was said for some pupils and purposes at once. A withdrawal acts before this answers."""
    pupils = {pupil.id: pupil for pupil in await _pupils(context, session.user, payload.twinspace_id)}
    wanted = [UserId(user_id) for user_id in dict.fromkeys(payload.user_ids)]
    if not set(wanted) <= set(pupils):
        raise NotFound
    today = datetime.datetime.fromtimestamp(context.now_ms() / 1000, datetime.UTC).date()
    # In the east of the network it is tomorrow already while it is still today here.
    if datetime.date.fromisoformat(payload.given_on) > today + datetime.timedelta(days=1):
        raise Invalid("A consent can't have been given in the future.", field="given_on")
    until_ms = _end_of(payload.until_on) if payload.until_on is not None and payload.granted else None
    await context.storage.consents.record(
        wanted,
        payload.purposes,
        granted=payload.granted,
        given_by=payload.given_by,
        how=payload.how,
        given_on=payload.given_on,
        until_ms=until_ms,
        own_age=await _own_age(context, session.user),
        recorded_by=session.user.id,
        at_ms=context.now_ms(),
    )
    await carry_out(context, [pupils[user_id] for user_id in wanted], payload.purposes)
    return await _sheet(context, session.user, payload.twinspace_id)


async def read_history(context: Context, session: Session, payload: ConsentRef) -> ConsentHistory:
    """Everything that was ever written down for one pupil."""
    for pupil in await _pupils(context, session.user, payload.twinspace_id):
        if pupil.id == payload.user_id:
            entries = await context.storage.consents.of_user(pupil.id)
            return ConsentHistory(
                user_id=pupil.id,
                display_name=pupil.display_name,
                entries=[ConsentEntry.of(entry) for entry in reversed(entries)],
            )
    raise NotFound


async def read_own(context: Context, session: Session, payload: Nothing) -> OwnConsents:
    newest = await context.storage.consents.newest([session.user.id]) if session.user.kind == "pupil" else []
    return OwnConsents(
        allowed=sorted((await read_allowed(context, [session.user]))[session.user.id]),
        own_age=await _own_age(context, session.user),
        entries=[ConsentEntry.of(entry) for entry in newest],
        withdrawable=sorted(_own_words(newest, context.now_ms())),
    )


async def withdraw_own(context: Context, session: Session, payload: WithdrawConsents) -> OwnConsents:
    """A pupil takes back what was the pupil's own to give; it acts before this answers.

    Raise Conflict for what somebody else has said: a teacher writes down what they say now.
    """
    user, now_ms = session.user, context.now_ms()
    newest = await context.storage.consents.newest([user.id]) if user.kind == "pupil" else []
    if not set(payload.purposes) <= _own_words(newest, now_ms):
        raise Conflict("This was not your own consent. Tell your teacher.", field="purposes")
    await context.storage.consents.record(
        [user.id],
        list(dict.fromkeys(payload.purposes)),
        granted=False,
        given_by="self",
        how="online",
        given_on=datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date().isoformat(),
        until_ms=None,
        own_age=await _own_age(context, user),
        recorded_by=user.id,
        at_ms=now_ms,
    )
    await carry_out(context, [user], payload.purposes)
    return await read_own(context, session, Nothing())


def _own_words(newest: list[Consent], now_ms: int) -> set[Purpose]:
    """The purposes to which somebody consents now by their own word."""
    return {entry.purpose for entry in newest if entry.given_by == "self" and holds(entry, now_ms)}


async def _pupils(context: Context, teacher: User, twinspace_id: str) -> list[User]:
    """The pupils of the teacher's own school in this TwinSpace: nobody else's consents are theirs to see."""
    access = await access_twinspace(context, teacher, TwinspaceId(twinspace_id), Act.CONSENT)
    members = await context.storage.twinspaces.members(access.twinspace.id)
    users = await read_users(context.storage, [member.user_id for member in members])
    own = [user for user in users.values() if user.kind == "pupil" and user.school_id == teacher.school_id]
    return sorted(own, key=lambda user: (user.display_name.casefold(), user.id))


async def _sheet(context: Context, teacher: User, twinspace_id: str) -> ConsentSheet:
    pupils = await _pupils(context, teacher, twinspace_id)
    now_ms = context.now_ms()
    newest = await context.storage.consents.newest([pupil.id for pupil in pupils])
    return ConsentSheet(
        twinspace_id=twinspace_id,
        own_age=await _own_age(context, teacher),
        pupils=[
            PupilConsents(
                user_id=pupil.id,
                display_name=pupil.display_name,
                pseudonym=pseudonym(pupil),
                allowed=sorted(e.purpose for e in newest if e.user_id == pupil.id and holds(e, now_ms)),
                entries=[ConsentEntry.of(entry) for entry in newest if entry.user_id == pupil.id],
            )
            for pupil in pupils
        ],
    )


async def _own_age(context: Context, teacher: User) -> int:
    try:
        country = (await context.storage.users.get_school(teacher.school_id)).country
    except ports.NotFound:
        raise NotFound from None
    status = context.countries.at(context.now_ms()).get(country)
    return status.consent_age if status is not None else AGE_WITHOUT_TABLE


def _end_of(day: str) -> int:
    """The first moment after the day, by UTC."""
    following = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    return (following - datetime.date(1970, 1, 1)).days * DAY_S * 1000
