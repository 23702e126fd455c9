"""The snapshot chains."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.ports import Conflict
from storage.records import Snapshot, SnapshotId, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one
from storage.sql.tables import snapshots, twinspaces


class SqlSnapshots:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, snapshot: Snapshot) -> None:
        newest = (
            select(snapshots.c.id, snapshots.c.seq)
            .where(snapshots.c.twinspace_id == snapshot.twinspace_id)
            .order_by(snapshots.c.seq.desc())
            .limit(1)
        )

        def work(db: Connection) -> None:
            lock(db, twinspaces.c.id == snapshot.twinspace_id, twinspaces.c.id)
            row = db.execute(newest).first()
            last_id, last_seq = (row.id, row.seq) if row else (None, 0)
            if snapshot.parent != last_id or snapshot.seq != last_seq + 1:
                raise Conflict(f"The newest snapshot is {last_id}.")
            add(snapshots, snapshot)(db)

        await self._database.write(work)

    async def get(self, snapshot_id: SnapshotId) -> Snapshot:
        statement = columns(snapshots, Snapshot).where(snapshots.c.id == snapshot_id)
        return await self._database.read(lambda db: one(db, Snapshot, statement))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Snapshot]:
        statement = (
            columns(snapshots, Snapshot).where(snapshots.c.twinspace_id == twinspace_id).order_by(snapshots.c.seq)
        )
        return await self._database.read(lambda db: many(db, Snapshot, statement))

    async def chains(self) -> list[TwinspaceId]:
        statement = select(snapshots.c.twinspace_id).distinct().order_by(snapshots.c.twinspace_id)
        return await self._database.read(lambda db: list(db.execute(statement).scalars()))
