"""TwinSpaces, their members, and who is in them right now."""

from __future__ import annotations

from typing import Literal

from hub.payloads.fields import Id, Payload, Reply
from hub.payloads.people import School
from hub.payloads.rooms import Room
from storage import records


class Project(Reply):
    id: str
    title: str
    summary: str


class Member(Reply):
    user_id: str
    display_name: str
    kind: records.UserKind
    role: records.Role
    school_id: str
    online: bool


class Twinspace(Reply):
    id: str
    title: str
    summary: str
    role: records.Role
    phase: records.Phase
    schools: list[School]


class TwinspaceDetail(Twinspace):
    acts: list[str]
    members: list[Member]
    rooms: list[Room]
    project: Project


class Twinspaces(Reply):
    twinspaces: list[Twinspace]


class TwinspaceRef(Payload):
    twinspace_id: Id


class Entered(Reply):
    online: list[str]
    latest_seq: int


class Presence(Reply):
    """Announced: somebody came or went."""

    twinspace_id: str
    user_id: str


class MemberChanged(Reply):
    """Announced: a member has another role now."""

    twinspace_id: str
    user_id: str
    role: records.Role


class SessionEnded(Reply):
    reason: Literal["signed_out", "removed", "key_reset", "no_consent", "expired"]
