"""Support services, and the teachers who ask them to be let in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, select, update

from storage.ports import Conflict
from storage.records import Decision, Registration, School, SchoolId, Service, ServiceLevel, User, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one, values
from storage.sql.tables import registrations, schools, services, users


class SqlServices:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, service: Service) -> None:
        await self._database.write(add(services, service))

    async def get(self, service_id: SchoolId) -> Service:
        statement = columns(services, Service).where(services.c.id == service_id)
        return await self._database.read(lambda db: one(db, Service, statement))

    async def find(self, level: ServiceLevel, country: str, region: str | None = None) -> list[Service]:
        statement = columns(services, Service).join(schools, schools.c.id == services.c.id)
        statement = statement.where(services.c.level == level).order_by(services.c.id)
        if level != "central":
            statement = statement.where(schools.c.country == country)
        if level == "regional" and region is not None:
            statement = statement.where(schools.c.region == region)
        return await self._database.read(lambda db: many(db, Service, statement))

    async def people(self, service_ids: Sequence[SchoolId]) -> list[UserId]:
        here = and_(users.c.school_id.in_(service_ids), users.c.kind == "staff", users.c.state == "active")
        statement = select(users.c.id).where(here).order_by(users.c.id)
        return await self._database.read(lambda db: list(db.execute(statement).scalars()))

    async def register(self, user: User, registration: Registration, *, password_hash: str | None) -> UserId:
        unconfirmed = and_(users.c.email == user.email, users.c.state == "unconfirmed")

        def work(db: Connection) -> UserId:
            former = db.execute(select(users.c.id).where(unconfirmed).with_for_update()).scalar()
            if former is None:
                add(users, user, password_hash=password_hash)(db)
                add(registrations, registration)(db)
                return user.id
            row = {**values(user), "id": former, "password_hash": password_hash}
            db.execute(update(users).where(users.c.id == former).values(row))
            row = {**values(registration), "user_id": former}
            db.execute(update(registrations).where(registrations.c.user_id == former).values(row))
            return UserId(former)

        return await self._database.write(work)

    async def registration(self, user_id: UserId) -> Registration:
        statement = columns(registrations, Registration).where(registrations.c.user_id == user_id)
        return await self._database.read(lambda db: one(db, Registration, statement))

    async def waiting(self, country: str | None, region: str | None) -> list[tuple[Registration, User, School]]:
        statement = (
            columns(registrations, Registration)
            .join(users, users.c.id == registrations.c.user_id)
            .join(schools, schools.c.id == users.c.school_id)
            .where(registrations.c.decision.is_(None), users.c.state == "waiting")
            .order_by(registrations.c.submitted_at_ms, registrations.c.user_id)
        )
        if country is not None:
            statement = statement.where(schools.c.country == country)
        if region is not None:
            statement = statement.where(schools.c.region == region)

        def work(db: Connection) -> list[tuple[Registration, User, School]]:
            found = []
            for registration in many(db, Registration, statement):
                user = one(db, User, columns(users, User).where(users.c.id == registration.user_id))
                school = one(db, School, columns(schools, School).where(schools.c.id == user.school_id))
                found.append((registration, user, school))
            return found

        return await self._database.read(work)

    async def ask_again(self, user_id: UserId, message: str, at_ms: int) -> None:
        mine = registrations.c.user_id == user_id
        row = {
            "message": message,
            "submitted_at_ms": at_ms,
            "decision": None,
            "decided_by": None,
            "decided_at_ms": None,
        }

        def work(db: Connection) -> None:
            refused = update(registrations).where(mine, registrations.c.decision == "refused").values(row)
            if db.execute(refused).rowcount == 0:
                raise Conflict(f"{user_id} was not refused.")
            db.execute(update(users).where(users.c.id == user_id).values(state="waiting"))

        await self._database.write(work)

    async def decide(self, user_id: UserId, decision: Decision, *, by: UserId, at_ms: int, reason: str) -> None:
        mine = registrations.c.user_id == user_id
        row = {"decision": decision, "decided_by": by, "decided_at_ms": at_ms, "reason": reason}

        def work(db: Connection) -> None:
            lock(db, mine, registrations.c.user_id)
            undecided = update(registrations).where(mine, registrations.c.decision.is_(None)).values(row)
            if db.execute(undecided).rowcount == 0:
                raise Conflict(f"It was decided on {user_id} already.")
            state = "active" if decision == "accepted" else "refused"
            db.execute(update(users).where(users.c.id == user_id).values(state=state))
            if decision == "accepted":
                user = one(db, User, columns(users, User).where(users.c.id == user_id))
                db.execute(update(schools).where(schools.c.id == user.school_id).values(state="listed"))

        await self._database.write(work)
