"""Everything that somebody's desk shows, in one read."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, func, select

from storage.records import (
    Content,
    ContentId,
    DeskRows,
    Member,
    PlannedMeeting,
    Room,
    School,
    TeamId,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
)
from storage.sql.database import Database
from storage.sql.rows import columns, many
from storage.sql.tables import (
    contents,
    guest_links,
    guests,
    hidden_things,
    members,
    messages,
    planned_meetings,
    read_marks,
    rooms,
    schools,
    team_members,
    twinspaces,
    users,
)


class SqlDesk:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, user: User, *, now_ms: int, until_ms: int, latest: int) -> DeskRows:
        mine = select(members.c.twinspace_id).where(members.c.user_id == user.id, members.c.present)
        in_teams = select(team_members.c.team_id).where(team_members.c.user_id == user.id)
        to_come = (
            columns(planned_meetings, PlannedMeeting)
            .where(
                planned_meetings.c.twinspace_id.in_(mine),
                planned_meetings.c.ends_at_ms > now_ms,
                planned_meetings.c.starts_at_ms < until_ms,
                planned_meetings.c.cancelled_at_ms.is_(None),
            )
            .order_by(planned_meetings.c.starts_at_ms, planned_meetings.c.id)
        )
        all_rooms = (
            columns(rooms, Room).where(rooms.c.twinspace_id.in_(mine)).order_by(rooms.c.created_at_ms, rooms.c.id)
        )
        out_of_sight = select(hidden_things.c.subject_id).where(
            hidden_things.c.twinspace_id.in_(mine), hidden_things.c.kind == "content"
        )

        def work(db: Connection) -> DeskRows:
            return DeskRows(
                memberships=_memberships(db, user.id),
                schools=_schools(db, mine),
                rooms=tuple(many(db, Room, all_rooms)),
                latest=_latest(db, mine, latest),
                hidden=frozenset(ContentId(each) for each in db.scalars(out_of_sight)),
                team_ids=frozenset(TeamId(each) for each in db.scalars(in_teams)),
                unread=_unread(db, user.id),
                own_pupils=_own_pupils(db, mine, user),
                waiting_guests=_waiting_guests(db, mine, now_ms),
                meetings=tuple(many(db, PlannedMeeting, to_come)),
            )

        return await self._database.read(work)


def _of(table: Table, kind: type) -> list[Any]:
    return [table.c[field.name] for field in fields(kind)]


def _memberships(db: Connection, user_id: UserId) -> tuple[tuple[Twinspace, Member], ...]:
    width = len(fields(Twinspace))
    statement = (
        select(*_of(twinspaces, Twinspace), *_of(members, Member))
        .join(members, and_(members.c.twinspace_id == twinspaces.c.id, members.c.user_id == user_id, members.c.present))
        .order_by(twinspaces.c.created_at_ms, twinspaces.c.id)
    )
    return tuple((Twinspace(*row[:width]), Member(*row[width:])) for row in db.execute(statement))


def _schools(db: Connection, mine: Select[Any]) -> dict[TwinspaceId, tuple[School, ...]]:
    statement = (
        select(members.c.twinspace_id, *_of(schools, School))
        .distinct()
        .join(users, users.c.id == members.c.user_id)
        .join(schools, schools.c.id == users.c.school_id)
        .where(members.c.twinspace_id.in_(mine), members.c.present, users.c.kind.in_(["teacher", "pupil"]))
        .order_by(members.c.twinspace_id, schools.c.id)
    )
    found: dict[TwinspaceId, tuple[School, ...]] = {}
    for space, *row in db.execute(statement):
        found[space] = (*found.get(space, ()), School(*row))
    return found


def _latest(db: Connection, mine: Select[Any], most: int) -> tuple[Content, ...]:
    newest_first = contents.c.changed_at_ms.desc(), contents.c.id
    place = func.row_number().over(partition_by=contents.c.twinspace_id, order_by=newest_first).label("place")
    ranked = select(contents, place).where(contents.c.twinspace_id.in_(mine)).subquery()
    statement = (
        select(*(ranked.c[field.name] for field in fields(Content)))
        .where(ranked.c.place <= most)
        .order_by(ranked.c.changed_at_ms.desc(), ranked.c.id)
    )
    return tuple(many(db, Content, statement))


def _unread(db: Connection, user_id: UserId) -> dict[TwinspaceId, int]:
    marks = and_(
        read_marks.c.twinspace_id == messages.c.twinspace_id,
        read_marks.c.lane == messages.c.lane,
        read_marks.c.user_id == user_id,
    )
    membership = and_(
        members.c.twinspace_id == messages.c.twinspace_id, members.c.user_id == user_id, members.c.present
    )
    statement = (
        select(messages.c.twinspace_id, func.count())
        .join(members, membership)
        .outerjoin(read_marks, marks)
        .where(messages.c.user_id != user_id, messages.c.seq > func.coalesce(read_marks.c.seq, 0))
        .where(messages.c.lane == "all")
        .group_by(messages.c.twinspace_id)
    )
    return {TwinspaceId(space): int(count) for space, count in db.execute(statement)}


def _own_pupils(db: Connection, mine: Select[Any], user: User) -> dict[TwinspaceId, tuple[UserId, ...]]:
    statement = (
        select(members.c.twinspace_id, members.c.user_id)
        .join(users, users.c.id == members.c.user_id)
        .where(
            members.c.twinspace_id.in_(mine),
            members.c.present,
            users.c.kind == "pupil",
            users.c.school_id == user.school_id,
        )
        .order_by(members.c.twinspace_id, members.c.user_id)
    )
    found: dict[TwinspaceId, tuple[UserId, ...]] = {}
    for space, pupil in db.execute(statement):
        found[space] = (*found.get(space, ()), pupil)
    return found


def _waiting_guests(db: Connection, mine: Select[Any], now_ms: int) -> dict[TwinspaceId, int]:
    statement = (
        select(guest_links.c.twinspace_id, func.count())
        .join(guests, guests.c.link_id == guest_links.c.id)
        .join(users, users.c.id == guests.c.user_id)
        .where(
            guest_links.c.twinspace_id.in_(mine),
            guest_links.c.revoked_at_ms.is_(None),
            guest_links.c.expires_at_ms > now_ms,
            users.c.state == "waiting",
        )
        .group_by(guest_links.c.twinspace_id)
    )
    return {TwinspaceId(space): int(count) for space, count in db.execute(statement)}
