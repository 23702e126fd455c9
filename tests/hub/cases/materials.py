"""Files, links, off-platform entries, uploads, pages."""

from __future__ import annotations

import base64

from storage.records import Material, MaterialFile, MaterialId
from tests.hub.cases.case import Case
from tests.hub.world import World

OWN = (("material_id", "own_material_id"),)
TUS = {"Tus-Resumable": "1.0.0"}


def metadata(**fields: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items())


async def prepare(world: World, author: str) -> dict[str, str]:
    storage, number = world.hub.context.storage, f"{world.twinspace_id}-{author}"
    own = world.people[author].user or world.founder.user
    assert own is not None
    blob = await storage.blobs.put(b"GIF89a what is in the file")
    made = {}
    for name in ("material", "own-material"):
        material_id = MaterialId(f"{name}-{number}")
        made[name] = material_id
        title = f"A {name}"
        await storage.materials.add(
            Material(material_id, world.twinspace_id, "file", title, own.id, 1, 1, version=1, school_id=own.school_id),
            MaterialFile(material_id, 1, blob, "a.gif", "image/gif", 26, own.id, 1, blob, 1, 1),
        )
    headers = {**TUS, "Upload-Length": "4", "Upload-Metadata": metadata(filename="a.txt")}
    begun = await world.founder.call("POST", f"{world.path}/uploads", headers=headers)
    assert begun.status == 201, begun
    return {
        "material_id": made["material"],
        "own_material_id": made["own-material"],
        "upload_id": begun.headers["Location"].rpartition("/")[2],
    }


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/materials": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/materials": Case(
        lambda ids: {"kind": "link", "title": "A film", "url": "https://films.example/1"}
    ),
    "GET /api/v1/materials/{material_id}": Case(),
    "PATCH /api/v1/materials/{material_id}": Case(lambda ids: {"alt": "A bridge"}, OWN),
    "PUT /api/v1/materials/{material_id}/visibility": Case(lambda ids: {"visibility": "twinspace"}, OWN),
    "DELETE /api/v1/materials/{material_id}": Case(ids=OWN),
    "GET /api/v1/materials/{material_id}/versions": Case(),
    "GET /api/v1/materials/{material_id}/file": Case(),
    "GET /api/v1/materials/{material_id}/preview": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/uploads": Case(
        headers={**TUS, "Upload-Length": "4", "Upload-Metadata": metadata(filename="b.txt")}
    ),
    "HEAD /api/v1/uploads/{upload_id}": Case(headers=TUS),
    "PATCH /api/v1/uploads/{upload_id}": Case(
        lambda ids: b"four",
        headers={**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    ),
    "DELETE /api/v1/uploads/{upload_id}": Case(headers=TUS),
    "GET /api/v1/twinspaces/{twinspace_id}/pages": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/front_page": Case(),
    "PUT /api/v1/twinspaces/{twinspace_id}/pages": Case(lambda ids: {"pages": [], "revision": NO_PAGES}),
}
NO_PAGES = "4f53cda18c2baa0c"
"""The revision of the tree in which nothing is yet."""
