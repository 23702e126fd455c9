"""The queue of letters and pushes, and the browsers that take pushes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from storage.ports import NotFound
from storage.records import Delivery, PushSubscription, UserId
from storage.sql.database import Database
from storage.sql.rows import columns, many, values
from storage.sql.tables import deliveries, logins, push_subscriptions


class SqlDeliveries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def queue(self, waiting: Sequence[Delivery]) -> None:
        await self._database.write(lambda db: queue(db, waiting))

    async def take(self, now_ms: int, lease_ms: int, limit: int) -> list[Delivery]:
        due = (
            columns(deliveries, Delivery)
            .where(deliveries.c.due_at_ms <= now_ms)
            .order_by(deliveries.c.due_at_ms, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

        def work(db: Connection) -> list[Delivery]:
            taken = [replace(each, tries=each.tries + 1) for each in many(db, Delivery, due)]
            if taken:
                mine = deliveries.c.id.in_([each.id for each in taken])
                later = {"due_at_ms": now_ms + lease_ms, "tries": deliveries.c.tries + 1}
                db.execute(update(deliveries).where(mine).values(later))
            return taken

        # Most of the time nothing is due, and a write would wake the disk for it.
        some = select(deliveries.c.id).where(deliveries.c.due_at_ms <= now_ms).limit(1)
        if await self._database.read(lambda db: db.scalar(some)) is None:
            return []
        return await self._database.write(work)

    async def postpone(self, delivery_id: str, due_at_ms: int) -> None:
        statement = update(deliveries).where(deliveries.c.id == delivery_id).values(due_at_ms=due_at_ms)

        def work(db: Connection) -> None:
            if db.execute(statement).rowcount == 0:
                raise NotFound(delivery_id)

        await self._database.write(work)

    async def finish(self, delivery_id: str) -> None:
        statement = delete(deliveries).where(deliveries.c.id == delivery_id)
        await self._database.write(lambda db: db.execute(statement) and None)

    async def subscribe(self, subscription: PushSubscription) -> None:
        def work(db: Connection) -> None:
            db.execute(delete(push_subscriptions).where(push_subscriptions.c.endpoint == subscription.endpoint))
            db.execute(insert(push_subscriptions).values(**values(subscription)))

        await self._database.write(work)

    async def subscriptions(self, user_ids: Iterable[UserId], now_ms: int) -> list[PushSubscription]:
        statement = (
            columns(push_subscriptions, PushSubscription)
            .join(logins, logins.c.id == push_subscriptions.c.login_id)
            .where(
                push_subscriptions.c.user_id.in_(sorted(set(user_ids))),
                logins.c.revoked_at_ms.is_(None),
                logins.c.expires_at_ms > now_ms,
            )
            .order_by(push_subscriptions.c.created_at_ms, push_subscriptions.c.endpoint)
        )
        return await self._database.read(lambda db: many(db, PushSubscription, statement))

    async def unsubscribe(self, endpoint: str) -> None:
        statement = delete(push_subscriptions).where(push_subscriptions.c.endpoint == endpoint)
        await self._database.write(lambda db: db.execute(statement) and None)


def queue(db: Connection, waiting: Sequence[Delivery]) -> None:
    """Work that queues those which are not there yet."""
    known = set(db.scalars(select(deliveries.c.id).where(deliveries.c.id.in_([each.id for each in waiting]))))
    for each in waiting:
        if each.id not in known:
            db.execute(insert(deliveries).values(**values(each)))
