"""Sign in through one's school's own identity provider, and link that to one's account."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from dataclasses import asdict
from typing import Any

from hub.actions.people import signed_in
from hub.actions.pupils import free_name
from hub.actions.registrations import tell_services
from hub.auth import SECRET_BYTES, hash_login_secret
from hub.context import Caller, Context, Session
from hub.errors import Conflict, Invalid, NotFound, ProviderFailed, WrongSecret
from hub.identity_providers import Person, Provider
from hub.openid import Asked
from hub.payloads import identities as payloads
from hub.payloads.fields import Nothing
from hub.payloads.identities import (
    Identities,
    LinkIdentity,
    ProviderAnswer,
    ProviderRef,
    ProviderReturn,
    Providers,
    ProviderSignIn,
    RegisterByProvider,
    UnknownPerson,
)
from hub.payloads.people import School, SignedIn, User
from storage import ports, records
from storage.records import Challenge, Identity, Registration, SchoolId, UserId

logger = logging.getLogger(__name__)

MINUTE_MS = 60 * 1000
COME_BACK_WITHIN_MS = 15 * MINUTE_MS
"""Some have to find their school password first."""
LINK_WITHIN_MS = 15 * MINUTE_MS
TOO_LATE = "This took too long, or was used already. Begin again."
LONGEST_NAME = 80
RETURN_PAGE = "/sign-in/provider"


async def list_providers(context: Context, caller: Caller, payload: Nothing) -> Providers:
    return Providers(providers=[_shown(provider) for provider in context.identity_providers.all()])


async def begin_provider_sign_in(context: Context, caller: Caller, payload: ProviderRef) -> ProviderSignIn:
    """Raise NotFound for a provider that is not there, ProviderFailed for one that doesn't answer."""
    provider = context.identity_providers.get(payload.provider_id)
    state, secret, now_ms = secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES), context.now_ms()
    redirect_uri = f"{context.settings.base_url}{RETURN_PAGE}"
    url, asked = await context.identity_providers.begin(provider, redirect_uri=redirect_uri, state=state)
    details = {"asked": asdict(asked), "browser": hashlib.sha256(secret.encode()).hexdigest()}
    challenge = Challenge(hash_login_secret(state), "identity_sign_in", now_ms + COME_BACK_WITHIN_MS, details=details)
    await context.storage.challenges.add(challenge, now_ms)
    return ProviderSignIn(url=url, secret=secret)


async def finish_provider_sign_in(context: Context, caller: Caller, payload: ProviderReturn) -> ProviderAnswer:
    """Signs in who is known, and a pupil whom the provider's rule makes one; tells everybody else how to go on.

    Raise WrongSecret for an answer that doesn't hold, comes twice, too late or in another browser; ProviderFailed.
    """
    challenges = context.storage.challenges
    try:
        begun = await challenges.take(hash_login_secret(payload.state), "identity_sign_in", context.now_ms())
    except ports.NotFound:
        raise WrongSecret(TOO_LATE) from None
    browser = hashlib.sha256(payload.secret.encode("utf-8", "surrogatepass")).hexdigest()
    if not hmac.compare_digest(browser, begun.details["browser"]):
        raise WrongSecret(TOO_LATE)
    asked = Asked(**begun.details["asked"])
    person = await context.identity_providers.finish(asked, code=payload.code, issuer=payload.iss)
    user = await _known(context, person) or await _as_pupil(context, person)
    if user is None:
        return ProviderAnswer(user=None, unknown=await _unknown(context, person), sign_out_url=None)
    signed = await signed_in(context, user, "provider", caller.device)
    answer = ProviderAnswer(
        user=User(**signed.model_dump()), unknown=None, sign_out_url=await _sign_out_url(context, person.provider)
    )
    return answer.with_secret(signed.secret, signed.max_age_s)


async def list_identities(context: Context, session: Session, payload: Nothing) -> Identities:
    listed = []
    for identity in await context.storage.identities.of_user(session.user.id):
        provider = context.identity_providers.of_issuer(identity.issuer)
        if provider is not None:
            listed.append(
                payloads.Identity(
                    provider=_shown(provider),
                    linked_at_ms=identity.linked_at_ms,
                    last_used_at_ms=identity.last_used_at_ms,
                )
            )
    return Identities(identities=listed)


async def link_identity(context: Context, session: Session, payload: LinkIdentity) -> Identities:
    """From now on the provider opens this account too: whoever asks is signed in, with every factor it demands.

    Raise Conflict unless the provider has verified the account's own e-mail address, and is the school's.
    """
    person = await _take_unknown(context, payload.secret)
    provider = context.identity_providers.get(person["provider_id"])
    user = session.user
    if user.kind not in ("teacher", "staff") or user.school_id not in provider.schools:
        raise Conflict(f"“{provider.name}” is not the sign-in of your school.")
    if person["email"] is None or person["email"] != user.email:
        raise Conflict(f"“{provider.name}” knows you by another e-mail address than this account.")
    await _link(context, user.id, provider, person["subject"])
    return await list_identities(context, session, Nothing())


async def unlink_identity(context: Context, session: Session, payload: ProviderRef) -> None:
    """Raise Conflict when nothing else opens the account."""
    provider, user_id = context.identity_providers.get(payload.provider_id), session.user.id
    has_password = await context.storage.users.password_hash(user_id) is not None
    if not has_password and not await context.storage.passkeys.of_user(user_id):
        raise Conflict("Nothing else opens your account. Choose a password first, or make a passkey.")
    try:
        await context.storage.identities.remove(user_id, provider.issuer)
    except ports.NotFound:
        raise NotFound from None


async def register_by_provider(context: Context, caller: Caller, payload: RegisterByProvider) -> SignedIn:
    """A teacher whose address the school has verified: no letter, no password; the support service decides as ever.

    Raise Conflict when the address has an account: its owner links it.
    """
    person = await _take_unknown(context, payload.secret)
    provider, now_ms = context.identity_providers.get(person["provider_id"]), context.now_ms()
    if person["email"] is None:
        raise Conflict(f"“{provider.name}” has not verified an e-mail address of yours.")
    if payload.school_id not in provider.schools:
        raise Invalid("This school is not one of the provider's.", field="school_id")
    try:
        school = await context.storage.users.get_school(SchoolId(payload.school_id))
    except ports.NotFound:
        raise Invalid("This school is not in the list.", field="school_id") from None
    user = records.User(
        UserId(secrets.token_urlsafe(12)),
        person["email"],
        payload.display_name,
        "teacher",
        school.id,
        payload.language,
        now_ms,
        email=person["email"],
        state="unconfirmed",
    )
    registration = Registration(user.id, payload.message, now_ms)
    try:
        user_id = await context.storage.services.register(user, registration, password_hash=None)
    except ports.Conflict:
        raise Conflict("This address has an account. Sign in to it, then link it.") from None
    # Linked first: a crash in between leaves an unconfirmed account, which the next try replaces.
    await _link(context, user_id, provider, person["subject"])
    await context.storage.users.set_state(user_id, "waiting")
    user = await context.storage.users.get_user(user_id)
    await tell_services(context, user)
    return await signed_in(context, user, "provider", caller.device)


async def _known(context: Context, person: Person) -> records.User | None:
    identities, provider = context.storage.identities, person.provider
    try:
        identity = await identities.find(provider.issuer, person.subject)
    except ports.NotFound:
        return None
    await identities.note_use(provider.issuer, person.subject, context.now_ms())
    return await context.storage.users.get_user(identity.user_id)


async def _as_pupil(context: Context, person: Person) -> records.User | None:
    """A new account for whom the provider's rule calls a pupil. Their address is not kept."""
    rule, users, now_ms = person.provider.pupils, context.storage.users, context.now_ms()
    if rule is None or not rule.fits(person.claims):
        return None
    try:
        school = await users.get_school(SchoolId(rule.school))
    except ports.NotFound:
        logger.error("the pupils of the identity provider %s belong to no school here", person.provider.id)
        raise ProviderFailed from None
    class_name = _line(person.claims.get(rule.class_claim)) if rule.class_claim else ""
    first_name = _line(person.claims.get("given_name")) or _line(person.claims.get("name")).partition(" ")[0]
    present = [user for user in await users.pupils_of(school.id) if user.class_name == class_name]
    user_id = UserId(secrets.token_urlsafe(12))
    user = records.User(
        user_id,
        f"pupil:{user_id}",
        free_name(first_name or "?", [each.display_name for each in present if each.state == "active"]),
        "pupil",
        school.id,
        rule.language,
        now_ms,
        class_name=class_name,
    )
    await users.add_user(user)
    try:
        await context.storage.identities.add(Identity(person.provider.issuer, person.subject, user_id, now_ms, now_ms))
    except ports.Conflict:
        # The same pupil came in twice at once: the other account is the one.
        await users.set_state(user_id, "closed")
        return await _known(context, person)
    return user


async def _unknown(context: Context, person: Person) -> UnknownPerson:
    secret, now_ms, provider = secrets.token_urlsafe(SECRET_BYTES), context.now_ms(), person.provider
    details = {"provider_id": provider.id, "subject": person.subject, "email": person.email}
    challenge = Challenge(hash_login_secret(secret), "unknown_identity", now_ms + LINK_WITHIN_MS, details=details)
    await context.storage.challenges.add(challenge, now_ms)
    schools = []
    for school_id in provider.schools:
        try:
            school = await context.storage.users.get_school(SchoolId(school_id))
        except ports.NotFound:
            logger.error("the identity provider %s names the school %s, which is not here", provider.id, school_id)
            continue
        schools.append(School.of(school))
    name = _line(person.claims.get("name"))
    return UnknownPerson(
        secret=secret, provider=_shown(provider), display_name=name, email=person.email, schools=schools
    )


async def _take_unknown(context: Context, secret: str) -> Any:
    try:
        taken = await context.storage.challenges.take(hash_login_secret(secret), "unknown_identity", context.now_ms())
    except ports.NotFound:
        raise WrongSecret(TOO_LATE) from None
    return taken.details


async def _link(context: Context, user_id: UserId, provider: Provider, subject: str) -> None:
    identities = context.storage.identities
    try:
        await identities.add(Identity(provider.issuer, subject, user_id, context.now_ms()))
    except ports.Conflict:
        try:
            if (await identities.find(provider.issuer, subject)).user_id == user_id:
                return
        except ports.NotFound:
            pass
        raise Conflict("This account, or this person, is linked already.") from None


async def _sign_out_url(context: Context, provider: Provider) -> str | None:
    try:
        return await context.identity_providers.sign_out_url(provider, f"{context.settings.base_url}/sign-in")
    except ProviderFailed:
        return None


def _shown(provider: Provider) -> payloads.Provider:
    return payloads.Provider(id=provider.id, name=provider.name)


def _line(said: object) -> str:
    """A claim as one short line; empty when it is something else."""
    if not isinstance(said, str):
        return ""
    return "".join(sign for sign in said if sign.isprintable()).strip()[:LONGEST_NAME]
