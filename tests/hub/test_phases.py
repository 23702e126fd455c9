"""The life of a project: one phase at a time, each kept; closed is read-only on every door, for open sockets too."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hub.access import PHASES, Act, acts_of
from hub.phases import NEXT, ORDER
from storage.ports import Unavailable
from storage.records import Phase
from tests.hub import cases
from tests.hub.cases import prepare
from tests.hub.test_access import UPDATES
from tests.hub.world import Answer, Person, World
from tests.hub.yjs_client import AUTHENTICATED, open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def move(person: Person, world: World, former: str, phase: str, **more: Any) -> Answer:
    return await person.call("POST", f"{world.path}/phase", {"former": former, "phase": phase, **more})


async def go_to(world: World, phase: Phase) -> None:
    """From `during`, wherever that leads."""
    former: Phase = "during"
    while former != phase:
        moved = await move(world.founder, world, former, NEXT[former], although_missing=True)
        assert moved.status == 200, moved
        former = NEXT[former]


async def reopen(person: Person, world: World, former: str = "closed") -> Answer:
    return await person.call("POST", f"{world.path}/reopening", {"former": former})


async def test_a_project_goes_on_one_phase_at_a_time_and_each_is_kept(world: World) -> None:
    assert ORDER == ("idea", "before", "during", "after", "closed", "archived")
    watcher = await world.teacher.socket()
    await watcher.enter(world.twinspace_id)
    skipped = await move(world.founder, world, "during", "closed", although_missing=True)
    assert (skipped.status, skipped.body["field"]) == (400, "phase")
    await go_to(world, "archived")
    life = await world.teacher.get(f"{world.path}/life")
    assert (life["phase"], life["next"], life["missing"]) == ("archived", None, [])
    assert [step["phase"] for step in life["moves"]] == ["after", "closed", "archived"]
    chain = await world.hub.context.storage.snapshots.of_twinspace(world.twinspace_id)
    assert [(link.cause, link.title) for link in chain] == [("phase", phase) for phase in ORDER[3:]]
    told = await watcher.expect("phase:changed", lambda data: data["phase"] == "archived")
    assert told["twinspace_id"] == world.twinspace_id
    entries = (await world.teacher.get(f"{world.path}/journal"))["entries"]
    assert [entry["details"]["phase"] for entry in entries if entry["verb"] == "phase_moved"] == [*reversed(ORDER[3:])]


async def test_what_is_missing_is_listed_and_never_blocks_silently(world: World) -> None:
    life = await world.founder.get(f"{world.path}/life")
    assert life["missing"] == [{"code": "work", "count": 1}]
    refused = await move(world.founder, world, "during", "after")
    assert (refused.status, refused.code, refused.body["field"]) == (409, "conflict", "although_missing")
    assert "no document, wall or form" in refused.body["detail"]
    assert (await world.founder.get(f"{world.path}/life"))["phase"] == "during"
    moved = await move(world.founder, world, "during", "after", although_missing=True)
    assert (moved.status, moved.body["moves"][0]["missing"]) == (200, ["work"])
    assert moved.body["missing"] == [{"code": "evaluation", "count": 1}]
    form_id = await world.create_form()
    await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")
    answers = {"version": 1, "answers": {"one": "a"}}
    assert (await world.pupil.call("PUT", f"/api/v1/forms/{form_id}/response", answers)).status == 200
    assert (await world.founder.get(f"{world.path}/life"))["missing"] == []
    assert (await move(world.founder, world, "after", "closed")).status == 200


async def test_pupils_and_consents_are_asked_for_before_the_classes_meet(world: World) -> None:
    from hub.phases import missing_for

    twinspace = await world.hub.context.storage.twinspaces.get(world.twinspace_id)
    found = await missing_for(world.hub.context, twinspace, "during")
    assert [(thing.code, thing.count) for thing in found] == [("pupils", 1), ("plan", 1), ("code", 2)]
    from storage.records import Member, User, UserId

    user = User(UserId(f"new-{world.twinspace_id}"), f"new-{world.twinspace_id}", "New", "pupil", "school-b", "pl", 1)  # type: ignore[arg-type]
    await world.hub.context.storage.users.add_user(user)
    await world.hub.context.storage.twinspaces.add_member(Member(world.twinspace_id, user.id, "pupil", 1, 1))
    found = await missing_for(world.hub.context, twinspace, "during")
    assert [(thing.code, thing.count) for thing in found] == [("consents", 1), ("plan", 1), ("code", 2)]


async def test_a_move_from_a_stale_page_is_refused_with_the_present_phase(world: World) -> None:
    await go_to(world, "after")
    stale = await move(world.teacher, world, "during", "after", although_missing=True)
    assert (stale.status, stale.code, stale.body["field"]) == (409, "conflict", "former")
    assert "“after”" in stale.body["detail"]
    assert (await reopen(world.teacher, world)).status == 409
    assert (await reopen(world.teacher, world, "after")).status == 400


async def test_of_two_who_move_at_once_one_moves(world: World) -> None:
    answers = await asyncio.gather(
        *(move(p, world, "during", "after", although_missing=True) for p in (world.founder, world.teacher))
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert len(await world.hub.context.storage.phases.moves(world.twinspace_id)) == 1
    assert len(await world.hub.context.storage.snapshots.of_twinspace(world.twinspace_id)) == 1


@pytest.mark.parametrize("phase", ["closed", pytest.param("archived", marks=pytest.mark.slow)])
async def test_a_shut_project_is_read_only_for_every_route_and_event(world: World, phase: Phase) -> None:
    prepared = await prepare(world, "founder")
    await go_to(world, phase)
    from hub.protocol import EVENTS, ROUTES
    from tests.hub.test_access import ask

    left = PHASES[phase]
    assert left == {Act.READ, Act.STEER, Act.CONSENT, Act.RECORDINGS, Act.CONFER, Act.PUBLISH, Act.REPORT, Act.PROTECT}
    for route in ROUTES:
        if not isinstance(route.act, Act) or route.act is Act.STEER:
            continue
        answer = await ask(prepared, "founder", route)
        if route.act not in left:
            assert (answer.status, answer.code) == (404, "not_found"), (route.path, answer)
        elif cases.ROUTES[f"{route.method} {route.path}"].succeeds:
            assert answer.status == route.status, (route.path, answer)
    socket = await world.founder.socket()
    for event in EVENTS:
        if event.act is not None:
            reply = await socket.call(event.name, cases.EVENTS[event.name].body(prepared.ids))
            assert reply["ok"] is (event.act in left), (event.name, reply)


async def test_closing_reaches_every_socket_that_is_open(world: World) -> None:
    document_id = await world.create("document")
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    assert (await socket.call("room:join", {"room_id": world.room_id}))["ok"]
    await go_to(world, "after")
    async with open_document(world.pupil, document_id) as plain, open_collab(world.founder, document_id) as collab:
        assert await plain.sync()
        assert await collab.sign_in(world.founder.token or "") == (AUTHENTICATED, "read-write")
        assert (await move(world.teacher, world, "after", "closed", although_missing=True)).status == 200
        # From the answer on, and without anybody opening anything anew.
        assert world.hub.context.live_rooms.peer_count(world.room_id) == 0
        await plain.update(UPDATES["document"])
        await plain.sync()
        assert not await collab.update(UPDATES["document"])
        posted = {"twinspace_id": world.twinspace_id, "client_message_id": "late", "text": "late"}
        assert (await socket.call("chat:post", posted))["error"]["code"] == "not_found"
        assert (await socket.call("room:join", {"room_id": world.room_id}))["error"]["code"] == "not_found"
        assert (await socket.call("chat:since", {"twinspace_id": world.twinspace_id, "seq": 0}))["ok"]
        changed = await socket.expect("member:changed", lambda data: data["user_id"] == world.pupil.user.id)
        assert changed["role"] == "pupil"
    from crdt_docs.content import KINDS

    blocks = await world.hub.context.live_docs.read(document_id, "document", KINDS["document"].blocks)
    assert "smuggled" not in str(blocks)
    assert (await world.pupil.get(world.path))["acts"] == ["read", "report"]


async def test_a_hub_that_missed_the_closing_follows_the_stored_row(world: World) -> None:
    """As when another process moved the project and the bus lost the word."""
    document_id = await world.create("document")
    assert world.founder.user is not None
    rooms, watcher = world.hub.context.live_rooms, await world.founder.socket()
    await watcher.enter(world.twinspace_id)
    rooms.join(world.room_id, "a session that is no socket", world.founder.user, None)
    async with open_document(world.founder, document_id) as document:
        assert await document.sync()
        await world.hub.context.storage.phases.move(
            world.twinspace_id, former="during", phase="closed", moved_by=world.founder.user.id, missing=[], at_ms=1
        )
        # Said once everything that is open obeys.
        await watcher.expect("member:changed")
        assert rooms.peer_count(world.room_id) == 0
        await document.update(UPDATES["document"])
        await document.sync()
    from crdt_docs.content import KINDS

    blocks = await world.hub.context.live_docs.read(document_id, "document", KINDS["document"].blocks)
    assert "smuggled" not in str(blocks)


async def test_two_teachers_of_two_schools_open_it_again(world: World) -> None:
    await go_to(world, "closed")
    asked = await reopen(world.founder, world)
    assert (asked.status, asked.body["phase"]) == (200, "closed")
    assert [each["school_id"] for each in asked.body["reopenings"]] == ["school-a"]
    again = await reopen(world.founder, world)
    assert (again.body["phase"], len(again.body["reopenings"])) == ("closed", 1)
    assert (await reopen(world.pupil, world)).status == 404
    opened = await reopen(world.teacher, world)
    assert (opened.body["phase"], opened.body["reopenings"]) == ("after", [])
    assert "write" in (await world.pupil.get(world.path))["acts"]
    verbs = [entry["verb"] for entry in (await world.founder.get(f"{world.path}/journal"))["entries"]]
    assert verbs[:3] == ["phase_moved", "reopening_asked", "reopening_asked"]


async def test_two_colleagues_of_one_school_do_not_open_it(world: World) -> None:
    await go_to(world, "archived")
    colleague = await world.add("teacher", "teacher", "a")
    await reopen(world.founder, world, "archived")
    assert (await reopen(colleague, world, "archived")).body["phase"] == "archived"
    # The other school asks, but the colleague's is the only other request that still counts.
    assert world.founder.user is not None and colleague.user is not None
    for person in (world.founder, colleague):
        await world.hub.context.storage.twinspaces.remove_member(world.twinspace_id, person.user.id)
    assert (await reopen(world.teacher, world, "archived")).body["phase"] == "archived"


async def test_both_schools_asking_at_the_same_instant_open_it_once(world: World) -> None:
    await go_to(world, "closed")
    answers = await asyncio.gather(*(reopen(person, world) for person in (world.founder, world.teacher)))
    assert all(answer.status in (200, 409) for answer in answers)
    moves = await world.hub.context.storage.phases.moves(world.twinspace_id)
    assert [each.phase for each in moves] == ["after", "closed", "after"]


async def test_a_move_that_can_not_be_kept_does_not_happen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(data: bytes) -> str:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(world.hub.context.storage.blobs, "put", refuse)
    answer = await move(world.founder, world, "during", "after", although_missing=True)
    assert (answer.status, answer.code) == (503, "unavailable")
    assert (await world.founder.get(f"{world.path}/life"))["phase"] == "during"
    assert "write" in (await world.founder.get(world.path))["acts"]


async def test_what_is_left_in_a_phase_is_never_more_than_the_role_has() -> None:
    assert acts_of("visitor", "closed") == {Act.READ, Act.REPORT}
    assert acts_of("pupil", "founding") == frozenset()
    assert acts_of("founder", "founding") == {Act.AGREE}
