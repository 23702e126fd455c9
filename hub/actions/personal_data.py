"""What there is about a person: a copy to take along, and erasure. For oneself, and for the pupils of one's school."""

from __future__ import annotations

from hub import erasure, moderation
from hub.access import Duty, access_duty
from hub.context import Context, Session
from hub.errors import NotFound
from hub.payloads.personal_data import ErasePupil
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
