"""Who is who: schools, support services, accounts, registrations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.records.ids import SchoolId, UserId

UserKind = Literal["teacher", "pupil", "staff", "guest"]
"""`teacher`: every grown-up of a school; `staff`: of a support service; `guest`: came by a link."""
UserState = Literal["unconfirmed", "waiting", "active", "refused", "closed"]
"""`unconfirmed`: the e-mail address is; `waiting`: for the service (teachers) or to be let in (guests)."""
SchoolState = Literal["listed", "proposed"]
"""`proposed`: a teacher who registered wrote it down, and no service has looked at it yet."""
ServiceLevel = Literal["central", "national", "regional"]
Decision = Literal["accepted", "refused"]


@dataclass(frozen=True, slots=True)
class School:
    id: SchoolId
    name: str
    city: str
    country: str
    """ISO 3166-1 alpha-2, upper case."""
    shape: str
    """The shape that stands for the school beside its colour: circle, square, triangle, hexagon, drop or star."""
    region: str = ""
    """As the country's support services name it; empty where they don't."""
    state: SchoolState = "listed"


@dataclass(frozen=True, slots=True)
class Service:
    """A support service. Its people belong to it as teachers to a school, so it has a row among the schools too."""

    id: SchoolId
    level: ServiceLevel
    """Central: every country; national: the country of its row; regional: that country's region alone."""


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    name: str
    """What one types to sign in, unique, lower case: `teacher.es`."""
    display_name: str
    kind: UserKind
    school_id: SchoolId
    language: str
    """BCP 47 tag of the interface: `es`, `pl`, `en`."""
    created_at_ms: int
    email: str | None = None
    """Lower case, unique. Pupils and guests never have one."""
    state: UserState = "active"
    class_name: str = ""
    """`5B`: how the teachers of a school tell their pupils' classes apart."""
    card_asked_at_ms: int | None = None
    """When the pupil asked for a new class card; None: not since the last one."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A teacher asks to be let in; the support service of country and region decides."""

    user_id: UserId
    message: str
    """What the teacher wrote to the service."""
    submitted_at_ms: int
    decision: Decision | None = None
    decided_by: UserId | None = None
    decided_at_ms: int | None = None
    reason: str = ""
    """What the service answered: always said when it refused."""
