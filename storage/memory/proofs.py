"""Logins, tickets and second factors in memory."""

from __future__ import annotations

from dataclasses import replace

from storage.memory.rows import Rows, add, find
from storage.ports import Conflict, NotFound
from storage.records import Login, LoginId, SecondFactor, Ticket, TicketPurpose, UserId


class MemoryLogins:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, login: Login) -> None:
        self._rows.check_open()
        find(self._rows.users, login.user_id)
        if any(other.secret_hash == login.secret_hash for other in self._rows.logins.values()):
            raise Conflict("Another login has this secret.")
        add(self._rows.logins, login.id, login)

    async def find(self, secret_hash: bytes) -> Login:
        for login in self._rows.logins.values():
            if login.secret_hash == secret_hash:
                return login
        raise NotFound("login")

    async def get(self, login_id: LoginId) -> Login:
        return find(self._rows.logins, login_id)

    async def revoke(self, login_id: LoginId, at_ms: int) -> None:
        self._rows.check_open()
        login = find(self._rows.logins, login_id)
        if login.revoked_at_ms is None:
            self._rows.logins[login_id] = replace(login, revoked_at_ms=at_ms)

    async def note_use(self, login_id: LoginId, at_ms: int) -> None:
        self._rows.check_open()
        self._rows.logins[login_id] = replace(find(self._rows.logins, login_id), last_used_at_ms=at_ms)

    async def note_second_factor(self, login_id: LoginId, at_ms: int) -> None:
        self._rows.check_open()
        self._rows.logins[login_id] = replace(find(self._rows.logins, login_id), second_factor_at_ms=at_ms)

    async def of_user(self, user_id: UserId) -> list[Login]:
        mine = [login for login in self._rows.logins.values() if login.user_id == user_id]
        return sorted(mine, key=lambda login: (login.created_at_ms, login.id))


class MemoryProofs:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add_ticket(self, ticket: Ticket) -> None:
        self._rows.check_open()
        find(self._rows.users, ticket.user_id)
        for key, other in list(self._rows.tickets.items()):
            if (other.user_id, other.purpose, other.used_at_ms) == (ticket.user_id, ticket.purpose, None):
                del self._rows.tickets[key]
        add(self._rows.tickets, ticket.secret_hash, ticket)

    async def find_ticket(self, secret_hash: bytes, purpose: TicketPurpose, at_ms: int) -> Ticket:
        ticket = find(self._rows.tickets, secret_hash)
        if ticket.purpose != purpose or ticket.used_at_ms is not None or ticket.expires_at_ms <= at_ms:
            raise NotFound("ticket")
        return ticket

    async def use_ticket(self, secret_hash: bytes, purpose: TicketPurpose, at_ms: int) -> Ticket:
        self._rows.check_open()
        ticket = await self.find_ticket(secret_hash, purpose, at_ms)
        used = self._rows.tickets[secret_hash] = replace(ticket, used_at_ms=at_ms)
        return used

    async def put_second_factor(self, factor: SecondFactor) -> None:
        self._rows.check_open()
        find(self._rows.users, factor.user_id)
        hashes = tuple(sorted(factor.recovery_hashes))
        self._rows.second_factors[factor.user_id] = replace(factor, recovery_hashes=hashes)

    async def second_factor(self, user_id: UserId) -> SecondFactor:
        return find(self._rows.second_factors, user_id)

    async def use_step(self, user_id: UserId, step: int, at_ms: int) -> None:
        self._rows.check_open()
        factor = self._rows.second_factors.get(user_id)
        if factor is None or factor.last_step >= step:
            raise Conflict("This code was used already.")
        confirmed_at_ms = at_ms if factor.confirmed_at_ms is None else factor.confirmed_at_ms
        self._rows.second_factors[user_id] = replace(factor, last_step=step, confirmed_at_ms=confirmed_at_ms)

    async def use_recovery(self, user_id: UserId, recovery_hash: bytes) -> None:
        self._rows.check_open()
        factor = find(self._rows.second_factors, user_id)
        if recovery_hash not in factor.recovery_hashes:
            raise NotFound("recovery code")
        left = tuple(code for code in factor.recovery_hashes if code != recovery_hash)
        self._rows.second_factors[user_id] = replace(factor, recovery_hashes=left)

    async def remove_second_factor(self, user_id: UserId) -> None:
        self._rows.check_open()
        self._rows.second_factors.pop(user_id, None)
