"""From what a client sends to the fields of a card: what it names has to be there, and to be its sender's to name."""

from __future__ import annotations

import json
from typing import Any

from crdt_docs.content.wall_card import CHANGEABLE, NOTHING_MORE, NOWHERE, WITH_FILE
from hub.access import Act, access_content, access_material
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.file_types import PICTURES
from hub.payloads.walls import ChangeCard, PostCard
from storage import ports
from storage.records import CardFileId, Content, ContentId, MaterialId

WORDS = ("title", "text", "tint")
FIELDS = (*WORDS, *NOTHING_MORE, *NOWHERE)


async def read_new_card(context: Context, session: Session, content: Content, payload: PostCard) -> dict[str, Any]:
    """Its fields. Its file, if it has one, is that card's from now on. Raise Invalid."""
    fields: dict[str, Any] = {name: getattr(payload, name) for name in WORDS}
    fields |= {name: value for name, value in payload.places().items() if value not in (NOWHERE[name], None)}
    fields |= await _read_named(context, session, content, payload)
    for name in ("kind", "alt", "options", "nobody_pictured"):
        if (value := getattr(payload, name)) != NOTHING_MORE[name]:
            fields[name] = value
    if payload.file_id is not None:
        fields |= await _take_file(context, session, content, payload)
    return fields


async def read_change(context: Context, session: Session, content: Content, payload: ChangeCard) -> dict[str, Any]:
    """What is to be another. Raise Invalid."""
    given = {name: value for name in CHANGEABLE if (value := getattr(payload, name)) is not None}
    return given | await _read_named(context, session, content, payload)


async def _read_named(
    context: Context, session: Session, content: Content, payload: PostCard | ChangeCard
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if payload.url:
        found["url"] = payload.url
    if payload.drawing is not None and payload.drawing.strokes:
        found["drawing"] = json.dumps(payload.drawing.model_dump(), separators=(",", ":"))
    if payload.target_id is not None:
        await _check_target(context, session, content, payload.target_kind or "content", payload.target_id)
        found |= {"target_kind": payload.target_kind or "content", "target_id": payload.target_id}
    return found


async def _check_target(context: Context, session: Session, content: Content, kind: str, target_id: str) -> None:
    try:
        if kind == "content":
            _, target = await access_content(context, session.user, ContentId(target_id), Act.READ)
            place = target.twinspace_id
        else:
            _, material = await access_material(context, session.user, MaterialId(target_id), Act.READ)
            place = material.twinspace_id
    except NotFound:
        place = None
    if place != content.twinspace_id:
        raise Invalid("There is nothing like that in this TwinSpace.", field="target_id")


async def _take_file(context: Context, session: Session, content: Content, payload: PostCard) -> dict[str, Any]:
    gone = Invalid("This file is not there any more. Choose it again.", field="file_id")
    cards = context.storage.cards
    try:
        file = await cards.get_file(CardFileId(str(payload.file_id)))
    except ports.NotFound:
        raise gone from None
    if file.content_id != content.id or file.uploaded_by != session.user.id:
        raise gone
    if payload.kind not in WITH_FILE:
        raise Invalid("A card of this kind has no file.", field="file_id")
    if payload.kind == "image" and file.media_type not in PICTURES:
        raise Invalid("This file is no picture.", field="file_id")
    if payload.kind == "audio" and not file.media_type.startswith("audio/"):
        raise Invalid("This file is no recording.", field="file_id")
    try:
        await cards.put_on_card(file.id, payload.client_card_id)
    except ports.Conflict:
        raise gone from None
    return {
        "file_id": file.id,
        "file_name": file.filename,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "width": file.width,
        "height": file.height,
        "has_preview": file.preview is not None,
    }
