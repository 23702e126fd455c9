"""Whiteboards as files: all that is drawn, in words too, with the names that the asker may read."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from PIL import Image
from pycrdt import Array, Doc, Map, Text
from pypdf import PdfReader

from crdt_docs.content.polyline import pack
from crdt_docs.content.whiteboard import BoardObject
from hub import board_export
from tests.hub.world import Person, World
from tests.hub.yjs_client import open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(client_id: int) -> bytes:
    doc: Doc[Any] = Doc(client_id=client_id)
    objects = doc.get("objects", type=Map)

    def put(object_id: str, type_: str, **fields: Any) -> None:
        look = {"type": type_, "tint": 2, "width": fields.pop("width", 4), **fields.pop("look", {})}
        objects[object_id] = Map({"look": look, "order": f"a{len(objects)}", **fields})

    put("1", "pen", points=Array([pack([(0, 0), (50, 40), (90, 10)], (0, 0))]))
    put("2", "marker", points=Array([pack([(0, 60)], (0, 0))]), width=16)
    put("3", "rectangle", box=[100, 0, 80, 60])
    put("4", "ellipse", box=[300, 80, -80, -60])
    put("5", "arrow", box=[0, 100, 200, 50])
    put("6", "line", box=[5, 5, 0, 0])
    put("7", "note", box=[0, 200, 200, 150], words=Text("<script>alert(1)</script> Żółw & Łódź"), width=20)
    put("8", "text", box=[0, 400, 300, 40], words=Text("Otters live here"), width=20)
    put("9", "picture", box=[400, 0, 100, 100], words=Text("A bridge"), look={"material_id": "absent", "page": 0})
    return doc.get_update()


async def make_board(world: World, person: Person) -> str:
    board_id = await world.create("whiteboard", "Our <river>")
    async with open_document(person, board_id) as document:
        await document.update(drawn(991))
        assert await document.sync()
    return str(board_id)


async def export(person: Person, board_id: str, form: str) -> Any:
    return await person.call("GET", f"/api/v1/whiteboards/{board_id}/export?format={form}")


async def test_every_form_holds_what_is_drawn_and_what_it_says(world: World) -> None:
    board_id = await make_board(world, world.founder)
    assert world.founder.user is not None
    answer = await export(world.visitor, board_id, "svg")
    assert answer.status == 200
    svg = ElementTree.fromstring(answer.body)
    assert svg.findtext(f"{SVG}title") == "Our <river>"
    said = svg.findtext(f"{SVG}desc") or ""
    assert f"Sticky note, {world.founder.user.display_name}: <script>alert(1)</script> Żółw & Łódź" in said
    assert "Picture" in said and "A bridge" in said
    assert not svg.findall(f".//{SVG}script")
    assert len(svg.findall(f"{SVG}path")) == 5 and len(svg.findall(f"{SVG}ellipse")) == 1
    assert "Otters live here" in [each.text for each in svg.findall(f"{SVG}text")]

    png = Image.open(io.BytesIO((await export(world.visitor, board_id, "png")).body))
    assert isinstance(png.info["Description"], str) and "Otters live here" in png.info["Description"]
    colours = png.convert("RGB").getcolors(1 << 20)
    assert colours is not None and (221, 240, 234) in [colour for _, colour in colours], "the note's paper"

    pdf = PdfReader(io.BytesIO((await export(world.visitor, board_id, "pdf")).body))
    assert len(pdf.pages) == 2
    assert "Otters live here" in pdf.pages[0].extract_text() and "A bridge" in pdf.pages[1].extract_text()


async def test_a_pupil_is_called_as_the_asker_may_call_them(world: World) -> None:
    board_id = await make_board(world, world.pupil)
    assert world.pupil.user is not None
    now_ms = world.hub.context.now_ms()
    await world.hub.context.storage.consents.record(
        [world.pupil.user.id],
        ["first_name_to_partner"],
        granted=False,
        given_by="guardian",
        how="paper",
        given_on="2026-09-02",
        until_ms=None,
        own_age=14,
        recorded_by=world.pupil.user.id,
        at_ms=now_ms,
    )
    name = world.pupil.user.display_name.encode()
    assert name in (await export(world.founder, board_id, "svg")).body
    assert name not in (await export(world.teacher, board_id, "svg")).body


async def test_an_empty_board_is_an_empty_file_and_other_contents_are_none(world: World) -> None:
    board_id = await world.create("whiteboard")
    for form in ("svg", "png", "pdf"):
        assert (await export(world.founder, board_id, form)).status == 200
    refused = await export(world.founder, board_id, "exe")
    assert (refused.status, refused.body["field"]) == (400, "format")
    assert (await export(world.founder, await world.create("wall"), "svg")).status == 404


async def test_a_large_board_is_split_on_pages_and_a_huge_one_made_smaller() -> None:
    assert len(board_export.pages((0, 0, 1000, 700))) == 1
    split = board_export.pages((0, 0, 4000, 1000))
    assert len(split) == 2 and {scale for _, scale in split} == {0.5}
    assert split[0][0][2] == split[1][0][0], "where one ends the next begins"
    assert len(board_export.pages((-1e6, -1e6, 1e6, 1e6))) <= board_export.MOST_PAGES
    pieces = [
        BoardObject("a", "line", 1, 4, (0, 0, 4000, 10)),
        BoardObject("b", "text", 1, 20, (3900, 5, 90, 30), text="x"),
    ]
    assert len(PdfReader(io.BytesIO(board_export.as_pdf(pieces, "t", [], {}, "en", "h"))).pages) == 3
