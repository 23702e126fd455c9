"""Named groups of members."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from storage.ports import Conflict, NotFound
from storage.records import Team, TeamId, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.tables import team_members, teams


class SqlTeams:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, team: Team) -> None:
        def work(db: Connection) -> None:
            row = insert(teams).values(
                id=team.id,
                twinspace_id=team.twinspace_id,
                title=team.title,
                created_by=team.created_by,
                created_at_ms=team.created_at_ms,
                revision=team.revision,
            )
            db.execute(row)
            _fill(db, team.id, team.user_ids)

        await self._database.write(work)

    async def get(self, team_id: TeamId) -> Team:
        found = await self._read(teams.c.id == team_id)
        if not found:
            raise NotFound(team_id)
        return found[0]

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Team]:
        return await self._read(teams.c.twinspace_id == twinspace_id)

    async def of_user(self, twinspace_id: TwinspaceId, user_id: UserId) -> frozenset[TeamId]:
        statement = (
            select(teams.c.id)
            .join(team_members, team_members.c.team_id == teams.c.id)
            .where(teams.c.twinspace_id == twinspace_id, team_members.c.user_id == user_id)
        )
        return await self._database.read(lambda db: frozenset(TeamId(each) for each in db.scalars(statement)))

    async def change(self, team: Team) -> None:
        def work(db: Connection) -> None:
            former = teams.c.id == team.id, teams.c.revision == team.revision - 1
            changed = update(teams).where(*former).values(title=team.title, revision=team.revision)
            if db.execute(changed).rowcount == 0:
                if db.execute(select(teams.c.id).where(teams.c.id == team.id)).first() is None:
                    raise NotFound(team.id)
                raise Conflict("The team was changed in the meantime.")
            db.execute(delete(team_members).where(team_members.c.team_id == team.id))
            _fill(db, team.id, team.user_ids)

        await self._database.write(work)

    async def remove(self, team_id: TeamId) -> None:
        def work(db: Connection) -> None:
            db.execute(delete(team_members).where(team_members.c.team_id == team_id))
            if db.execute(delete(teams).where(teams.c.id == team_id)).rowcount == 0:
                raise NotFound(team_id)

        await self._database.write(work)

    async def _read(self, which: ColumnElement[bool]) -> list[Team]:
        def work(db: Connection) -> list[Team]:
            people = (
                select(team_members)
                .join(teams, teams.c.id == team_members.c.team_id)
                .where(which)
                .order_by(team_members.c.user_id)
            )
            inside: dict[str, list[UserId]] = {}
            for row in db.execute(people):
                inside.setdefault(row.team_id, []).append(UserId(row.user_id))
            rows = db.execute(select(teams).where(which).order_by(teams.c.created_at_ms, teams.c.id))
            return [
                Team(
                    row.id,
                    row.twinspace_id,
                    row.title,
                    tuple(sorted(inside.get(row.id, ()))),
                    row.created_by,
                    row.created_at_ms,
                    row.revision,
                )
                for row in rows
            ]

        return await self._database.read(work)


def _fill(db: Connection, team_id: TeamId, user_ids: Sequence[UserId]) -> None:
    rows = [{"team_id": team_id, "user_id": user_id} for user_id in sorted(set(user_ids))]
    if rows:
        db.execute(insert(team_members), rows)
