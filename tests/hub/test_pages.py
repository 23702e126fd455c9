"""The tree of pages: arranged by teachers, read by everybody, each page as far as its rung lets it be seen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.test_erasure import CLIENTS, write_into
from tests.hub.test_safety import hide
from tests.hub.world import Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def arrange(person: Person, world: World, revision: str, *pages: tuple[str, str | None]) -> Answer:
    placed = [{"content_id": content_id, "parent_id": parent_id} for content_id, parent_id in pages]
    return await person.call("PUT", f"{world.path}/pages", {"pages": placed, "revision": revision})


async def tree(person: Person, world: World) -> Any:
    return await person.get(f"{world.path}/pages")


def order(answer: Any) -> list[tuple[str, str | None]]:
    return [(page["content_id"], page["parent_id"]) for page in answer["pages"]]


async def test_teachers_arrange_and_everybody_reads_in_that_order(world: World) -> None:
    home, week, day = [await world.create("document", title) for title in ("Home", "Week", "Day")]
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    empty = await tree(world.pupil, world)
    assert empty["pages"] == []
    wanted = [(home, None), (week, None), (day, week)]
    arranged = await arrange(world.founder, world, empty["revision"], *wanted)
    assert (arranged.status, order(arranged.body)) == (200, wanted)
    assert await socket.expect("pages:arranged") == {"twinspace_id": world.twinspace_id}
    assert order(await tree(world.pupil, world)) == wanted
    assert (await tree(world.pupil, world))["pages"][0]["title"] == "Home"
    assert (await arrange(world.pupil, world, arranged.body["revision"])).status == 404
    moved = await arrange(world.teacher, world, arranged.body["revision"], (week, None), (home, week))
    assert order(moved.body) == [(week, None), (home, week)]


async def test_a_stale_page_arranges_nothing(world: World) -> None:
    document = await world.create("document")
    stale = (await tree(world.founder, world))["revision"]
    assert (await arrange(world.founder, world, stale, (document, None))).status == 200
    refused = await arrange(world.teacher, world, stale)
    assert (refused.status, refused.body["field"]) == (409, "revision")
    assert len((await tree(world.founder, world))["pages"]) == 1


async def test_pages_that_one_does_not_see_stay_where_they_are(world: World) -> None:
    """A librarian of school a can't lose what the teachers of school b keep to themselves."""
    librarian = await world.person_of("librarian")
    open_page, hidden, below = [await world.create("document", title) for title in ("Open", "Hidden", "Below")]
    revision = (await tree(world.founder, world))["revision"]
    wanted = [(open_page, None), (hidden, None), (below, hidden)]
    revision = (await arrange(world.founder, world, revision, *wanted)).body["revision"]
    changed = await world.founder.call("PUT", f"/api/v1/contents/{hidden}/visibility", {"visibility": "me"})
    assert changed.status == 200
    seen = await tree(librarian, world)
    # What stands below is shown where the hidden page would be.
    assert order(seen) == [(open_page, None), (below, None)]
    assert (await arrange(librarian, world, seen["revision"], (below, None), (open_page, None))).status == 200
    after = order(await tree(world.founder, world))
    assert after == [(below, None), (open_page, None), (hidden, None)] and len(after) == 3


async def test_a_tree_that_is_none_is_refused(world: World) -> None:
    a, b = await world.create("document"), await world.create("document")
    wall = await world.create("wall")
    revision = (await tree(world.founder, world))["revision"]
    chain: list[tuple[str, str | None]] = []
    for _ in range(6):
        chain.append((await world.create("document"), chain[-1][0] if chain else None))
    for wrong in ([(wall, None)], [("absent", None)], [(a, None), (a, None)], [(a, b), (b, None)], [(a, a)], chain):
        refused = await arrange(world.founder, world, revision, *wrong)
        assert (refused.status, refused.body["field"]) == (400, "pages"), wrong


async def test_a_home_has_the_first_page_that_its_reader_sees(world: World) -> None:
    path = f"{world.path}/front_page"
    assert await world.pupil.get(path) == {"page": None, "blocks": [], "more": False}
    home, week = [await world.create("document", title) for title in ("Home", "Week")]
    for content_id, words in ((home, "Welcome!"), (week, "Monday")):
        await write_into(world.founder, content_id, next(CLIENTS), words)
    revision = (await tree(world.pupil, world))["revision"]
    assert (await arrange(world.founder, world, revision, (home, None), (week, None))).status == 200
    front = await world.pupil.get(path)
    assert front["page"]["title"] == "Home" and "Welcome!" in str(front["blocks"])
    # What a teacher hides, or keeps for teachers, is no pupil's home.
    for_teachers = {"visibility": "teachers"}
    assert (await world.founder.call("PUT", f"/api/v1/contents/{home}/visibility", for_teachers)).status == 200
    assert (await world.pupil.get(path))["page"]["title"] == "Week"
    assert (await world.teacher.get(path))["page"]["title"] == "Home"
    await hide(world, "content", week)
    assert (await world.pupil.get(path))["page"] is None
    assert "Week" not in str(await tree(world.teacher, world))
