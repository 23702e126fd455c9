"""What was said to a rubric, as a snapshot has it and a member may read it today."""

from __future__ import annotations

import json
from typing import Any

from crdt_docs.content import rubric_talk
from hub.context import Context
from hub.names import read_people
from hub.redaction import read_kept
from hub.rubric_talk import talk_id
from hub.snapshots import content_path
from storage import ports
from storage.records import ContentId, TwinspaceId, User, UserId


async def read_kept_talk(
    context: Context, viewer: User, twinspace_id: TwinspaceId, tree: dict[str, str], rubric_id: str
) -> list[dict[str, Any]]:
    """Oldest first: `{criterion_id, level_id, text, author_id, author_name, school_id, created_at_ms}`.

    Without what was hidden or erased since. People are called as the viewer may call them now.
    """
    talk = talk_id(ContentId(rubric_id))
    blob = tree.get(content_path(talk))
    kept = None if blob is None else await read_kept(context, blob)
    if kept is None:
        return []
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "comment")
    shown: list[dict[str, Any]] = []
    for block in json.loads(kept)["blocks"]:
        if f"{talk}:{block['id']}" in hidden:
            continue
        criterion_id, level_id = rubric_talk.read_place(block["card_id"])
        said = {name: block[name] for name in ("id", "text", "author_id", "author_name", "school_id", "created_at_ms")}
        name = await _called(context, viewer, UserId(block["author_id"])) or block["author_name"]
        shown.append({**said, "author_name": name, "criterion_id": criterion_id, "level_id": level_id})
    return shown


async def _called(context: Context, viewer: User, author_id: UserId) -> str | None:
    try:
        return (await read_people(context, viewer, [author_id]))[author_id].display_name
    except ports.NotFound:
        return None
