"""Chat messages, numbered per TwinSpace."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.records import Message, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many
from storage.sql.tables import messages, twinspaces


class SqlMessages:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self, twinspace_id: TwinspaceId, *, client_message_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[Message, bool]:
        same = columns(messages, Message).where(
            messages.c.twinspace_id == twinspace_id,
            messages.c.user_id == user_id,
            messages.c.client_message_id == client_message_id,
        )

        def work(db: Connection) -> tuple[Message, bool]:
            lock(db, twinspaces.c.id == twinspace_id, twinspaces.c.id)
            stored = many(db, Message, same)
            if stored:
                return stored[0], False
            seq = last_seq(db, messages.c.seq, messages.c.twinspace_id, twinspace_id) + 1
            message = Message(twinspace_id, seq, client_message_id, user_id, text, at_ms)
            add(messages, message)(db)
            return message, True

        return await self._database.write(work)

    async def since(self, twinspace_id: TwinspaceId, seq: int, limit: int) -> list[Message]:
        statement = (
            columns(messages, Message)
            .where(messages.c.twinspace_id == twinspace_id, messages.c.seq > seq)
            .order_by(messages.c.seq)
            .limit(limit)
        )
        return await self._database.read(lambda db: many(db, Message, statement))

    async def latest(self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None) -> list[Message]:
        statement = (
            columns(messages, Message)
            .where(messages.c.twinspace_id == twinspace_id)
            .order_by(messages.c.seq.desc())
            .limit(limit)
        )
        if before_seq is not None:
            statement = statement.where(messages.c.seq < before_seq)
        newest_first = await self._database.read(lambda db: many(db, Message, statement))
        return newest_first[::-1]
