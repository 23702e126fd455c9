"""Role × act on every door: who may, may; for everybody else it is as if nothing were there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, XmlElement, XmlFragment, XmlText

from crdt_docs.content import KINDS
from hub import roles_page
from hub.access import MATRIX, STANDINGS, Act, Duty
from hub.protocol import EVENTS, ROUTES
from hub.table import Route
from tests.hub import cases
from tests.hub.cases import Prepared, in_order, prepare
from tests.hub.world import NOBODY, STRANGER, World, make_person, place_of
from tests.hub.yjs_client import AUTHENTICATED, DENIED, REFUSED, open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERYBODY = [*MATRIX, STRANGER]
QUICKLY = ("founder", "pupil")
"""Walked in every check; the others' walks, as long each, belong to the whole run."""
WALKED = [role if role in QUICKLY else pytest.param(role, marks=pytest.mark.slow) for role in EVERYBODY]


def may(role: str, act: Act) -> bool:
    return act in MATRIX.get(role, frozenset())


async def ask(prepared: Prepared, role: str, route: Route) -> Any:
    case = cases.ROUTES[f"{route.method} {route.path}"]
    person = await prepared.world.person_of(role)
    return await person.call(route.method, case.path(route.path, prepared), **case.request(route, prepared.ids))


@pytest.mark.parametrize("role", WALKED)
async def test_every_route_lets_in_whom_the_matrix_lets_in(world: World, role: str) -> None:
    await world.person_of(role)
    prepared = await prepare(world, role)
    for route in in_order(ROUTES):
        if not isinstance(route.act, Act):
            continue
        answer = await ask(prepared, role, route)
        if may(role, route.act):
            if cases.ROUTES[f"{route.method} {route.path}"].succeeds:
                assert answer.status == route.status, (role, route.path, answer)
            continue
        absent = await ask(prepared.without(), role, route)
        assert (answer.status, answer.body) == (absent.status, absent.body), (role, route.path)
        assert (answer.status, answer.code) == (404, "not_found"), (role, route.path, answer)


@pytest.mark.slow
@pytest.mark.parametrize("standing", STANDINGS)
async def test_every_duty_is_for_those_whose_it_is(world: World, standing: str) -> None:
    kind, school_id = place_of(standing)
    world.people["asker"] = await make_person(world.hub, world.founder.http, school_id, kind)
    prepared = await prepare(world, "asker")
    for route in in_order(ROUTES):
        if not isinstance(route.act, Duty):
            continue
        answer = await ask(prepared, "asker", route)
        if route.act not in STANDINGS[standing]:
            assert (answer.status, answer.code) == (404, "not_found"), (standing, route.path, answer)
        elif cases.ROUTES[f"{route.method} {route.path}"].succeeds:
            assert answer.status == route.status, (standing, route.path, answer)


async def test_the_page_about_roles_is_written_from_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "roles.md").read_text("utf-8")
    assert page == roles_page.page(), "write it again with `make protocol`"


async def test_every_route_but_the_open_ones_needs_a_login(world: World) -> None:
    prepared = await prepare(world, "founder")
    for route in ROUTES:
        answer = await ask(prepared, NOBODY, route)
        # HEAD is answered without a body.
        refused = answer.status == 401 and (answer.code == "not_signed_in" or route.method == "HEAD")
        assert refused is not route.open, (route.path, answer)


@pytest.mark.parametrize("role", WALKED)
async def test_every_event_lets_in_whom_the_matrix_lets_in(world: World, role: str) -> None:
    person = await world.person_of(role)
    prepared = await prepare(world, role)
    socket = await person.socket()
    for number, event in enumerate(EVENTS):
        if event.act is None:
            continue
        if number % 10 == 9:
            # One socket may not send so much so fast.
            await socket.close()
            socket = await person.socket()
        case = cases.EVENTS[event.name]
        reply = await socket.call(event.name, case.body(prepared.ids))
        if may(role, event.act):
            assert reply["ok"] or not case.succeeds, (role, event.name, reply)
            continue
        assert reply["error"]["code"] == "not_found", (role, event.name, reply)
        assert reply == await socket.call(event.name, case.body(prepared.without().ids)), (role, event.name)


async def test_meeting_without_the_right_is_like_a_room_that_is_not_there(world: World) -> None:
    """Who may meet is told what is wrong with an offer; who may not learns nothing."""
    headers = {"Content-Type": "application/sdp"}
    for role in EVERYBODY:
        person = await world.person_of(role)
        answer = await person.call("POST", f"/whip/{world.room_id}", data=cases.meetings.SDP, headers=headers)
        assert answer.code == ("invalid" if may(role, Act.MEET) else "not_found"), (role, answer)


def _document_update() -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph", None, [XmlText("smuggled")]))
    return doc.get_update()


def _form_update() -> bytes:
    doc: Doc[Any] = Doc()
    question = {"id": "smuggled", "type": "short_text", "label": "smuggled", "required": False}
    doc.get("questions", type=Array).append(Map(question))
    return doc.get_update()


def _wall_update() -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("cards", type=Map)["smuggled"] = Map({"title": "smuggled", "position": "a0"})
    return doc.get_update()


UPDATES = {"document": _document_update(), "form": _form_update(), "wall": _wall_update()}


@pytest.mark.parametrize("kind", UPDATES)
@pytest.mark.parametrize("role", WALKED)
async def test_yjs_opens_for_readers_and_takes_only_what_the_role_may_write(world: World, role: str, kind: str) -> None:
    content_id = await world.create(kind)
    async with open_document(await world.person_of(role), content_id) as document:
        await document.update(UPDATES[kind])
        is_open = await document.sync()
    # Who may open it is at most told that writing is over; to everybody else the document is not there.
    assert (is_open or document.close_code not in REFUSED) is may(role, Act(KINDS[kind].read_act))
    blocks = await world.hub.context.live_docs.read(content_id, kind, KINDS[kind].blocks)
    # Walls are written by the hub alone, whatever the role.
    writable = kind != "wall" and may(role, Act(KINDS[kind].write_act))
    assert ("smuggled" in str(blocks)) is writable


@pytest.mark.parametrize("kind", UPDATES)
@pytest.mark.parametrize("role", WALKED)
async def test_collab_tells_the_scope_and_takes_only_what_the_role_may_write(
    world: World, role: str, kind: str
) -> None:
    content_id = await world.create(kind)
    person = await world.person_of(role)
    writable = kind != "wall" and may(role, Act(KINDS[kind].write_act))
    async with open_collab(person, content_id) as document:
        answer = await document.sign_in(person.token or "")
        if not may(role, Act(KINDS[kind].read_act)):
            assert answer == (DENIED, "not_found")
        else:
            assert answer == (AUTHENTICATED, "read-write" if writable else "readonly")
            assert await document.update(UPDATES[kind]) is writable
    blocks = await world.hub.context.live_docs.read(content_id, kind, KINDS[kind].blocks)
    assert ("smuggled" in str(blocks)) is writable


async def test_collab_answers_for_a_forbidden_document_as_for_an_absent_one(world: World) -> None:
    document_id = await world.create("document")
    for person in (world.people[STRANGER], world.nobody):
        answers = []
        for content_id in (document_id, "absent"):
            async with open_collab(person, content_id) as document:
                answers.append(await document.sign_in(person.token or ""))
        assert answers[0] == answers[1] and answers[0][0] == DENIED


async def test_an_absent_document_and_a_forbidden_one_close_alike(world: World) -> None:
    document_id = await world.create("document")
    closes = []
    for content_id in (document_id, "absent"):
        async with open_document(world.people[STRANGER], content_id) as document:
            closes.append((await document.ended(), document.said))
    assert closes[0] == closes[1] and closes[0][0] == 4404
