"""Support services and registrations in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.memory.people import add_users
from storage.memory.rows import Rows, StoredUser, add, check_texts, find
from storage.ports import Conflict
from storage.records import Decision, Registration, School, SchoolId, Service, ServiceLevel, User, UserId


class MemoryServices:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, service: Service) -> None:
        self._rows.check_open()
        find(self._rows.schools, service.id)
        add(self._rows.services, service.id, service)

    async def get(self, service_id: SchoolId) -> Service:
        return find(self._rows.services, service_id)

    async def find(self, level: ServiceLevel, country: str, region: str | None = None) -> list[Service]:
        found = []
        for service in self._rows.services.values():
            place = self._rows.schools[service.id]
            in_country = level == "central" or place.country == country
            in_region = level != "regional" or region in (None, place.region)
            if service.level == level and in_country and in_region:
                found.append(service)
        return sorted(found, key=lambda service: service.id)

    async def people(self, service_ids: Sequence[SchoolId]) -> list[UserId]:
        users = [stored.user for stored in self._rows.users.values()]
        here = [user for user in users if user.school_id in service_ids and user.kind == "staff"]
        return sorted(user.id for user in here if user.state == "active")

    async def register(self, user: User, registration: Registration, *, password_hash: str | None) -> UserId:
        check_texts(registration.message)
        for stored in self._rows.users.values():
            if stored.user.email == user.email and stored.user.state == "unconfirmed":
                self._rows.check_open()
                check_texts(user.display_name)
                find(self._rows.schools, user.school_id)
                stored.user = replace(user, id=stored.user.id)
                stored.password_hash = password_hash
                self._rows.registrations[stored.user.id] = replace(registration, user_id=stored.user.id)
                return stored.user.id
        add_users(self._rows, [StoredUser(user, password_hash)])
        add(self._rows.registrations, user.id, registration)
        return user.id

    async def registration(self, user_id: UserId) -> Registration:
        return find(self._rows.registrations, user_id)

    async def waiting(self, country: str | None, region: str | None) -> list[tuple[Registration, User, School]]:
        found = []
        for registration in self._rows.registrations.values():
            user = self._rows.users[registration.user_id].user
            school = self._rows.schools[user.school_id]
            here = country in (None, school.country) and region in (None, school.region)
            if here and registration.decision is None and user.state == "waiting":
                found.append((registration, user, school))
        return sorted(found, key=lambda one: (one[0].submitted_at_ms, one[0].user_id))

    async def ask_again(self, user_id: UserId, message: str, at_ms: int) -> None:
        self._rows.check_open()
        check_texts(message)
        registration = self._rows.registrations.get(user_id)
        if registration is None or registration.decision != "refused":
            raise Conflict(f"{user_id} was not refused.")
        self._rows.registrations[user_id] = replace(
            registration, message=message, submitted_at_ms=at_ms, decision=None, decided_by=None, decided_at_ms=None
        )
        stored = self._rows.users[user_id]
        stored.user = replace(stored.user, state="waiting")

    async def decide(self, user_id: UserId, decision: Decision, *, by: UserId, at_ms: int, reason: str) -> None:
        self._rows.check_open()
        check_texts(reason)
        find(self._rows.users, by)
        registration = find(self._rows.registrations, user_id)
        if registration.decision is not None:
            raise Conflict(f"It was decided on {user_id} already.")
        self._rows.registrations[user_id] = replace(
            registration, decision=decision, decided_by=by, decided_at_ms=at_ms, reason=reason
        )
        stored = self._rows.users[user_id]
        stored.user = replace(stored.user, state="active" if decision == "accepted" else "refused")
        if decision == "accepted":
            school = self._rows.schools[stored.user.school_id]
            self._rows.schools[school.id] = replace(school, state="listed")
