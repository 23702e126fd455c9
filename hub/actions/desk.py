"""The desk: the first page after signing in, read in one go."""

from __future__ import annotations

from hub.access import Act, acts_of
from hub.context import Context, Session
from hub.desk import DeskOf, read_unread_posts, waiting_for
from hub.notices import zone_of
from hub.payloads.fields import Nothing
from hub.payloads.notices import (
    Desk,
    DeskContent,
    DeskMeeting,
    DeskRoom,
    DeskSchool,
    DeskTwinspace,
)
from hub.planning import is_asked
from hub.visibility import may_see, sight_of
from storage.records import Content, TwinspaceId

MEETINGS_AHEAD_MS = 14 * 24 * 3_600_000
MOST_MEETINGS = 6
LATEST = 3
LOOKED_THROUGH = 12
"""Contents of each TwinSpace that are read to find those which one may see."""


async def read_desk(context: Context, session: Session, payload: Nothing) -> Desk:
    user, now_ms = session.user, context.now_ms()
    rows = await context.storage.desk.read(
        user, now_ms=now_ms, until_ms=now_ms + MEETINGS_AHEAD_MS, latest=LOOKED_THROUGH
    )
    desk = DeskOf(user, rows)
    titles = {space.id: space.title for space in desk.where(Act.READ)}
    shown = [(space, member) for space, member in rows.memberships if space.id in titles]
    meetings = [
        DeskMeeting(
            id=meeting.id,
            twinspace_id=meeting.twinspace_id,
            twinspace_title=titles[meeting.twinspace_id],
            room_id=meeting.room_id,
            title=meeting.title,
            starts_at_ms=meeting.starts_at_ms,
            ends_at_ms=meeting.ends_at_ms,
        )
        for meeting in rows.meetings
        if meeting.twinspace_id in titles and is_asked(meeting, user.id, rows.team_ids)
    ]
    busy = [(room, context.live_rooms.peer_count(room.id)) for room in rows.rooms if room.twinspace_id in titles]
    seen: dict[TwinspaceId, list[Content]] = {}
    for space, member in shown:
        confers = Act.CONFER in acts_of(member.role, space.phase)
        sight = sight_of(user, confers=confers, team_ids=rows.team_ids)
        mine = [each for each in rows.latest if each.twinspace_id == space.id and each.id not in rows.hidden]
        seen[space.id] = [each for each in mine if may_see(sight, each)][:LATEST]
    posts = await read_unread_posts(context, user, [space.id for space, _ in shown])
    schools = {school.id: school for space, _ in shown for school in rows.schools.get(space.id, ())}
    return Desk(
        time_zone=await zone_of(context, user),
        meetings=meetings[:MOST_MEETINGS],
        rooms=[
            DeskRoom(
                room_id=room.id,
                twinspace_id=room.twinspace_id,
                twinspace_title=titles[room.twinspace_id],
                title=room.title,
                peer_count=count,
            )
            for room, count in busy
            if count
        ],
        waiting=await waiting_for(context, desk),
        twinspaces=[
            DeskTwinspace(
                id=space.id,
                title=space.title,
                role=member.role,
                phase=space.phase,
                school_ids=[school.id for school in rows.schools.get(space.id, ())],
                unread_count=rows.unread.get(space.id, 0),
                unread_posts=posts[space.id],
                latest=[
                    DeskContent(id=each.id, kind=each.kind, title=each.title, changed_at_ms=each.changed_at_ms)
                    for each in seen[space.id]
                ],
            )
            for space, member in shown
        ],
        schools=[
            DeskSchool(
                id=school.id,
                name=school.name,
                city=school.city,
                country=school.country,
                region=school.region,
                shape=school.shape,
            )
            for school in schools.values()
        ],
        unread_notices=await context.storage.notices.unread_count(user.id),
    )
