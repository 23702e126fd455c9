"""The visibility ladder on every read path: one item on each rung, asked for by everybody, in every way there is.

Nothing here lists the routes: a new one is walked by itself, and has to be as silent as the others.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from crdt_docs.content import KINDS
from hub.access import MATRIX, Act
from hub.protocol import EVENTS, ROUTES
from hub.table import Route
from storage.records import RUNGS, Content, ContentId, Material, MaterialFile, MaterialId, Rung, Team, TeamId
from tests.hub import cases
from tests.hub.cases import Prepared, in_order, prepare
from tests.hub.world import NOBODY, STRANGER, Person, World
from tests.hub.yjs_client import AUTHENTICATED, DENIED, REFUSED, open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUTSIDE: tuple[Rung, ...] = ("twinspace", "families", "inspection", "public")
SEES: dict[str, tuple[Rung, ...]] = {
    "author": RUNGS,
    "mate": ("team", *OUTSIDE),
    "founder": ("team", "school", "teachers", *OUTSIDE),
    "teacher": ("teachers", *OUTSIDE),
    "pupil": OUTSIDE,
    "visitor": OUTSIDE,
    STRANGER: (),
    NOBODY: (),
}
"""The author edits for school a, as the founder teaches there; `mate` is a pupil of school b in the author's team."""
_JOURNAL = "GET /api/v1/twinspaces/{twinspace_id}/journal"
LISTS_OF = (
    {_JOURNAL, "GET /api/v1/twinspaces/{twinspace_id}/contents", "GET /api/v1/snapshots/{snapshot_id}"},
    {_JOURNAL, "GET /api/v1/twinspaces/{twinspace_id}/materials"},
)
"""Where what one sees of contents, and of materials, has to be found. Elsewhere it is enough that nothing else is."""


OF_ONE_KIND = re.compile(r"/(forms|rubrics|walls|whiteboards)/|/page$|/contents/\{content_id\}/files/")
"""Routes that answer for that kind of content, or of file, alone."""


@dataclass
class Ladder:
    world: World
    prepared: Prepared
    items: dict[Rung, str]
    kind: str
    team_id: TeamId

    def mark(self, rung: Rung) -> str:
        """Words that stand nowhere but in the item on this rung."""
        return f"{rung}-{self.prepared.ids['mark']}"

    @property
    def place(self) -> str:
        """Where the item stands in the paths of its routes."""
        return "{material_id}" if self.kind == "material" else "{content_id}"

    def ids(self, item_id: str) -> dict[str, str]:
        place = self.place.strip("{}")
        stand_ins = {other for case in cases.ROUTES.values() for name, other in case.ids if name == place}
        return {**self.prepared.ids, **dict.fromkeys({place, *stand_ins}, item_id)}

    def found_in(self, answer: Any) -> set[Rung]:
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else json.dumps(answer)
        return {rung for rung, item in self.items.items() if self.mark(rung) in text or item in text}


async def make_ladder(world: World, kind: str) -> Ladder:
    storage, mark = world.hub.context.storage, secrets.token_hex(6)
    author = world.people["author"] = await world.add("pupil_editor", "pupil", "a")
    mate = world.people["mate"] = await world.add("pupil", "pupil", "b")
    assert author.user is not None and mate.user is not None
    team_id = TeamId(f"team-{secrets.token_hex(6)}")
    people = tuple(sorted([author.user.id, mate.user.id]))
    await storage.teams.add(Team(team_id, world.twinspace_id, "The reds", people, author.user.id, 1))
    prepared = await prepare(world, "founder")
    ladder = Ladder(world, Prepared(world, {**prepared.ids, "mark": mark}), {}, kind, team_id)
    for rung in RUNGS:
        item_id = ladder.items[rung] = f"item-{rung}-{secrets.token_hex(4)}"
        title, team = f"Item {ladder.mark(rung)}", team_id if rung == "team" else None
        shown: dict[str, Any] = {"visibility": rung, "team_id": team, "school_id": author.user.school_id}
        if kind == "material":
            made = Material(MaterialId(item_id), world.twinspace_id, "link", title, author.user.id, 1, 1, **shown)
            blob = await storage.blobs.put(ladder.mark(rung).encode())
            file = MaterialFile(made.id, 1, blob, "a.gif", "image/gif", 9, author.user.id, 1, blob)
            await storage.materials.add(replace(made, version=1), file)
        else:
            content = Content(ContentId(item_id), world.twinspace_id, kind, title, author.user.id, 1, 1, **shown)
            await storage.contents.add(content)
            start = partial(KINDS[kind].start, title=title)
            await world.hub.context.live_docs.edit(content.id, kind, start, user_id=None)
        about = {"verb": "content_created", "user_id": author.user.id, "details": {"title": title}, "at_ms": 1}
        await storage.journal.record(world.twinspace_id, subject_id=item_id, **about)
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "All of it"})
    ladder.prepared.ids["snapshot_id"] = taken.body["id"]
    return ladder


KINDS_WALKED = [
    "document",
    pytest.param("wall", marks=pytest.mark.slow),
    pytest.param("form", marks=pytest.mark.slow),
    "material",
]


@pytest_asyncio.fixture(params=KINDS_WALKED, loop_scope="session")
async def ladder(world: World, request: pytest.FixtureRequest) -> AsyncIterator[Ladder]:
    yield await make_ladder(world, request.param)


async def ask(ladder: Ladder, person: Person, route: Route, ids: dict[str, str]) -> Any:
    case = cases.ROUTES[f"{route.method} {route.path}"]
    path = case.path(route.path, Prepared(ladder.world, ids))
    return await person.call(route.method, path, **case.request(route, ids))


async def test_no_route_shows_an_item_to_whom_its_rung_does_not_let_in(ladder: Ladder) -> None:
    for who, sees in SEES.items():
        person = ladder.world.people[who]
        for route in in_order(ROUTES):
            if route.method != "GET" or route.body != "json":
                continue
            if "{content_id}" in route.path or "{material_id}" in route.path:
                continue
            answer = await ask(ladder, person, route, ladder.prepared.ids)
            name, found = f"{route.method} {route.path}", ladder.found_in(answer.body)
            assert found <= set(sees), (who, name, found)
            if name in LISTS_OF[ladder.kind == "material"] and sees:
                assert found == set(sees), (who, name, found)


@pytest.mark.slow
async def test_a_hidden_item_answers_on_every_route_as_one_that_is_not_there(ladder: Ladder) -> None:
    """Reading and writing: who does not see a thing can't rename it, answer it, or post on it either."""
    for who, sees in SEES.items():
        person, role = ladder.world.people[who], {"author": "pupil_editor", "mate": "pupil"}.get(who, who)
        for route in in_order(ROUTES):
            if ladder.place not in route.path:
                continue
            absent = await ask(ladder, person, route, ladder.ids("absent"))
            for rung, content_id in ladder.items.items():
                may = isinstance(route.act, Act) and route.act in MATRIX.get(role, ())
                if rung not in sees:
                    answer = await ask(ladder, person, route, ladder.ids(content_id))
                    assert (answer.status, answer.body) == (absent.status, absent.body), (who, route.path, rung)
                elif may and route.method == "GET" and not OF_ONE_KIND.search(route.path):
                    answer = await ask(ladder, person, route, ladder.ids(content_id))
                    assert answer.status == 200, (who, route.path, rung, answer)


async def test_both_document_doors_open_as_the_rung_says(world: World) -> None:
    ladder = await make_ladder(world, "document")
    for who, sees in SEES.items():
        if who == NOBODY:
            continue
        person = ladder.world.people[who]
        for rung, content_id in ladder.items.items():
            async with open_document(person, content_id) as document:
                is_open = await document.sync()
                assert (is_open or document.close_code not in REFUSED) is (rung in sees), (who, rung)
            async with open_collab(person, content_id) as document:
                said, _ = await document.sign_in(person.token or "")
                assert said == (AUTHENTICATED if rung in sees else DENIED), (who, rung)


@pytest.mark.slow
async def test_no_event_answers_with_a_hidden_item(ladder: Ladder) -> None:
    for who, sees in SEES.items():
        if who == NOBODY:
            continue
        for event in EVENTS:
            # One socket may not send so much so fast.
            socket = await ladder.world.people[who].socket()
            for content_id in ladder.items.values():
                answer = await socket.call(event.name, cases.EVENTS[event.name].body(ladder.ids(content_id)))
                assert ladder.found_in(answer) <= set(sees), (who, event.name)
            await socket.close()


async def test_announcements_reach_those_who_see_the_item_and_nobody_else(ladder: Ladder) -> None:
    world, members = ladder.world, [who for who in SEES if who not in (STRANGER, NOBODY)]
    sockets = {who: await world.people[who].socket() for who in members}
    for who in members:
        await sockets[who].enter(world.twinspace_id)
    for rung, content_id in ladder.items.items():
        for socket in sockets.values():
            socket.heard()
        area, event = ("materials", "material") if ladder.kind == "material" else ("contents", "content")
        renamed = await world.author.call("PATCH", f"/api/v1/{area}/{content_id}", {"title": ladder.mark(rung)})
        assert renamed.status == 200
        # What everybody hears comes after what was announced before it.
        key = secrets.token_hex(4)
        await world.founder.call("POST", f"{world.path}/messages", {"client_message_id": key, "text": "now"})
        for who in members:
            heard: list[str] = []
            while "chat:posted" not in heard:
                name, data = await sockets[who].next()
                heard.append(name)
                assert ladder.found_in(data) <= set(SEES[who]), (who, name)
            told = f"{event}:changed" in heard and (event == "material" or "journal:recorded" in heard)
            assert told is (rung in SEES[who]), (who, rung, heard)


async def change(person: Person, content_id: str, rung: Rung, team_id: str | None = None) -> Any:
    body = {"visibility": rung, **({"team_id": team_id} if team_id else {})}
    return await person.call("PUT", f"/api/v1/contents/{content_id}/visibility", body)


async def test_a_rung_taken_away_closes_what_is_open_and_is_told(world: World) -> None:
    document_id = await world.create("document", "A draft")
    teacher, pupil = await world.teacher.socket(), await world.pupil.socket()
    for socket in (teacher, pupil):
        await socket.enter(world.twinspace_id)
    async with open_document(world.teacher, document_id) as held, open_document(world.pupil, document_id) as lost:
        assert await held.sync() and await lost.sync()
        changed = await change(world.founder, document_id, "teachers")
        assert (changed.status, changed.body["visibility"]) == (200, "teachers")
        assert await lost.ended() == 4404
        assert await held.sync()
    hidden = await pupil.expect("item:hidden")
    assert hidden == {"twinspace_id": world.twinspace_id, "item_id": document_id}
    assert (await teacher.expect("content:changed"))["visibility"] == "teachers"
    entry = await teacher.expect("journal:recorded", lambda data: data["verb"] == "visibility_changed")
    assert entry["details"] == {
        "title": "A draft",
        "kind": "document",
        "former": "twinspace",
        "visibility": "teachers",
    }
    assert (await change(world.founder, document_id, "twinspace")).status == 200
    assert (await pupil.expect("content:changed"))["id"] == document_id


async def test_who_may_change_a_rung_and_how_far(world: World) -> None:
    """One's own up to the TwinSpace; with `moderate` anybody's; above the TwinSpace with `publish` alone."""
    editor, librarian = await world.add("pupil_editor", "pupil"), await world.person_of("librarian")
    made = await editor.call("POST", f"{world.path}/contents", {"kind": "document", "title": "Mine"})
    assert made.body["visibility"] == "twinspace"
    own, other = made.body["id"], await world.create("document")
    for rung in ("me", "school", "teachers", "twinspace"):
        assert (await change(editor, own, rung)).status == 200
    for rung in ("families", "inspection", "public"):
        for person in (editor, librarian):
            refused = await change(person, own, rung)
            assert (refused.status, refused.code) == (404, "not_found")
        assert (await change(world.founder, own, rung)).status == 200
        # Who made it can always take it back.
        assert (await change(editor, own, "twinspace")).status == 200
    assert (await change(editor, other, "me")).status == 404
    assert (await change(world.pupil, other, "me")).status == 404
    assert (await change(librarian, other, "teachers")).status == 200


async def test_a_team_goes_with_its_rung_and_with_no_other(world: World) -> None:
    editor = await world.add("pupil_editor", "pupil")
    assert editor.user is not None and world.founder.user is not None
    made = await editor.call("POST", f"{world.path}/contents", {"kind": "wall", "title": "Ours"})
    storage, number = world.hub.context.storage, secrets.token_hex(4)
    mine, theirs = TeamId(f"mine-{number}"), TeamId(f"theirs-{number}")
    await storage.teams.add(Team(mine, world.twinspace_id, "Mine", (editor.user.id,), editor.user.id, 1))
    await storage.teams.add(Team(theirs, world.twinspace_id, "Theirs", (), editor.user.id, 1))
    for rung, team_id in (("team", None), ("team", "absent"), ("team", theirs), ("school", mine)):
        refused = await change(editor, made.body["id"], rung, team_id)  # type: ignore[arg-type]
        assert (refused.status, refused.body["field"]) == (400, "team_id"), (rung, team_id)
    changed = await change(editor, made.body["id"], "team", mine)
    assert (changed.status, changed.body["team_id"]) == (200, mine)
    back = await change(editor, made.body["id"], "twinspace")
    assert (back.status, back.body["team_id"]) == (200, None)


async def test_a_wrong_rung_is_named(world: World) -> None:
    refused = await world.founder.call(
        "PUT", f"/api/v1/contents/{await world.create('wall')}/visibility", {"visibility": "everybody"}
    )
    assert (refused.status, refused.body["field"]) == (400, "visibility")
