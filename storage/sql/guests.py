"""Invitations by link, and who came by them."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, update

from storage.ports import NotFound
from storage.records import GuestLink, GuestLinkId, TwinspaceId, User, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one
from storage.sql.tables import guest_links, guests, users


class SqlGuests:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_link(self, link: GuestLink) -> None:
        await self._database.write(add(guest_links, link))

    async def find_link(self, secret_hash: bytes) -> GuestLink:
        statement = columns(guest_links, GuestLink).where(guest_links.c.secret_hash == secret_hash)
        return await self._database.read(lambda db: one(db, GuestLink, statement))

    async def get_link(self, link_id: GuestLinkId) -> GuestLink:
        statement = columns(guest_links, GuestLink).where(guest_links.c.id == link_id)
        return await self._database.read(lambda db: one(db, GuestLink, statement))

    async def links_of(self, twinspace_id: TwinspaceId) -> list[GuestLink]:
        statement = (
            columns(guest_links, GuestLink)
            .where(guest_links.c.twinspace_id == twinspace_id)
            .order_by(guest_links.c.created_at_ms.desc(), guest_links.c.id)
        )
        return await self._database.read(lambda db: many(db, GuestLink, statement))

    async def revoke_link(self, link_id: GuestLinkId, at_ms: int) -> None:
        first = func.coalesce(guest_links.c.revoked_at_ms, at_ms)

        def work(db: Connection) -> None:
            mine = update(guest_links).where(guest_links.c.id == link_id).values(revoked_at_ms=first)
            if db.execute(mine).rowcount == 0:
                raise NotFound(link_id)

        await self._database.write(work)

    async def add_guest(self, user: User, link_id: GuestLinkId) -> None:
        def work(db: Connection) -> None:
            add(users, user)(db)
            db.execute(insert(guests).values(user_id=user.id, link_id=link_id))

        await self._database.write(work)

    async def guests_of(self, link_id: GuestLinkId) -> list[User]:
        statement = (
            columns(users, User)
            .join(guests, guests.c.user_id == users.c.id)
            .where(guests.c.link_id == link_id)
            .order_by(users.c.created_at_ms, users.c.id)
        )
        return await self._database.read(lambda db: many(db, User, statement))

    async def link_of(self, user_id: UserId) -> GuestLink:
        statement = (
            columns(guest_links, GuestLink)
            .join(guests, guests.c.link_id == guest_links.c.id)
            .where(guests.c.user_id == user_id)
        )
        return await self._database.read(lambda db: one(db, GuestLink, statement))
