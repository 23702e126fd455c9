"""Things of a TwinSpace that an assessment speaks of, or that show something: each by the rights of who reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from crdt_docs.content import KINDS, wall
from crdt_docs.errors import Absent
from hub.access import Access, check_sees
from hub.content_parts import is_hidden
from hub.context import Context
from hub.errors import NotFound
from hub.names import read_people
from hub.redaction import read_kept
from hub.snapshots import kept_contents
from storage import ports
from storage.records import Content, ContentId, MaterialId, SnapshotId, TeamId, UserId

Kind = Literal["content", "card", "material", "snapshot", "team", "member"]
CARD_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Thing:
    title: str
    content_kind: str | None = None
    """Of a content, and of what is in one."""


async def read_thing(context: Context, access: Access, kind: Kind, thing_id: str, part_id: str | None) -> Thing | None:
    """None for what the reader may not see, and for what is not there (any more)."""
    try:
        return await _read(context, access, kind, thing_id, part_id)
    except (ports.NotFound, NotFound, Absent):
        return None


async def _read(context: Context, access: Access, kind: Kind, thing_id: str, part_id: str | None) -> Thing:
    storage, here = context.storage, access.twinspace.id
    match kind:
        case "content":
            content = await _content(context, access, thing_id)
            return Thing(content.title, content.kind)
        case "card":
            content = await _content(context, access, thing_id)
            if content.kind != wall.KIND.name:
                raise NotFound
            card = await context.live_docs.read(content.id, content.kind, lambda doc: wall.get_card(doc, part_id or ""))
            return Thing(card["title"] or card["text"][:CARD_CHARACTERS], content.kind)
        case "material":
            material = await storage.materials.get(MaterialId(thing_id))
            if material.twinspace_id != here or await storage.safety.is_hidden(here, "material", thing_id):
                raise NotFound
            await check_sees(context, access, material)
            return Thing(material.title)
        case "snapshot":
            snapshot = await storage.snapshots.get(SnapshotId(thing_id))
            content = await _content(context, access, part_id or "")
            tree = await read_kept(context, snapshot.tree)
            if snapshot.twinspace_id != here or tree is None or content.id not in kept_contents(json.loads(tree)):
                raise NotFound
            return Thing(f"{content.title} · {snapshot.title}", content.kind)
        case "team":
            team = await storage.teams.get(TeamId(thing_id))
            if team.twinspace_id != here:
                raise NotFound
            return Thing(team.title)
        case "member":
            await storage.twinspaces.get_member(here, UserId(thing_id))
            people = await read_people(context, access.user, [UserId(thing_id)])
            return Thing(people[UserId(thing_id)].display_name)


async def _content(context: Context, access: Access, content_id: str) -> Content:
    content = await context.storage.contents.get(ContentId(content_id))
    if content.twinspace_id != access.twinspace.id or KINDS[content.kind].is_part or await is_hidden(context, content):
        raise NotFound
    await check_sees(context, access, content)
    return content
