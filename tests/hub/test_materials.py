"""Files by tus, links, off-platform entries: what comes in, what is made of it, and how it goes out again."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image

from storage.snapshots import verify
from tests.hub.cases.materials import TUS, metadata
from tests.hub.world import Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACE = "+36.7213-004.4214/"
MARKS = (PLACE.encode(), b"loci", b"\xa9xyz")
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


async def begin(person: Person, world: World, length: int, **said: str) -> Answer:
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata(**{"filename": "a.bin", **said})}
    return await person.call("POST", f"{world.path}/uploads", headers=headers)


async def go_on(person: Person, url: str, offset: int, data: bytes, **headers: str) -> Answer:
    return await person.call("PATCH", url, data=data, headers={**PART, "Upload-Offset": str(offset), **headers})


async def upload(person: Person, world: World, data: bytes, **said: str) -> Any:
    """The material that came of it."""
    begun = await begin(person, world, len(data), **said)
    assert begun.status == 201, begun
    url = begun.headers["Location"]
    done = await go_on(person, url, 0, data)
    assert (done.status, done.headers["Upload-Offset"]) == (204, str(len(data))), done
    material_id = said.get("material_id") or url.rpartition("/")[2]
    return await person.get(f"/api/v1/materials/{material_id}")


async def fetch(person: Person, material: Any, **options: Any) -> Answer:
    return await person.call("GET", f"/api/v1/materials/{material['id']}/file", **options)


def picture(size: tuple[int, int] = (800, 600), kind: str = "JPEG", **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **options)
    return written.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "Somebody's phone"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (36.0, 43.0, 12.0)
    return picture(exif=exif.tobytes())


async def test_a_file_comes_in_parts_and_is_there_for_everybody(world: World) -> None:
    data, watcher = b"The first half, and the second one.", await world.teacher.socket()
    await watcher.enter(world.twinspace_id)
    begun = await begin(world.pupil, world, len(data), filename="notes.txt", title="Our notes", folder="Week 1")
    url = begun.headers["Location"]
    assert begun.headers["Tus-Resumable"] == "1.0.0" and begun.headers["Upload-Expires"].endswith("GMT")
    assert (await go_on(world.pupil, url, 0, data[:15])).headers["Upload-Offset"] == "15"
    asked = await world.pupil.call("HEAD", url, headers=TUS)
    assert (asked.status, asked.headers["Upload-Offset"], asked.headers["Upload-Length"]) == (200, "15", str(len(data)))
    assert (await world.teacher.get(f"{world.path}/materials"))["materials"] == []
    assert (await go_on(world.pupil, url, 15, data[15:])).status == 204
    told = await watcher.expect("material:changed")
    assert (told["title"], told["folder"], told["file"]["media_type"]) == ("Our notes", "Week 1", "text/plain")
    assert (await watcher.expect("journal:recorded"))["verb"] == "file_added"
    listed = await world.teacher.get(f"{world.path}/materials")
    assert listed["materials"] == [told] and listed["used_bytes"] == len(data) < listed["quota_bytes"]
    answer = await fetch(world.visitor, told)
    assert (answer.body, answer.headers["X-Content-Type-Options"]) == (data, "nosniff")
    part = await fetch(world.visitor, told, headers={"Range": "bytes=4-8"})
    assert (part.status, part.body) == (206, data[4:9])
    assert (await fetch(world.stranger, told)).code == "not_found"


async def test_limits_of_a_file_and_of_a_twinspace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context = world.hub.context
    small = context.settings.model_copy(update={"file_limit_bytes": 10, "twinspace_quota_bytes": 25})
    monkeypatch.setattr(context, "settings", small)
    assert (await begin(world.founder, world, 11)).status == 413
    await upload(world.founder, world, b"0123456789")
    # What is on its way counts already.
    assert (await begin(world.founder, world, 10)).status == 201
    refused = await begin(world.teacher, world, 6)
    assert (refused.status, "25 bytes" in refused.body["detail"]) == (413, True)
    assert (await begin(world.teacher, world, 5)).status == 201


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


async def test_a_new_version_takes_the_place_of_the_old_one_which_stays(world: World) -> None:
    material = await upload(world.pupil, world, b"one", filename="plan.txt", title="Plan")
    again = await upload(world.founder, world, b"two", filename="plan2.txt", material_id=material["id"])
    assert (again["id"], again["title"], again["file"]["version"]) == (material["id"], "Plan", 2)
    assert (await fetch(world.teacher, material)).body == b"two"
    old = await world.teacher.call("GET", f"/api/v1/materials/{material['id']}/file?version=1")
    assert old.body == b"one"
    versions = (await world.teacher.get(f"/api/v1/materials/{material['id']}/versions"))["versions"]
    assert [(each["version"], each["filename"]) for each in versions] == [(2, "plan2.txt"), (1, "plan.txt")]
    # Somebody else's file can't be replaced by who may not moderate.
    refused = await begin(await world.add("pupil", "pupil"), world, 4, material_id=material["id"])
    assert refused.status == 404


async def add(person: Person, world: World, **body: Any) -> Answer:
    return await person.call("POST", f"{world.path}/materials", body)


async def test_a_link_is_captured_or_says_that_it_is_not(world: World) -> None:
    made = await add(world.pupil, world, kind="link", title="A quiz", url="https://quiz.example/7")
    assert (made.status, made.body["is_captured"]) == (201, False)
    captured = await upload(world.pupil, world, picture(kind="PNG"), material_id=made.body["id"], filename="quiz.png")
    assert (captured["kind"], captured["is_captured"], captured["file"]["media_type"]) == ("link", True, "image/png")
    pasted = await add(
        world.pupil, world, kind="link", title="A poll", url="https://poll.example", text="Bread: 12, soup: 3"
    )
    assert pasted.body["is_captured"] is True
    for wrong in ("javascript:alert(1)", "ftp://files.example", "//no.scheme", "https://", "https://a b.example"):
        refused = await add(world.pupil, world, kind="link", title="Wrong", url=wrong)
        assert (refused.status, refused.body["field"].split(".")[0]) == (400, "url"), wrong


async def test_teachers_are_told_how_many_pupils_have_no_consent_for_other_tools(world: World) -> None:
    assert world.pupil.user is not None
    assert (await world.founder.get(f"{world.path}/materials"))["external_tools"] == {"pupils": 1, "without": 0}
    said = {
        "user_ids": [world.pupil.user.id],
        "purposes": ["external_tool"],
        "granted": False,
        "given_by": "guardian",
        "how": "paper",
        "given_on": "2026-09-01",
    }
    assert (await world.founder.call("POST", f"{world.path}/consents", said)).status == 200
    assert (await world.founder.get(f"{world.path}/materials"))["external_tools"] == {"pupils": 1, "without": 1}
    assert (await world.pupil.get(f"{world.path}/materials"))["external_tools"] is None


async def test_a_pupil_without_consent_to_other_tools_gets_the_copy_and_never_the_address(world: World) -> None:
    """Whoever made the link, on every way the address could take, and at once when a consent is given or taken back."""
    assert world.pupil.user is not None
    address = "https://quiz.example/7?class=5"
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    made = await add(world.teacher, world, kind="link", title="A quiz", url=address, text="Seven questions on bread.")
    assert (made.body["url"], made.body["is_address_withheld"]) == (address, False)
    told = await socket.expect("material:changed")
    assert (told["url"], told["is_address_withheld"], told["text"]) == ("", True, "Seven questions on bread.")
    path = f"/api/v1/materials/{made.body['id']}"
    assert (await world.pupil.get(path))["url"] == address

    said = {"user_ids": [world.pupil.user.id], "purposes": ["external_tool"], "granted": False, "given_by": "guardian"}
    said |= {"how": "paper", "given_on": "2026-09-01"}
    assert (await world.founder.call("POST", f"{world.path}/consents", said)).status == 200
    assert "external_tool" not in (await socket.expect("consent:changed"))["allowed"]
    own = await add(world.pupil, world, kind="link", title="Mine", url=address)
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "With a link"})
    for way in (
        path,
        f"/api/v1/materials/{own.body['id']}",
        f"{world.path}/materials",
        f"{world.path}/journal",
        f"/api/v1/snapshots/{taken.body['id']}",
        "/api/v1/search?q=quiz",
    ):
        answer = await world.pupil.call("GET", way)
        assert answer.status == 200 and "quiz.example" not in json.dumps(answer.body), way
    assert "quiz.example" not in json.dumps(own.body)
    read = await world.pupil.get(path)
    assert (read["is_address_withheld"], read["is_captured"], read["text"]) == (True, True, "Seven questions on bread.")
    changed = await world.pupil.call("PATCH", f"/api/v1/materials/{own.body['id']}", {"title": "Still mine"})
    assert (changed.status, changed.body["url"]) == (200, "")
    assert (await world.teacher.get(f"/api/v1/materials/{own.body['id']}"))["url"] == address

    assert (await world.founder.call("POST", f"{world.path}/consents", {**said, "granted": True})).status == 200
    assert "external_tool" in (await socket.expect("consent:changed"))["allowed"]
    assert (await world.pupil.get(path))["url"] == address


async def test_what_happened_elsewhere_has_its_own_time_and_a_photo(world: World) -> None:
    happened_at_ms = world.hub.context.now_ms() - 86_400_000
    made = await add(
        world.teacher, world, kind="entry", title="Baking day", text="We baked.", happened_at_ms=happened_at_ms
    )
    assert made.status == 201
    with_photo = await upload(world.teacher, world, photo_with_place(), material_id=made.body["id"], filename="p.jpg")
    assert with_photo["happened_at_ms"] == happened_at_ms < with_photo["created_at_ms"]
    journal = (await world.pupil.get(f"{world.path}/journal"))["entries"]
    assert (journal[0]["verb"], journal[0]["details"]["happened_at_ms"]) == ("entry_added", happened_at_ms)
    for wrong, field in (({}, "happened_at_ms"), ({"happened_at_ms": 1, "url": "https://a.example"}, "url")):
        refused = await add(world.teacher, world, kind="entry", title="Wrong", **wrong)
        assert (refused.status, refused.body["field"]) == (400, field)


async def test_snapshots_hold_files_entries_and_pages_also_when_they_are_taken_away(world: World) -> None:
    document_id = await world.create("document", "Welcome")
    material = await upload(world.founder, world, b"kept for good", filename="a.txt")
    tree = await world.founder.get(f"{world.path}/pages")
    placed = {"pages": [{"content_id": document_id}], "revision": tree["revision"]}
    assert (await world.founder.call("PUT", f"{world.path}/pages", placed)).status == 200
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "With files"})
    assert (await world.founder.call("DELETE", f"/api/v1/materials/{material['id']}")).status == 204
    assert (await fetch(world.founder, material)).status == 404
    storage = world.hub.context.storage
    files = json.loads(await storage.blobs.get(taken.body["tree"]))
    assert await storage.blobs.get(files[f"materials/{material['id']}/file"]) == b"kept for good"
    about = json.loads(await storage.blobs.get(files[f"materials/{material['id']}/material.json"]))
    assert (about["filename"], about["title"]) == ("a.txt", "a.txt")
    assert json.loads(await storage.blobs.get(files["pages.json"]))[0]["content_id"] == document_id
    assert (await verify(storage, world.twinspace_id)).is_intact


async def test_only_who_added_it_or_moderates_changes_it(world: World) -> None:
    other = await world.add("pupil", "pupil")
    made = await add(world.pupil, world, kind="link", title="Mine", url="https://a.example")
    path = f"/api/v1/materials/{made.body['id']}"
    for method in ("PATCH", "DELETE"):
        assert (await other.call(method, path, {"title": "Theirs"} if method == "PATCH" else None)).status == 404
    changed = await world.founder.call("PATCH", path, {"alt": "A quiz", "faces": "none", "licence": "CC BY 4.0"})
    assert (changed.status, changed.body["licence"], changed.body["faces"]) == (200, "CC BY 4.0", "none")
    stranger = await world.founder.call("PATCH", path, {"faces": "named", "pictured": ["nobody"]})
    assert (stranger.status, stranger.body["field"]) == (400, "pictured")
    assert world.pupil.user is not None
    named = await world.founder.call("PATCH", path, {"faces": "named", "pictured": [world.pupil.user.id]})
    assert named.body["pictured"] == [world.pupil.user.id]
    socket = await world.teacher.socket()
    await socket.enter(world.twinspace_id)
    assert (await world.pupil.call("DELETE", path)).status == 204
    assert (await socket.expect("item:hidden"))["item_id"] == made.body["id"]


async def test_a_hidden_file_is_hidden_on_every_way_to_it(world: World) -> None:
    """A pupil tells of it, a teacher hides it: from then on it is not there, for its author either."""
    material = await upload(world.pupil, world, picture(kind="PNG"), filename="mean.png", title="Something mean")
    about = {"kind": "material", "subject_id": material["id"], "reason": "mean"}
    told = await world.teacher.call("POST", f"{world.path}/reports", about)
    assert told.status < 300, told
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    hidden = await world.founder.call("POST", f"{world.path}/hidden", about)
    assert hidden.status < 300, hidden
    assert (await socket.expect("subject:changed"))["is_hidden"] is True
    for person in (world.pupil, world.founder):
        for path in ("", "/file", "/preview", "/versions"):
            assert (await person.call("GET", f"/api/v1/materials/{material['id']}{path}")).status == 404
        assert (await person.get(f"{world.path}/materials"))["materials"] == []
        assert "Something mean" not in str(await person.get(f"{world.path}/journal"))
