"""Who may do what: the only way to reach a TwinSpace, a content or a room is through an `access_…` function.

Each returns what was asked for or raises NotFound, the same for "absent" and "not yours". The matrices are roles.toml.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from typing import Any

from hub.content_parts import is_hidden
from hub.context import Context
from hub.errors import NotFound
from hub.lesson.breakouts import group_in, state_of
from hub.visibility import may_see, sight_of
from storage import ports
from storage.records import (
    Content,
    ContentId,
    Item,
    Material,
    MaterialId,
    Member,
    Phase,
    Role,
    Room,
    RoomId,
    Sight,
    Twinspace,
    TwinspaceId,
    User,
)


class Act(StrEnum):
    READ = "read"
    CHAT = "chat"
    WRITE = "write"
    MODERATE = "moderate"
    GATE = "gate"
    ANSWER = "answer"
    CREATE = "create"
    BUILD = "build"
    MEET = "meet"
    SNAPSHOT = "snapshot"
    INVITE = "invite"
    AGREE = "agree"
    STEER = "steer"
    CONSENT = "consent"
    RECORD = "record"
    RECORDINGS = "recordings"
    REPORT = "report"
    PROTECT = "protect"
    PLAN = "plan"
    CONFER = "confer"
    PUBLISH = "publish"
    UPLOAD = "upload"
    ARRANGE = "arrange"
    BREAKOUTS = "breakouts"
    PRESENT = "present"


class Duty(StrEnum):
    """What one may do outside TwinSpaces."""

    PUPILS = "pupils"
    FOUND = "found"
    APPROVE = "approve"
    VALIDATE = "validate"
    NETWORK = "network"
    SUPPORT = "support"


def read_table() -> dict[str, dict[str, Any]]:
    """roles.toml as it is."""
    return tomllib.loads(files("hub").joinpath("roles.toml").read_text("utf-8"))


_TABLE = read_table()
MATRIX = {role: frozenset(Act(name) for name in acts) for role, acts in _TABLE["roles"].items()}
PHASES = {phase: frozenset(Act(name) for name in acts) for phase, acts in _TABLE["phases"].items()}
MUTES = {part: frozenset(Act(name) for name in acts) for part, acts in _TABLE["mutes"].items()}
GUARDS: frozenset[str] = frozenset(_TABLE["adults"]["guards"])
STANDINGS = {standing: frozenset(Duty(name) for name in duties) for standing, duties in _TABLE["standings"].items()}


def acts_of(role: Role, phase: Phase) -> frozenset[Act]:
    """What the role may do while its project is in this phase."""
    return MATRIX[role] & PHASES.get(phase, MATRIX[role])


def as_of(member: Member, now_ms: int) -> Member:
    """The member without a mute whose time is over: its row says so until the membership watch comes by."""
    if member.muted_until_ms is None or now_ms < member.muted_until_ms:
        return member
    return replace(member, muted=(), muted_until_ms=None)


def guards(user: User, role: Role) -> bool:
    """Whether pupils are not alone where this person is: an adult of one of the schools, whatever the account says."""
    return role in GUARDS and user.kind != "pupil"


@dataclass(frozen=True, slots=True)
class Access:
    """A user's standing in one TwinSpace, at the moment it was asked for."""

    twinspace: Twinspace
    member: Member
    user: User

    def may(self, act: Act) -> bool:
        return act in self.acts

    @property
    def acts(self) -> frozenset[Act]:
        taken = (MUTES[part] for part in self.member.muted if part in MUTES)
        return acts_of(self.member.role, self.twinspace.phase).difference(*taken)


async def standing_of(context: Context, user: User) -> str:
    """What the user is outside TwinSpaces: a key of STANDINGS."""
    if user.kind != "staff":
        return user.kind
    service = await context.storage.services.get(user.school_id)
    return f"{service.level}_staff"


async def duties_of(context: Context, user: User) -> frozenset[Duty]:
    """None as long as an account waits, or was refused."""
    if user.state != "active":
        return frozenset()
    return STANDINGS[await standing_of(context, user)]


async def access_duty(context: Context, user: User, duty: Duty) -> None:
    if duty not in await duties_of(context, user):
        raise NotFound


async def access_twinspace(context: Context, user: User, twinspace_id: TwinspaceId, act: Act) -> Access:
    try:
        twinspace, member = await context.storage.twinspaces.get_standing(twinspace_id, user.id)
    except ports.NotFound:
        raise NotFound from None
    access = Access(twinspace, as_of(member, context.now_ms()), user)
    if not access.may(act):
        raise NotFound
    return access


async def access_content(context: Context, user: User, content_id: ContentId, act: Act) -> tuple[Access, Content]:
    try:
        content = await context.storage.contents.get(content_id)
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, user, content.twinspace_id, act)
    if await is_hidden(context, content):
        raise NotFound
    await check_sees(context, access, content)
    return access, content


async def access_material(context: Context, user: User, material_id: MaterialId, act: Act) -> tuple[Access, Material]:
    try:
        material = await context.storage.materials.get(material_id)
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, user, material.twinspace_id, act)
    if await context.storage.safety.is_hidden(material.twinspace_id, "material", material.id):
        raise NotFound
    await check_sees(context, access, material)
    return access, material


async def read_sight(context: Context, access: Access) -> Sight:
    """What the member sees of the TwinSpace's items, for a list's port."""
    team_ids = await context.storage.teams.of_user(access.twinspace.id, access.user.id)
    return sight_of(access.user, confers=access.may(Act.CONFER), team_ids=team_ids)


async def check_sees(context: Context, access: Access, item: Item) -> None:
    """Raise NotFound unless the member sees the item: every way to one thing of a TwinSpace asks this."""
    if not may_see(sight_of(access.user, confers=access.may(Act.CONFER), team_ids=()), item):
        # Teams are looked up only where they matter.
        if item.visibility != "team" or not may_see(await read_sight(context, access), item):
            raise NotFound


async def access_agreement(context: Context, user: User, content: Content) -> Access | None:
    """One's standing towards the founding agreement; None when the content is no agreement.

    It is open to its founders before their TwinSpace is.
    """
    try:
        founding = await context.storage.foundings.get(content.twinspace_id)
    except ports.NotFound:
        return None
    if founding.agreement_id != content.id:
        return None
    twinspace = await context.storage.twinspaces.get(content.twinspace_id)
    return await access_twinspace(
        context, user, content.twinspace_id, Act.AGREE if twinspace.phase == "founding" else Act.READ
    )


async def access_room(context: Context, user: User, room_id: RoomId, act: Act) -> tuple[Access, Room]:
    try:
        room = await context.storage.twinspaces.get_room(room_id)
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, user, room.twinspace_id, act)
    if room.parent_id is not None:
        await _check_place(context, access, room, room.parent_id)
    return access, room


async def _check_place(context: Context, access: Access, room: Room, parent_id: RoomId) -> None:
    """Raise NotFound unless the breakout room is open, and the member's own or one that they watch over."""
    for plan in await context.storage.breakouts.of_room(parent_id):
        group = group_in(plan, room.id)
        if group is not None and state_of(plan, context.now_ms()) == "open":
            if access.may(Act.BREAKOUTS) or access.user.id in group.user_ids:
                return
    raise NotFound
