"""Cards that hold more than words: what they name has to be there, and their files follow the gate."""

from __future__ import annotations

import io
import json
import wave
from typing import Any

import av
import pytest
import pytest_asyncio
from PIL import Image

from crdt_docs.content import wall
from hub.card_choices import count_choices
from hub.erasure import erase_content, erase_person
from storage import ports
from storage.records import CardVote, ContentId, SchoolId, UserId
from tests.hub.gate_steps import decide, queue
from tests.hub.test_erasure import erase, keep
from tests.hub.test_materials import begin, go_on, photo_with_place, picture
from tests.hub.world import Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def wall_id(world: World) -> ContentId:
    """A wall; beside the world's pupil of school a there are a classmate, and a pupil of school b."""
    world.people["classmate"] = await world.add("pupil", "pupil", "a")
    world.people["partner"] = await world.add("pupil", "pupil", "b")
    return await world.create("wall", "Our morning")


async def upload(person: Person, world: World, wall_id: str, data: bytes, **said: str) -> Answer:
    """The answer to the last byte; its `file_id` is that of the card's file."""
    begun = await begin(person, world, len(data), wall_id=wall_id, **said)
    assert begun.status == 201, begun
    url = begun.headers["Location"]
    done = await go_on(person, url, 0, data)
    return Answer(done.status, done.body or {"file_id": url.rpartition("/")[2]}, done.headers)


async def post(person: Person, wall_id: str, **fields: Any) -> Answer:
    return await person.call("POST", f"/api/v1/walls/{wall_id}/cards", {"client_card_id": "one", **fields})


async def looks(world: World, wall_id: str, file_id: str, way: str = "") -> dict[str, int]:
    path = f"/api/v1/walls/{wall_id}/files/{file_id}{way}"
    people = ("pupil", "founder", "teacher", "classmate", "partner", "visitor", "stranger", "nobody")
    return {name: (await world.people[name].call("GET", path)).status for name in people}


def sound(container: str, codec: str) -> bytes:
    """As browsers record it: sound alone, in a file that may hold films."""
    written = io.BytesIO()
    with av.open(written, "w", format=container) as film:
        stream = film.add_stream(codec, rate=48_000)
        for _ in range(10):
            frame = av.AudioFrame(format="s16", layout="mono", samples=960)
            frame.sample_rate = 48_000
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return written.getvalue()


async def test_a_waiting_cards_picture_is_its_authors_and_their_teachers_until_it_is_let_through(
    world: World, wall_id: ContentId
) -> None:
    sent = photo_with_place()
    uploaded = await upload(world.pupil, world, wall_id, sent, filename="Puente.jpg", card_kind="image")
    file_id = uploaded.body["file_id"]
    closed = {"pupil": 200, "founder": 200, **dict.fromkeys(("teacher", "classmate", "partner", "visitor"), 404)}
    closed |= {"stranger": 404, "nobody": 401}
    assert await looks(world, wall_id, file_id) == closed
    assert (await world.pupil.get(f"{world.path}/materials"))["materials"] == []
    posted = await post(world.pupil, wall_id, kind="image", file_id=file_id, alt="A bridge")
    assert posted.status == 201, posted
    card = posted.body
    shown = {name: card[name] for name in ("kind", "alt", "media_type", "width", "height", "has_preview", "waits")}
    assert shown == {
        "kind": "image",
        "alt": "A bridge",
        "media_type": "image/jpeg",
        "width": 600,
        "height": 800,
        "has_preview": True,
        "waits": True,
    }
    assert await looks(world, wall_id, file_id) == await looks(world, wall_id, file_id, "/preview") == closed
    (thing,) = await queue(world.founder, world)
    assert thing["card"]["file_id"] == file_id
    assert (await decide(world.founder, thing)).status == 204
    opened = {**dict.fromkeys(closed, 200), "stranger": 404, "nobody": 401}
    assert await looks(world, wall_id, file_id) == await looks(world, wall_id, file_id, "/preview") == opened
    answer = await world.partner.call("GET", f"/api/v1/walls/{wall_id}/files/{file_id}")
    kept = Image.open(io.BytesIO(answer.body))
    assert kept.size == (600, 800) and not dict(kept.getexif()) and b"Somebody" not in answer.body
    # By another wall's address it is not there; and when its card is taken off, it is closed again.
    other = await world.create("wall", "Another")
    assert (await world.founder.call("GET", f"/api/v1/walls/{other}/files/{file_id}")).status == 404
    assert (await world.pupil.call("DELETE", f"/api/v1/walls/{wall_id}/cards/one")).status == 204
    assert await looks(world, wall_id, file_id) == closed


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("image", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "picture"),
        ("image", b"\x89PNG\r\n\x1a\n" + b"no picture" * 30, "picture"),
        ("image", b"MZ a program that is called cat.png", "picture"),
        ("audio", b"RIFF\x00\x00\x00\x00AVI " + b"no sound" * 30, "recording"),
    ],
)
async def test_a_file_that_lies_about_what_it_is_is_refused_in_words(
    world: World, wall_id: ContentId, kind: str, data: bytes, said: str
) -> None:
    refused = await upload(world.pupil, world, wall_id, data, filename="cat.png", card_kind=kind)
    assert (refused.status, refused.code) == (400, "invalid") and said in refused.body["detail"]
    assert await world.hub.context.storage.cards.files(wall_id) == []
    large = await begin(world.pupil, world, 16 * 1024 * 1024, wall_id=wall_id, card_kind=kind)
    assert large.status == 413 and "15 MiB" in large.body["detail"]


@pytest.mark.parametrize(
    ("container", "codec", "media_type"),
    [("webm", "libopus", "audio/webm"), ("mp4", "aac", "audio/mp4"), ("ogg", "libopus", "audio/ogg")],
)
async def test_a_recording_of_any_browser_is_played_in_the_page(
    world: World, wall_id: ContentId, container: str, codec: str, media_type: str
) -> None:
    uploaded = await upload(
        world.founder, world, wall_id, sound(container, codec), filename="Buenos días", card_kind="audio"
    )
    assert uploaded.status == 204, uploaded
    posted = await post(world.founder, wall_id, kind="audio", **uploaded.body)
    assert posted.body["media_type"] == media_type
    answer = await world.partner.call("GET", f"/api/v1/walls/{wall_id}/files/{uploaded.body['file_id']}")
    assert answer.headers["Content-Type"] == media_type
    with av.open(io.BytesIO(answer.body)) as film:
        assert [stream.type for stream in film.streams] == ["audio"]


async def test_plain_wave_is_a_recording_too_and_a_film_is_none(world: World, wall_id: ContentId) -> None:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(1_600))
    assert (await upload(world.pupil, world, wall_id, written.getvalue(), card_kind="audio")).status == 204
    film = io.BytesIO()
    with av.open(film, "w", format="webm") as made:
        stream = made.add_stream("libvpx", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        made.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        made.mux(stream.encode(None))
    refused = await upload(world.pupil, world, wall_id, film.getvalue(), card_kind="audio")
    assert refused.code == "invalid" and "recording" in refused.body["detail"]


async def test_nobody_puts_anothers_file_on_a_card_or_one_file_on_two(world: World, wall_id: ContentId) -> None:
    file_id = (await upload(world.pupil, world, wall_id, picture(), card_kind="image")).body["file_id"]
    for person in (world.classmate, world.founder):
        refused = await post(person, wall_id, kind="image", file_id=file_id)
        assert (refused.status, refused.body["field"]) == (400, "file_id")
    elsewhere = await world.create("wall", "Another")
    assert (await post(world.pupil, elsewhere, kind="image", file_id=file_id)).body["field"] == "file_id"
    assert (await post(world.pupil, wall_id, kind="audio", file_id=file_id)).body["field"] == "file_id"
    assert (await post(world.pupil, wall_id, kind="image", file_id=file_id)).status == 201
    again = await post(world.pupil, wall_id, kind="image", file_id=file_id)
    assert again.status == 201
    second = await post(world.pupil, wall_id, kind="image", file_id=file_id, client_card_id="two")
    assert (second.status, second.body["field"]) == (400, "file_id")


async def test_a_card_points_to_what_its_author_sees_and_says_no_title(world: World, wall_id: ContentId) -> None:
    document_id = await world.create("document", "Our diary")
    hidden = await world.create("document", "For teachers")
    rung = f"/api/v1/contents/{hidden}/visibility"
    assert (await world.founder.call("PUT", rung, {"visibility": "teachers"})).status == 200
    posted = await post(world.pupil, wall_id, kind="pointer", target_kind="content", target_id=document_id)
    assert posted.status == 201 and "Our diary" not in json.dumps(posted.body)
    for kind, target in (("content", hidden), ("content", "absent"), ("material", document_id)):
        body = {"kind": "pointer", "target_kind": kind, "target_id": target, "client_card_id": "two"}
        refused = await post(world.pupil, wall_id, **body)
        assert (refused.status, refused.body["field"]) == (400, "target_id")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "x" * 1_000_000}, "title"),
        ({"text": "x" * 1_000_000}, "text"),
        ({"kind": "link", "url": "javascript:alert(1)"}, "url"),
        ({"kind": "link", "url": "https://" + "x" * 1_000_000}, "url"),
        ({"kind": "poll", "title": "?", "options": ["x" * 1_000_000, "y"]}, "options.0"),
        ({"kind": "drawing", "drawing": {"strokes": [{"tint": 1, "width": 4, "points": [1] * 300_000}]}}, None),
    ],
    ids=["title", "text", "script", "url", "option", "drawing"],
)
async def test_a_card_of_a_megabyte_is_refused_in_words(
    world: World, wall_id: ContentId, fields: Any, field: str | None
) -> None:
    refused = await post(world.pupil, wall_id, **fields)
    assert refused.status in (400, 413) and len(refused.body["detail"]) > 10, refused
    if field is not None:
        assert refused.body["field"].startswith(field.partition(".")[0])
    assert await world.hub.context.live_docs.read(wall_id, "wall", wall.cards) == []


async def test_a_pupil_places_their_own_cards_and_all_where_the_wall_says_so(world: World, wall_id: ContentId) -> None:
    path, layout = f"/api/v1/walls/{wall_id}", {"sections": [{"id": "am", "title": "Morning"}], "view": "columns"}
    assert (await world.pupil.call("PATCH", path, layout)).status == 404
    changed = await world.founder.call("PATCH", path, layout)
    assert changed.body == {**layout, "all_move": False}
    await world.pin(world.pupil, wall_id, "mine")
    await world.pin(world.partner, wall_id, "theirs")
    mine = await world.pupil.call("PUT", f"{path}/cards/mine/place", {"section": "am", "x": 5, "y": 6})
    assert (mine.body["section"], mine.body["x"], mine.body["waits"]) == ("am", 5, False)
    for way, method, body in (("place", "PUT", {"section": "am"}), ("move", "POST", {"after_card_id": None})):
        refused = await world.pupil.call(method, f"{path}/cards/theirs/{way}", body)
        assert (refused.status, refused.code) == (404, "not_found")
    await world.founder.call("PATCH", path, {"all_move": True})
    assert (await world.pupil.call("PUT", f"{path}/cards/theirs/place", {"section": "am"})).status == 200
    assert (await world.pupil.call("POST", f"{path}/cards/theirs/move", {"after_card_id": None})).status == 200
    # To move is not to change.
    assert (await world.pupil.call("PATCH", f"{path}/cards/theirs", {"title": "Mine"})).status == 404
    gone = await world.pupil.call("PUT", f"{path}/cards/mine/place", {"section": "pm"})
    assert (gone.status, gone.body["field"]) == (404, "section")
    # One that waits is placed without being let through, and stands there when it is.
    await post(world.pupil, wall_id, title="New", section="am", begins_on="2026-05-09")
    placed = await world.pupil.call(
        "PUT", f"{path}/cards/one/place", {"east": -4_420, "north": 36_720, "section": None}
    )
    assert placed.body["waits"] and (placed.body["east"], placed.body["section"]) == (-4_420, "")
    await world.founder.call("PATCH", path, {"sections": []})
    (thing,) = await queue(world.founder, world)
    assert (await decide(world.founder, thing)).status == 204
    card = await world.hub.context.live_docs.read(wall_id, "wall", lambda doc: wall.get_card(doc, "one"))
    assert (card["begins_on"], card["east"], card["section"], card["title"]) == ("2026-05-09", -4_420, "", "New")


async def test_a_poll_on_a_card_counts_by_school_and_shows_no_small_number(world: World, wall_id: ContentId) -> None:
    await world.pin(world.pupil, wall_id, "poll", title="Which bread?", kind="poll", options=["White", "Brown"])
    path, watcher = f"/api/v1/walls/{wall_id}", await world.teacher.socket()
    await watcher.enter(world.twinspace_id)
    for person, option in ((world.pupil, 0), (world.classmate, 1), (world.pupil, 1)):
        assert (await person.call("PUT", f"{path}/cards/poll/choice", {"option": option})).status == 204
    assert (await watcher.expect("wall:voted"))["content_id"] == wall_id
    (poll,) = (await world.pupil.get(f"{path}/polls"))["polls"]
    assert (poll["mine"], [count["total"] for count in poll["counts"]]) == (1, ["few", "few"])
    assert (await world.pupil.call("PUT", f"{path}/cards/poll/choice", {"option": None})).status == 204
    assert (await world.pupil.get(f"{path}/polls"))["polls"][0]["mine"] is None
    wrong = await world.pupil.call("PUT", f"{path}/cards/poll/choice", {"option": 2})
    assert (wrong.status, wrong.body["field"]) == (400, "option")
    await world.pin(world.pupil, wall_id, "words")
    assert (await world.pupil.call("PUT", f"{path}/cards/words/choice", {"option": 0})).status == 404
    # Who chose what is in no document: not in what members read, nor in what a snapshot keeps.
    state = await world.hub.context.live_docs.state(wall_id)
    assert world.classmate.user is not None and world.classmate.user.id.encode() not in state


async def test_numbers_under_five_are_hidden_with_those_that_would_tell_them() -> None:
    def votes(school: str, option: int, times: int) -> list[CardVote]:
        of = SchoolId(school)
        return [CardVote(ContentId("w"), "c", UserId(f"{school}{option}{n}"), of, option, 1) for n in range(times)]

    counts = count_choices(["a", "b"], [*votes("x", 0, 8), *votes("y", 0, 9), *votes("x", 1, 7), *votes("y", 1, 2)])
    shown = [cell for count in counts for cell in count.by_school.values()]
    assert "few" in shown and 2 not in shown and shown.count("kept") + shown.count("few") >= 2
    clear = count_choices(["a"], [*votes("x", 0, 8), *votes("y", 0, 9)])
    assert (clear[0].total, clear[0].by_school) == (17, {"x": 8, "y": 9})


async def test_what_is_erased_leaves_no_byte_and_what_is_kept_is_in_snapshots(world: World, wall_id: ContentId) -> None:
    context, files = world.hub.context, {}
    for card_id, person, colour in (
        ("one", world.pupil, "L"),
        ("two", world.pupil, "P"),
        ("three", world.founder, "1"),
    ):
        written = io.BytesIO()
        Image.new(colour, (32, 32)).save(written, "PNG")
        uploaded = await upload(person, world, wall_id, written.getvalue(), filename="a.png", card_kind="image")
        await world.pin(person, wall_id, card_id, kind="image", **uploaded.body)
        files[card_id] = await context.storage.cards.get_file(uploaded.body["file_id"])
    await keep(world)
    (link,) = await context.storage.snapshots.of_twinspace(world.twinspace_id)
    tree = json.loads(await context.storage.blobs.get(link.tree))
    for file in files.values():
        assert tree[f"contents/{wall_id}/files/{file.id}"] == file.blob
    assert len(files["one"].blob) == 64

    async def there() -> set[str]:
        found = set()
        for card_id, file in files.items():
            try:
                await context.storage.blobs.get(file.blob)
            except ports.NotFound:
                continue
            found.add(card_id)
        return found

    await erase(world, "card", f"{wall_id}:one")
    assert await there() == {"two", "three"}
    assert world.pupil.user is not None

    await erase_person(context, world.pupil.user, texts=True)
    assert await there() == {"three"}
    assert world.founder.user is not None
    await erase_content(context, await context.storage.contents.get(wall_id), by=world.founder.user.id)
    assert await there() == set()
