"""What was recorded of meetings."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from storage.ports import NotFound
from storage.records import Recording, RecordingId, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one
from storage.sql.tables import recordings


class SqlRecordings:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, recording: Recording) -> None:
        await self._database.write(add(recordings, recording))

    async def get(self, recording_id: RecordingId) -> Recording:
        statement = columns(recordings, Recording).where(recordings.c.id == recording_id)
        return await self._database.read(lambda db: one(db, Recording, statement))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Recording]:
        statement = (
            columns(recordings, Recording)
            .where(recordings.c.twinspace_id == twinspace_id)
            .order_by(recordings.c.started_at_ms.desc(), recordings.c.id)
        )
        return await self._database.read(lambda db: many(db, Recording, statement))

    async def remove(self, recording_id: RecordingId) -> None:
        def work(db: Connection) -> None:
            if db.execute(delete(recordings).where(recordings.c.id == recording_id)).rowcount != 1:
                raise NotFound(recording_id)

        await self._database.write(work)
