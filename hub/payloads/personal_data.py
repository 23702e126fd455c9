"""What there is about a person: to take along, and to erase."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import StringConstraints

from hub.payloads.fields import Id, Payload, Reply
from storage import records

CopyState = Literal["none", "working", "ready", "failed"]


class ErasePupil(Payload):
    user_id: Id
    texts: bool = True
    """False: the account and the name go, what was written stays under `a former pupil of …`."""


class EraseMe(Payload):
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """One's own sign-in name, typed: nobody erases an account by a slip of the finger."""
    texts: bool = True
    """False: what was written stays under `a former teacher of …`."""


class ErasureRef(Payload):
    erasure_id: Id


class ErasureProgress(Reply):
    erasure_id: str
    state: records.ErasureState
    done: int
    """Of a hundred."""

    @classmethod
    def of(cls, job: records.ErasureJob) -> Self:
        return cls(erasure_id=job.id, state=job.state, done=job.done)


class FoundedProject(Reply):
    twinspace_id: str
    title: str
    phase: records.Phase


class OwnErasure(Reply):
    founded: list[FoundedProject]
    """Projects that go on and that one founds: somebody has to follow, or they are closed, first."""


class CopyOf(Payload):
    user_id: Id


class PersonalCopy(Reply):
    """A copy of everything about one person, as a ZIP file that can be fetched once."""

    state: CopyState
    done: int
    """Of a hundred."""
    size_bytes: int
    asked_at_ms: int | None
