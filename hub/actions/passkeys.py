"""Passkeys: sign in with one, and keep one's own in order."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import replace

from hub import passkeys
from hub.actions.people import signed_in
from hub.context import Caller, Context, Session
from hub.errors import Conflict, NotFound, SecondFactorNeeded, WrongSecret
from hub.letters import tell_by_letter
from hub.passkeys import NotProved, Party
from hub.payloads.fields import Nothing
from hub.payloads.passkeys import (
    NewPasskey,
    Passkey,
    PasskeyProof,
    PasskeyQuestion,
    PasskeyRef,
    Passkeys,
    RenamePasskey,
)
from hub.payloads.people import SignedIn
from hub.second_factors import demanded, read_factors
from storage import ports, records
from storage.records import Challenge, ChallengePurpose, PasskeyId, User, UserId

logger = logging.getLogger(__name__)

CHALLENGE_BYTES = 32
MAX_PASSKEYS = 20
NOT_HERE = "This passkey opens no account here."
TOO_LATE = "This took too long, or was answered already. Try again."
COPIED = "Somebody seems to have a copy of this passkey, so it opens nothing now. Sign in another way and remove it."


async def ask_passkey_sign_in(context: Context, caller: Caller, payload: Nothing) -> PasskeyQuestion:
    challenge = await _ask(context, "passkey_sign_in", None)
    return PasskeyQuestion(options=passkeys.ask_for_proof(_party(context), challenge))


async def sign_in_with_passkey(context: Context, caller: Caller, payload: PasskeyProof) -> SignedIn:
    """Without a name: the passkey says whose it is. Raise WrongSecret for whatever does not hold."""
    credential = payload.credential.model_dump()
    challenge = await _answered(context, credential, "passkey_sign_in", None)
    try:
        passkey = await context.storage.passkeys.find(passkeys.credential_id_in(credential))
        use = passkeys.read_proof(_party(context), credential, challenge, passkey)
    except (NotProved, ports.NotFound) as error:
        logger.info("a passkey was refused: %s", error)
        raise WrongSecret(NOT_HERE) from None
    user = await context.storage.users.get_user(passkey.user_id)
    await _note_use(context, user, passkey, use)
    return await signed_in(context, user, "passkey", caller.device)


async def list_passkeys(context: Context, session: Session, payload: Nothing) -> Passkeys:
    mine = await context.storage.passkeys.of_user(_owner(session))
    return Passkeys(passkeys=[Passkey.of(passkey) for passkey in mine])


async def ask_new_passkey(context: Context, session: Session, payload: Nothing) -> PasskeyQuestion:
    """Raise SecondFactorNeeded for a login that has a factor to give, Conflict when one has very many."""
    mine = await context.storage.passkeys.of_user(_owner(session))
    await _check_may_add(context, session)
    if len(mine) >= MAX_PASSKEYS:
        raise Conflict("You have very many passkeys. Remove those that you don't use.")
    challenge = await _ask(context, "new_passkey", session.user.id)
    return PasskeyQuestion(options=passkeys.ask_for_new(_party(context), session.user, mine, challenge))


async def add_passkey(context: Context, session: Session, payload: NewPasskey) -> Passkey:
    """A login that still had to set up a second factor is whole from now on; a letter tells the owner."""
    user_id, now_ms = _owner(session), context.now_ms()
    await _check_may_add(context, session)
    credential = payload.credential.model_dump()
    challenge = await _answered(context, credential, "new_passkey", user_id)
    try:
        made = passkeys.read_new(_party(context), credential, challenge)
    except NotProved as error:
        logger.info("a new passkey was refused: %s", error)
        raise WrongSecret("This passkey can't be used here: the device has to check that it is you.") from None
    passkey = records.Passkey(
        PasskeyId(secrets.token_urlsafe(12)),
        made.credential_id,
        user_id,
        payload.title,
        made.public_key,
        made.sign_count,
        made.transports,
        made.is_synced,
        now_ms,
    )
    try:
        await context.storage.passkeys.add(passkey)
    except ports.Conflict:
        raise Conflict("This passkey is in use already.") from None
    if session.is_half:
        await context.storage.logins.note_second_factor(session.login_id, now_ms)
    link = f"{context.settings.base_url}/account"
    await tell_by_letter(context, session.user, "passkey_added", link=link, passkey=passkey.title)
    return Passkey.of(passkey)


async def rename_passkey(context: Context, session: Session, payload: RenamePasskey) -> Passkey:
    passkey = await _own(context, session, payload.passkey_id)
    try:
        await context.storage.passkeys.rename(passkey.user_id, passkey.id, payload.title)
    except ports.NotFound:
        raise NotFound from None
    return Passkey.of(replace(passkey, title=payload.title))


async def remove_passkey(context: Context, session: Session, payload: PasskeyRef) -> None:
    """Raise Conflict for the last factor of somebody whose work needs one."""
    passkey = await _own(context, session, payload.passkey_id)
    if session.user.kind == "staff" and "code" not in await read_factors(context, session.user):
        mine = await context.storage.passkeys.of_user(session.user.id)
        if not any(other.copied_at_ms is None for other in mine if other.id != passkey.id):
            raise Conflict("People of a support service need a second factor. Set up another one first.")
    try:
        await context.storage.passkeys.remove(passkey.user_id, passkey.id)
    except ports.NotFound:
        raise NotFound from None


def _party(context: Context) -> Party:
    return passkeys.party_of(context.settings.base_url, context.settings.passkey_domain)


def _owner(session: Session) -> UserId:
    """Pupils come by cards, on machines that a whole class shares, and guests by links."""
    if session.user.kind not in ("teacher", "staff"):
        raise NotFound
    return session.user.id


async def _check_may_add(context: Context, session: Session) -> None:
    """Who merely knows a password must not get past the factor that is there by making another."""
    if session.is_half and demanded(session.user, await read_factors(context, session.user)) != "set_up":
        raise SecondFactorNeeded


async def _own(context: Context, session: Session, passkey_id: str) -> records.Passkey:
    for passkey in await context.storage.passkeys.of_user(_owner(session)):
        if passkey.id == passkey_id:
            return passkey
    raise NotFound


async def _ask(context: Context, purpose: ChallengePurpose, user_id: UserId | None) -> bytes:
    challenge, now_ms = secrets.token_bytes(CHALLENGE_BYTES), context.now_ms()
    expires_at_ms = now_ms + passkeys.ANSWER_WITHIN_MS
    await context.storage.challenges.add(Challenge(_hash(challenge), purpose, expires_at_ms, user_id), now_ms)
    return challenge


async def _answered(context: Context, credential: object, purpose: ChallengePurpose, user_id: UserId | None) -> bytes:
    """The challenge that this answers, which is used up by it, right or wrong."""
    try:
        challenge = passkeys.challenge_in(credential)
        asked = await context.storage.challenges.take(_hash(challenge), purpose, context.now_ms())
    except (NotProved, ports.NotFound):
        raise WrongSecret(TOO_LATE) from None
    if asked.user_id != user_id:
        raise WrongSecret(TOO_LATE)
    return challenge


async def _note_use(context: Context, user: User, passkey: records.Passkey, use: passkeys.Use) -> None:
    """Raise WrongSecret for a passkey of which there is a copy: its counter did not grow (WebAuthn, section 6.1.1)."""
    if passkey.copied_at_ms is not None:
        raise WrongSecret(COPIED)
    now_ms = context.now_ms()
    try:
        await context.storage.passkeys.note_use(
            passkey.id, sign_count=use.sign_count, is_synced=use.is_synced, at_ms=now_ms
        )
    except ports.NotFound:
        raise WrongSecret(NOT_HERE) from None
    except ports.Conflict:
        await context.storage.passkeys.note_copy(passkey.id, now_ms)
        logger.warning("the passkey %s of %s seems to be copied", passkey.id, user.id)
        link = f"{context.settings.base_url}/account"
        await tell_by_letter(context, user, "passkey_copied", link=link, passkey=passkey.title)
        raise WrongSecret(COPIED) from None


def _hash(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()
