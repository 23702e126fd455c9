"""The TwinSpaces one is a member of: list, detail, coming and going."""

from __future__ import annotations

from hub.access import Act, access_twinspace, acts_of
from hub.actions.rooms import rooms_of
from hub.context import Context, Session
from hub.names import read_people
from hub.payloads.fields import Nothing
from hub.payloads.people import School
from hub.payloads.twinspaces import (
    Entered,
    Member,
    Presence,
    Project,
    Twinspace,
    TwinspaceDetail,
    TwinspaceRef,
    Twinspaces,
)
from hub.roster import read_schools, read_users
from storage.records import TwinspaceId


async def list_twinspaces(context: Context, session: Session, payload: Nothing) -> Twinspaces:
    storage = context.storage
    listed: list[Twinspace] = []
    for twinspace in await storage.twinspaces.of_user(session.user.id):
        members = await storage.twinspaces.members(twinspace.id)
        own = next(member for member in members if member.user_id == session.user.id)
        if Act.READ not in acts_of(own.role, twinspace.phase):
            continue
        users = await read_users(storage, [member.user_id for member in members])
        schools = await read_schools(storage, [user.school_id for user in users.values()])
        listed.append(
            Twinspace(
                id=twinspace.id,
                title=twinspace.title,
                summary=twinspace.summary,
                role=own.role,
                phase=twinspace.phase,
                schools=[School.of(school) for school in schools.values()],
            )
        )
    return Twinspaces(twinspaces=listed)


async def read_twinspace(context: Context, session: Session, payload: TwinspaceRef) -> TwinspaceDetail:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    twinspace, storage = access.twinspace, context.storage
    members = await storage.twinspaces.members(twinspace.id)
    users = await read_people(context, session.user, [member.user_id for member in members])
    schools = await read_schools(storage, [user.school_id for user in users.values()])
    project = await storage.twinspaces.get_project(twinspace.project_id)
    online = context.presence.online(twinspace.id)
    return TwinspaceDetail(
        id=twinspace.id,
        title=twinspace.title,
        summary=twinspace.summary,
        role=access.member.role,
        phase=twinspace.phase,
        schools=[School.of(school) for school in schools.values()],
        acts=sorted(act.value for act in access.acts),
        members=[
            Member(
                user_id=member.user_id,
                display_name=users[member.user_id].display_name,
                kind=users[member.user_id].kind,
                role=member.role,
                school_id=users[member.user_id].school_id,
                online=member.user_id in online,
            )
            for member in members
        ],
        rooms=await rooms_of(context, twinspace.id),
        project=Project(id=project.id, title=project.title, summary=project.summary),
    )


async def enter(context: Context, session: Session, payload: TwinspaceRef) -> Entered:
    """From now on the TwinSpace's announcements come to this socket."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    twinspace_id = access.twinspace.id
    # Entered before the newest message is read: one that is posted in between comes twice rather than never.
    came_online = context.presence.enter(session.id, twinspace_id, session.user.id, access.member.epoch)
    latest = await context.storage.messages.latest(twinspace_id, 1)
    if came_online:
        shown = Presence(twinspace_id=twinspace_id, user_id=session.user.id)
        await context.announce.to_twinspace(twinspace_id, "member:online", shown)
    online = sorted(context.presence.online(twinspace_id))
    return Entered(online=[*online], latest_seq=latest[-1].seq if latest else 0)


async def leave(context: Context, session: Session, payload: TwinspaceRef) -> None:
    twinspace_id = TwinspaceId(payload.twinspace_id)
    if context.presence.leave(session.id, twinspace_id):
        gone = Presence(twinspace_id=twinspace_id, user_id=session.user.id)
        await context.announce.to_twinspace(twinspace_id, "member:offline", gone)
