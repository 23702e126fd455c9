"""Links for families, the inspection and everybody."""

from __future__ import annotations

from typing import Protocol

from storage.records import Share, ShareId, TwinspaceId


class Shares(Protocol):
    async def add(self, share: Share) -> None: ...
    async def get(self, share_id: ShareId) -> Share: ...
    async def find(self, secret_hash: bytes) -> Share: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Share]:
        """Newest first."""
        ...

    async def revoke(self, share_id: ShareId, at_ms: int) -> None:
        """The first time counts."""
        ...
