"""Links for families, the inspection and everybody: they open what stands on their rung, and nothing of anybody."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image
from pycrdt import Array, Map, Text

from crdt_docs.content import authoring, whiteboard
from hub.sealing import digest_of
from storage.records import RUNGS, ContentId
from tests.hub.cases.rubrics import AGREED, write_rubric
from tests.hub.test_materials import upload
from tests.hub.world import Answer, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPEN_TO = {
    "families": {"families", "inspection", "public"},
    "inspection": {"inspection", "public"},
    "public": {"public"},
}


async def make(world: World, audience: str, **more: Any) -> Any:
    made = await world.founder.call("POST", f"{world.path}/shares", {"audience": audience, "title": "A link", **more})
    assert made.status == 201, made
    return made.body


def secret_of(share: Any) -> str:
    url: str = share["url"]
    return url.rpartition("=")[2] if "#secret=" in url else url.rpartition("/")[2]


async def look(world: World, share: Any) -> Answer:
    return await world.nobody.call("POST", "/api/v1/shared", {"secret": secret_of(share)})


async def seen(world: World, share: Any) -> dict[str, Any]:
    answer = await look(world, share)
    assert answer.status == 200, answer
    return {item["title"]: item for item in answer.body["items"]}


async def raise_to(world: World, path: str, rung: str) -> Answer:
    return await world.founder.call("PUT", f"/api/v1/{path}/visibility", {"visibility": rung})


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(written, "PNG")
    return written.getvalue()


async def consent(world: World, granted: bool) -> None:
    assert world.pupil.user is not None
    said = {
        "user_ids": [world.pupil.user.id],
        "purposes": ["image_public"],
        "granted": granted,
        "given_by": "guardian",
        "how": "paper",
        "given_on": "2026-09-01",
    }
    assert (await world.founder.call("POST", f"{world.path}/consents", said)).status == 200


@pytest.mark.parametrize("audience", OPEN_TO)
async def test_a_link_opens_its_rung_and_those_above(world: World, audience: str) -> None:
    for rung in RUNGS:
        document = await world.create("document", f"doc {rung}")
        made = await world.founder.call(
            "POST", f"{world.path}/materials", {"kind": "link", "title": f"link {rung}", "url": "https://a.example"}
        )
        for path in (f"contents/{document}", f"materials/{made.body['id']}"):
            if rung != "team":
                assert (await raise_to(world, path, rung)).status == 200
    found = await seen(world, await make(world, audience))
    assert set(found) == {f"{kind} {rung}" for kind in ("doc", "link") for rung in OPEN_TO[audience]}


async def test_nobody_is_named_outside_and_forms_stay_inside(world: World) -> None:
    wall, form = await world.create("wall", "Finds"), await world.create_form()
    await world.pin(world.pupil, wall, "c1", title="A shell", text="from the beach")
    for content_id in (wall, form):
        assert (await raise_to(world, f"contents/{content_id}", "public")).status == 200
    share = await make(world, "public")
    answer = await look(world, share)
    assert [item["title"] for item in answer.body["items"]] == ["Finds"]
    assert "A shell" in str(answer.body) and answer.body["items"][0]["school"] == "School a"
    assert world.pupil.user is not None
    for name in (world.pupil.user.display_name, world.pupil.user.id):
        assert name not in json.dumps(answer.body)
    assert [school["country"] for school in answer.body["schools"]] == ["ES", "PL"]


async def test_a_whiteboard_is_drawn_outside_without_names_files_and_pages(world: World) -> None:
    board = await world.create("whiteboard", "Our river")

    def draw(doc: Any) -> None:
        note = {"look": Map({"type": "note", "tint": 1, "width": 20}), "box": Array([0, 0, 200, 100])}
        shown = {"type": "picture", "tint": 1, "width": 1, "material_id": "secret-file", "page": 0}
        picture = {"look": Map(shown), "box": Array([0, 200, 200, 100])}
        things = doc.get(whiteboard.OBJECTS, type=Map)
        things["one"] = Map({**note, "order": "a0", "words": Text("It floods here")})
        things["two"] = Map({**picture, "order": "a1", "words": Text("A bridge")})

    await world.hub.context.live_docs.edit(board, "whiteboard", draw, user_id=None)
    assert (await raise_to(world, f"contents/{board}", "public")).status == 200
    answer = await look(world, await make(world, "public"))
    (item,) = answer.body["items"]
    assert [(each["shape"], each["text"]) for each in item["blocks"]] == [
        ("note", "It floods here"),
        ("picture", "A bridge"),
    ]
    assert "secret-file" not in json.dumps(answer.body)


async def test_a_picture_on_a_whiteboard_is_seen_outside_while_it_may_be_seen_there_itself(world: World) -> None:
    assert world.pupil.user is not None
    board = await world.create("whiteboard", "Our river")
    photo = await upload(world.founder, world, picture(), filename="p.png", title="Baking")
    path = f"materials/{photo['id']}"

    def draw(doc: Any) -> None:
        shown = {"type": "picture", "tint": 1, "width": 1, "material_id": photo["id"]}
        things = doc.get(whiteboard.OBJECTS, type=Map)
        for place, page in enumerate((0, 2)):
            fields = {"look": Map({**shown, "page": page}), "box": Array([0, 200 * place, 200, 100])}
            things[f"p{page}"] = Map({**fields, "order": f"a{place}", "words": Text("Bread")})

    await world.hub.context.live_docs.edit(board, "whiteboard", draw, user_id=None)
    assert (await raise_to(world, f"contents/{board}", "public")).status == 200
    public = await make(world, "public")

    async def addresses(share: Any) -> list[str | None]:
        return [each.get("preview_url") for each in (await seen(world, share))["Our river"]["blocks"]]

    # That the board is open opens nothing else.
    assert await addresses(public) == [None, None]
    named = {"faces": "named", "pictured": [world.pupil.user.id]}
    assert (await world.founder.call("PATCH", f"/api/v1/{path}", named)).status == 200
    await consent(world, True)
    assert (await raise_to(world, path, "public")).status == 200
    sealed = await make(world, "inspection")
    for share in (public, sealed):
        shown, page = await addresses(share)
        assert shown is not None and page is None
        assert (await world.nobody.call("GET", shown)).headers["Content-Type"] == "image/webp"
    # One of those in it takes their word back: gone with the next request, and where its address was handed out.
    await consent(world, False)
    assert await addresses(public) == await addresses(sealed) == [None, None]
    assert (await world.nobody.call("GET", shown)).code == "not_found"


async def test_a_rubric_is_shown_outside_once_the_schools_have_agreed(world: World) -> None:
    rubric_id = await write_rubric(world)
    assert (await raise_to(world, f"contents/{rubric_id}", "public")).status == 200
    share = await make(world, "public")
    assert (await look(world, share)).body["items"] == []
    for person in (world.founder, world.teacher):
        signing = {"digest": digest_of(AGREED)}
        assert (await person.call("PUT", f"/api/v1/rubrics/{rubric_id}/signature", signing)).status == 200
    (item,) = (await look(world, share)).body["items"]
    assert item["blocks"] == [{"type": "rubric", **AGREED}]


async def test_a_picture_waits_until_everybody_in_it_agrees_and_goes_when_one_does_not(world: World) -> None:
    assert world.pupil.user is not None
    photo = await upload(world.founder, world, picture(), filename="p.png", title="Baking")
    path = f"materials/{photo['id']}"
    refused = await raise_to(world, path, "public")
    assert (refused.status, refused.body["field"]) == (400, "faces")
    named = {"faces": "named", "pictured": [world.pupil.user.id]}
    assert (await world.founder.call("PATCH", f"/api/v1/{path}", named)).status == 200
    await consent(world, False)
    refused = await raise_to(world, path, "public")
    assert (refused.status, world.pupil.user.display_name in refused.body["detail"]) == (400, True)
    await consent(world, True)
    assert (await raise_to(world, path, "public")).status == 200
    share = await make(world, "public")
    file = (await seen(world, share))["Baking"]["file"]
    for url in (file["url"], file["preview_url"]):
        fetched = await world.nobody.call("GET", url)
        assert (fetched.status, fetched.headers["X-Content-Type-Options"]) == (200, "nosniff")
    # A withdrawal acts with the next request: in the list, and for addresses that were handed out.
    await consent(world, False)
    assert await seen(world, share) == {}
    for url in (file["url"], file["preview_url"]):
        assert (await world.nobody.call("GET", url)).code == "not_found"
    # A picture of nobody needs nobody's consent.
    assert (await world.founder.call("PATCH", f"/api/v1/{path}", {"faces": "none"})).status == 200
    assert set(await seen(world, share)) == {"Baking"}


async def test_a_replaced_picture_is_closed_until_it_is_said_who_is_in_it(world: World) -> None:
    photo = await upload(world.founder, world, picture(), filename="p.png", title="Empty kitchen")
    assert (await world.founder.call("PATCH", f"/api/v1/materials/{photo['id']}", {"faces": "none"})).status == 200
    assert (await raise_to(world, f"materials/{photo['id']}", "families")).status == 200
    share = await make(world, "families")
    assert set(await seen(world, share)) == {"Empty kitchen"}
    await upload(world.founder, world, picture() + b"\n", filename="q.png", material_id=photo["id"])
    assert await seen(world, share) == {}


async def test_a_link_ends_by_time_by_revocation_and_by_its_rung(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = await world.create("document", "Diary")
    assert (await raise_to(world, f"contents/{document}", "families")).status == 200
    revoked, expiring = await make(world, "families"), await make(world, "families", days=1)
    assert set(await seen(world, revoked)) == {"Diary"}
    assert (await raise_to(world, f"contents/{document}", "twinspace")).status == 200
    assert await seen(world, revoked) == {}
    socket = await world.teacher.socket()
    await socket.enter(world.twinspace_id)
    gone = await world.teacher.call("DELETE", f"{world.path}/shares/{revoked['id']}")
    assert gone.status == 204
    assert (await socket.expect("journal:recorded"))["verb"] == "share_revoked"
    absent = await world.nobody.call("POST", "/api/v1/shared", {"secret": "no such link"})
    assert (await look(world, revoked)).body == absent.body and absent.code == "not_found"
    now_ms = world.hub.context.now_ms() + 86_400_000
    monkeypatch.setattr(world.hub.context, "now_ms", lambda: now_ms)
    assert (await look(world, expiring)).body == absent.body
    # The logins of this test have ended by then as well.
    monkeypatch.undo()
    listed = (await world.founder.get(f"{world.path}/shares"))["shares"]
    assert [share["is_open"] for share in listed] == [True, False] and not any(share["url"] for share in listed)


async def test_the_inspection_sees_what_was_sealed(world: World) -> None:
    document = ContentId(await world.create("document", "Evidence"))

    async def write(text: str) -> None:
        await world.hub.context.live_docs.edit(
            document, "document", lambda doc: authoring.write_text(doc, [("paragraph", text)]), user_id=None
        )

    await write("as it was")
    other = await world.create("document", "Also")
    for content_id in (document, other):
        assert (await raise_to(world, f"contents/{content_id}", "inspection")).status == 200
    share = await make(world, "inspection")
    journal = (await world.founder.get(f"{world.path}/journal"))["entries"]
    assert (journal[0]["verb"], journal[0]["details"]["seal"]) == ("share_made", share["seal"])
    await write("as it is now")
    later = await world.create("document", "Later")
    assert (await raise_to(world, f"contents/{later}", "inspection")).status == 200
    found = await seen(world, share)
    assert set(found) == {"Evidence", "Also"}
    assert "as it was" in str(found) and "as it is now" not in str(found)
    # What is closed is withheld, and counted.
    assert (await raise_to(world, f"contents/{other}", "teachers")).status == 200
    answer = await look(world, share)
    assert ([item["title"] for item in answer.body["items"]], answer.body["withheld"]) == (["Evidence"], 1)
    assert answer.body["seal"] == share["seal"]


async def test_what_was_sealed_and_then_changed_on_the_disk_is_not_shown(world: World) -> None:
    document = await world.create("document", "Evidence")
    assert (await raise_to(world, f"contents/{document}", "inspection")).status == 200
    share = await make(world, "inspection")
    blobs = world.hub.context.storage.blobs
    tree = json.loads(await blobs.get(share["seal"]))
    with open(blobs.path(tree[f"items/{document}.json"]), "wb") as file:  # noqa: ASYNC230
        file.write(b'{"title": "Another"}')
    assert (await look(world, share)).status == 503


@pytest.mark.parametrize("ticket", ["none", "a.b.file.99999999999999.0", "a.b.file.x.y", "...."])
async def test_a_ticket_that_the_hub_did_not_sign_opens_nothing(world: World, ticket: str) -> None:
    assert (await world.nobody.call("GET", f"/api/v1/shared/files/{ticket}")).code == "not_found"


async def test_pages_for_people_outside_ask_not_to_be_found(world: World) -> None:
    for path in ("/p/anything", "/shared"):
        answer = await world.nobody.call("GET", path)
        if answer.status == 200:
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
