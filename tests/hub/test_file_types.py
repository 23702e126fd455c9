"""What files are, whatever they are called: nothing that could run is shown, and nothing that a camera wrote stays."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import av
import pytest
from PIL import Image

from hub.file_types import UNKNOWN, clean_name, sniff
from hub.outside import read_materials
from hub.previews import Previews
from tests.hub.cases.materials import TUS
from tests.hub.test_materials import MARKS, PLACE, SVG, begin, fetch, go_on, photo_with_place, picture, upload
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
