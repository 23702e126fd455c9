"""Breakout rooms, planned: who is in which group, made by the group maker or by hand, the day before if one likes."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable
from dataclasses import replace

from hub.access import Access, Act, access_twinspace
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.lesson.breakouts import Group, groups_of, in_two_groups, partners, state_of, with_groups
from hub.lesson.group_maker import Seat, make_groups
from hub.live_breakouts import changed, leaders
from hub.names import as_called_by
from hub.payloads.breakouts import (
    BreakoutGroup,
    Breakouts,
    BreakoutsList,
    ChangeBreakouts,
    GroupWish,
    PlanBreakouts,
    ProposedGroup,
    ProposedGroups,
    ProposeGroups,
    RemoveBreakouts,
    UnmetDemand,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_users
from storage import ports, records
from storage.records import BreakoutsId, ContentId, MeetingId, RoomId, TwinspaceId, User, UserId

logger = logging.getLogger(__name__)

MOST_BREAKOUTS = 200


async def access_breakouts(
    context: Context, session: Session, breakouts_id: str, act: Act = Act.BREAKOUTS
) -> tuple[Access, records.Breakouts]:
    """Raise NotFound, the same for absent and not yours; who tries without the act is written into the hub's log."""
    try:
        plan = await context.storage.breakouts.get(BreakoutsId(breakouts_id))
    except ports.NotFound:
        raise NotFound from None
    try:
        return await access_twinspace(context, session.user, plan.twinspace_id, act), plan
    except NotFound:
        logger.warning("user %s may not %s breakout rooms %s: refused", session.user.id, act, plan.id)
        raise


async def list_breakouts(context: Context, session: Session, payload: TwinspaceRef) -> BreakoutsList:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.BREAKOUTS)
    found = await context.storage.breakouts.of_twinspace(access.twinspace.id)
    return BreakoutsList(breakouts=[shown(context, plan) for plan in found])


async def propose_groups(context: Context, session: Session, payload: ProposeGroups) -> ProposedGroups:
    """Raise Invalid when somebody is no member here, or when there is nobody to make groups of."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.BREAKOUTS)
    people = await _people(context, access.twinspace.id)
    ids = [user.id for user in people.values() if user.kind == "pupil"]
    if payload.user_ids is not None:
        ids = list(dict.fromkeys(UserId(user_id) for user_id in payload.user_ids))
        _check_members(ids, people)
    if not ids:
        raise Invalid("There is nobody to make groups of.", field="user_ids")
    adults = [people[user_id] for user_id in await leaders(context.storage, access.twinspace.id)]
    found = await asyncio.to_thread(
        make_groups,
        [Seat(user_id, people[user_id].school_id) for user_id in ids],
        payload.count,
        apart=payload.apart,
        met=partners(await context.storage.breakouts.of_twinspace(access.twinspace.id)),
        adults=[Seat(adult.id, adult.school_id) for adult in adults],
        seed=payload.seed,
    )
    return ProposedGroups(
        groups=[
            ProposedGroup(user_ids=[*group], adult_id=adult)
            for group, adult in zip(found.groups, found.adults, strict=True)
        ],
        unmet=[UnmetDemand(demand=each.demand, ids=[*each.ids], group=each.group) for each in found.unmet],
        repeats=found.repeats,
    )


async def plan_breakouts(context: Context, session: Session, payload: PlanBreakouts) -> Breakouts:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.BREAKOUTS)
    await _check(context, access, payload)
    if len(await context.storage.breakouts.of_twinspace(access.twinspace.id)) >= MOST_BREAKOUTS:
        raise Invalid(f"A TwinSpace has at most {MOST_BREAKOUTS} sets of breakout rooms.", field="title")
    plan = records.Breakouts(
        id=BreakoutsId(secrets.token_urlsafe(12)),
        twinspace_id=access.twinspace.id,
        room_id=RoomId(payload.room_id),
        meeting_id=MeetingId(payload.meeting_id) if payload.meeting_id is not None else None,
        title=payload.title,
        minutes=payload.minutes,
        groups=[],
        apart=[[*pair] for pair in payload.apart],
        created_by=session.user.id,
        created_at_ms=context.now_ms(),
    )
    plan = with_groups(plan, [_group(wish, []) for wish in payload.groups])
    await context.storage.breakouts.add(plan)
    await tell(context, plan)
    return shown(context, plan)


async def change_breakouts(context: Context, session: Session, payload: ChangeBreakouts) -> Breakouts:
    """Raise Conflict when somebody changed them since `revision`, or while they are open: then people are moved one
    by one."""
    access, former = await _find(context, session, payload.twinspace_id, payload.breakouts_id)
    await _check(context, access, payload)
    if state_of(former, context.now_ms()) == "open":
        raise Conflict("These rooms are open. Close them first, or move people one by one.")
    here = groups_of(former)
    if unknown := [wish.title for wish in payload.groups if wish.id and wish.id not in {each.id for each in here}]:
        raise Invalid(f"The group “{unknown[0]}” is not one of these.", field="groups")
    wanted = replace(
        former,
        room_id=RoomId(payload.room_id),
        meeting_id=MeetingId(payload.meeting_id) if payload.meeting_id is not None else None,
        title=payload.title,
        minutes=payload.minutes,
        apart=[[*pair] for pair in payload.apart],
        revision=payload.revision + 1,
    )
    if wanted.room_id != former.room_id and former.opened_at_ms is not None:
        raise Invalid("Rooms that were open belong to their meeting's room.", field="room_id")
    wanted = with_groups(wanted, [_group(wish, here) for wish in payload.groups])
    await store(context, wanted)
    return shown(context, wanted)


async def remove_breakouts(context: Context, session: Session, payload: RemoveBreakouts) -> None:
    """The plan goes; what its groups made stays. Raise Conflict while the rooms are open."""
    _, plan = await _find(context, session, payload.twinspace_id, payload.breakouts_id)
    if state_of(plan, context.now_ms()) == "open":
        raise Conflict("These rooms are open. Close them first.")
    try:
        await context.storage.breakouts.remove(plan.id, payload.revision)
    except ports.Conflict:
        raise _stale(plan) from None
    await tell(context, plan)


async def store(context: Context, wanted: records.Breakouts) -> None:
    """In place of its revision before, and everybody is told."""
    try:
        await context.storage.breakouts.change(wanted)
    except ports.Conflict:
        raise _stale(wanted) from None
    await tell(context, wanted)


async def tell(context: Context, plan: records.Breakouts) -> None:
    context.live_breakouts.note_plan(plan)
    await context.announce.to_twinspace(plan.twinspace_id, "breakouts:changed", changed(plan, context.now_ms()))


def shown(context: Context, plan: records.Breakouts) -> Breakouts:
    return Breakouts(
        id=plan.id,
        twinspace_id=plan.twinspace_id,
        room_id=plan.room_id,
        meeting_id=plan.meeting_id,
        title=plan.title,
        minutes=plan.minutes,
        groups=[BreakoutGroup(**{**group.stored()}) for group in groups_of(plan)],
        apart=[(one, other) for one, other in plan.apart],
        state=state_of(plan, context.now_ms()),
        opened_at_ms=plan.opened_at_ms,
        closes_at_ms=plan.closes_at_ms,
        revision=plan.revision,
    )


def _stale(plan: records.Breakouts) -> Conflict:
    return Conflict(f"“{plan.title}” was changed in the meantime. Nothing of yours was stored; look at it again.")


def _group(wish: GroupWish, former: list[Group]) -> Group:
    kept = next((group for group in former if group.id == wish.id), None)
    people = tuple(UserId(user_id) for user_id in wish.user_ids)
    adult = UserId(wish.adult_id) if wish.adult_id is not None else None
    if kept is not None:
        return replace(kept, title=wish.title, user_ids=people, adult_id=adult)
    group_id, room_id, *made = [secrets.token_urlsafe(12) for _ in range(5)]
    document_id, wall_id, board_id = map(ContentId, made)
    return Group(group_id, wish.title, people, adult, RoomId(room_id), document_id, wall_id, board_id)


async def _find(
    context: Context, session: Session, twinspace_id: str, breakouts_id: str
) -> tuple[Access, records.Breakouts]:
    access, plan = await access_breakouts(context, session, breakouts_id)
    if plan.twinspace_id != twinspace_id:
        raise NotFound
    return access, plan


async def _people(context: Context, twinspace_id: TwinspaceId) -> dict[UserId, User]:
    members = await context.storage.twinspaces.members(twinspace_id)
    return await read_users(context.storage, [member.user_id for member in members])


def _check_members(user_ids: Iterable[str], people: dict[UserId, User]) -> None:
    if not set(user_ids) <= set(people):
        raise Invalid("Somebody in these groups is not a member here.", field="groups")


async def _check(context: Context, access: Access, payload: PlanBreakouts) -> None:
    storage, twinspace_id = context.storage, access.twinspace.id
    rooms = {room.id for room in await storage.twinspaces.rooms(twinspace_id) if room.parent_id is None}
    if payload.room_id not in rooms:
        raise Invalid("This room is not here.", field="room_id")
    if payload.meeting_id is not None:
        meetings = await storage.plan.meetings(twinspace_id)
        if payload.meeting_id not in {each.id for each in meetings if each.room_id == payload.room_id}:
            raise Invalid("This planned meeting is not in that room.", field="meeting_id")
    people = await _people(context, twinspace_id)
    _check_members((user_id for wish in payload.groups for user_id in wish.user_ids), people)
    if (twice := in_two_groups(wish.user_ids for wish in payload.groups)) is not None:
        name = (await as_called_by(context, access.user, [people[UserId(twice)]]))[UserId(twice)].display_name
        raise Invalid(f"{name} stands in two groups. Everybody has one place.", field="groups")
    adults = set(await leaders(storage, twinspace_id))
    if any(wish.adult_id is not None and wish.adult_id not in adults for wish in payload.groups):
        raise Invalid("Who looks after a group has to be a teacher of this TwinSpace.", field="groups")
