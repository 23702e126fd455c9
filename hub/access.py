"""Who may do what: the only way to reach a TwinSpace, a content or a room is through an `access_…` function.

Each returns what was asked for or raises NotFound, the same for "absent" and "not yours". The matrix is roles.toml.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from hub.context import Context
from hub.errors import NotFound
from storage import ports
from storage.records import Content, ContentId, Member, Room, RoomId, Twinspace, TwinspaceId, User


class Act(StrEnum):
    READ = "read"
    CHAT = "chat"
    WRITE = "write"
    MODERATE = "moderate"
    ANSWER = "answer"
    CREATE = "create"
    BUILD = "build"
    MEET = "meet"
    SNAPSHOT = "snapshot"


def _read_matrix() -> dict[str, frozenset[Act]]:
    table = tomllib.loads(files("hub").joinpath("roles.toml").read_text("utf-8"))
    return {role: frozenset(Act(name) for name in acts) for role, acts in table["roles"].items()}


MATRIX = _read_matrix()


@dataclass(frozen=True, slots=True)
class Access:
    """A user's standing in one TwinSpace, at the moment it was asked for."""

    twinspace: Twinspace
    member: Member

    def may(self, act: Act) -> bool:
        return act in MATRIX[self.member.role]


async def access_twinspace(context: Context, user: User, twinspace_id: TwinspaceId, act: Act) -> Access:
    try:
        twinspace = await context.storage.twinspaces.get(twinspace_id)
        member = await context.storage.twinspaces.get_member(twinspace_id, user.id)
    except ports.NotFound:
        raise NotFound from None
    access = Access(twinspace, member)
    if not access.may(act):
        raise NotFound
    return access


async def access_content(context: Context, user: User, content_id: ContentId, act: Act) -> tuple[Access, Content]:
    try:
        content = await context.storage.contents.get(content_id)
    except ports.NotFound:
        raise NotFound from None
    return await access_twinspace(context, user, content.twinspace_id, act), content


async def access_room(context: Context, user: User, room_id: RoomId, act: Act) -> tuple[Access, Room]:
    try:
        room = await context.storage.twinspaces.get_room(room_id)
    except ports.NotFound:
        raise NotFound from None
    return await access_twinspace(context, user, room.twinspace_id, act), room
