"""Files, links, off-platform entries, pages, and links for people outside, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict, NotFound
from storage.records import (
    ContentId,
    Material,
    MaterialFile,
    MaterialId,
    Page,
    Rung,
    Share,
    ShareId,
    Sight,
    TeamId,
    TwinspaceId,
)
from storage.visibility import sees


class MemoryMaterials:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, material: Material, file: MaterialFile | None = None) -> None:
        self._rows.check_open()
        check_texts(material.title, material.text, material.folder, material.alt, material.url)
        find(self._rows.twinspaces, material.twinspace_id)
        find(self._rows.users, material.created_by)
        if material.id in self._rows.removed_materials:
            raise Conflict(material.id)
        add(self._rows.materials, material.id, material)
        self._rows.material_files[material.id] = [] if file is None else [file]

    async def get(self, material_id: MaterialId) -> Material:
        return find(self._rows.materials, material_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId, sight: Sight | None = None) -> list[Material]:
        here = [material for material in self._rows.materials.values() if material.twinspace_id == twinspace_id]
        seen = [material for material in here if sight is None or sees(sight, material)]
        return sorted(seen, key=lambda material: (-material.created_at_ms, material.id))

    async def change(self, material_id: MaterialId, at_ms: int, **fields: Any) -> Material:
        self._rows.check_open()
        check_texts(*(value for value in fields.values() if isinstance(value, str)))
        material = replace(find(self._rows.materials, material_id), changed_at_ms=at_ms, **fields)
        self._rows.materials[material_id] = material
        return material

    async def set_visibility(self, material_id: MaterialId, visibility: Rung, team_id: TeamId | None) -> Material:
        self._rows.check_open()
        material = replace(find(self._rows.materials, material_id), visibility=visibility, team_id=team_id)
        self._rows.materials[material_id] = material
        return material

    async def add_file(self, file: MaterialFile) -> Material:
        self._rows.check_open()
        material = find(self._rows.materials, file.material_id)
        if material.version != file.version - 1:
            raise Conflict("The file was replaced in the meantime.")
        self._rows.material_files[file.material_id].insert(0, file)
        changed = replace(material, version=file.version, changed_at_ms=file.uploaded_at_ms)
        self._rows.materials[file.material_id] = changed
        return changed

    async def files(self, material_id: MaterialId) -> list[MaterialFile]:
        return list(self._rows.material_files.get(material_id, ()))

    async def newest_files(self, twinspace_id: TwinspaceId) -> dict[MaterialId, MaterialFile]:
        return {
            material.id: self._rows.material_files[material.id][0]
            for material in await self.of_twinspace(twinspace_id)
            if material.version
        }

    async def remove(self, material_id: MaterialId, at_ms: int) -> None:
        self._rows.check_open()
        self._rows.removed_materials[material_id] = find(self._rows.materials, material_id)
        del self._rows.materials[material_id]

    async def used_bytes(self, twinspace_id: TwinspaceId) -> int:
        here = await self.of_twinspace(twinspace_id)
        files = [file for material in here for file in self._rows.material_files[material.id]]
        return sum({file.blob: file.size_bytes for file in files}.values())


class MemoryPages:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Page]:
        here = [page for page in self._rows.pages.values() if page.twinspace_id == twinspace_id]
        return sorted(here, key=lambda page: (page.parent_id or "", page.position, page.content_id))

    async def arrange(self, twinspace_id: TwinspaceId, former: Sequence[Page], pages: Sequence[Page]) -> None:
        self._rows.check_open()
        find(self._rows.twinspaces, twinspace_id)
        if set(await self.of_twinspace(twinspace_id)) != set(former):
            raise Conflict("The pages were arranged in the meantime.")
        for page in pages:
            find(self._rows.contents, page.content_id)
        for page in former:
            del self._rows.pages[page.content_id]
        for page in pages:
            self._rows.pages[page.content_id] = page

    async def of_content(self, content_id: ContentId) -> Page:
        return find(self._rows.pages, content_id)


class MemoryShares:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, share: Share) -> None:
        self._rows.check_open()
        check_texts(share.title)
        find(self._rows.twinspaces, share.twinspace_id)
        find(self._rows.users, share.made_by)
        if any(other.secret_hash == share.secret_hash for other in self._rows.shares.values()):
            raise Conflict("Another link has this secret.")
        add(self._rows.shares, share.id, share)

    async def get(self, share_id: ShareId) -> Share:
        return find(self._rows.shares, share_id)

    async def find(self, secret_hash: bytes) -> Share:
        for share in self._rows.shares.values():
            if share.secret_hash == secret_hash:
                return share
        raise NotFound("share")

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Share]:
        here = [share for share in self._rows.shares.values() if share.twinspace_id == twinspace_id]
        return sorted(here, key=lambda share: (-share.created_at_ms, share.id))

    async def revoke(self, share_id: ShareId, at_ms: int) -> None:
        self._rows.check_open()
        share = find(self._rows.shares, share_id)
        if share.revoked_at_ms is None:
            self._rows.shares[share_id] = replace(share, revoked_at_ms=at_ms)
