"""The life of projects: in which phase a TwinSpace is, and how it came there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, select, update

from storage.ports import Conflict
from storage.records import Phase, PhaseMove, Reopening, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many
from storage.sql.tables import members, phase_moves, reopenings, twinspaces


class SqlPhases:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def move(
        self,
        twinspace_id: TwinspaceId,
        *,
        former: Phase,
        phase: Phase,
        moved_by: UserId,
        missing: Sequence[str],
        at_ms: int,
    ) -> PhaseMove:
        here = twinspaces.c.id == twinspace_id

        def work(db: Connection) -> PhaseMove:
            lock(db, here, twinspaces.c.id)
            present = db.execute(select(twinspaces.c.phase).where(here)).scalar_one()
            if present != former:
                raise Conflict(f"The project is in the phase {present}.")
            seq = last_seq(db, phase_moves.c.seq, phase_moves.c.twinspace_id, twinspace_id) + 1
            move = PhaseMove(twinspace_id, seq, former, phase, moved_by, tuple(missing), at_ms)
            add(phase_moves, move)(db)
            db.execute(update(twinspaces).where(here).values(phase=phase))
            standing = and_(members.c.twinspace_id == twinspace_id, members.c.present)
            db.execute(update(members).where(standing).values(epoch=members.c.epoch + 1))
            db.execute(delete(reopenings).where(reopenings.c.twinspace_id == twinspace_id))
            return move

        return await self._database.write(work)

    async def moves(self, twinspace_id: TwinspaceId) -> list[PhaseMove]:
        statement = (
            columns(phase_moves, PhaseMove)
            .where(phase_moves.c.twinspace_id == twinspace_id)
            .order_by(phase_moves.c.seq)
        )
        return await self._database.read(lambda db: many(db, PhaseMove, statement))

    async def ask_reopening(self, reopening: Reopening) -> None:
        same = and_(reopenings.c.twinspace_id == reopening.twinspace_id, reopenings.c.user_id == reopening.user_id)

        def work(db: Connection) -> None:
            lock(db, twinspaces.c.id == reopening.twinspace_id, twinspaces.c.id)
            if db.execute(select(reopenings.c.user_id).where(same)).first() is None:
                add(reopenings, reopening)(db)

        await self._database.write(work)

    async def reopenings(self, twinspace_id: TwinspaceId) -> list[Reopening]:
        statement = (
            columns(reopenings, Reopening)
            .where(reopenings.c.twinspace_id == twinspace_id)
            .order_by(reopenings.c.asked_at_ms, reopenings.c.user_id)
        )
        return await self._database.read(lambda db: many(db, Reopening, statement))
