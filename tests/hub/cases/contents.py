"""Documents, walls, snapshots."""

from __future__ import annotations

from storage.records import Content, ContentId
from tests.hub.cases.case import Case
from tests.hub.world import World

OWN = (("content_id", "own_id"),)


async def prepare(world: World, author: str) -> dict[str, str]:
    document_id = await world.create("document", "A document")
    own = world.people[author].user or world.founder.user
    assert own is not None
    own_id = ContentId(f"own-{document_id}")
    content = Content(own_id, world.twinspace_id, "document", "One's own", own.id, 1, 1, school_id=own.school_id)
    await world.hub.context.storage.contents.add(content)
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "A snapshot"})
    return {
        "content_id": document_id,
        "own_id": own_id,
        "snapshot_id": taken.body["id"],
    }


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/contents": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/contents": Case(lambda ids: {"kind": "document", "title": "New"}),
    "GET /api/v1/contents/{content_id}": Case(),
    "GET /api/v1/contents/{content_id}/authorship": Case(),
    "PATCH /api/v1/contents/{content_id}": Case(lambda ids: {"title": "Renamed"}),
    "PUT /api/v1/contents/{content_id}/visibility": Case(lambda ids: {"visibility": "twinspace"}, OWN),
    "GET /api/v1/twinspaces/{twinspace_id}/snapshots": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/snapshots": Case(lambda ids: {"title": "Another"}),
    "GET /api/v1/snapshots/{snapshot_id}": Case(),
    "GET /api/v1/snapshots/{snapshot_id}/contents/{content_id}": Case(),
}
