"""Files, links and off-platform entries; the tree of pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from storage.records import (
    ContentId,
    Material,
    MaterialFile,
    MaterialId,
    Page,
    Rung,
    Sight,
    TeamId,
    TwinspaceId,
)


class Materials(Protocol):
    async def add(self, material: Material, file: MaterialFile | None = None) -> None:
        """With its first file, if it begins with one: both, or nothing. Raise Conflict when the id is taken."""
        ...

    async def get(self, material_id: MaterialId) -> Material: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId, sight: Sight | None = None) -> list[Material]:
        """Those that the viewer sees, newest first; None: all of them."""
        ...

    async def change(self, material_id: MaterialId, at_ms: int, **fields: Any) -> Material:
        """Set these fields of the record. Raise NotFound."""
        ...

    async def set_visibility(self, material_id: MaterialId, visibility: Rung, team_id: TeamId | None) -> Material: ...
    async def add_file(self, file: MaterialFile) -> Material:
        """Make it the newest: its version must be the next one. Raise Conflict unless it is."""
        ...

    async def files(self, material_id: MaterialId) -> list[MaterialFile]:
        """Newest first."""
        ...

    async def newest_files(self, twinspace_id: TwinspaceId) -> dict[MaterialId, MaterialFile]: ...
    async def remove(self, material_id: MaterialId, at_ms: int) -> None:
        """As if it had never been, for every method here. Rows and blobs stay: journal and snapshots point to them."""
        ...

    async def used_bytes(self, twinspace_id: TwinspaceId) -> int:
        """All versions; a file that is there twice counts once."""
        ...


class Pages(Protocol):
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Page]:
        """By parent and position."""
        ...

    async def arrange(self, twinspace_id: TwinspaceId, former: Sequence[Page], pages: Sequence[Page]) -> None:
        """Put this tree in the place of `former`. Raise Conflict when `former` is not the present one any more."""
        ...

    async def of_content(self, content_id: ContentId) -> Page: ...
