"""Files, links, off-platform entries, and the tree of pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, update

from storage.ports import Conflict, NotFound
from storage.records import ContentId, Material, MaterialFile, MaterialId, Page, Rung, Sight, TeamId, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one
from storage.sql.tables import material_files, materials, pages, twinspaces
from storage.sql.visibility import set_visibility, visible

_IS_HERE = materials.c.removed_at_ms.is_(None)


class SqlMaterials:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, material: Material, file: MaterialFile | None = None) -> None:
        def work(db: Connection) -> None:
            add(materials, material)(db)
            if file is not None:
                add(material_files, file)(db)

        await self._database.write(work)

    async def get(self, material_id: MaterialId) -> Material:
        return await self._database.read(lambda db: _get(db, material_id))

    async def of_twinspace(self, twinspace_id: TwinspaceId, sight: Sight | None = None) -> list[Material]:
        statement = (
            columns(materials, Material)
            .where(materials.c.twinspace_id == twinspace_id, _IS_HERE)
            .order_by(materials.c.created_at_ms.desc(), materials.c.id)
        )
        if sight is not None:
            statement = statement.where(visible(materials, sight))
        return await self._database.read(lambda db: many(db, Material, statement))

    async def change(self, material_id: MaterialId, at_ms: int, **fields: Any) -> Material:
        def work(db: Connection) -> Material:
            changed = (
                update(materials).where(materials.c.id == material_id, _IS_HERE).values(changed_at_ms=at_ms, **fields)
            )
            if db.execute(changed).rowcount == 0:
                raise NotFound(material_id)
            return _get(db, material_id)

        return await self._database.write(work)

    async def set_visibility(self, material_id: MaterialId, visibility: Rung, team_id: TeamId | None) -> Material:
        change = partial(set_visibility, materials, Material, material_id, visibility, team_id)
        return await self._database.write(change)

    async def add_file(self, file: MaterialFile) -> Material:
        def work(db: Connection) -> Material:
            lock(db, materials.c.id == file.material_id, materials.c.id)
            if _get(db, file.material_id).version != file.version - 1:
                raise Conflict("The file was replaced in the meantime.")
            add(material_files, file)(db)
            row = {"version": file.version, "changed_at_ms": file.uploaded_at_ms}
            db.execute(update(materials).where(materials.c.id == file.material_id).values(row))
            return _get(db, file.material_id)

        return await self._database.write(work)

    async def files(self, material_id: MaterialId) -> list[MaterialFile]:
        statement = (
            columns(material_files, MaterialFile)
            .where(material_files.c.material_id == material_id)
            .order_by(material_files.c.version.desc())
        )
        return await self._database.read(lambda db: many(db, MaterialFile, statement))

    async def newest_files(self, twinspace_id: TwinspaceId) -> dict[MaterialId, MaterialFile]:
        newest = and_(materials.c.id == material_files.c.material_id, materials.c.version == material_files.c.version)
        here = materials.c.twinspace_id == twinspace_id
        statement = columns(material_files, MaterialFile).join(materials, newest).where(here, _IS_HERE)
        found = await self._database.read(lambda db: many(db, MaterialFile, statement))
        return {file.material_id: file for file in found}

    async def remove(self, material_id: MaterialId, at_ms: int) -> None:
        def work(db: Connection) -> None:
            removed = update(materials).where(materials.c.id == material_id, _IS_HERE).values(removed_at_ms=at_ms)
            if db.execute(removed).rowcount == 0:
                raise NotFound(material_id)

        await self._database.write(work)

    async def used_bytes(self, twinspace_id: TwinspaceId) -> int:
        blobs = (
            select(material_files.c.blob, material_files.c.size_bytes)
            .join(materials, materials.c.id == material_files.c.material_id)
            .where(materials.c.twinspace_id == twinspace_id, _IS_HERE)
            .distinct()
            .subquery()
        )
        statement = select(func.coalesce(func.sum(blobs.c.size_bytes), 0))
        return await self._database.read(lambda db: int(db.execute(statement).scalar_one()))


class SqlPages:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Page]:
        return await self._database.read(lambda db: _pages(db, twinspace_id))

    async def arrange(self, twinspace_id: TwinspaceId, former: Sequence[Page], new: Sequence[Page]) -> None:
        def work(db: Connection) -> None:
            lock(db, twinspaces.c.id == twinspace_id, twinspaces.c.id)
            if set(_pages(db, twinspace_id)) != set(former):
                raise Conflict("The pages were arranged in the meantime.")
            db.execute(delete(pages).where(pages.c.twinspace_id == twinspace_id))
            for page in new:
                add(pages, page)(db)

        await self._database.write(work)

    async def of_content(self, content_id: ContentId) -> Page:
        return await self._database.read(
            lambda db: one(db, Page, columns(pages, Page).where(pages.c.content_id == content_id))
        )


def _get(db: Connection, material_id: MaterialId) -> Material:
    return one(db, Material, columns(materials, Material).where(materials.c.id == material_id, _IS_HERE))


def _pages(db: Connection, twinspace_id: TwinspaceId) -> list[Page]:
    here = columns(pages, Page).where(pages.c.twinspace_id == twinspace_id)
    in_order = here.order_by(func.coalesce(pages.c.parent_id, ""), pages.c.position, pages.c.content_id)
    return many(db, Page, in_order)
