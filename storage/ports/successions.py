"""Founders who leave, and who takes their place."""

from __future__ import annotations

from typing import Protocol

from storage.records import Succession, SuccessionId, SuccessionState, TwinspaceId, UserId


class Successions(Protocol):
    async def add(self, succession: Succession) -> None:
        """Raise Conflict while another of the same TwinSpace is open, or when the founders are other people by now."""
        ...

    async def get(self, succession_id: SuccessionId) -> Succession: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Succession]:
        """Oldest first."""
        ...

    async def open(self, user_id: UserId | None = None) -> list[Succession]:
        """Those that nobody has ended, oldest first; of one of the three people, or all."""
        ...

    async def agree(self, succession_id: SuccessionId, user_id: UserId, at_ms: int) -> Succession:
        """Saying it again changes nothing. Raise NotFound to everybody but the three, Conflict when it has ended."""
        ...

    async def end(
        self, succession_id: SuccessionId, state: SuccessionState, *, by: UserId, reason: str, at_ms: int
    ) -> Succession:
        """Decline or stop it. Raise Conflict when it has ended."""
        ...

    async def fulfil(self, succession_id: SuccessionId, at_ms: int) -> Succession:
        """Put the successor in the place of the leaving founder, in the founding and among the members, in one step.

        Raise Conflict when it has ended, or when the founders are other people by now.
        """
        ...
