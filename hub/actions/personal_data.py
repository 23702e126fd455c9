"""What there is about a person: a copy to take along, and erasure. For oneself, and for the pupils of one's school."""

from __future__ import annotations

from pathlib import Path

from hub import about_person, erasure, moderation
from hub.access import Duty, access_duty
from hub.context import Context, Session
from hub.errors import NotFound
from hub.payloads.fields import Nothing
from hub.payloads.operations import StoredFile
from hub.payloads.personal_data import CopyOf, CopyState, ErasePupil, PersonalCopy
from hub.personal_copies import path_of, take
from storage import ports
from storage.records import TwinspaceId, User, UserId


async def erase_pupil(context: Context, session: Session, payload: ErasePupil) -> None:
    """For good. It takes as long as the database's files need to be written anew."""
    pupil = await pupil_of(context, session, payload.user_id)
    rows = await context.storage.erasure.person_rows(pupil.id)
    await erasure.erase_person(context, pupil, texts=payload.texts)
    await erasure.leave_no_byte(context)
    for row in rows.get("members", ()):
        await moderation.note(
            context,
            TwinspaceId(str(row["twinspace_id"])),
            "erased",
            session.user,
            kind="member",
            subject_id=pupil.id,
            details={"texts": payload.texts},
        )


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
