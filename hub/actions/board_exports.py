"""Take a whiteboard along, as a file: with the names, and the pictures, that the asker may see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from crdt_docs.content import whiteboard
from crdt_docs.content.whiteboard import BoardObject
from hub import board_export
from hub.access import Act, access_material
from hub.actions.materials import find_version
from hub.actions.slides import draw_page
from hub.actions.whiteboards import access_whiteboard
from hub.board_export import Listed
from hub.context import Context, Session
from hub.errors import NotFound
from hub.names import read_people
from hub.payloads.operations import Download
from hub.payloads.whiteboards import ExportBoard
from hub.phrases import phrase
from storage.records import MaterialId, TwinspaceId

TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


async def export_board(context: Context, session: Session, payload: ExportBoard) -> Download:
    _, content = await access_whiteboard(context, session, payload.content_id, Act.READ)
    ground, drawn = await context.live_docs.read(
        content.id, content.kind, lambda doc: (whiteboard.ground(doc), whiteboard.objects(doc))
    )
    objects = [*ground, *drawn]
    makers = await context.live_docs.makers(content.id, whiteboard.OBJECTS)
    people = await read_people(context, session.user, set(makers.values()))
    language = session.user.language
    somebody = phrase("board_somebody", language)
    listed = [
        Listed(
            what=phrase(f"board_{each.type}", language),
            text=each.text,
            who=people[makers[each.id]].display_name if makers.get(each.id) in people else somebody,
        )
        for each in drawn
    ]
    listed = [Listed(phrase("board_page", language, number=str(each.page)), each.text, "") for each in ground] + listed
    shown = board_export.under(ground, drawn)[: board_export.MOST_PAGES]
    pictures = await _read_pictures(context, session, content.twinspace_id, [*shown, *drawn])
    heading = phrase("board_heading", language)

    def write() -> bytes:
        match payload.format:
            case "svg":
                return board_export.as_svg(objects, content.title, listed, pictures)
            case "png":
                return board_export.as_png(objects, content.title, listed, pictures)
        return board_export.as_pdf(objects, content.title, listed, pictures, language, heading)

    written = await asyncio.to_thread(write)
    filename = f"whiteboard.{payload.format}"
    return Download(content_type=TYPES[payload.format], filename=filename, content=written)


async def _read_pictures(
    context: Context, session: Session, twinspace_id: TwinspaceId, objects: Sequence[BoardObject]
) -> dict[str, bytes]:
    """What the asker does not see, or another TwinSpace has, stays an empty frame."""
    found: dict[str, bytes] = {}
    for each in objects:
        if each.material_id is None:
            continue
        try:
            _, material = await access_material(context, session.user, MaterialId(each.material_id), Act.READ)
            if material.twinspace_id != twinspace_id:
                continue
            file = await find_version(context, material, each.version)
            if each.page > 0:
                found[each.id] = await draw_page(context, file, each.page)
            elif file.preview is not None:
                found[each.id] = await context.storage.blobs.get(file.preview)
        except NotFound:
            continue
    return found
