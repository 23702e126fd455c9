"""What people see of a TwinSpace who are no members of it: items on the rungs above, without names, and only pictures
whose people all agree. It is asked anew each time, so what is taken back is gone with the next request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crdt_docs.content import KINDS, rubric, wall
from hub.consents import read_allowed
from hub.context import Context
from hub.errors import NotFound
from hub.file_types import UNREAD_PICTURES
from hub.outside_cards import with_choices
from hub.roster import read_users
from hub.visibility import ANYBODY, FAMILIES, INSPECTION
from storage import ports
from storage.records import Content, Material, MaterialFile, ShareAudience, TwinspaceId, User

SIGHTS = {"families": FAMILIES, "inspection": INSPECTION, "public": ANYBODY}
KINDS_OUTSIDE = ("document", "wall", "whiteboard", "rubric")
"""Forms stay inside: their answers are nobody else's business. Of rubrics those that the schools have agreed on."""
_NAMES = ("author_id", "author_name", "school_id", "file_id", "file_name", "target_id", "material_id", "version")
"""A file may be called after whom it shows; it stays inside, and so does where a card points to. Pictures on a
whiteboard that are open themselves have an address (`outside_boards`); of the others the frame is shown."""


async def read_contents(context: Context, twinspace_id: TwinspaceId, audience: ShareAudience) -> list[Content]:
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "content")
    found = await context.storage.contents.of_twinspace(twinspace_id, SIGHTS[audience])
    shown = [each for each in found if each.kind in KINDS_OUTSIDE and each.id not in hidden]
    return [each for each in shown if each.kind != rubric.KIND.name or await _agreed(context, each) is not None]


async def read_materials(
    context: Context, twinspace_id: TwinspaceId, audience: ShareAudience
) -> list[tuple[Material, MaterialFile | None]]:
    """With their newest files; without pictures that show who does not agree, or nobody said whom."""
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "material")
    newest = await context.storage.materials.newest_files(twinspace_id)
    shown = []
    for material in await context.storage.materials.of_twinspace(twinspace_id, SIGHTS[audience]):
        file = newest.get(material.id)
        if material.id not in hidden and not says_more(file) and not await blockers(context, material, file):
            shown.append((material, file))
    return shown


def says_more(file: MaterialFile | None) -> bool:
    """Whether a camera's notes, the place above all, may still be in the picture: such a one stays inside."""
    return file is not None and file.media_type in UNREAD_PICTURES


async def blockers(context: Context, material: Material, file: MaterialFile | None) -> list[User]:
    """Who keeps a picture or film from being open outside: pupils in it without consent.

    One of which nobody said whom it shows is kept back by who added it.
    """
    if file is None or not file.media_type.startswith(("image/", "video/")) or material.faces == "none":
        return []
    if material.faces == "unsaid":
        return [await context.storage.users.get_user(material.created_by)]
    pictured = list((await read_users(context.storage, material.pictured)).values())
    allowed = await read_allowed(context, pictured)
    return [user for user in pictured if "image_public" not in allowed[user.id]]


async def read_blocks(context: Context, content: Content) -> list[Any]:
    """What is written, without whose it is; of a rubric what was sealed.

    Pages of a PDF under a whiteboard stay inside: whether they may be read, their file says.
    """
    if content.kind == rubric.KIND.name:
        agreed = await _agreed(context, content)
        return [] if agreed is None else [{"type": "rubric", **agreed}]
    blocks = await context.live_docs.read(content.id, content.kind, KINDS[content.kind].blocks)
    if content.kind == wall.KIND.name:
        blocks = await with_choices(context, content.id, blocks)
    return [without_names(block) for block in blocks if block["type"] != "slide"]


async def _agreed(context: Context, content: Content) -> dict[str, Any] | None:
    """None while a rubric is being negotiated."""
    try:
        sealed = (await context.storage.seals.get(content.id)).sealed
    except ports.NotFound:
        return None
    return sealed if isinstance(sealed, dict) else None


def without_names(block: Any) -> Any:
    """Of a card also its comments'."""
    if isinstance(block, dict):
        return {name: without_names(value) for name, value in block.items() if name not in _NAMES}
    return [without_names(each) for each in block] if isinstance(block, list) else block


async def school_names(context: Context, items: Iterable[Content | Material]) -> dict[str, str]:
    names = {}
    for school_id in {item.school_id for item in items if item.school_id is not None}:
        try:
            names[str(school_id)] = (await context.storage.users.get_school(school_id)).name
        except ports.NotFound:
            raise NotFound from None
    return names
