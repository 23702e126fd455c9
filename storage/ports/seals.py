"""What is sealed, and what schools signed before."""

from __future__ import annotations

from typing import Protocol

from storage.records import ContentId, Json, Seal, SheetSignature, UserId


class Seals(Protocol):
    async def begin(self, content_id: ContentId, *, sealed_by: UserId, at_ms: int) -> Seal:
        """From now on nobody may write. Raise Conflict when somebody was first."""
        ...

    async def finish(self, content_id: ContentId, sealed: Json) -> Seal:
        """Keep what it holds; what was kept first stays."""
        ...

    async def abandon(self, content_id: ContentId) -> None:
        """Open it again, unless it is finished."""
        ...

    async def get(self, content_id: ContentId) -> Seal: ...
    async def sign(self, signature: SheetSignature) -> None:
        """A school's newest signature is the one that counts."""
        ...

    async def signatures(self, content_id: ContentId) -> list[SheetSignature]: ...
