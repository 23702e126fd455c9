"""Walls: cards, what is said to them, the gate before them."""

from __future__ import annotations

from typing import cast

from hub.access import MATRIX, Act
from hub.snapshots import take
from storage.records import CardFile, CardFileId, Role
from tests.hub.cases.case import Case
from tests.hub.world import World

WALL = (("content_id", "wall_id"),)
CARD_FILE = (*WALL, ("file_id", "card_file_id"))
KEPT_FILE = (*CARD_FILE, ("snapshot_id", "wall_snapshot_id"))
HELD_CARD = (*WALL, ("kind", "held_kind"))
HELD = "/api/v1/walls/{content_id}/held/{kind}/{held_id}"


async def prepare(world: World, author: str) -> dict[str, str]:
    """Cards and a comment of the author's, where the role may have any, and what a pupil of the same school made."""
    wall_id = await world.create("wall", "A wall")
    person = world.people[author]
    poster = person if Act.WRITE in MATRIX.get(author, ()) else world.founder
    cards = f"/api/v1/walls/{wall_id}/cards"
    for card_id in ("card-1", "card-2"):
        posted = await poster.call("POST", cards, {"client_card_id": card_id, "title": "A card"})
        assert posted.status == 201, posted
    await world.pin(world.founder, wall_id, "card-3")
    said = await poster.call("POST", f"{cards}/card-3/comments", {"client_comment_id": "comment-1", "text": "Nice"})
    assert said.status == 201, said
    await world.pin(world.founder, wall_id, "card-poll", title="Which?", kind="poll", options=["One", "Two"])
    file_id = CardFileId(f"card-file-{wall_id}")
    uploader = world.founder.user
    assert uploader is not None
    blob = await world.hub.context.storage.blobs.put(b"GIF89a on a card")
    card_file = CardFile(
        file_id,
        world.twinspace_id,
        wall_id,
        None,
        uploader.id,
        uploader.school_id,
        blob,
        "a.gif",
        "image/gif",
        16,
        1,
        blob,
    )
    await world.hub.context.storage.cards.add_file(card_file)
    await world.pin(world.founder, wall_id, "card-picture", kind="image", file_id=file_id)
    school = (poster.user or world.founder.user).school_id.removeprefix("school-")  # type: ignore[union-attr]
    pupil = await world.add(cast(Role, "pupil"), "pupil", school)
    for card_id in ("held-1", "held-2", "held-3"):
        posted = await pupil.call("POST", cards, {"client_card_id": card_id, "title": "A card"})
        assert posted.status == 201, posted
    kept, _ = await take(world.hub.context, world.twinspace_id, "With the wall", uploader)
    return {
        "wall_id": wall_id,
        "wall_snapshot_id": kept.id,
        "card_id": "card-1",
        "card_on_wall": "card-3",
        "comment_id": "comment-1",
        "card_poll": "card-poll",
        "card_file_id": file_id,
        "held_kind": "card",
        "held_id": "held-1",
        "held_2": "held-2",
    }


ROUTES: dict[str, Case] = {
    "GET /api/v1/snapshots/{snapshot_id}/contents/{content_id}/files/{file_id}": Case(ids=KEPT_FILE),
    "GET /api/v1/snapshots/{snapshot_id}/contents/{content_id}/files/{file_id}/preview": Case(ids=KEPT_FILE),
    "POST /api/v1/walls/{content_id}/cards": Case(lambda ids: {"client_card_id": "new", "title": "New"}, WALL),
    "PATCH /api/v1/walls/{content_id}/cards/{card_id}": Case(lambda ids: {"tint": 2}, WALL),
    "POST /api/v1/walls/{content_id}/cards/{card_id}/move": Case(lambda ids: {"after_card_id": "card-2"}, WALL),
    "PUT /api/v1/walls/{content_id}/cards/{card_id}/place": Case(lambda ids: {"country": "ES"}, WALL),
    "PATCH /api/v1/walls/{content_id}": Case(lambda ids: {"view": "map"}, WALL),
    "GET /api/v1/walls/{content_id}/files/{file_id}": Case(ids=CARD_FILE),
    "GET /api/v1/walls/{content_id}/files/{file_id}/preview": Case(ids=CARD_FILE),
    "PUT /api/v1/walls/{content_id}/cards/{card_id}/choice": Case(
        lambda ids: {"option": 1}, (*WALL, ("card_id", "card_poll"))
    ),
    "GET /api/v1/walls/{content_id}/polls": Case(ids=WALL),
    "DELETE /api/v1/walls/{content_id}/cards/{card_id}": Case(ids=WALL),
    "PUT /api/v1/walls/{content_id}/cards/{card_id}/mark": Case(
        lambda ids: {"reaction": "heart"}, (*WALL, ("card_id", "card_on_wall"))
    ),
    "POST /api/v1/walls/{content_id}/cards/{card_id}/comments": Case(
        lambda ids: {"client_comment_id": "new", "text": "Well"}, (*WALL, ("card_id", "card_on_wall"))
    ),
    "PATCH /api/v1/walls/{content_id}/comments/{comment_id}": Case(lambda ids: {"text": "Better"}, WALL),
    "DELETE /api/v1/walls/{content_id}/comments/{comment_id}": Case(ids=WALL),
    "GET /api/v1/walls/{content_id}/held": Case(ids=WALL),
    # One's own alone, whatever the role: tests/hub/test_gate.py.
    f"DELETE {HELD}": Case(ids=HELD_CARD, succeeds=False),
    f"POST {HELD}/approval": Case(lambda ids: {"revision": 1}, HELD_CARD),
    f"POST {HELD}/refusal": Case(lambda ids: {"revision": 1, "reason": "No"}, (*HELD_CARD, ("held_id", "held_2"))),
    "GET /api/v1/walls/{content_id}/export": Case(ids=WALL),
    "GET /api/v1/walls/{content_id}/growth": Case(ids=WALL),
    "GET /api/v1/twinspaces/{twinspace_id}/held": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/held/approval": Case(
        lambda ids: {
            "held": [{"content_id": ids["wall_id"], "kind": "card", "held_id": "held-3", "revision": 1}],
        }
    ),
}
