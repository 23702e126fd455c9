"""What a meeting room allows, class seats, raised hands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from storage.ports import Conflict
from storage.records import Hand, HandId, HandOutcome, RoomId, RoomRules, RoomStanding, SeatPupil, UserId
from storage.sql.database import Database
from storage.sql.rows import columns, lock, many, one, values
from storage.sql.tables import class_seat_pupils, hands, room_rules, room_standings, rooms


class SqlRoomPowers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def rules(self, room_id: RoomId) -> RoomRules | None:
        return await self._database.read(lambda db: _rules(db, room_id))

    async def change_rules(self, start: RoomRules, change: Callable[[RoomRules], RoomRules]) -> RoomRules:
        room_id = start.room_id

        def work(db: Connection) -> RoomRules:
            lock(db, rooms.c.id == room_id, rooms.c.id)
            stored = _rules(db, room_id)
            former = stored or start
            changed = change(former)
            if changed == former:
                return former
            changed = replace(changed, exceptions=dict(changed.exceptions), revision=former.revision + 1)
            if stored is None:
                db.execute(insert(room_rules).values(**values(changed)))
            else:
                db.execute(update(room_rules).where(room_rules.c.room_id == room_id).values(**values(changed)))
            return changed

        return await self._database.write(work)

    async def standings(self, room_id: RoomId) -> list[RoomStanding]:
        return await self._database.read(lambda db: _standings(db, room_id))

    async def change_standings(
        self, room_id: RoomId, user_ids: Collection[UserId], change: Callable[[RoomStanding], RoomStanding]
    ) -> list[RoomStanding]:
        def work(db: Connection) -> list[RoomStanding]:
            lock(db, rooms.c.id == room_id, rooms.c.id)
            stored = {standing.user_id: standing for standing in _standings(db, room_id)}
            changed = [
                change(stored.get(user_id) or RoomStanding(room_id, user_id)) for user_id in dict.fromkeys(user_ids)
            ]
            new = [standing for standing in changed if standing.user_id not in stored]
            if new:
                db.execute(insert(room_standings), [values(standing) for standing in new])
            for standing in changed:
                if standing.user_id in stored and standing != stored[standing.user_id]:
                    this = room_standings.c.room_id == room_id, room_standings.c.user_id == standing.user_id
                    db.execute(update(room_standings).where(*this).values(**values(standing)))
            return changed

        return await self._database.write(work)


def _rules(db: Connection, room_id: RoomId) -> RoomRules | None:
    found = many(db, RoomRules, columns(room_rules, RoomRules).where(room_rules.c.room_id == room_id))
    return found[0] if found else None


def _standings(db: Connection, room_id: RoomId) -> list[RoomStanding]:
    statement = columns(room_standings, RoomStanding).where(room_standings.c.room_id == room_id)
    return many(db, RoomStanding, statement.order_by(room_standings.c.user_id))


class SqlClassSeats:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, room_id: RoomId, seat_id: UserId, pupils: Sequence[SeatPupil]) -> None:
        rows = [{**values(pupil), "place": place} for place, pupil in enumerate(pupils)]
        seat = class_seat_pupils.c.room_id == room_id, class_seat_pupils.c.seat_id == seat_id

        def work(db: Connection) -> None:
            lock(db, rooms.c.id == room_id, rooms.c.id)
            db.execute(delete(class_seat_pupils).where(*seat))
            if rows:
                db.execute(insert(class_seat_pupils), rows)

        await self._database.write(work)

    async def of_room(self, room_id: RoomId) -> list[SeatPupil]:
        c = class_seat_pupils.c
        statement = columns(class_seat_pupils, SeatPupil).where(c.room_id == room_id).order_by(c.seat_id, c.place)
        return await self._database.read(lambda db: many(db, SeatPupil, statement))


class SqlHands:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, hand: Hand) -> None:
        same_pupil = hands.c.pupil_id.is_(None) if hand.pupil_id is None else hands.c.pupil_id == hand.pupil_id
        is_up = select(hands.c.id).where(
            hands.c.room_id == hand.room_id, hands.c.user_id == hand.user_id, same_pupil, hands.c.ended_at_ms.is_(None)
        )

        def work(db: Connection) -> None:
            lock(db, rooms.c.id == hand.room_id, rooms.c.id)
            if db.execute(is_up).first() is not None:
                raise Conflict("This hand is up already.")
            db.execute(insert(hands).values(**values(hand)))

        await self._database.write(work)

    async def end(self, room_id: RoomId, hand_id: HandId, outcome: HandOutcome, now_ms: int) -> Hand:
        this = hands.c.id == hand_id, hands.c.room_id == room_id

        def work(db: Connection) -> Hand:
            ended = update(hands).where(*this, hands.c.ended_at_ms.is_(None))
            changed = db.execute(ended.values(ended_at_ms=now_ms, outcome=outcome)).rowcount
            hand = one(db, Hand, columns(hands, Hand).where(*this))
            if not changed:
                raise Conflict("This hand is down already.")
            return hand

        return await self._database.write(work)

    async def forget(self, before_ms: int, *, dry_run: bool = False) -> int:
        over = hands.c.raised_at_ms < before_ms
        if dry_run:
            count = select(func.count()).select_from(hands).where(over)
            return await self._database.read(lambda db: int(db.execute(count).scalar() or 0))
        return await self._database.write(lambda db: db.execute(delete(hands).where(over)).rowcount)

    async def of_room(self, room_id: RoomId, since_ms: int) -> list[Hand]:
        recent = or_(hands.c.ended_at_ms.is_(None), hands.c.ended_at_ms >= since_ms)
        statement = columns(hands, Hand).where(hands.c.room_id == room_id, recent)
        return await self._database.read(
            lambda db: many(db, Hand, statement.order_by(hands.c.raised_at_ms, hands.c.id))
        )
