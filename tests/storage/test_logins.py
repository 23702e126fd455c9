"""Logins, tickets and second factors, over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import (
    LoginId,
)
from tests.storage.people import (
    ANA,
    LUCIA,
    factor,
    login,
    settle,
    ticket,
)


async def test_a_ticket_works_once_for_one_thing_until_it_expires(storage: Storage) -> None:
    await settle(storage)
    await storage.proofs.add_ticket(ticket(secret_hash=b"first"))
    await storage.proofs.add_ticket(ticket(secret_hash=b"second"))
    await storage.proofs.add_ticket(ticket(secret_hash=b"reset", purpose="reset_password"))
    for secret, purpose, at_ms in (
        (b"first", "confirm_email", 11),
        (b"second", "reset_password", 11),
        (b"second", "confirm_email", 99),
    ):
        with pytest.raises(NotFound):
            await storage.proofs.use_ticket(secret, purpose, at_ms)  # type: ignore[arg-type]
    assert await storage.proofs.find_ticket(b"second", "confirm_email", 98) == ticket(secret_hash=b"second")
    used = ticket(secret_hash=b"second", used_at_ms=98)
    assert await storage.proofs.use_ticket(b"second", "confirm_email", 98) == used
    with pytest.raises(NotFound):
        await storage.proofs.use_ticket(b"second", "confirm_email", 98)


async def test_of_two_uses_of_a_ticket_at_once_one_wins(storage: Storage) -> None:
    await settle(storage)
    await storage.proofs.add_ticket(ticket())
    tries = [storage.proofs.use_ticket(b"secret", "confirm_email", 11) for _ in range(5)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotFound"] * 4 + ["Ticket"]


async def test_a_code_of_a_second_factor_works_once(storage: Storage) -> None:
    await settle(storage)
    await storage.proofs.put_second_factor(factor(recovery_hashes=(b"b", b"a")))
    stored = await storage.proofs.second_factor(ANA.id)
    assert stored == factor(recovery_hashes=(b"a", b"b"))
    await storage.proofs.use_step(ANA.id, 7, 20)
    for step in (6, 7):
        with pytest.raises(Conflict):
            await storage.proofs.use_step(ANA.id, step, 30)
    await storage.proofs.use_step(ANA.id, 8, 40)
    await storage.proofs.use_recovery(ANA.id, b"a")
    with pytest.raises(NotFound):
        await storage.proofs.use_recovery(ANA.id, b"a")
    left = factor(confirmed_at_ms=20, last_step=8, recovery_hashes=(b"b",))
    assert await storage.proofs.second_factor(ANA.id) == left
    await storage.proofs.put_second_factor(factor(sealed_secret=b"new"))
    assert await storage.proofs.second_factor(ANA.id) == factor(sealed_secret=b"new")
    await storage.proofs.remove_second_factor(ANA.id)
    with pytest.raises(NotFound):
        await storage.proofs.second_factor(ANA.id)


async def test_a_login_remembers_its_use_and_its_second_factor(storage: Storage) -> None:
    await settle(storage)
    opened = login(way="password", device="Firefox")
    await storage.logins.add(opened)
    await storage.logins.note_use(opened.id, 20)
    await storage.logins.note_second_factor(opened.id, 21)
    expected = replace(opened, last_used_at_ms=20, second_factor_at_ms=21)
    assert await storage.logins.get(opened.id) == expected
    assert await storage.logins.of_user(ANA.id) == [expected]


async def test_a_login_is_found_by_its_secret_until_and_after_it_is_revoked(storage: Storage) -> None:
    await settle(storage)
    await storage.logins.add(login())
    await storage.logins.add(login(id=LoginId("token"), kind="token", secret_hash=b"other", created_at_ms=5))
    assert await storage.logins.find(b"secret") == login()
    await storage.logins.revoke(LoginId("login"), 50)
    await storage.logins.revoke(LoginId("login"), 60)
    assert await storage.logins.find(b"secret") == login(revoked_at_ms=50)
    assert [each.id for each in await storage.logins.of_user(ANA.id)] == ["token", "login"]
    assert await storage.logins.of_user(LUCIA.id) == []
    with pytest.raises(Conflict):
        await storage.logins.add(login(id=LoginId("x")))
