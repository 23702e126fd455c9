"""Search over the real hub: what is written is found, by those who may see it and nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hub.lane_names import subject_of
from storage.records import UserId
from tests.hub.script import typed
from tests.hub.world import STRANGER, Person, World
from tests.hub.yjs_client import open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def search(person: Person, q: str, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """The hits by kind, once everything said is in the index."""
    await person.hub.context.search_index.settle()
    query = "&".join(f"{name}={value}" for name, value in {"q": q, **more}.items())
    return {group["kind"]: group["hits"] for group in (await person.get(f"/api/v1/search?{query}"))["groups"]}


def marked(pieces: list[dict[str, Any]]) -> list[str]:
    return [piece["text"] for piece in pieces if piece["hit"]]


async def test_what_is_written_in_a_document_is_found_when_it_settles(world: World) -> None:
    content_id = await world.create("document", "Kept words")
    async with open_document(world.founder, content_id) as document:
        await document.update(typed("Las cigüeñas del Guadalhorce"))
        assert await document.sync()
    async with asyncio.timeout(30):
        while not (found := await search(world.pupil, "CIGUENA guadal")):
            pass
    (hit,) = found["content"]
    assert (hit["id"], hit["place"], hit["twinspace_id"]) == (content_id, "document", world.twinspace_id)
    assert marked(hit["snippet"]) == ["cigüeñas", "Guadalhorce"]
    assert hit["twinspace_title"] == "A TwinSpace"


async def test_cards_questions_titles_messages_and_the_journal_are_found(world: World) -> None:
    wall_id = await world.create("wall", "Mural de puentes")
    await world.founder.call("POST", f"/api/v1/walls/{wall_id}/cards", {"client_card_id": "c", "title": "Zanahoria"})
    await world.hub.context.content_changes.write(wall_id)
    form_id = await world.create_form()
    await world.founder.call("POST", f"{world.path}/messages", {"text": "Wszystko o żółwiach"})
    assert [hit["id"] for hit in (await search(world.teacher, "zanahoria"))["content"]] == [wall_id]
    found = await search(world.teacher, "puente")
    assert [hit["id"] for hit in found["content"]] == [wall_id]
    assert [hit["place"] for hit in found["journal"]] == ["content_created"]
    (message,) = (await search(world.teacher, "zolwiach"))["message"]
    assert message["id"] == f"{world.twinspace_id}:1" and marked(message["snippet"]) == ["żółwiach"]
    await world.hub.context.content_changes.write(form_id)
    renamed = await world.founder.call("PATCH", f"/api/v1/contents/{wall_id}", {"title": "Otro nombre"})
    assert renamed.status == 200
    assert [hit["id"] for hit in (await search(world.teacher, "otro nombre"))["content"]] == [wall_id]
    assert "content" not in await search(world.teacher, "mural")


async def test_nothing_is_found_from_outside(world: World) -> None:
    await world.create("document", "Quokka")
    await world.founder.call("POST", f"{world.path}/messages", {"text": "Quokka!"})
    assert set(await search(world.founder, "quokka")) == {"content", "message", "journal"}
    family = await world.add("family")
    for person in (world.people[STRANGER], family):
        assert await search(person, "quokka") == {}
        assert await search(person, "quokka", twinspace_id=world.twinspace_id) == {}
    assert (await world.nobody.call("GET", "/api/v1/search?q=quokka")).status == 401


async def test_who_is_removed_finds_nothing_any_more(world: World) -> None:
    await world.create("document", "Wombat")
    assert await search(world.visitor, "wombat")
    assert world.visitor.user
    await world.hub.context.storage.twinspaces.remove_member(world.twinspace_id, world.visitor.user.id)
    assert await search(world.visitor, "wombat") == {}


async def test_one_kind_is_read_on(world: World) -> None:
    for number in range(23):
        await world.founder.call("POST", f"{world.path}/messages", {"text": f"Ornitorrinco {number}"})
    await world.hub.context.search_index.settle()
    overview = await world.teacher.get("/api/v1/search?q=ornitorrinco")
    (group,) = overview["groups"]
    assert (len(group["hits"]), group["more"]) == (5, True)
    first = (await world.teacher.get("/api/v1/search?q=ornitorrinco&kind=message"))["groups"][0]
    rest = (await world.teacher.get("/api/v1/search?q=ornitorrinco&kind=message&offset=20"))["groups"][0]
    assert (len(first["hits"]), first["more"], len(rest["hits"]), rest["more"]) == (20, True, 3, False)
    assert len({hit["id"] for hit in first["hits"] + rest["hits"]}) == 23


@pytest.mark.parametrize("query", ["", "%22", "%00", "a%20OR%20(", "%E2%80%AE", "-x", "*", "%25_"])
async def test_no_query_is_refused_or_breaks(world: World, query: str) -> None:
    answer = await world.pupil.call("GET", f"/api/v1/search?q={query}")
    assert answer.status == 200, answer
    assert (await world.pupil.call("GET", "/api/v1/search?q=" + "a" * 201)).code == "invalid"
    assert (await world.pupil.call("GET", "/api/v1/search?q=a&kind=pupil")).code == "invalid"


@pytest.mark.slow
async def test_what_a_killed_hub_did_not_index_is_caught_up(world: World) -> None:
    storage = world.hub.context.storage
    content_id = await world.create("document", "Axolotl")
    await world.founder.call("POST", f"{world.path}/messages", {"text": "Axolotl!"})
    await world.hub.context.search_index.settle()
    await storage.search.erase("content", content_id)
    assert world.founder.user
    await storage.messages.append(
        world.twinspace_id, client_message_id="late", user_id=world.founder.user.id, text="Axolotl?", at_ms=2**50
    )
    await world.hub.context.search_index.catch_up()
    found = await search(world.founder, "axolotl")
    assert ([hit["id"] for hit in found["content"]], len(found["message"])) == ([content_id], 2)


async def test_messages_that_come_together_are_found_each_for_itself(world: World) -> None:
    """They are written together, in their turn among the rest, and one that can't be keeps none from being found."""
    context = world.hub.context
    path = f"{world.path}/messages"
    await asyncio.gather(*(world.pupil.call("POST", path, {"text": f"zirconium{n}"}) for n in range(11)))
    await context.search_index.settle()
    stored = await context.storage.messages.latest(world.twinspace_id, 3)
    for message in stored:
        context.search_index.note_message(replace(message, text="ytterbium"))
    context.search_index.note_message(replace(stored[0], seq=999, user_id=UserId("nobody"), text="ytterbium"))
    context.search_index.erase("message", f"{world.twinspace_id}:{subject_of('all', stored[0].seq)}")
    context.search_index.note_message(replace(stored[1], text="hafnium"))
    found = (await search(world.pupil, "ytterbium")).get("message", [])
    assert [hit["id"] for hit in found if "999" not in hit["id"]] == [
        f"{world.twinspace_id}:{subject_of('all', stored[2].seq)}"
    ]
    assert len((await search(world.pupil, "hafnium"))["message"]) == 1
    assert len((await search(world.pupil, "zirconium", kind="message"))["message"]) == 8


async def test_a_rung_taken_back_takes_it_out_of_the_search_at_once(world: World) -> None:
    content_id = await world.create("document", "Capybara")
    assert set(await search(world.pupil, "capybara")) == {"content", "journal"}
    path = f"/api/v1/contents/{content_id}/visibility"
    changed = await world.founder.call("PUT", path, {"visibility": "teachers"})
    assert changed.status == 200, changed
    # Before the index knows of it, too.
    assert (await world.pupil.get("/api/v1/search?q=capybara"))["groups"] == []
    assert await search(world.pupil, "capybara") == {}
    assert "content" in await search(world.teacher, "capybara")


async def test_a_material_is_found_by_what_is_said_of_it_as_long_as_it_is_there(world: World) -> None:
    entry = {"kind": "entry", "title": "Excursión", "text": "Vimos un ajolote.", "happened_at_ms": 1}
    made = await world.founder.call("POST", f"{world.path}/materials", entry)
    assert made.status == 201, made
    material = f"/api/v1/materials/{made.body['id']}"
    (hit,) = (await search(world.pupil, "ajolote"))["file"]
    assert (hit["id"], hit["place"], marked(hit["snippet"])) == (made.body["id"], "entry", ["ajolote"])
    hidden = await world.founder.call("PUT", f"{material}/visibility", {"visibility": "teachers"})
    assert hidden.status == 200, hidden
    assert (await world.pupil.get("/api/v1/search?q=ajolote"))["groups"] == []
    assert "file" in await search(world.teacher, "ajolote")
    assert (await world.founder.call("DELETE", material)).status == 204
    assert "file" not in await search(world.teacher, "ajolote")
