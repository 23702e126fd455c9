"""Codes of conduct."""

from __future__ import annotations

from typing import Protocol

from storage.records import Code, CodeAcceptance, TwinspaceId


class Codes(Protocol):
    async def add(self, code: Code) -> None:
        """Raise Conflict when the TwinSpace has one."""
        ...

    async def get(self, twinspace_id: TwinspaceId) -> Code: ...
    async def accept(self, acceptance: CodeAcceptance) -> bool:
        """Returns whether it is new: a school accepts the same text once."""
        ...

    async def acceptances(self, twinspace_id: TwinspaceId) -> list[CodeAcceptance]:
        """Oldest first."""
        ...
