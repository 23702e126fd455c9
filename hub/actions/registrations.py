"""Teachers come in: they register with their e-mail address and school, and their support service lets them in."""

from __future__ import annotations

import secrets
from dataclasses import replace

from hub.access import Duty, access_duty
from hub.actions.people import describe, signed_in
from hub.auth import SECRET_BYTES, hash_login_secret
from hub.context import Caller, Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.letters import write_letter
from hub.logins import end_all_logins
from hub.notices import tell_desk
from hub.payloads.fields import Nothing
from hub.payloads.people import School, SignedIn
from hub.payloads.registrations import (
    AskAgain,
    AskForPassword,
    ChoosePassword,
    ConfirmEmail,
    Decide,
    MyRegistration,
    Register,
    Registration,
    Registrations,
)
from storage import ports, records
from storage.records import SchoolId, Ticket, TicketPurpose, User, UserId

HOUR_MS = 60 * 60 * 1000
CONFIRM_WITHIN_MS = 72 * HOUR_MS
RESET_WITHIN_MS = HOUR_MS
SHAPES = ("circle", "square", "triangle", "hexagon", "drop", "star")


async def register(context: Context, caller: Caller, payload: Register) -> None:
    """Always the same answer: whether an address has an account is told to its mailbox alone."""
    school = await _school_of(context, payload)
    password_hash = await context.auth.hash_password(payload.password)
    now_ms = context.now_ms()
    user = User(
        UserId(secrets.token_urlsafe(12)),
        payload.email,
        payload.display_name,
        "teacher",
        school.id,
        payload.language,
        now_ms,
        email=payload.email,
        state="unconfirmed",
    )
    registration = records.Registration(user.id, payload.message, now_ms)
    try:
        user_id = await context.storage.services.register(user, registration, password_hash=password_hash)
    except ports.Conflict:
        await _write_to_known(context, payload.email)
        return
    link = await _ticket_link(context, user_id, "confirm_email", CONFIRM_WITHIN_MS, "/confirm")
    await write_letter(context, user, "confirm", link=link)


async def confirm(context: Context, caller: Caller, payload: ConfirmEmail) -> SignedIn:
    """The mailbox and the password together: who merely receives the letter opens nothing a stranger has set up."""
    proofs, now_ms = context.storage.proofs, context.now_ms()
    secret_hash = hash_login_secret(payload.secret)
    try:
        ticket = await proofs.find_ticket(secret_hash, "confirm_email", now_ms)
        asked = await context.storage.users.get_user(ticket.user_id)
        user = await context.auth.sign_in_with_password(context.storage, asked.name, payload.password, now_ms)
        await proofs.use_ticket(secret_hash, "confirm_email", now_ms)
    except ports.NotFound:
        raise NotFound from None
    await context.storage.users.set_state(user.id, "waiting")
    await tell_services(context, user)
    return await signed_in(context, await context.storage.users.get_user(user.id), "password", caller.device)


async def ask_for_password(context: Context, caller: Caller, payload: AskForPassword) -> None:
    """Always the same answer, as for `register`."""
    try:
        user = await context.storage.users.find_by_email(payload.email)
    except ports.NotFound:
        return
    if user.state not in ("unconfirmed", "closed"):
        link = await _ticket_link(context, user.id, "reset_password", RESET_WITHIN_MS, "/new-password")
        await write_letter(context, user, "reset", link=link)


async def choose_password(context: Context, caller: Caller, payload: ChoosePassword) -> None:
    """Everything that was signed in with the old password ends; a second factor is asked for as before."""
    password_hash = await context.auth.hash_password(payload.password)
    secret_hash = hash_login_secret(payload.secret)
    try:
        ticket = await context.storage.proofs.use_ticket(secret_hash, "reset_password", context.now_ms())
    except ports.NotFound:
        raise NotFound from None
    await context.storage.users.set_password_hash(ticket.user_id, password_hash)
    await end_all_logins(context, ticket.user_id, "signed_out")


async def read_my_registration(context: Context, session: Session, payload: Nothing) -> MyRegistration:
    try:
        registration = await context.storage.services.registration(session.user.id)
    except ports.NotFound:
        raise NotFound from None
    school = await context.storage.users.get_school(session.user.school_id)
    return MyRegistration(
        state=session.user.state,
        school=School.of(school),
        service=await _service_for(context, school),
        submitted_at_ms=registration.submitted_at_ms,
        decided_at_ms=registration.decided_at_ms,
        reason=registration.reason,
    )


async def ask_again(context: Context, session: Session, payload: AskAgain) -> MyRegistration:
    """Who was refused explains more, and waits once more. Raise Conflict for everybody else."""
    try:
        await context.storage.services.ask_again(session.user.id, payload.message, context.now_ms())
    except ports.Conflict:
        raise Conflict("Only who was refused can ask again.") from None
    user = await context.storage.users.get_user(session.user.id)
    await context.announce.to_user(user.id, "account:changed", await describe(context, user))
    await tell_services(context, user)
    return await read_my_registration(context, replace(session, user=user), Nothing())


async def list_registrations(context: Context, session: Session, payload: Nothing) -> Registrations:
    await access_duty(context, session.user, Duty.VALIDATE)
    country, region = await scope_of(context, session.user)
    waiting = await context.storage.services.waiting(country, region)
    return Registrations(
        registrations=[
            Registration(
                user_id=user.id,
                display_name=user.display_name,
                email=user.email or "",
                message=registration.message,
                school=School.of(school),
                school_is_new=school.state == "proposed",
                refused_before=registration.reason,
                submitted_at_ms=registration.submitted_at_ms,
            )
            for registration, user, school in waiting
        ]
    )


async def decide(context: Context, session: Session, payload: Decide) -> None:
    """Raise NotFound outside one's own country or region, Conflict when somebody else has decided."""
    await access_duty(context, session.user, Duty.VALIDATE)
    storage, user_id = context.storage, UserId(payload.user_id)
    country, region = await scope_of(context, session.user)
    try:
        await storage.services.registration(user_id)
        teacher = await storage.users.get_user(user_id)
        school = await storage.users.get_school(teacher.school_id)
    except ports.NotFound:
        raise NotFound from None
    if country not in (None, school.country) or region not in (None, school.region) or teacher.state == "unconfirmed":
        raise NotFound
    try:
        await storage.services.decide(
            user_id, payload.decision, by=session.user.id, at_ms=context.now_ms(), reason=payload.reason
        )
    except ports.Conflict:
        raise Conflict("Somebody else has decided on this already.") from None
    teacher = await storage.users.get_user(user_id)
    await context.announce.to_user(user_id, "account:changed", await describe(context, teacher))
    await tell_services(context, teacher)
    service = (await storage.users.get_school(session.user.school_id)).name
    link = f"{context.settings.base_url}/sign-in"
    more = {"service": service, "school": school.name, "reason": payload.reason}
    await write_letter(context, teacher, payload.decision, link=link, **more)


async def _school_of(context: Context, payload: Register) -> records.School:
    """The school of the list, or the new one, stored as proposed."""
    if payload.country not in context.countries.at(context.now_ms()):
        raise Invalid("This country is not in the network.", field="country")
    users = context.storage.users
    if payload.new_school is None:
        assert payload.school_id is not None  # The payload's own check lets nothing else through.
        for school in await users.schools_of(payload.country):
            if school.id == payload.school_id:
                return school
        raise Invalid("This school is not in the list of the country.", field="school_id")
    school = records.School(
        SchoolId(secrets.token_urlsafe(12)),
        payload.new_school.name,
        payload.new_school.city,
        payload.country,
        secrets.choice(SHAPES),
        payload.new_school.region,
        "proposed",
    )
    await users.add_school(school)
    return school


async def scope_of(context: Context, user: User) -> tuple[str | None, str | None]:
    """Country and region whose teachers this person of a service decides on; None: all."""
    service = await context.storage.services.get(user.school_id)
    place = await context.storage.users.get_school(user.school_id)
    match service.level:
        case "central":
            return None, None
        case "national":
            return place.country, None
        case "regional":
            return place.country, place.region


async def _service_for(context: Context, school: records.School) -> str:
    """The nearest one: of the region, of the country, or the central one; empty when there is none yet."""
    found = await _services_for(context, school)
    return (await context.storage.users.get_school(found[0].id)).name if found else ""


async def _services_for(context: Context, school: records.School) -> list[records.Service]:
    """The nearest first."""
    services = context.storage.services
    return [
        *await services.find("regional", school.country, school.region),
        *await services.find("national", school.country),
        *await services.find("central", school.country),
    ]


async def tell_services(context: Context, teacher: User) -> None:
    """On the desks of those who decide about this teacher, something is another."""
    services = await _services_for(context, await context.storage.users.get_school(teacher.school_id))
    people = await context.storage.services.people([service.id for service in services])
    await tell_desk(context, people, "registration")


async def _ticket_link(context: Context, user_id: UserId, purpose: TicketPurpose, within_ms: int, page: str) -> str:
    secret, now_ms = secrets.token_urlsafe(SECRET_BYTES), context.now_ms()
    ticket = Ticket(hash_login_secret(secret), purpose, user_id, now_ms, now_ms + within_ms)
    await context.storage.proofs.add_ticket(ticket)
    # Behind the #: a secret that no server and no proxy writes into its log.
    return f"{context.settings.base_url}{page}#secret={secret}"


async def _write_to_known(context: Context, email: str) -> None:
    try:
        user = await context.storage.users.find_by_email(email)
    except ports.NotFound:
        # The name is taken by an account with another address: nobody to write to.
        return
    if user.state != "closed":
        await write_letter(context, user, "known", link=f"{context.settings.base_url}/sign-in")
