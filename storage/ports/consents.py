"""The consent ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import Consent, Purpose, UserId


class Consents(Protocol):
    """The consent ledger: entries are added, never changed."""

    async def record(
        self,
        user_ids: Sequence[UserId],
        purposes: Sequence[Purpose],
        *,
        granted: bool,
        given_by: str,
        how: str,
        given_on: str,
        until_ms: int | None,
        own_age: int,
        recorded_by: UserId,
        at_ms: int,
    ) -> list[Consent]:
        """One entry for every user and purpose, all of them or none."""
        ...

    async def of_user(self, user_id: UserId) -> list[Consent]:
        """Every entry, oldest first."""
        ...

    async def run_out(self, after_ms: int, until_ms: int) -> list[Consent]:
        """Newest entries of a user and purpose that ended after the first time, and by the second."""
        ...

    async def newest(self, user_ids: Sequence[UserId]) -> list[Consent]:
        """The newest entry of each user and purpose."""
        ...
