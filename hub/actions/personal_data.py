"""What there is about a person: a copy to take along, and erasure. For oneself, and for the pupils of one's school."""

from __future__ import annotations

from pathlib import Path

from hub import about_person, erasure
from hub.access import Duty, access_duty
from hub.auth import normalise_name
from hub.context import Caller, Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.logins import end_all_logins
from hub.payloads.fields import Nothing
from hub.payloads.operations import StoredFile
from hub.payloads.personal_data import (
    CopyOf,
    CopyState,
    EraseMe,
    ErasePupil,
    ErasureProgress,
    ErasureRef,
    FoundedProject,
    OwnErasure,
    PersonalCopy,
)
from hub.personal_copies import path_of, take
from storage import ports
from storage.records import ErasureJobId, User, UserId


async def erase_pupil(context: Context, session: Session, payload: ErasePupil) -> ErasureProgress:
    """For good. The account is shut when this answers; the rest is done in the background."""
    pupil = await pupil_of(context, session, payload.user_id)
    return await _erase(context, pupil, texts=payload.texts, asked_by=session.user)


async def read_own_erasure(context: Context, session: Session, payload: Nothing) -> OwnErasure:
    """What is to be settled before one's own account can be erased."""
    _check_own(session.user)
    return OwnErasure(founded=await _founded(context, session.user))


async def erase_me(context: Context, session: Session, payload: EraseMe) -> ErasureProgress:
    """For good. Raise Conflict while one founds a project that goes on: somebody has to follow, or it is closed."""
    _check_own(session.user)
    if normalise_name(payload.name) != session.user.name:
        raise Invalid("This is not your sign-in name.", field="name")
    if founded := await _founded(context, session.user):
        titles = ", ".join(f"“{each.title}”" for each in founded)
        raise Conflict(f"You are a founder of {titles}. Somebody has to follow you there, or the project is closed.")
    for succession in await context.storage.successions.open(session.user.id):
        try:
            await context.storage.successions.end(
                succession.id, "declined", by=session.user.id, reason="", at_ms=context.now_ms()
            )
        except ports.Conflict:
            continue
    return await _erase(context, session.user, texts=payload.texts, asked_by=session.user)


async def read_erasure(context: Context, caller: Caller, payload: ErasureRef) -> ErasureProgress:
    """Without signing in: who has erased the own account has none to ask with."""
    try:
        return ErasureProgress.of(await context.storage.erasure.get_job(ErasureJobId(payload.erasure_id)))
    except ports.NotFound:
        raise NotFound from None


async def _erase(context: Context, user: User, *, texts: bool, asked_by: User) -> ErasureProgress:
    job = await erasure.ask_erasure(context, user.id, texts=texts, asked_by=asked_by.id)
    await context.storage.users.set_state(user.id, "closed")
    await end_all_logins(context, user.id, "removed")
    return ErasureProgress.of(job)


def _check_own(user: User) -> None:
    """Pupils ask their teacher, guests leave; both have nothing to erase here by themselves."""
    if user.kind not in ("teacher", "staff"):
        raise NotFound


async def _founded(context: Context, user: User) -> list[FoundedProject]:
    found = []
    for founding in await context.storage.foundings.of_user(user.id):
        phase = (await context.storage.twinspaces.get(founding.twinspace_id)).phase
        if phase not in ("closed", "archived", "withdrawn"):
            found.append(FoundedProject(twinspace_id=founding.twinspace_id, title=founding.title, phase=phase))
    return found


async def begin_own_copy(context: Context, session: Session, payload: Nothing) -> PersonalCopy:
    return _begin(context, session.user)


async def read_own_copy(context: Context, session: Session, payload: Nothing) -> PersonalCopy:
    return _state(context, session.user)


async def fetch_own_copy(context: Context, session: Session, payload: Nothing) -> StoredFile:
    return _taken(context, session.user)


async def begin_copy(context: Context, session: Session, payload: CopyOf) -> PersonalCopy:
    return _begin(context, await pupil_of(context, session, payload.user_id))


async def read_copy(context: Context, session: Session, payload: CopyOf) -> PersonalCopy:
    return _state(context, await pupil_of(context, session, payload.user_id))


async def fetch_copy(context: Context, session: Session, payload: CopyOf) -> StoredFile:
    return _taken(context, await pupil_of(context, session, payload.user_id))


def _begin(context: Context, user: User) -> PersonalCopy:
    context.copies.begin(
        _folder(context), user.id, context.now_ms(), lambda tell: about_person.gather(context, user, tell)
    )
    return _state(context, user)


def _state(context: Context, user: User) -> PersonalCopy:
    making = context.copies.making(user.id)
    if making is not None:
        state: CopyState = "failed" if making.failed else "working"
        return PersonalCopy(state=state, done=making.done, size_bytes=0, asked_at_ms=making.asked_at_ms)
    try:
        found = path_of(_folder(context), user.id).stat()
    except FileNotFoundError:
        return PersonalCopy(state="none", done=0, size_bytes=0, asked_at_ms=None)
    return PersonalCopy(state="ready", done=100, size_bytes=found.st_size, asked_at_ms=int(found.st_mtime * 1000))


def _taken(context: Context, user: User) -> StoredFile:
    path = take(_folder(context), user.id)
    if path is None:
        raise NotFound
    return StoredFile(content_type="application/zip", filename="twinspace-data.zip", path=path)


def _folder(context: Context) -> Path:
    return context.settings.data_dir / erasure.COPIES


async def pupil_of(context: Context, session: Session, user_id: str) -> User:
    """A pupil of one's own school, also one whose account is closed. Raise NotFound."""
    await access_duty(context, session.user, Duty.PUPILS)
    try:
        user = await context.storage.users.get_user(UserId(user_id))
    except ports.NotFound:
        raise NotFound from None
    if user.kind != "pupil" or user.school_id != session.user.school_id:
        raise NotFound
    return user
