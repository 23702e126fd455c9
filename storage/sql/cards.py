"""Files and polls of cards."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from storage.ports import Conflict
from storage.records import CardFile, CardFileId, CardVote, ContentId, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one, values
from storage.sql.tables import card_files, card_votes, contents, material_files


class SqlCards:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_file(self, file: CardFile) -> None:
        await self._database.write(add(card_files, file))

    async def get_file(self, file_id: CardFileId) -> CardFile:
        return await self._database.read(lambda db: _file(db, file_id))

    async def files(self, content_id: ContentId) -> list[CardFile]:
        return await self._database.read(lambda db: _files(db, content_id, None))

    async def put_on_card(self, file_id: CardFileId, card_id: str) -> CardFile:
        c = card_files.c
        free = and_(c.id == file_id, or_(c.card_id.is_(None), c.card_id == card_id))

        def work(db: Connection) -> CardFile:
            changed = db.execute(update(card_files).where(free).values(card_id=card_id, loose_since_ms=None)).rowcount
            file = _file(db, file_id)
            if not changed:
                raise Conflict(file_id)
            return file

        return await self._database.write(work)

    async def used_bytes(self, twinspace_id: TwinspaceId) -> int:
        total = select(func.coalesce(func.sum(card_files.c.size_bytes), 0))
        statement = total.where(card_files.c.twinspace_id == twinspace_id)
        return await self._database.read(lambda db: int(db.execute(statement).scalar_one()))

    async def vote(self, vote: CardVote) -> None:
        def work(db: Connection) -> None:
            lock(db, contents.c.id == vote.content_id, contents.c.id)
            db.execute(delete(card_votes).where(_mine(vote.content_id, vote.card_id, vote.user_id)))
            db.execute(insert(card_votes).values(values(vote)))

        await self._database.write(work)

    async def take_vote_back(self, content_id: ContentId, card_id: str, user_id: UserId) -> None:
        gone = delete(card_votes).where(_mine(content_id, card_id, user_id))
        await self._database.write(lambda db: db.execute(gone).rowcount)

    async def votes(self, content_id: ContentId) -> list[CardVote]:
        here = columns(card_votes, CardVote).where(card_votes.c.content_id == content_id)
        statement = here.order_by(card_votes.c.card_id, card_votes.c.user_id)
        return await self._database.read(lambda db: many(db, CardVote, statement))

    async def with_files(self) -> list[ContentId]:
        statement = select(card_files.c.content_id).distinct().order_by(card_files.c.content_id)
        return await self._database.read(lambda db: list(db.execute(statement).scalars()))

    async def note_loose(self, content_id: ContentId, file_ids: Collection[CardFileId], at_ms: int) -> None:
        c = card_files.c
        is_loose = c.id.in_(sorted(file_ids))
        first = update(card_files).where(c.content_id == content_id, is_loose, c.loose_since_ms.is_(None))
        back = update(card_files).where(c.content_id == content_id, ~is_loose, c.loose_since_ms.is_not(None))

        def work(db: Connection) -> None:
            db.execute(first.values(loose_since_ms=at_ms))
            db.execute(back.values(loose_since_ms=None))

        await self._database.write(work)

    async def loose(self, before_ms: int) -> list[CardFile]:
        return await self._database.read(lambda db: _loose(db, before_ms))

    async def remove_loose(self, file_ids: Collection[CardFileId], before_ms: int) -> list[CardFile]:
        def work(db: Connection) -> list[CardFile]:
            return [
                file
                for file in _loose(db, before_ms)
                if file.id in file_ids
                and db.execute(
                    delete(card_files).where(card_files.c.id == file.id, card_files.c.loose_since_ms < before_ms)
                ).rowcount
            ]

        return await self._database.write(work)

    async def remove(self, content_id: ContentId, card_id: str | None = None) -> list[CardFile]:
        def work(db: Connection) -> list[CardFile]:
            gone = _files(db, content_id, card_id)
            for table in (card_files, card_votes):
                of_it = table.c.content_id == content_id
                if card_id is not None:
                    of_it = of_it & (table.c.card_id == card_id)
                db.execute(delete(table).where(of_it))
            return gone

        return await self._database.write(work)

    async def is_used(self, blob: str) -> bool:
        def work(db: Connection) -> bool:
            for table in (card_files, material_files):
                named = or_(table.c.blob == blob, table.c.preview == blob)
                if db.execute(select(table.c.blob).where(named).limit(1)).first() is not None:
                    return True
            return False

        return await self._database.read(work)


def _file(db: Connection, file_id: CardFileId) -> CardFile:
    return one(db, CardFile, columns(card_files, CardFile).where(card_files.c.id == file_id))


def _files(db: Connection, content_id: ContentId, card_id: str | None) -> list[CardFile]:
    here = columns(card_files, CardFile).where(card_files.c.content_id == content_id)
    if card_id is not None:
        here = here.where(card_files.c.card_id == card_id)
    return many(db, CardFile, here.order_by(card_files.c.uploaded_at_ms, card_files.c.id))


def _loose(db: Connection, before_ms: int) -> list[CardFile]:
    over = columns(card_files, CardFile).where(card_files.c.loose_since_ms < before_ms)
    return many(db, CardFile, over.order_by(card_files.c.uploaded_at_ms, card_files.c.id))


def _mine(content_id: ContentId, card_id: str, user_id: UserId) -> ColumnElement[bool]:
    c = card_votes.c
    return and_(c.content_id == content_id, c.card_id == card_id, c.user_id == user_id)
