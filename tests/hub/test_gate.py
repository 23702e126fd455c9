"""The double gate: a pupil's card or comment is its author's and the author's teachers' until one of these lets it
through. Each test asks what the others can get hold of, with whatever client they have."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
import pytest_asyncio

from crdt_docs.content import wall
from hub.protocol import EVENTS, ROUTES
from tests.hub import cases
from tests.hub.cases import Prepared, in_order, prepare
from tests.hub.gate_steps import comment, decide, held, open_wall, post, queue, said, shown
from tests.hub.world import World
from tests.hub.yjs_client import open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def wall_id(world: World) -> str:
    return await open_wall(world)


async def test_a_pupils_card_is_its_authors_and_their_teachers_until_one_lets_it_through(
    world: World, wall_id: str
) -> None:
    card = await post(world.pupil, wall_id, "one", title="Bread", tint=3)
    assert card["waits"] is True and card["position"] == ""
    assert await shown(world, wall_id) == {}
    for person in (world.pupil, world.founder):
        (thing,) = await held(person, wall_id)
        assert (thing["state"], thing["is_new"], thing["former"]) == ("waiting", True, None)
        assert thing["card"] == card
    for person in (world.teacher, world.classmate, world.partner, world.visitor):
        assert await held(person, wall_id) == []
    (thing,) = await queue(world.founder, world)
    assert await queue(world.teacher, world) == []
    assert (await decide(world.teacher, thing)).status == 404
    assert (await decide(world.pupil, thing)).status == 404
    assert (await decide(world.founder, thing)).status == 204
    assert await shown(world, wall_id) == {"one": "Bread"}
    assert await held(world.pupil, wall_id) == await queue(world.founder, world) == []
    again = await post(world.pupil, wall_id, "one", title="Bread")
    assert (again["waits"], again["author_id"], again["created_at_ms"]) == (
        False,
        world.pupil.user.id,  # type: ignore[union-attr]
        card["created_at_ms"],
    )


async def test_each_school_has_its_own_queue(world: World, wall_id: str) -> None:
    await post(world.pupil, wall_id, "from-a")
    await post(world.partner, wall_id, "from-b")
    (of_a,), (of_b,) = await queue(world.founder, world), await queue(world.teacher, world)
    assert (of_a["id"], of_b["id"]) == ("from-a", "from-b")
    assert (await decide(world.founder, of_b)).status == 404
    assert (await decide(world.teacher, of_b)).status == 204
    assert await shown(world, wall_id) == {"from-b": "A card"}


async def test_teachers_cards_wait_for_nobody(world: World, wall_id: str) -> None:
    for number, person in enumerate((world.founder, world.teacher, await world.person_of("librarian"))):
        assert (await post(person, wall_id, f"card-{number}"))["waits"] is False
    assert len(await shown(world, wall_id)) == 3


async def test_a_change_of_an_approved_card_passes_the_gate_again_while_the_others_see_what_was_approved(
    world: World, wall_id: str
) -> None:
    await post(world.pupil, wall_id, "one", title="Bread", text="White")
    await decide(world.founder, (await queue(world.founder, world))[0])
    cards = f"/api/v1/walls/{wall_id}/cards/one"
    changed = await world.pupil.call("PATCH", cards, {"title": "Rude"})
    assert (changed.status, changed.body["title"], changed.body["text"]) == (200, "Rude", "White")
    assert changed.body["waits"] is True
    assert await shown(world, wall_id) == {"one": "Bread"}
    (thing,) = await queue(world.founder, world)
    assert (thing["is_new"], thing["card"]["title"], thing["former"]["title"]) == (False, "Rude", "Bread")
    # A second change is one with the first; and what was seen before it can't be let through any more.
    await world.pupil.call("PATCH", cards, {"text": "Brown"})
    assert (await decide(world.founder, thing)).status == 409
    (newer,) = await queue(world.founder, world)
    assert (newer["card"]["title"], newer["card"]["text"]) == ("Rude", "Brown")
    # Changed back to what is there: nothing is left to decide.
    back = await world.pupil.call("PATCH", cards, {"title": "Bread", "text": "White"})
    assert back.body["waits"] is False and await queue(world.founder, world) == []
    await world.pupil.call("PATCH", cards, {"tint": 5})
    (thing,) = await queue(world.founder, world)
    assert (await decide(world.founder, thing)).status == 204
    card = await world.hub.context.live_docs.read(thing["content_id"], "wall", lambda doc: wall.get_card(doc, "one"))
    assert (card["title"], card["text"], card["tint"]) == ("Bread", "White", 5)


async def test_what_is_refused_comes_back_to_its_author_with_the_reason(world: World, wall_id: str) -> None:
    socket = await world.pupil.socket()
    await post(world.pupil, wall_id, "one", title="Stupid bread")
    (thing,) = await queue(world.founder, world)
    assert (await decide(world.founder, thing, "refusal", reason=" ")).status == 400
    assert (await decide(world.founder, thing, "refusal", reason="Say it kindly.")).status == 204
    notice = await socket.expect("notice:added", lambda data: data["kind"] == "refused")
    assert notice["details"] == {"title": "Our morning", "kind": "wall"}
    (mine,) = await held(world.pupil, wall_id)
    assert (mine["state"], mine["reason"]) == ("refused", "Say it kindly.")
    assert await queue(world.founder, world) == []
    assert (await decide(world.founder, mine)).status == 409
    for person in (world.teacher, world.partner, world.classmate):
        assert await held(person, wall_id) == []
    # Changed, it waits again; taken back, it is gone.
    changed = await world.pupil.call("PATCH", f"/api/v1/walls/{wall_id}/cards/one", {"title": "Bread"})
    assert changed.body["waits"] is True
    (again,) = await queue(world.founder, world)
    assert (again["state"], again["reason"], again["card"]["title"]) == ("waiting", "", "Bread")
    own = f"/api/v1/walls/{wall_id}/held/card/one"
    assert (await world.founder.call("DELETE", own)).status == 404
    assert (await world.pupil.call("DELETE", own)).status == 204
    assert await held(world.pupil, wall_id) == []


async def test_comments_and_their_changes_pass_the_same_gate(world: World, wall_id: str) -> None:
    await post(world.teacher, wall_id, "one")
    waiting = await comment(world.pupil, wall_id, "one", "k", "Nice!")
    assert waiting["waits"] is True and await said(world, wall_id) == []
    (thing,) = await queue(world.founder, world)
    assert (thing["kind"], thing["comment"]["text"], thing["card"]["id"]) == ("comment", "Nice!", "one")
    for person in (world.teacher, world.partner, world.classmate):
        assert await held(person, wall_id) == []
    assert (await decide(world.founder, thing)).status == 204
    assert await said(world, wall_id) == ["Nice!"]
    path = f"/api/v1/walls/{wall_id}/comments/k"
    changed = await world.pupil.call("PATCH", path, {"text": "Ugly!"})
    assert changed.body["waits"] is True and await said(world, wall_id) == ["Nice!"]
    (thing,) = await queue(world.founder, world)
    assert (thing["comment"]["text"], thing["former_comment"]["text"]) == ("Ugly!", "Nice!")
    assert (await world.pupil.call("PATCH", path, {"text": "Nice!"})).body["waits"] is False
    assert await queue(world.founder, world) == []
    # Others' comments are theirs; teachers take them off.
    assert (await world.partner.call("PATCH", path, {"text": "Mine"})).status == 404
    assert (await world.founder.call("PATCH", path, {"text": "Mine"})).status == 404
    assert (await world.partner.call("DELETE", path)).status == 404
    assert (await world.teacher.call("DELETE", path)).status == 204
    assert await said(world, wall_id) == []
    assert (await comment(world.founder, wall_id, "one", "k2", "Mine"))["waits"] is False
    absent = await world.pupil.call(
        "POST", f"/api/v1/walls/{wall_id}/cards/absent/comments", {"client_comment_id": "x", "text": "Hm"}
    )
    assert (absent.status, absent.code) == (404, "not_found")


@pytest.mark.slow
async def test_CW9_nobody_elses_client_finds_what_waits_by_any_way_there_is(world: World, wall_id: str) -> None:
    """HTTP, Socket.IO, both Yjs doors, search, snapshots, what is shown outside: a patched client can only ask."""
    secret = f"geheim{secrets.token_hex(8)}"
    await world.founder.call("PUT", f"/api/v1/contents/{wall_id}/visibility", {"visibility": "public"})
    await post(world.founder, wall_id, "shown", title="Shown to all")
    await post(world.pupil, wall_id, "own", title="Approved")
    await decide(world.founder, (await queue(world.founder, world))[0])
    listeners = {who: await world.people[who].socket() for who in ("teacher", "partner", "classmate", "visitor")}
    for socket in listeners.values():
        await socket.enter(world.twinspace_id)
        socket.heard()
    await post(world.pupil, wall_id, "new", title=secret)
    await world.pupil.call("PATCH", f"/api/v1/walls/{wall_id}/cards/own", {"text": secret})
    await comment(world.pupil, wall_id, "shown", "k", secret)
    await world.hub.context.search_index.settle()
    snapshot = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Now"})
    prepared = await prepare(world, "founder")
    ids = {**prepared.ids, "content_id": wall_id, "wall_id": wall_id, "snapshot_id": snapshot.body["id"]}
    needle = secret.encode()

    for who, socket in listeners.items():
        person = world.people[who]
        for route in in_order(ROUTES):
            if route.method == "GET" and route.body == "json":
                case = cases.ROUTES[f"{route.method} {route.path}"]
                path = case.path(route.path, Prepared(world, ids))
                answer = await person.call(route.method, path, **case.request(route, ids))
                found = json.dumps(answer.body).encode() if not isinstance(answer.body, bytes) else answer.body
                assert needle not in found, (who, route.path)
        hits = await person.call("GET", f"/api/v1/search?q={secret}&twinspace_id={world.twinspace_id}")
        assert needle not in json.dumps(hits.body).replace(f'"{secret}"', "", 1).encode() or hits.status != 200
        for event in EVENTS:
            assert secret not in json.dumps(await socket.call(event.name, cases.EVENTS[event.name].body(ids)))
        assert secret not in json.dumps(socket.heard()), who
        async with open_document(person, wall_id) as document:
            assert needle not in await document.state(), who
        async with open_collab(person, wall_id) as collab:
            await collab.sign_in(person.token or "")
            assert needle not in await collab.state(), who
        for kind, held_id in (("card", "new"), ("card", "own"), ("comment", "k")):
            thing = {"content_id": wall_id, "kind": kind, "id": held_id, "revision": 1}
            for how, body in (("approval", {}), ("refusal", {"reason": "Mine"})):
                assert (await decide(person, thing, how, **body)).status == 404, (who, kind, how)
            taken = await person.call("DELETE", f"/api/v1/walls/{wall_id}/held/{kind}/{held_id}")
            assert taken.status == 404
        # Nor does asking for the same id, or commenting on it, tell anything of it.
        hidden = await person.call(
            "POST", f"/api/v1/walls/{wall_id}/cards/new/comments", {"client_comment_id": "x", "text": "?"}
        )
        assert hidden.status == 404, who
        changed = await person.call("PATCH", f"/api/v1/walls/{wall_id}/cards/new", {"title": "Mine"})
        absent = await person.call("PATCH", f"/api/v1/walls/{wall_id}/cards/absent", {"title": "Mine"})
        assert (changed.status, changed.body) == (absent.status, absent.body)

    # Nothing of it is in what is kept of the wall, or handed out to others.
    kept = await world.hub.context.live_docs.state(wall_id)  # type: ignore[arg-type]
    assert needle not in kept
    own = await world.teacher.call("GET", f"{world.path}/held")
    assert secret not in json.dumps(own.body)
    assert len(await held(world.founder, wall_id)) == 3


async def test_a_yjs_client_of_the_author_can_not_write_the_wall_itself(world: World, wall_id: str) -> None:
    from pycrdt import Doc, Map

    forged: Doc[Any] = Doc()
    forged.get("cards", type=Map)["forged"] = Map({"title": "Forged", "position": "a0"})
    async with open_document(world.pupil, wall_id) as document:
        await document.update(forged.get_update())
        await document.sync()
    assert await shown(world, wall_id) == {}


async def test_approvals_are_on_the_right_desks_at_once(world: World, wall_id: str) -> None:
    teacher, partner, author = [await world.people[who].socket() for who in ("founder", "teacher", "pupil")]
    for socket in (teacher, partner, author):
        await socket.enter(world.twinspace_id)
    await post(world.pupil, wall_id, "one")
    for socket in (teacher, author):
        told = await socket.expect("held:changed")
        assert told == {"twinspace_id": world.twinspace_id, "content_id": wall_id}
    await teacher.expect("desk:changed", lambda data: data["source"] == "approval")
    waiting = (await world.founder.get("/api/v1/me/desk"))["waiting"]
    assert [(each["source"], each["count"]) for each in waiting if each["source"] == "approval"] == [("approval", 1)]
    assert "approval" not in [each["source"] for each in (await world.teacher.get("/api/v1/me/desk"))["waiting"]]
    await decide(world.founder, (await queue(world.founder, world))[0])
    await author.expect("held:changed")
    heard = [name for name, _ in partner.heard()]
    assert "held:changed" not in heard and "desk:changed" not in heard


async def test_a_card_that_waits_can_be_placed_and_taken_off_by_its_author(world: World, wall_id: str) -> None:
    for card_id in ("a", "b"):
        await post(world.founder, wall_id, card_id)
    await post(world.pupil, wall_id, "c")
    path = f"/api/v1/walls/{wall_id}/cards/c"
    assert (await world.pupil.call("POST", f"{path}/move", {"after_card_id": "a"})).body["waits"] is True
    (thing,) = await queue(world.founder, world)
    await decide(world.founder, thing)
    assert list(await shown(world, wall_id)) == ["a", "c", "b"]
    moved = await world.pupil.call("POST", f"{path}/move", {"after_card_id": None})
    assert moved.body["waits"] is False and list(await shown(world, wall_id)) == ["c", "a", "b"]
    await comment(world.partner, wall_id, "c", "k", "Nice")
    await world.pupil.call("PATCH", path, {"title": "Other"})
    assert (await world.pupil.call("DELETE", path)).status == 204
    assert await queue(world.founder, world) == await queue(world.teacher, world) == []
    await post(world.pupil, wall_id, "d")
    assert (await world.partner.call("DELETE", f"/api/v1/walls/{wall_id}/cards/d")).status == 404
    assert (await world.founder.call("DELETE", f"/api/v1/walls/{wall_id}/cards/d")).status == 404
    assert (await world.pupil.call("DELETE", f"/api/v1/walls/{wall_id}/cards/d")).status == 204
    assert await held(world.pupil, wall_id) == []


async def test_reactions_stars_and_votes_are_one_of_each_from_everybody(world: World, wall_id: str) -> None:
    await post(world.founder, wall_id, "one")
    path = f"/api/v1/walls/{wall_id}/cards/one/mark"
    for person, body in (
        (world.pupil, {"reaction": "heart", "stars": 4}),
        (world.pupil, {"reaction": "clap"}),
        (world.partner, {"vote": True}),
        (world.teacher, {"stars": 5}),
        (world.teacher, {"stars": 0}),
    ):
        assert (await person.call("PUT", path, body)).status == 200
    (block,) = await world.hub.context.live_docs.read(wall_id, "wall", wall.blocks)  # type: ignore[arg-type]
    assert block["marks"] == {"reactions": {"clap": 1}, "stars": {"4": 1}, "votes": 1, "choices": {}}
    for body in ({"reaction": "rude"}, {"stars": 6}, {"likes": 1}):
        assert (await world.pupil.call("PUT", path, body)).status == 400
    assert (await world.visitor.call("PUT", path, {"vote": True})).status == 404
    assert (await world.pupil.call("PUT", path.replace("one", "absent"), {"vote": True})).status == 404


async def test_a_hidden_comment_leaves_the_wall_and_its_snapshots_and_comes_back(world: World, wall_id: str) -> None:
    await post(world.founder, wall_id, "one")
    await comment(world.teacher, wall_id, "one", "k", "Hmpf")
    kept = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Now"})

    async def kept_words() -> list[str]:
        block = (await world.pupil.get(f"/api/v1/snapshots/{kept.body['id']}/contents/{wall_id}"))["blocks"][0]
        return [each["text"] for each in block["comments"]]

    assert await kept_words() == await said(world, wall_id) == ["Hmpf"]
    subject = {"kind": "comment", "subject_id": f"{wall_id}:k", "reason": "mean"}
    assert (await world.pupil.call("POST", f"{world.path}/reports", subject)).status == 201
    assert (await world.founder.call("POST", f"{world.path}/hidden", subject)).status == 204
    assert await kept_words() == await said(world, wall_id) == []
    assert (await world.founder.call("DELETE", f"{world.path}/hidden/comment/{wall_id}:k")).status == 204
    assert await kept_words() == await said(world, wall_id) == ["Hmpf"]
    assert (await world.founder.call("POST", f"{world.path}/hidden", subject)).status == 204
    assert (await world.founder.call("DELETE", f"{world.path}/erased/comment/{wall_id}:k")).status == 204
    assert await kept_words() == await said(world, wall_id) == []
