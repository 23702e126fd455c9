"""What teachers write to each other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, select, update

from storage.ports import NotFound
from storage.records import Conversation, ConversationId, ConversationState, DirectMessage, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many
from storage.sql.tables import conversation_people, conversations, direct_messages, person_blocks

_people = conversation_people.c
_message = direct_messages.c


class SqlConversations:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, conversation: Conversation) -> Conversation:
        def work(db: Connection) -> Conversation:
            if conversation.pair is not None:
                same = select(conversations.c.id).where(conversations.c.pair == conversation.pair)
                if (known := db.execute(same).scalar()) is not None:
                    for user_id in conversation.user_ids:
                        # Who has left comes back when they are written to again.
                        _bring(db, ConversationId(known), user_id)
                    return _read(db, [ConversationId(known)])[0]
            row = {
                "id": conversation.id,
                "title": conversation.title,
                "created_by": conversation.created_by,
                "created_at_ms": conversation.created_at_ms,
                "pair": conversation.pair,
            }
            db.execute(insert(conversations).values(row))
            for user_id in conversation.user_ids:
                _bring(db, conversation.id, user_id)
            return conversation

        return await self._database.write(work)

    async def get(self, conversation_id: ConversationId) -> Conversation:
        def work(db: Connection) -> Conversation:
            found = _read(db, [conversation_id])
            if not found:
                raise NotFound(conversation_id)
            return found[0]

        return await self._database.read(work)

    async def of_user(self, user_id: UserId) -> list[ConversationState]:
        def work(db: Connection) -> list[ConversationState]:
            mine = select(_people.conversation_id, _people.read_seq).where(_people.user_id == user_id)
            read = {row.conversation_id: row.read_seq for row in db.execute(mine)}
            states = [_state(db, one, user_id, read[one.id]) for one in _read(db, list(read))]
            return sorted(states, key=_liveliest)

        return await self._database.read(work)

    async def unread(self, user_id: UserId) -> int:
        mine = and_(_people.conversation_id == _message.conversation_id, _people.user_id == user_id)
        statement = (
            select(func.count())
            .select_from(direct_messages)
            .join(conversation_people, mine)
            .where(
                _message.seq > _people.read_seq, _message.user_id != user_id, _message.user_id.not_in(_blocked(user_id))
            )
        )
        return await self._database.read(lambda db: db.execute(statement).scalar_one())

    async def started_since(self, user_id: UserId, at_ms: int) -> int:
        statement = (
            select(func.count())
            .select_from(conversations)
            .where(conversations.c.created_by == user_id, conversations.c.created_at_ms >= at_ms)
        )
        return await self._database.read(lambda db: db.execute(statement).scalar_one())

    async def append(
        self, conversation_id: ConversationId, *, client_message_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[DirectMessage, bool]:
        same = columns(direct_messages, DirectMessage).where(
            _message.conversation_id == conversation_id,
            _message.user_id == user_id,
            _message.client_message_id == client_message_id,
        )

        def work(db: Connection) -> tuple[DirectMessage, bool]:
            lock(db, conversations.c.id == conversation_id, conversations.c.id)
            if stored := many(db, DirectMessage, same):
                return stored[0], False
            seq = last_seq(db, _message.seq, _message.conversation_id, conversation_id) + 1
            message = DirectMessage(conversation_id, seq, client_message_id, user_id, text, at_ms)
            add(direct_messages, message)(db)
            db.execute(update(conversation_people).where(_is(conversation_id, user_id)).values(read_seq=seq))
            return message, True

        return await self._database.write(work)

    async def messages(
        self, conversation_id: ConversationId, limit: int, before_seq: int | None = None
    ) -> list[DirectMessage]:
        statement = columns(direct_messages, DirectMessage).where(_message.conversation_id == conversation_id)
        if before_seq is not None:
            statement = statement.where(_message.seq < before_seq)
        newest = statement.order_by(_message.seq.desc()).limit(limit)
        return (await self._database.read(lambda db: many(db, DirectMessage, newest)))[::-1]

    async def erase(self, conversation_id: ConversationId, seq: int) -> None:
        this = and_(_message.conversation_id == conversation_id, _message.seq == seq)

        def work(db: Connection) -> None:
            if db.execute(update(direct_messages).where(this).values(text="")).rowcount == 0:
                raise NotFound(f"{conversation_id}/{seq}")

        await self._database.write(work)

    async def mark_read(self, conversation_id: ConversationId, user_id: UserId, seq: int) -> None:
        def work(db: Connection) -> None:
            top = min(seq, last_seq(db, _message.seq, _message.conversation_id, conversation_id))
            further = and_(_is(conversation_id, user_id), _people.read_seq < top)
            db.execute(update(conversation_people).where(further).values(read_seq=top))

        await self._database.write(work)

    async def leave(self, conversation_id: ConversationId, user_id: UserId) -> None:
        def work(db: Connection) -> None:
            if db.execute(delete(conversation_people).where(_is(conversation_id, user_id))).rowcount == 0:
                raise NotFound(conversation_id)

        await self._database.write(work)

    async def block(self, user_id: UserId, blocked_id: UserId, at_ms: int) -> None:
        row = {"user_id": user_id, "blocked_id": blocked_id, "blocked_at_ms": at_ms}

        def work(db: Connection) -> None:
            known = select(person_blocks.c.user_id).where(_blocks(user_id, blocked_id))
            if db.execute(known).first() is None:
                db.execute(insert(person_blocks).values(row))

        await self._database.write(work)

    async def unblock(self, user_id: UserId, blocked_id: UserId) -> None:
        statement = delete(person_blocks).where(_blocks(user_id, blocked_id))
        await self._database.write(lambda db: db.execute(statement) and None)

    async def blocked_by(self, user_id: UserId) -> list[UserId]:
        statement = _blocked(user_id)
        return sorted(await self._database.read(lambda db: list(db.execute(statement).scalars())))

    async def blockers_of(self, user_id: UserId) -> list[UserId]:
        statement = select(person_blocks.c.user_id).where(person_blocks.c.blocked_id == user_id)
        return sorted(await self._database.read(lambda db: list(db.execute(statement).scalars())))


def _is(conversation_id: ConversationId, user_id: UserId) -> ColumnElement[bool]:
    return and_(_people.conversation_id == conversation_id, _people.user_id == user_id)


def _blocks(user_id: UserId, blocked_id: UserId) -> ColumnElement[bool]:
    return and_(person_blocks.c.user_id == user_id, person_blocks.c.blocked_id == blocked_id)


def _blocked(user_id: UserId) -> Select[Any]:
    return select(person_blocks.c.blocked_id).where(person_blocks.c.user_id == user_id)


def _bring(db: Connection, conversation_id: ConversationId, user_id: UserId) -> None:
    if db.execute(select(_people.user_id).where(_is(conversation_id, user_id))).first() is None:
        row = {"conversation_id": conversation_id, "user_id": user_id, "read_seq": 0}
        db.execute(insert(conversation_people).values(row))


def _read(db: Connection, conversation_ids: list[ConversationId]) -> list[Conversation]:
    people: dict[str, list[UserId]] = {}
    for row in db.execute(
        select(_people.conversation_id, _people.user_id)
        .where(_people.conversation_id.in_(conversation_ids))
        .order_by(_people.user_id)
    ):
        people.setdefault(row.conversation_id, []).append(row.user_id)
    return [
        Conversation(row.id, row.title, row.created_by, row.created_at_ms, tuple(people.get(row.id, ())), row.pair)
        for row in db.execute(select(conversations).where(conversations.c.id.in_(conversation_ids)))
    ]


def _state(db: Connection, conversation: Conversation, user_id: UserId, read_seq: int) -> ConversationState:
    here = and_(_message.conversation_id == conversation.id, _message.user_id.not_in(_blocked(user_id)))
    newest = columns(direct_messages, DirectMessage).where(here).order_by(_message.seq.desc()).limit(1)
    unread = (
        select(func.count())
        .select_from(direct_messages)
        .where(here, _message.seq > read_seq, _message.user_id != user_id)
    )
    found = many(db, DirectMessage, newest)
    return ConversationState(conversation, found[0] if found else None, read_seq, db.execute(unread).scalar_one())


def _liveliest(state: ConversationState) -> tuple[int, str]:
    latest = state.latest
    return -(latest.sent_at_ms if latest else state.conversation.created_at_ms), state.conversation.id
