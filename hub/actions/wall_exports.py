"""Take a wall along, as a file. What waits before the gate is no part of it, whoever asks."""

from __future__ import annotations

import asyncio
from typing import Any

from crdt_docs.content import wall
from hub import form_sheet, wall_contents, wall_export, wall_paper
from hub.access import Act
from hub.actions.walls import KIND, access_wall
from hub.card_choices import count_choices, votes_by_card
from hub.context import Context, Session
from hub.names import read_people
from hub.payloads.operations import Download
from hub.payloads.walls import ExportWall
from hub.phrases import phrase
from hub.roster import read_schools
from hub.wall_contents import Held
from storage.records import Content, SchoolId, UserId

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}


MOST_PICTURES_BYTES = 12 * 1024 * 1024
"""Of all pictures together: a page that can still be sent by mail. What does not fit is told of by its words."""


async def export_wall(context: Context, session: Session, payload: ExportWall) -> Download:
    """With the names that the asker may read."""
    _, content = await access_wall(context, session, payload.content_id, Act.READ)
    blocks = await context.live_docs.read(content.id, KIND, wall.blocks)
    said: list[dict[str, Any]] = [*blocks, *(comment for card in blocks for comment in card["comments"])]
    people = await read_people(context, session.user, [UserId(each["author_id"]) for each in said])
    for each in said:
        each["author_name"] = people[UserId(each["author_id"])].display_name
    schools = await read_schools(context.storage, [SchoolId(card["school_id"]) for card in blocks])
    names = {str(school_id): school.name for school_id, school in schools.items()}
    language = session.user.language
    words = {name: phrase(f"wall_{name}", language) for name in wall_export.COLUMNS}
    held = await _read_held(context, content, blocks, language)

    def write() -> bytes:
        match payload.format:
            case "json":
                return wall_export.as_json(content.id, content.title, blocks)
            case "html":
                return wall_export.as_html(content.title, blocks, words, names, language, held)
            case "pdf":
                return wall_paper.as_pdf(content.title, blocks, words, names, language, held)
        sheet = wall_export.make_sheet(blocks, words, names, held)
        return form_sheet.as_csv(sheet) if payload.format == "csv" else form_sheet.as_xlsx(sheet)

    written = await asyncio.to_thread(write)
    return Download(content_type=TYPES[payload.format], filename=f"wall.{payload.format}", content=written)


async def _read_held(
    context: Context, content: Content, blocks: list[dict[str, Any]], language: str
) -> dict[str, Held]:
    """Of each card: only files that a card on the wall shows, of polls only what everybody may know."""
    words = {kind: phrase(f"wall_{kind}", language) for kind in wall_contents.KINDS}
    files = {file.id: file for file in await context.storage.cards.files(content.id)}
    votes = await votes_by_card(context, content.id)
    held, left = {}, MOST_PICTURES_BYTES
    for card in blocks:
        file, picture = files.get(card["file_id"]), None
        if card["kind"] == "image" and file is not None and file.card_id == card["id"] and file.preview is not None:
            found = await context.storage.blobs.get(file.preview)
            if len(found) <= left:
                picture, left = found, left - len(found)
        counts = count_choices(card["options"], votes.get(card["id"], ())) if card["options"] else []
        totals = {int(count.value): count.total for count in counts if isinstance(count.total, int)}
        held[card["id"]] = wall_contents.held_by(card, words, picture, totals)
    return held
