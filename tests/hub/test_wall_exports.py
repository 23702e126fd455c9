"""A wall as a file: all of what everybody sees, in the wall's order, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from base64 import b64encode
from html.parser import HTMLParser
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from storage.records import CardFile, CardFileId, ContentId
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def filled(world: World) -> str:
    wall_id = await world.create("wall", "Our <morning>")
    await world.pin(world.founder, wall_id, "one", title="=cmd|' /C calc'!A0", text="Łódź & <b>ñ</b>")
    await world.pin(world.pupil, wall_id, "two", title="Second")
    await world.founder.call("POST", f"/api/v1/walls/{wall_id}/cards/two/move", {"after_card_id": None})
    said = {"client_comment_id": "k", "text": "<script>alert(1)</script>"}
    await world.teacher.call("POST", f"/api/v1/walls/{wall_id}/cards/one/comments", said)
    await world.teacher.call("PUT", f"/api/v1/walls/{wall_id}/cards/one/mark", {"vote": True, "stars": 4})
    await world.pupil.call("PUT", f"/api/v1/walls/{wall_id}/cards/one/mark", {"stars": 5})
    waiting = {"client_card_id": "waits", "title": "Not yet"}
    await world.pupil.call("POST", f"/api/v1/walls/{wall_id}/cards", waiting)
    return wall_id


async def export(world: World, wall_id: str, form: str) -> Any:
    answer = await world.visitor.call("GET", f"/api/v1/walls/{wall_id}/export?format={form}")
    assert answer.status == 200 and "attachment" in answer.headers["Content-Disposition"], answer
    return answer.body


async def test_a_sheet_has_a_row_for_each_card_and_no_formula(world: World) -> None:
    wall_id = await filled(world)
    found = (await export(world, wall_id, "csv")).decode("utf-8-sig")
    header, second, first = csv.reader(io.StringIO(found))
    assert header == ["Title", "Text", "Contents", "Who", "School", "Posted", "Comments", "Votes", "Stars"]
    assert (second[0], first[0], first[1], first[4]) == (
        "Second",
        "'=cmd|' /C calc'!A0",
        "Łódź & <b>ñ</b>",
        "School a",
    )
    assert first[7:] == ["1", "4.5"] and "alert(1)" in first[6]
    assert "Not yet" not in found
    sheet = zipfile.ZipFile(io.BytesIO(await export(world, wall_id, "xlsx"))).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


async def test_data_and_page_hold_the_same_cards_in_the_same_order(world: World) -> None:
    wall_id = await filled(world)
    data = await export(world, wall_id, "json")
    assert data["title"] == "Our <morning>"
    assert [card["id"] for card in data["cards"]] == ["two", "one"]
    assert data["cards"][1]["comments"][0]["text"] == "<script>alert(1)</script>"
    page = (await export(world, wall_id, "html")).decode()

    class Reader(HTMLParser):
        tags: list[str] = []
        words: list[str] = []

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            self.tags.append(tag)

        def handle_data(self, text: str) -> None:
            self.words.append(text.strip())

    reader = Reader()
    reader.feed(page)
    assert "script" not in reader.tags and "b" not in reader.tags
    assert reader.words.index("Second") < reader.words.index("=cmd|' /C calc'!A0")
    assert any("<script>alert(1)</script>" in words for words in reader.words)
    assert "http" not in page and "Not yet" not in page and "Not yet" not in json.dumps(data)


async def test_paper_holds_the_cards_in_the_walls_order_and_nothing_that_waits(world: World) -> None:
    wall_id = await filled(world)
    for number in range(12):
        await world.pin(world.founder, wall_id, f"long-{number}", title=f"Card {number}", text="A long day. " * 60)
    paper = PdfReader(io.BytesIO(await export(world, wall_id, "pdf")))
    text = "\n".join(page.extract_text() for page in paper.pages)
    assert len(paper.pages) > 2 and "Our <morning>" in text and "Łódź & <b>ñ</b>" in text
    places = [text.index(words) for words in ("Second", "=cmd|", "<script>alert(1)</script>", "Card 0", "Card 11")]
    assert places == sorted(places)
    assert "Not yet" not in text
    # A card that fits on a page is not cut by its end.
    for page in paper.pages[:-1]:
        assert page.extract_text().rstrip().splitlines()[-1].count(" · ") >= 1


async def test_who_does_not_read_the_wall_gets_no_file(world: World) -> None:
    wall_id = await filled(world)
    answer = await world.stranger.call("GET", f"/api/v1/walls/{wall_id}/export?format=csv")
    assert (answer.status, answer.code) == (404, "not_found")
    wrong = await world.founder.call("GET", f"/api/v1/walls/{wall_id}/export?format=exe")
    assert (wrong.status, wrong.code) == (400, "invalid")


async def pictured(world: World, wall_id: str, card_id: str, *, alt: str) -> bytes:
    """A card with a picture of the founder's; answers with the small picture of it."""
    uploader, storage = world.founder.user, world.hub.context.storage
    assert uploader is not None
    written = io.BytesIO()
    Image.new("RGB", (64, 40), "#8fc1d4").save(written, "WEBP")
    small = written.getvalue()
    file_id = CardFileId(f"file-{card_id}-{wall_id}")
    original = await storage.blobs.put(b"GIF89a as it was uploaded")
    file = CardFile(
        file_id,
        world.twinspace_id,
        ContentId(wall_id),
        None,
        uploader.id,
        uploader.school_id,
        original,
        "a.gif",
        "image/gif",
        25,
        1,
        await storage.blobs.put(small),
    )
    await storage.cards.add_file(file)
    await world.pin(world.founder, wall_id, card_id, title="Seen", kind="image", file_id=file_id, alt=alt)
    return small


async def test_what_cards_hold_is_in_every_file(world: World) -> None:
    wall_id = await world.create("wall", "Finds")
    small = await pictured(world, wall_id, "photo", alt="A heron <b>")
    strokes = {"strokes": [{"tint": 3, "width": 8, "points": [10, 20, 500, 600]}]}
    await world.pin(world.founder, wall_id, "drawn", title="Drawn", kind="drawing", drawing=strokes)
    await world.pin(world.founder, wall_id, "linked", title="Linked", kind="link", url="https://example.org/?a=1&b=2")
    await world.pin(world.founder, wall_id, "asked", title="Which?", kind="poll", options=["Otter & co", "Heron"])
    for person in (world.pupil, world.teacher):
        chosen = await person.call("PUT", f"/api/v1/walls/{wall_id}/cards/asked/choice", {"option": 1})
        assert chosen.status == 204, chosen

    page = (await export(world, wall_id, "html")).decode()
    assert f'src="data:image/webp;base64,{b64encode(small).decode()}" alt="A heron &lt;b&gt;"' in page
    assert "10 20 500 600" in page and 'href="https://example.org/?a=1&amp;b=2"' in page
    assert '<li dir="auto">Otter &amp; co</li>' in page, "two votes are too few to be told"
    assert "GIF89a" not in page and 'src="http' not in page

    rows = {
        row[0]: row[2] for row in csv.reader(io.StringIO((await export(world, wall_id, "csv")).decode("utf-8-sig")))
    }
    assert rows["Seen"] == "Picture: A heron <b>" and rows["Linked"] == "Link: https://example.org/?a=1&b=2"
    assert rows["Which?"].splitlines() == ["Poll", "Otter & co", "Heron"]

    paper = PdfReader(io.BytesIO(await export(world, wall_id, "pdf")))
    assert sum(len(sheet.images) for sheet in paper.pages) == 1
    words = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert "Otter & co" in words and "https://example.org" in words


async def test_a_picture_whose_card_waits_or_was_taken_off_is_in_no_file(world: World) -> None:
    wall_id = await world.create("wall", "Finds")
    small = await pictured(world, wall_id, "photo", alt="A heron")
    taken = await world.founder.call("DELETE", f"/api/v1/walls/{wall_id}/cards/photo")
    assert taken.status == 204, taken
    body = {"client_card_id": "waits", "title": "Not yet", "kind": "link", "url": "https://example.org/not-yet"}
    await world.pupil.call("POST", f"/api/v1/walls/{wall_id}/cards", body)
    page = (await export(world, wall_id, "html")).decode()
    assert b64encode(small).decode() not in page and "not-yet" not in page
