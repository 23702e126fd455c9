"""Projects, TwinSpaces, members and rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, insert, update

from storage.ports import Conflict, NotFound
from storage.records import Member, Project, ProjectId, Role, Room, RoomId, Twinspace, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.prepared import Prepared
from storage.sql.rows import add, columns, many, one, values
from storage.sql.tables import members, projects, rooms, twinspaces

_STANDING = Prepared(
    columns(twinspaces, Twinspace)
    .add_columns(*(members.c[field.name] for field in fields(Member)))
    .join(members, members.c.twinspace_id == twinspaces.c.id)
    .where(
        members.c.twinspace_id == bindparam("in_twinspace"),
        members.c.user_id == bindparam("of_user"),
        members.c.present,
    )
)


class SqlTwinspaces:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_project(self, project: Project) -> None:
        await self._database.write(add(projects, project))

    async def get_project(self, project_id: ProjectId) -> Project:
        statement = columns(projects, Project).where(projects.c.id == project_id)
        return await self._database.read(lambda db: one(db, Project, statement))

    async def add(self, twinspace: Twinspace) -> None:
        await self._database.write(add(twinspaces, twinspace))

    async def get(self, twinspace_id: TwinspaceId) -> Twinspace:
        statement = columns(twinspaces, Twinspace).where(twinspaces.c.id == twinspace_id)
        return await self._database.read(lambda db: one(db, Twinspace, statement))

    async def of_user(self, user_id: UserId) -> list[Twinspace]:
        membership = and_(members.c.twinspace_id == twinspaces.c.id, members.c.user_id == user_id, members.c.present)
        return await self._list(columns(twinspaces, Twinspace).join(members, membership))

    async def all(self) -> list[Twinspace]:
        return await self._list(columns(twinspaces, Twinspace))

    async def _list(self, statement: Select[Twinspace]) -> list[Twinspace]:
        oldest_first = statement.order_by(twinspaces.c.created_at_ms, twinspaces.c.id)
        return await self._database.read(lambda db: many(db, Twinspace, oldest_first))

    async def add_member(self, member: Member) -> None:
        def work(db: Connection) -> None:
            former = db.execute(
                columns(members, Member)
                .add_columns(members.c.present)
                .where(_is(member.twinspace_id, member.user_id))
                .with_for_update()
            ).first()
            if former is None:
                db.execute(insert(members).values(**values(member), present=True))
            elif former.present:
                raise Conflict(f"{member.user_id} is a member already.")
            else:
                row = {**values(member), "epoch": max(member.epoch, former.epoch), "present": True}
                db.execute(update(members).where(_is(member.twinspace_id, member.user_id)).values(row))

        await self._database.write(work)

    async def get_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> Member:
        statement = columns(members, Member).where(_is(twinspace_id, user_id), members.c.present)
        return await self._database.read(lambda db: one(db, Member, statement))

    async def get_standing(self, twinspace_id: TwinspaceId, user_id: UserId) -> tuple[Twinspace, Member]:
        def work(db: Connection) -> tuple[Twinspace, Member]:
            found = _STANDING.rows(db, in_twinspace=twinspace_id, of_user=user_id)
            if not found:
                raise NotFound(f"{twinspace_id}/{user_id}")
            size = len(fields(Twinspace))
            return Twinspace(*found[0][:size]), Member(*found[0][size:])

        return await self._database.read(work)

    async def members(self, twinspace_id: TwinspaceId) -> list[Member]:
        statement = (
            columns(members, Member)
            .where(members.c.twinspace_id == twinspace_id, members.c.present)
            .order_by(members.c.joined_at_ms, members.c.user_id)
        )
        return await self._database.read(lambda db: many(db, Member, statement))

    async def set_role(self, twinspace_id: TwinspaceId, user_id: UserId, role: Role) -> Member:
        def work(db: Connection) -> Member:
            _change(db, twinspace_id, user_id, role=role)
            return one(db, Member, columns(members, Member).where(_is(twinspace_id, user_id)))

        return await self._database.write(work)

    async def remove_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> None:
        await self._database.write(lambda db: _change(db, twinspace_id, user_id, present=False))

    async def mute(
        self, twinspace_id: TwinspaceId, user_id: UserId, muted: Sequence[str], until_ms: int | None
    ) -> Member:
        def work(db: Connection) -> Member:
            _change(db, twinspace_id, user_id, muted=tuple(muted), muted_until_ms=until_ms if muted else None)
            return one(db, Member, columns(members, Member).where(_is(twinspace_id, user_id)))

        return await self._database.write(work)

    async def end_mute(self, twinspace_id: TwinspaceId, user_id: UserId, until_ms: int) -> bool:
        over = and_(_is(twinspace_id, user_id), members.c.present, members.c.muted_until_ms == until_ms)
        lifted = update(members).where(over).values(muted=(), muted_until_ms=None, epoch=members.c.epoch + 1)
        return await self._database.write(lambda db: db.execute(lifted).rowcount > 0)

    async def add_room(self, room: Room) -> None:
        await self._database.write(add(rooms, room))

    async def get_room(self, room_id: RoomId) -> Room:
        statement = columns(rooms, Room).where(rooms.c.id == room_id)
        return await self._database.read(lambda db: one(db, Room, statement))

    async def rooms(self, twinspace_id: TwinspaceId) -> list[Room]:
        statement = (
            columns(rooms, Room).where(rooms.c.twinspace_id == twinspace_id).order_by(rooms.c.created_at_ms, rooms.c.id)
        )
        return await self._database.read(lambda db: many(db, Room, statement))

    async def set_encrypted(self, room_id: RoomId, is_encrypted: bool) -> Room:
        def work(db: Connection) -> Room:
            db.execute(update(rooms).where(rooms.c.id == room_id).values(is_encrypted=is_encrypted))
            return one(db, Room, columns(rooms, Room).where(rooms.c.id == room_id))

        return await self._database.write(work)

    async def count_ending(self, room_id: RoomId) -> Room:
        def work(db: Connection) -> Room:
            db.execute(update(rooms).where(rooms.c.id == room_id).values(endings=rooms.c.endings + 1))
            return one(db, Room, columns(rooms, Room).where(rooms.c.id == room_id))

        return await self._database.write(work)


def _is(twinspace_id: TwinspaceId, user_id: UserId) -> ColumnElement[bool]:
    return and_(members.c.twinspace_id == twinspace_id, members.c.user_id == user_id)


def _change(db: Connection, twinspace_id: TwinspaceId, user_id: UserId, **row: object) -> None:
    """Change the member and raise the epoch: sockets that were opened with the former one end."""
    present = and_(_is(twinspace_id, user_id), members.c.present)
    if db.execute(update(members).where(present).values(**row, epoch=members.c.epoch + 1)).rowcount == 0:
        raise NotFound(user_id)
