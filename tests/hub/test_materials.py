"""Files by tus, links, off-platform entries: what comes in, what is made of it, and how it goes out again."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from hub.errors import NotFound
from hub.file_types import UNKNOWN, clean_name, sniff
from hub.outside import read_materials
from hub.previews import Previews
from hub.uploads import KEPT_MS, Locked, Uploads, WrongOffset
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


async def test_options_say_what_uploads_may_be(world: World) -> None:
    answer = await world.nobody.call("OPTIONS", f"{world.path}/uploads")
    assert (answer.status, answer.headers["Tus-Version"]) == (204, "1.0.0")
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"]
    assert answer.headers["Tus-Max-Size"] == str(world.hub.context.settings.file_limit_bytes)


async def test_what_breaks_the_protocol_is_named_and_changes_nothing(world: World) -> None:
    url = (await begin(world.founder, world, 8)).headers["Location"]
    old = await world.founder.call("HEAD", url, headers={"Tus-Resumable": "0.2.2"})
    assert (old.status, old.headers["Tus-Version"]) == (412, "1.0.0")
    assert (await go_on(world.founder, url, 4, b"four")).status == 409
    wrong_type = await world.founder.call(
        "PATCH", url, data=b"four", headers={**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}
    )
    assert wrong_type.status == 415
    wrong_sum = await go_on(world.founder, url, 0, b"four", **{"Upload-Checksum": "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="})
    assert (wrong_sum.status, wrong_sum.code) == (460, "wrong_checksum")
    for checksum in ("crc32 AAAA", "sha1 §", "sha1"):
        refused = await go_on(world.founder, url, 0, b"four", **{"Upload-Checksum": checksum})
        assert (refused.status, refused.body["field"]) == (400, "Upload-Checksum")
    assert (await world.founder.call("HEAD", url, headers=TUS)).headers["Upload-Offset"] == "0"
    digest = base64.b64encode(hashlib.sha256(b"four").digest()).decode()
    fits = await go_on(world.founder, url, 0, b"four", **{"Upload-Checksum": f"sha256 {digest}"})
    assert (fits.status, fits.headers["Upload-Offset"]) == (204, "4")
    # Uploads are everybody's own.
    assert (await world.teacher.call("HEAD", url, headers=TUS)).status == 404
    assert (await world.founder.call("DELETE", url, headers=TUS)).status == 204
    assert (await world.founder.call("HEAD", url, headers=TUS)).status == 404


async def test_more_bytes_than_announced_are_refused(world: World) -> None:
    url = (await begin(world.founder, world, 4)).headers["Location"]
    assert (await go_on(world.founder, url, 0, b"too many")).status == 413
    assert (await world.founder.get(f"{world.path}/materials"))["materials"] == []


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"Upload-Metadata": metadata(filename="a")}, "Upload-Length"),
        ({"Upload-Length": "-1", "Upload-Metadata": metadata(filename="a")}, "Upload-Length"),
        ({"Upload-Length": "0", "Upload-Metadata": metadata(filename="a")}, "Upload-Length"),
        ({"Upload-Length": "4"}, "metadata"),
        ({"Upload-Length": "4", "Upload-Metadata": "filename %%%"}, "Upload-Metadata"),
        ({"Upload-Length": "4", "Upload-Metadata": metadata(filename="a", title="t" * 121)}, "metadata"),
        ({"Upload-Length": "4", "Upload-Defer-Length": "1"}, "metadata"),
    ],
)
async def test_a_wrong_beginning_names_the_field(world: World, headers: dict[str, str], field: str) -> None:
    refused = await world.founder.call("POST", f"{world.path}/uploads", headers={**TUS, **headers})
    assert (refused.status, refused.body["field"]) == (400, field), refused


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


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("drawing.svg", SVG),
        ("page.png", b"<!doctype html><script>alert(1)</script>"),
        ("photo.png", b"\x89PNG\r\n\x1a\n and then nothing of a picture"),
        ("both.gif", b"GIF89a/*<svg onload=alert(1)>*/=1;"),
        ("run.exe", b"MZ\x90\x00 a program"),
    ],
)
async def test_what_could_run_is_only_ever_handed_over(world: World, name: str, data: bytes) -> None:
    material = await upload(world.founder, world, data, filename=name, filetype="image/png")
    assert material["file"]["is_shown"] is False
    answer = await fetch(world.pupil, material)
    assert answer.body == data
    assert answer.headers["Content-Type"] == UNKNOWN
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await world.pupil.call("GET", f"/api/v1/materials/{material['id']}/preview")).status == 404


def film_with_place(path: Path, container: str) -> bytes:
    """As a telephone makes it: with the place beside ten pictures."""
    with av.open(str(path), "w", format=container) as film:
        film.metadata.update({"location": PLACE, "comment": "Somebody's phone"})
        stream = film.add_stream("mpeg4" if container in ("mp4", "mov") else "libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10):
            picture = av.VideoFrame.from_image(Image.new("RGB", (64, 48), (20 * number, 80, 120)))
            film.mux(stream.encode(picture))
        film.mux(stream.encode(None))
    return path.read_bytes()


def frames_in(data: bytes) -> int:
    with av.open(io.BytesIO(data)) as film:
        return sum(1 for _ in film.decode(video=0))


@pytest.mark.parametrize(
    ("container", "media_type"), [("mp4", "video/mp4"), ("mov", "video/quicktime"), ("webm", "video/webm")]
)
async def test_a_film_loses_what_the_telephone_wrote_and_no_picture(
    world: World, tmp_path: Path, container: str, media_type: str
) -> None:
    sent = film_with_place(tmp_path / f"film.{container}", container)
    # MP4 writes the place in numbers.
    assert any(mark in sent for mark in MARKS) and b"Somebody" in sent and frames_in(sent) == 10
    material = await upload(world.pupil, world, sent, filename=f"river.{container}")
    assert material["file"]["media_type"] == media_type
    kept = (await fetch(world.teacher, material)).body
    assert not [mark for mark in (*MARKS, b"Somebody") if mark in kept]
    assert frames_in(kept) == 10


async def test_a_film_that_is_none_is_only_handed_over(world: World) -> None:
    material = await upload(world.pupil, world, b"\x00\x00\x00\x20ftypisom" + b"no film" * 40, filename="film.mp4")
    assert (material["file"]["media_type"], material["file"]["is_shown"]) == (UNKNOWN, False)


async def test_a_picture_that_the_hub_cannot_clean_is_not_shown_outside(world: World) -> None:
    material = await upload(world.founder, world, b"\x00\x00\x00\x20ftypheic" + b"a picture" * 9, filename="a.heic")
    assert (material["file"]["media_type"], material["file"]["is_shown"]) == ("image/heic", False)
    path = f"/api/v1/materials/{material['id']}"
    assert (await world.founder.call("PATCH", path, {"faces": "none"})).status == 200
    refused = await world.founder.call("PUT", f"{path}/visibility", {"visibility": "public"})
    assert (refused.code, refused.body["field"]) == ("invalid", "file") and "JPEG" in refused.body["detail"]
    # A version that can be cleaned is shown; and one that can't, put in its place later, is not.
    await upload(world.founder, world, photo_with_place(), filename="a.jpg", material_id=material["id"])
    assert (await world.founder.call("PATCH", path, {"faces": "none"})).status == 200
    assert (await world.founder.call("PUT", f"{path}/visibility", {"visibility": "public"})).status == 200
    context = world.hub.context
    assert [each.id for each, _ in await read_materials(context, world.twinspace_id, "public")] == [material["id"]]
    await upload(world.founder, world, b"\x00\x00\x00\x20ftypheic" + b"another" * 9, material_id=material["id"])
    assert (await world.founder.call("PATCH", path, {"faces": "none"})).status == 200
    assert await read_materials(context, world.twinspace_id, "public") == []


async def test_a_picture_loses_what_the_camera_wrote_and_gets_a_small_one(world: World) -> None:
    sent = photo_with_place()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    material = await upload(world.pupil, world, sent, filename="Puente de Málaga.jpg")
    assert (material["file"]["media_type"], material["file"]["is_shown"]) == ("image/jpeg", True)
    # Turned as it was held: the camera lay on its side.
    assert (material["file"]["width"], material["file"]["height"]) == (600, 800)
    answer = await fetch(world.teacher, material)
    kept = Image.open(io.BytesIO(answer.body))
    assert kept.size == (600, 800) and not dict(kept.getexif()) and b"Somebody" not in answer.body
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="Puente de M_laga.jpg"; filename*=UTF-8')
    preview = await world.teacher.call("GET", f"/api/v1/materials/{material['id']}/preview")
    small = Image.open(io.BytesIO(preview.body))
    assert (small.format, max(small.size)) == ("WEBP", 640)


async def test_a_picture_without_such_words_is_kept_byte_for_byte(world: World) -> None:
    sent = picture(kind="PNG")
    material = await upload(world.founder, world, sent, filename="a.png")
    assert (await fetch(world.founder, material)).body == sent


async def test_a_picture_of_too_many_pixels_is_refused_without_being_opened(world: World) -> None:
    """A few kilobytes that would be 100 megapixels."""
    written = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(written, "PNG")
    begun = await begin(world.founder, world, len(written.getvalue()), filename="bomb.png")
    refused = await go_on(world.founder, begun.headers["Location"], 0, written.getvalue())
    assert (refused.status, refused.body["field"]) == (400, "file")
    assert (await world.founder.call("HEAD", begun.headers["Location"], headers=TUS)).status == 404


async def test_an_archive_is_never_opened(world: World) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30_000_000))
    material = await upload(world.founder, world, written.getvalue(), filename="bomb.zip")
    assert material["file"]["size_bytes"] == len(written.getvalue()) < 100_000
    assert (await fetch(world.founder, material)).headers["Content-Type"] == UNKNOWN


async def test_a_pdf_shows_its_first_page(world: World) -> None:
    from fpdf import FPDF

    pdf = FPDF(format=(100, 50))
    pdf.add_page()
    material = await upload(world.founder, world, bytes(pdf.output()), filename="programme.pdf")
    assert (material["file"]["media_type"], material["file"]["has_preview"]) == ("application/pdf", True)
    assert material["file"]["width"] > material["file"]["height"] > 0
    answer = await fetch(world.pupil, material)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\photo.jpg", "photo.jpg"),
        ("\x00\u202egnp.exe", "gnp.exe"),
        ("  .. ", "file"),
        ("a\nb:c?.txt", "ab_c_.txt"),
        ("ż" * 200 + ".docx", "ż" * 115 + ".docx"),
    ],
)
async def test_a_name_is_a_name_and_no_path(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", UNKNOWN),
        (b"\x00\x00\x00\x20ftypisom\x00\x00", "video/mp4"),
        (b"\x00\x00\x00\x20ftypqt  \x00\x00", "video/quicktime"),
        (b"\x00\x00\x00\x20ftypheic\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x20ftypavif\x00\x00", "image/avif"),
        (b"II*\x00\x08\x00", "image/tiff"),
        (b"\x00\x00\x00\x20ftypnone\x00\x00", UNKNOWN),
        (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm", "video/webm"),
        (b"OggS\x00\x02" + bytes(22) + b"\x01\x1eOpusHead", "audio/ogg"),
        (b"ID3\x04\x00", "audio/mpeg"),
        ("Dzień dobry".encode(), "text/plain"),
        (b"\x00\x01\x02", UNKNOWN),
        (b"\n\n  <HTML><body>", "text/html"),
    ],
)
async def test_the_bytes_tell_what_a_file_is(tmp_path: Path, head: bytes, kind: str) -> None:
    (tmp_path / "data").write_bytes(head)
    assert sniff(tmp_path / "data") == kind


async def test_a_file_that_hangs_what_opens_it_is_never_shown(tmp_path: Path) -> None:
    """The opener gets no time at all here, as if it hung."""
    (tmp_path / "data").write_bytes(picture())
    looked = await Previews(timeout_s=0).look(tmp_path, "image/jpeg")
    assert (looked.media_type, looked.preview) == (UNKNOWN, None)


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


async def test_an_upload_whose_hub_was_killed_before_it_was_kept_is_kept_once(world: World) -> None:
    begun = await begin(world.founder, world, 4, filename="late.txt")
    url, uploads = begun.headers["Location"], world.hub.context.uploads
    found = await uploads.get(url.rpartition("/")[2])

    async def bytes_of() -> Any:
        yield b"four"

    # All bytes are on the disk, and the hub dies before it makes anything of them.
    assert await uploads.append(found, 0, bytes_of()) == 4
    for _ in range(2):
        asked = await world.founder.call("HEAD", url, headers=TUS)
        assert (asked.status, asked.headers["Upload-Offset"]) == (200, "4")
    listed = (await world.founder.get(f"{world.path}/materials"))["materials"]
    assert [each["title"] for each in listed] == ["late.txt"]


class Clock:
    now_ms = 1_000

    def __call__(self) -> int:
        return self.now_ms


async def parts(*data: bytes) -> Any:
    for part in data:
        yield part


async def test_what_is_on_the_disk_counts_after_a_power_cut(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Clock())
    upload_ = await uploads.create(("space", "ana"), 10, {})
    await uploads.append(upload_, 0, parts(b"12345"))
    # The bytes of the next part had been written, but nobody had waited for the disk.
    with uploads.data(upload_).open("ab") as file:
        file.write(b"garbage")
    assert await uploads.offset(upload_) == 5
    assert await uploads.append(upload_, 5, parts(b"67890")) == 10
    assert uploads.data(upload_).read_bytes() == b"1234567890"


async def test_what_came_before_the_line_broke_is_kept(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Clock())
    upload_ = await uploads.create(("space", "ana"), 10, {})

    async def breaking() -> Any:
        yield b"1234567"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await uploads.append(upload_, 0, breaking())
    assert await uploads.offset(upload_) == 7
    with pytest.raises(WrongOffset):
        await uploads.append(upload_, 0, parts(b"1"))


async def test_two_writers_of_one_upload_are_one_too_many(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Clock())
    upload_ = await uploads.create(("space", "ana"), 10, {})

    async def while_another_comes() -> Any:
        yield b"12"
        with pytest.raises(Locked):
            await uploads.append(upload_, 0, parts(b"1"))
        yield b"34"

    assert await uploads.append(upload_, 0, while_another_comes()) == 4


async def test_a_forgotten_upload_is_removed(tmp_path: Path) -> None:
    clock = Clock()
    uploads = Uploads(tmp_path, clock)
    upload_ = await uploads.create(("space", "ana"), 10, {})
    clock.now_ms += KEPT_MS - 1
    assert await uploads.open() == [upload_] and await uploads.get(upload_.id) == upload_
    clock.now_ms += 1
    with pytest.raises(NotFound):
        await uploads.get(upload_.id)
    assert await uploads.open() == [] and os.listdir(tmp_path) == []


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
