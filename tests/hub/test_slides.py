"""Slides: what becomes of a PDF that is shown page by page, who sees its pages, and what is no PDF to show."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pycrdt import Doc, Map
from pypdf import PdfReader, PdfWriter

from crdt_docs.content import slides, whiteboard
from crdt_docs.content.plain_text import plain_text
from hub.errors import Invalid, NotFound
from hub.page_worker import MAX_PAGES, PAGE_PX
from hub.pdf_pages import PdfPages
from storage.records import ContentId
from tests.hub.cases.slides import written
from tests.hub.test_materials import upload
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def rewritten(pdf: bytes, *, copies: int = 1, password: str = "", size: tuple[float, float] | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(copies):
        writer.append(PdfReader(io.BytesIO(pdf)))
    if size is not None:
        for page in writer.pages:
            page.mediabox.upper_right = page.cropbox.upper_right = size
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


async def test_CB7_a_pdf_becomes_a_board_whose_pages_are_read_and_drawn_on(world: World) -> None:
    material = await upload(world.founder, world, written("Otters are back", "Dams fall"), filename="rivers.pdf")
    made = await world.teacher.call("POST", f"/api/v1/materials/{material['id']}/slides")
    assert (made.status, made.body["kind"], made.body["title"]) == (201, "whiteboard", "rivers.pdf")
    # Lists call it by what it is.
    await world.create("whiteboard", "Plain")
    listed = {
        each["title"]: each["is_slides"] for each in (await world.pupil.get(f"{world.path}/contents"))["contents"]
    }
    assert listed == {"rivers.pdf": True, "Plain": False}
    board_id, live_docs = ContentId(made.body["id"]), world.hub.context.live_docs

    def draw(doc: Doc[Any]) -> None:
        note = {"look": {"type": "note", "tint": 1, "width": 20}, "box": [100, 700, 50, 40], "order": "a0"}
        doc.get("objects", type=Map)["note"] = Map({**note, "words": "Which dams?"})

    await live_docs.edit(board_id, "whiteboard", draw, user_id=None)
    blocks = await live_docs.read(board_id, "whiteboard", whiteboard.blocks)
    assert plain_text(blocks).split("\n") == ["Otters are back", "Dams fall", "Which dams?"]
    assert [(each["type"], each.get("page"), each.get("slide")) for each in blocks] == [
        ("slide", 1, None),
        ("slide", 2, None),
        ("drawn", None, 2),
    ]
    page = await world.pupil.call("GET", f"/api/v1/materials/{material['id']}/page?page=2&version=1")
    assert (page.status, page.headers["Content-Type"]) == (200, "image/webp")
    picture = Image.open(io.BytesIO(page.body))
    assert (picture.format, picture.width) == ("WEBP", PAGE_PX)
    assert picture.height == pytest.approx(PAGE_PX * 9 / 16, abs=1)
    assert (await world.pupil.call("GET", f"/api/v1/materials/{material['id']}/page?page=3")).status == 404
    svg = await world.pupil.call("GET", f"/api/v1/whiteboards/{board_id}/export?format=svg")
    assert svg.status == 200 and svg.body.count(b"<image ") == 1 and b"Otters are back" in svg.body


async def test_slides_are_seen_by_those_who_see_the_pdf(world: World) -> None:
    material = await upload(world.founder, world, written("Marks of this term"), filename="staff.pdf")
    path = f"/api/v1/materials/{material['id']}"
    made_before = await world.founder.call("POST", f"{path}/slides")
    assert (await world.pupil.call("GET", f"/api/v1/contents/{made_before.body['id']}")).status == 200
    hidden = await world.founder.call("PUT", f"{path}/visibility", {"visibility": "teachers"})
    assert hidden.status == 200
    made = await world.teacher.call("POST", f"{path}/slides")
    assert (made.status, made.body["visibility"]) == (201, "teachers")
    for refused in (f"/api/v1/contents/{made.body['id']}", f"{path}/page"):
        assert (await world.pupil.call("GET", refused)).status == 404
    assert (await world.teacher.call("GET", f"{path}/page")).status == 200
    # What the hub writes out has no picture of it either.
    svg = await world.pupil.call("GET", f"/api/v1/whiteboards/{made_before.body['id']}/export?format=svg")
    assert svg.status == 200 and b"<image " not in svg.body


async def test_what_is_no_pdf_makes_no_slides_and_has_no_pages(world: World) -> None:
    material = await upload(world.founder, world, b"A list of rivers.", filename="rivers.txt")
    refused = await world.founder.call("POST", f"/api/v1/materials/{material['id']}/slides")
    assert (refused.status, refused.body["field"]) == (400, "material_id")
    assert (await world.founder.call("GET", f"/api/v1/materials/{material['id']}/page")).status == 404


@pytest.mark.parametrize(
    ("pdf", "said"),
    [
        (rewritten(written("x"), copies=MAX_PAGES + 1), f"1 to {MAX_PAGES} pages; this one has {MAX_PAGES + 1}"),
        (rewritten(written("x"), password="secret"), "password"),
        (rewritten(written("x"), size=(20_000, 20_000)), "Page 1 is too small or too large"),
        (rewritten(written("x"), size=(9_000, 100)), "Page 1 is too long and narrow"),
        (b"%PDF-1.7 and nothing that follows", "broken"),
    ],
)
async def test_a_pdf_that_cannot_be_shown_is_refused_in_words(tmp_path: Path, pdf: bytes, said: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(pdf)
    with pytest.raises(Invalid, match=said):
        await PdfPages().read(file)


async def test_a_page_is_drawn_once_for_all_who_ask_and_what_was_drawn_last_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(written("One", "Two"))
    pages = PdfPages(kept_bytes=1)
    drawn = await asyncio.gather(*(pages.draw(file, 1) for _ in range(30)))
    # The same object: nobody opened the PDF a second time.
    assert len({id(each) for each in drawn}) == 1
    assert await pages.draw(file, 2) != drawn[0]
    file.unlink()
    assert await pages.draw(file, 2)
    with pytest.raises(NotFound):
        await pages.draw(file, 1)


async def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(written("One"))
    with pytest.raises(NotFound):
        await PdfPages(timeout_s=0.001).draw(file, 1)


async def test_CB6_what_members_write_over_the_pages_is_put_into_bounds() -> None:
    doc: Doc[Any] = Doc()
    slides.lay(doc, "m", 1, [(160, 90, "One"), (1, 10_000, "x" * 10_000)])
    laid = slides.slides(doc)
    assert laid is not None
    assert [(page.top, page.height, len(page.text)) for page in laid.pages] == [(0, 562, 3), (642, 8_000, 2_000)]
    assert [laid.page_at(y) for y in (-1_000, 0, 600, 610, 100_000)] == [1, 1, 1, 2, 2]
    kept = doc.get("slides", type=Map)
    kept["pages"] = [{"height": -5}, "no page", {"height": 1e300, "text": 7}]
    laid = slides.slides(doc)
    assert laid is not None and [page.height for page in laid.pages] == [125, 1_000, 1_000]
    for name, value in (("pages", "none"), ("pages", []), ("version", 0), ("material_id", 4)):
        other: Doc[Any] = Doc()
        slides.lay(other, "m", 1, [(1, 1, "")])
        other.get("slides", type=Map)[name] = value
        assert slides.slides(other) is None
