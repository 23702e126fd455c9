"""A pupil's first name at the partner school: everywhere it could be read, without the consent and with it."""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio

from crdt_docs.content import wall, wall_talk
from hub.auth import open_login
from hub.consent_watch import ConsentWatch
from hub.names import pseudonym
from hub.protocol import EVENTS, ROUTES
from storage.records import ContentId, Member, SchoolId, User, UserId
from tests.hub import cases
from tests.hub.cases import Prepared, in_order, prepare
from tests.hub.world import Person, World, make_person
from tests.hub.yjs_client import REFUSED, counted, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

STRANGERS = ("teacher", "visitor")
"""Members of the other school; the pupil and `founder` are of one."""


@dataclass
class Named:
    world: World
    prepared: Prepared
    pupil: Person
    user: User
    wall_id: str
    snapshot_id: str
    peer: Any = None

    @property
    def first_name(self) -> str:
        return self.user.display_name

    @property
    def pseudonym(self) -> str:
        return pseudonym(self.user)

    async def consent(self, granted: bool, **how: Any) -> None:
        body = {
            "user_ids": [self.user.id],
            "purposes": ["first_name_to_partner"],
            "granted": granted,
            "given_by": "guardian",
            "of_age": False,
            "how": "paper",
            "given_on": "2026-09-01",
            **how,
        }
        answer = await self.world.founder.call("POST", f"{self.world.path}/consents", body)
        assert answer.status == 200, answer


async def make_named(world: World) -> Named:
    """A pupil whose name stands nowhere else, and who has left a trace in every part of the hub."""
    storage, number = world.hub.context.storage, secrets.token_hex(5)
    pupil = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "pupil")
    assert pupil.user is not None
    user = replace(pupil.user, id=UserId(f"named-{number}"), name=f"pupil:{number}", display_name=f"Zofia{number}")
    await storage.users.add_user(user)
    now_ms = world.hub.context.now_ms()
    _, token = await open_login(storage, user, "token", days=1, now_ms=now_ms)
    person = world.people["named"] = Person(world.hub, world.founder.http, user, token)
    await storage.twinspaces.add_member(Member(world.twinspace_id, user.id, "pupil_editor", 1, now_ms))
    named = Named(world, Prepared(world, {}), person, user, "", "")
    await named.consent(True)
    await storage.consents.record(
        [user.id],
        ("live_voice", "live_camera"),
        granted=True,
        given_by="guardian",
        how="paper",
        given_on="2026-09-01",
        until_ms=None,
        own_age=14,
        recorded_by=user.id,
        at_ms=now_ms,
    )
    named.wall_id = await world.create("wall")
    card_id = f"card-{number}"
    await world.pin(person, named.wall_id, card_id, title="Bread", text="Rye")
    said = await person.call(
        "POST",
        f"/api/v1/walls/{named.wall_id}/cards/{card_id}/comments",
        {"client_comment_id": "said", "text": "Mine"},
    )
    assert said.status == 201, said
    path = f"/api/v1/walls/{named.wall_id}/held/comment/said/approval"
    assert (await world.founder.call("POST", path, {"revision": 1})).status == 204
    message = {"client_message_id": f"m-{number}", "text": "Hello from here"}
    assert (await person.call("POST", f"{world.path}/messages", message)).status in (200, 201)
    content = await person.call("POST", f"{world.path}/contents", {"kind": "document", "title": "A diary"})
    assert content.status == 201, content
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "With names"})
    named.snapshot_id = taken.body["id"]
    about = {"kind": "member", "subject_id": user.id, "reason": "other", "words": "Look"}
    prepared = await prepare(world, "founder")
    await named.consent(False)
    assert (await world.founder.call("POST", f"{world.path}/reports", about)).status == 201
    ids = {**prepared.ids, "content_id": named.wall_id, "wall_id": named.wall_id, "snapshot_id": named.snapshot_id}
    named.prepared = Prepared(world, ids)
    return named


def awareness(state: Any) -> bytes:
    """A frame of y-websocket: one client says this of itself."""
    said = json.dumps(state).encode()
    update = bytes([1, 7, 1]) + counted(said)
    return bytes([1]) + counted(update)


@pytest_asyncio.fixture(loop_scope="session")
async def named(world: World) -> AsyncIterator[Named]:
    yield await make_named(world)


async def ask(named: Named, who: str, method: str, path: str) -> str:
    route = next(each for each in ROUTES if (each.method, each.path) == (method, path))
    case = cases.ROUTES[f"{method} {path}"]
    answer = await named.world.people[who].call(
        method, case.path(path, named.prepared), **case.request(route, named.prepared.ids)
    )
    return answer.body.decode(errors="replace") if isinstance(answer.body, bytes) else json.dumps(answer.body)


async def read_everything(named: Named, who: str) -> dict[str, str]:
    """What every reading route and every event answers, by its name."""
    said = {}
    for route in in_order(ROUTES):
        if route.method == "GET" and route.body == "json":
            said[f"GET {route.path}"] = await ask(named, who, "GET", route.path)
    for path in (
        f"/api/v1/snapshots/{named.snapshot_id}/contents/{named.wall_id}",
        "/api/v1/search?q=hello",
        "/api/v1/search?q=diary",
        "/api/v1/search?q=bread",
    ):
        said[f"GET {path}"] = json.dumps((await named.world.people[who].call("GET", path)).body)
    socket = await named.world.people[who].socket()
    await socket.enter(named.world.twinspace_id)
    for event in EVENTS:
        said[event.name] = json.dumps(await socket.call(event.name, cases.EVENTS[event.name].body(named.prepared.ids)))
    await socket.close()
    return said


MEMBERS = "GET /api/v1/twinspaces/{twinspace_id}"
WHERE_NAMED = (MEMBERS, "GET /api/v1/twinspaces/{twinspace_id}/messages")


@pytest.mark.slow
async def test_no_route_and_no_event_tells_the_other_school_the_first_name(named: Named) -> None:
    for who in STRANGERS:
        said = await read_everything(named, who)
        assert [where for where, text in said.items() if named.first_name in text] == [], who
        assert all(named.pseudonym in said[where] for where in WHERE_NAMED), who
    own = await read_everything(named, "founder")
    assert all(named.first_name in own[where] for where in WHERE_NAMED)


async def test_with_the_consent_they_read_the_first_name_at_once(named: Named) -> None:
    await named.consent(True)
    for who in STRANGERS:
        for where in WHERE_NAMED:
            text = await ask(named, who, *where.split(" ", 1))  # type: ignore[misc]
            assert named.first_name in text and named.pseudonym not in text, (who, where)


async def test_what_everybody_hears_at_once_has_the_name_for_everybody(named: Named) -> None:
    world = named.world
    heard = await world.teacher.socket()
    await heard.enter(world.twinspace_id)
    for granted in (False, True):
        await named.consent(granted)
        expected = named.first_name if granted else named.pseudonym
        message = {"client_message_id": secrets.token_hex(4), "text": "And now?"}
        own = await named.pupil.call("POST", f"{world.path}/messages", message)
        assert own.body["display_name"] == named.first_name, "one's own name is no secret"
        posted = await heard.expect("chat:posted", lambda data: data["text"] == "And now?")
        assert posted["display_name"] == expected
        renamed = await named.pupil.call("POST", f"{world.path}/contents", {"kind": "document", "title": "Another"})
        assert renamed.status == 201
        entry = await heard.expect("journal:recorded", lambda data: data["user_id"] == named.user.id)
        assert entry["display_name"] == expected


async def test_in_a_meeting_the_peer_is_called_by_the_name_for_everybody(named: Named) -> None:
    world = named.world
    watching, own = await world.teacher.socket(), await named.pupil.socket()
    joined = await watching.call("room:join", {"room_id": world.room_id})
    assert joined["ok"], joined
    assert (await own.call("room:join", {"room_id": world.room_id}))["ok"]
    peer = (await watching.expect("room:peer_joined"))["peer"]
    assert (peer["user_id"], peer["display_name"]) == (named.user.id, named.pseudonym)
    for granted in (True, False):
        await named.consent(granted)
        again = (await watching.expect("room:peer_joined"))["peer"]
        assert again["display_name"] == (named.first_name if granted else named.pseudonym)


async def test_cards_and_awareness_carry_the_name_for_everybody_and_follow_the_consent(named: Named) -> None:
    world, context = named.world, named.world.hub.context

    async def author_on_card() -> str:
        (card,) = await context.live_docs.read(ContentId(named.wall_id), "wall", wall.cards)
        (comment,) = await context.live_docs.read(ContentId(named.wall_id), "wall", wall_talk.comments)
        assert comment["author_name"] == card["author_name"]
        return str(card["author_name"])

    assert await author_on_card() == named.pseudonym, "the consent was withdrawn after the card was posted"
    document_id = await world.create("document")
    async with open_document(world.teacher, document_id) as partner:
        assert await partner.sync()
        for granted, called in ((True, named.pseudonym), (False, named.first_name)):
            async with open_document(named.pupil, document_id) as own:
                assert await own.sync()
                await own.socket.send_bytes(awareness({"user": {"id": named.user.id, "name": named.first_name}}))
                await partner.hear(called.encode())
                await named.consent(granted)
                assert await own.ended() not in REFUSED, "it opens again, under the other name"
    await named.consent(True)
    assert await author_on_card() == named.first_name


async def test_on_cards_a_name_ends_with_the_last_day_of_its_consent(
    named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = named.world.hub.context

    async def author_on_card() -> str:
        (card,) = await context.live_docs.read(ContentId(named.wall_id), "wall", wall.cards)
        return str(card["author_name"])

    now_ms = context.now_ms()
    watch = ConsentWatch(context)
    last_day = datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date().isoformat()
    await named.consent(True, until_on=last_day)
    assert await author_on_card() == named.first_name
    monkeypatch.setattr(context, "now_ms", lambda: now_ms + 86_400_000)
    await watch.carry_out_ends()
    assert await author_on_card() == named.pseudonym


async def test_a_teacher_of_the_pupils_school_reads_what_others_call_them(named: Named) -> None:
    sheet = await named.world.founder.get(f"{named.world.path}/consents")
    (row,) = [each for each in sheet["pupils"] if each["user_id"] == named.user.id]
    assert (row["display_name"], row["pseudonym"]) == (named.first_name, named.pseudonym)
