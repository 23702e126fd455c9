"""What is sealed or locked, and what schools signed before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from storage.records import ContentId, ContentLock, Json, Seal, SheetSignature, UserId


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

    async def redact(self, content_id: ContentId, sealed: Json) -> None:
        """Put what is left, once somebody's words are erased, in place of what was kept. Raise NotFound."""
        ...

    async def get(self, content_id: ContentId) -> Seal: ...
    async def lock(self, content_id: ContentId) -> ContentLock:
        """An open one where nobody ever locked it."""
        ...

    async def change_lock(self, content_id: ContentId, change: Callable[[ContentLock], ContentLock]) -> ContentLock:
        """`change` is run while nobody else can change it, perhaps more than once; the revision is counted here."""
        ...

    async def sign(self, signature: SheetSignature) -> None:
        """A school's newest signature is the one that counts."""
        ...

    async def signatures(self, content_id: ContentId) -> list[SheetSignature]: ...
