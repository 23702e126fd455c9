"""Pictures on a whiteboard, as they are seen outside: those that are open there themselves, as materials.

Whether everybody in a picture agrees is said of the picture, wherever it is shown; a board that is opened opens none.
"""

from __future__ import annotations

from collections.abc import Iterable

from crdt_docs.content import whiteboard
from hub.context import Context
from hub.file_types import PICTURES
from storage.records import Content, Material, MaterialFile


async def open_pictures(
    context: Context, content: Content, materials: Iterable[tuple[Material, MaterialFile | None]]
) -> dict[str, MaterialFile]:
    """By the ids of the objects that show them; `materials` are those that are open to whoever asks."""
    files: dict[str, MaterialFile] = {
        material.id: file
        for material, file in materials
        if file is not None and file.preview is not None and file.media_type in PICTURES
    }
    if not files:
        return {}
    drawn = await context.live_docs.read(content.id, content.kind, whiteboard.objects)
    # A page of a PDF is no picture of its own; of those nobody said whom they show.
    return {
        each.id: file
        for each in drawn
        if each.material_id is not None and each.page == 0 and (file := files.get(each.material_id)) is not None
    }
