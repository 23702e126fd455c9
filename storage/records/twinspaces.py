"""Projects, their TwinSpaces, and who is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.records.ids import GuestLinkId, ProjectId, RoomId, TwinspaceId, UserId

Role = Literal[
    "founder",
    "teacher",
    "librarian",
    "pupil_editor",
    "pupil",
    "head_teacher",
    "adviser",
    "lecturer",
    "expert",
    "ambassador",
    "inspector",
    "family",
    "visitor",
    "regional_staff",
    "national_staff",
    "central_staff",
]
Phase = Literal["founding", "withdrawn", "idea", "before", "during", "after", "closed", "archived"]
"""The life of a project. `founding`: not open yet, only the agreement is there; `withdrawn`: it never will be."""


@dataclass(frozen=True, slots=True)
class GuestLink:
    """An invitation: whoever holds its secret may ask to come into the TwinSpace as a guest, until it expires."""

    id: GuestLinkId
    twinspace_id: TwinspaceId
    secret_hash: bytes
    role: Role
    title: str
    """Who it is for, in the words of who made it: `Parents of 5B`."""
    made_by: UserId
    created_at_ms: int
    expires_at_ms: int
    revoked_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    id: ProjectId
    title: str
    summary: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Twinspace:
    id: TwinspaceId
    project_id: ProjectId
    title: str
    summary: str
    created_at_ms: int
    phase: Phase = "during"


@dataclass(frozen=True, slots=True)
class Member:
    twinspace_id: TwinspaceId
    user_id: UserId
    role: Role
    epoch: int
    """Grows by one each time the role changes or is taken away; live sockets carry the epoch they were opened with."""
    joined_at_ms: int
    muted: tuple[str, ...] = ()
    """What was taken from this member for a while, whatever the role: keys of `[mutes]` in roles.toml."""
    muted_until_ms: int | None = None
    """None: until somebody lifts it."""


@dataclass(frozen=True, slots=True)
class Room:
    id: RoomId
    twinspace_id: TwinspaceId
    title: str
    created_at_ms: int
    is_encrypted: bool = False
    """End to end: only those in the meeting have the keys, the hub never does."""
    parent_id: RoomId | None = None
    """Of a breakout room: the room that was divided."""
    endings: int = 0
    """How many of its meetings a teacher has ended: which meeting a page was in, without any clock."""
