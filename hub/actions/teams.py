"""Teams: named groups across the schools, each with a grown-up whom its pupils can reach."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from hub.access import MATRIX, Access, Act, access_twinspace
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.payloads.teams import ChangeTeam, MakeTeam, PlanChanged, Team, TeamRef, Teams
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_users
from storage import ports, records
from storage.records import Member, TeamId, TwinspaceId, User, UserId

MOST_TEAMS = 100


async def list_teams(context: Context, session: Session, payload: TwinspaceRef) -> Teams:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    people = await _people(context, access)
    return Teams(teams=[_shown(team, people) for team in await context.storage.teams.of_twinspace(access.twinspace.id)])


async def make_team(context: Context, session: Session, payload: MakeTeam) -> Team:
    """Raise Invalid when somebody is no member here, or when pupils are among themselves."""
    access = await _planning(context, session, payload.twinspace_id)
    people = await _people(context, access)
    _check(payload.user_ids, people)
    if len(await context.storage.teams.of_twinspace(access.twinspace.id)) >= MOST_TEAMS:
        raise Invalid(f"A TwinSpace has at most {MOST_TEAMS} teams.", field="title")
    team = records.Team(
        TeamId(secrets.token_urlsafe(12)),
        access.twinspace.id,
        payload.title,
        tuple(sorted({UserId(user_id) for user_id in payload.user_ids})),
        session.user.id,
        context.now_ms(),
    )
    await context.storage.teams.add(team)
    await _tell(context, session, team)
    return _shown(team, people)


async def change_team(context: Context, session: Session, payload: ChangeTeam) -> Team:
    """Raise Conflict when somebody changed the team since `revision`."""
    access = await _planning(context, session, payload.twinspace_id)
    former = await _find(context, access, payload.team_id)
    people = await _people(context, access)
    _check(payload.user_ids, people)
    # Who left the TwinSpace was not shown to the editor, and comes back into the team with coming back.
    away = {user_id for user_id in former.user_ids if user_id not in people}
    changed = records.Team(
        former.id,
        former.twinspace_id,
        payload.title,
        tuple(sorted({UserId(user_id) for user_id in payload.user_ids} | away)),
        former.created_by,
        former.created_at_ms,
        payload.revision + 1,
    )
    try:
        await context.storage.teams.change(changed)
    except ports.Conflict:
        raise Conflict(f"The team “{former.title}” was changed in the meantime. Look at it again.") from None
    await _tell(context, session, changed)
    return _shown(changed, people)


async def remove_team(context: Context, session: Session, payload: TeamRef) -> None:
    access = await _planning(context, session, payload.twinspace_id)
    team = await _find(context, access, payload.team_id)
    try:
        await context.storage.teams.remove(team.id)
    except ports.NotFound:
        raise NotFound from None
    await _tell(context, session, team)


async def _planning(context: Context, session: Session, twinspace_id: str) -> Access:
    return await access_twinspace(context, session.user, TwinspaceId(twinspace_id), Act.PLAN)


async def _find(context: Context, access: Access, team_id: str) -> records.Team:
    try:
        team = await context.storage.teams.get(TeamId(team_id))
    except ports.NotFound:
        raise NotFound from None
    if team.twinspace_id != access.twinspace.id:
        raise NotFound
    return team


async def _people(context: Context, access: Access) -> dict[UserId, tuple[Member, User]]:
    members = await context.storage.twinspaces.members(access.twinspace.id)
    users = await read_users(context.storage, [member.user_id for member in members])
    return {member.user_id: (member, users[member.user_id]) for member in members}


def _check(user_ids: Iterable[str], people: dict[UserId, tuple[Member, User]]) -> None:
    wanted = [UserId(user_id) for user_id in user_ids]
    if any(user_id not in people for user_id in wanted):
        raise Invalid("Somebody in this list is not a member here.", field="user_ids")
    kinds = {people[user_id][1].kind for user_id in wanted}
    if "pupil" in kinds and not _adults(wanted, people):
        raise Invalid("A team with pupils needs a teacher whom they can reach.", field="user_ids")


def _adults(user_ids: Iterable[UserId], people: dict[UserId, tuple[Member, User]]) -> list[UserId]:
    """Those who are responsible for pupils here: a guest is a grown-up too, but nobody's teacher."""
    return [user_id for user_id in user_ids if Act.MODERATE in MATRIX[people[user_id][0].role]]


def _shown(team: records.Team, people: dict[UserId, tuple[Member, User]]) -> Team:
    present = [user_id for user_id in team.user_ids if user_id in people]
    return Team(
        id=team.id,
        twinspace_id=team.twinspace_id,
        title=team.title,
        user_ids=[*present],
        adult_ids=[*_adults(present, people)],
        school_ids=sorted({people[user_id][1].school_id for user_id in present}),
        revision=team.revision,
    )


async def _tell(context: Context, session: Session, team: records.Team) -> None:
    # What is kept to a team opens and closes with it, also for who has it open.
    await context.live_docs.reauthorise(None, team.twinspace_id)
    changed = PlanChanged(twinspace_id=team.twinspace_id, what="team", id=team.id, by=session.user.id)
    # What is kept to a team is open to those who are in it now.
    await context.live_docs.reauthorise(None, team.twinspace_id)
    await context.announce.to_twinspace(team.twinspace_id, "plan:changed", changed)
