"""Chat messages, numbered in each lane of a TwinSpace."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from storage.ports import NotFound
from storage.records import FormerText, Message, Reaction, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.prepared import Prepared
from storage.sql.rows import columns, lock, many, one, values
from storage.sql.tables import message_reactions, messages, read_marks, twinspaces, users

_reaction = message_reactions.c
_mark = read_marks.c

_IN_LANE = and_(messages.c.twinspace_id == bindparam("in_twinspace"), messages.c.lane == bindparam("in_lane"))
_LOCK = Prepared(
    select(twinspaces.c.id).where(twinspaces.c.id == bindparam("twinspace_id")).with_for_update(key_share=True)
)
_SAME = Prepared(
    columns(messages, Message).where(
        _IN_LANE,
        messages.c.user_id == bindparam("of_user"),
        messages.c.client_message_id == bindparam("with_id"),
    )
)
_NEWEST = Prepared(select(func.max(messages.c.seq)).where(_IN_LANE))
_INSERT = Prepared(insert(messages).values({column.name: bindparam(column.name) for column in messages.c}))


class SqlMessages:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self,
        twinspace_id: TwinspaceId,
        *,
        client_message_id: str,
        user_id: UserId,
        text: str,
        at_ms: int,
        lane: str = "all",
        reply_to: int | None = None,
        mentions: Sequence[str] = (),
        material_ids: Sequence[str] = (),
    ) -> tuple[Message, bool]:
        def work(db: Connection) -> tuple[Message, bool]:
            if not _LOCK.rows(db, twinspace_id=twinspace_id):
                raise NotFound(twinspaces.name)
            here = {"in_twinspace": twinspace_id, "in_lane": lane}
            stored = _SAME.rows(db, **here, of_user=user_id, with_id=client_message_id)
            if stored:
                return Message(*stored[0]), False
            last = _NEWEST.rows(db, **here)[0][0] or 0
            if reply_to is not None and not 1 <= reply_to <= last:
                raise NotFound(f"{twinspace_id}/{lane}/{reply_to}")
            message = Message(
                twinspace_id,
                last + 1,
                client_message_id,
                user_id,
                text,
                at_ms,
                lane,
                reply_to,
                tuple(mentions),
                tuple(material_ids),
            )
            _INSERT.rows(db, **values(message))
            return message, True

        return await self._database.write(work)

    async def get(self, twinspace_id: TwinspaceId, lane: str, seq: int) -> Message:
        return await self._database.read(lambda db: _get(db, twinspace_id, lane, seq))

    async def since(self, twinspace_id: TwinspaceId, seq: int, limit: int, lane: str = "all") -> list[Message]:
        statement = (
            columns(messages, Message)
            .where(_in_lane(twinspace_id, lane), messages.c.seq > seq)
            .order_by(messages.c.seq)
            .limit(limit)
        )
        return await self._database.read(lambda db: many(db, Message, statement))

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None, lane: str = "all"
    ) -> list[Message]:
        statement = (
            columns(messages, Message).where(_in_lane(twinspace_id, lane)).order_by(messages.c.seq.desc()).limit(limit)
        )
        if before_seq is not None:
            statement = statement.where(messages.c.seq < before_seq)
        newest_first = await self._database.read(lambda db: many(db, Message, statement))
        return newest_first[::-1]

    async def edit(self, twinspace_id: TwinspaceId, lane: str, seq: int, text: str, at_ms: int) -> Message:
        this = and_(_in_lane(twinspace_id, lane), messages.c.seq == seq)

        def work(db: Connection) -> Message:
            lock(db, this, messages.c.seq)
            former = _get(db, twinspace_id, lane, seq)
            version = FormerText(former.text, former.edited_at_ms or former.posted_at_ms)
            row = {"text": text, "edited_at_ms": at_ms, "versions": (*former.versions, version)}
            db.execute(update(messages).where(this).values(row))
            return _get(db, twinspace_id, lane, seq)

        return await self._database.write(work)

    async def react(self, twinspace_id: TwinspaceId, lane: str, seq: int, user_id: UserId, sign: str | None) -> None:
        mine = and_(_reacts_to(twinspace_id, lane), _reaction.seq == seq, _reaction.user_id == user_id)

        def work(db: Connection) -> None:
            lock(db, and_(_in_lane(twinspace_id, lane), messages.c.seq == seq), messages.c.seq)
            db.execute(delete(message_reactions).where(mine))
            if sign is not None:
                row = {"twinspace_id": twinspace_id, "lane": lane, "seq": seq, "user_id": user_id, "sign": sign}
                db.execute(insert(message_reactions).values(row))

        await self._database.write(work)

    async def reactions(self, twinspace_id: TwinspaceId, lane: str, seqs: Sequence[int]) -> list[Reaction]:
        if not seqs:
            return []
        statement = (
            columns(message_reactions, Reaction)
            .where(_reacts_to(twinspace_id, lane), _reaction.seq.in_(seqs))
            .order_by(_reaction.seq, _reaction.user_id)
        )
        return await self._database.read(lambda db: many(db, Reaction, statement))

    async def lanes(self, twinspace_id: TwinspaceId) -> dict[str, int]:
        here = messages.c.twinspace_id == twinspace_id
        statement = select(messages.c.lane, func.max(messages.c.seq)).where(here).group_by(messages.c.lane)
        return await self._database.read(lambda db: {lane: int(seq) for lane, seq in db.execute(statement)})

    async def mark_read(self, user_id: UserId, twinspace_id: TwinspaceId, lane: str, seq: int) -> bool:
        mine = and_(_mark.user_id == user_id, _mark.twinspace_id == twinspace_id, _mark.lane == lane)

        def work(db: Connection) -> bool:
            lock(db, users.c.id == user_id, users.c.id)
            known = db.scalar(select(_mark.seq).where(mine))
            if known is None:
                row = {"user_id": user_id, "twinspace_id": twinspace_id, "lane": lane, "seq": seq}
                db.execute(insert(read_marks).values(row))
            elif known < seq:
                db.execute(update(read_marks).where(mine).values(seq=seq))
            return known is None or known < seq

        return await self._database.write(work)

    async def unread(self, user_id: UserId, twinspace_id: TwinspaceId) -> dict[str, int]:
        marks = and_(
            _mark.twinspace_id == messages.c.twinspace_id, _mark.lane == messages.c.lane, _mark.user_id == user_id
        )
        statement = (
            select(messages.c.lane, func.count())
            .outerjoin(read_marks, marks)
            .where(messages.c.twinspace_id == twinspace_id, messages.c.user_id != user_id)
            .where(messages.c.seq > func.coalesce(_mark.seq, 0))
            .group_by(messages.c.lane)
        )
        return await self._database.read(lambda db: {lane: int(count) for lane, count in db.execute(statement)})


def _in_lane(twinspace_id: TwinspaceId, lane: str) -> ColumnElement[bool]:
    return and_(messages.c.twinspace_id == twinspace_id, messages.c.lane == lane)


def _reacts_to(twinspace_id: TwinspaceId, lane: str) -> ColumnElement[bool]:
    return and_(_reaction.twinspace_id == twinspace_id, _reaction.lane == lane)


def _get(db: Connection, twinspace_id: TwinspaceId, lane: str, seq: int) -> Message:
    return one(db, Message, columns(messages, Message).where(_in_lane(twinspace_id, lane), messages.c.seq == seq))
