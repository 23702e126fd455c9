"""One valid request for every row of the table, so that tests can walk it. A row without a case fails the suite."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hub.access import MATRIX, Act
from hub.table import Route
from storage.records import Recording, RecordingId, Registration, SchoolId, User, UserId
from tests.hub.world import World

SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
"""Well-formed and empty: who may meet is told what is wrong with it, nobody else learns anything."""


PLAN = {
    "title": "Breads of Europe",
    "programme": "ka2",
    "stage": "lower_secondary",
    "subjects": ["Cooking"],
    "languages": ["es", "pl"],
    "starts_on": "2026-09-01",
    "ends_on": "2027-06-30",
    "room_title": "Our room",
}
CHANGED_PLAN = {name: value for name, value in PLAN.items() if name != "room_title"}


def partner_of(world: World) -> str:
    """The sign-in name of a teacher of the other school."""
    assert world.teacher.user is not None
    return world.teacher.user.name


@dataclass(frozen=True)
class Prepared:
    """A TwinSpace in which everything exists that a request can name."""

    world: World
    ids: dict[str, str]

    def without(self) -> Prepared:
        """The same requests, for things that are not there."""
        return Prepared(self.world, {name: "absent" for name in self.ids})


async def prepare(world: World, author: str) -> Prepared:
    """`author` is the role that will send the requests: cards are theirs if they may have any."""
    document_id = await world.create("document", "A document")
    wall_id = await world.create("wall", "A wall")
    form_id = await world.create_form()
    await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")
    person = world.people[author]
    school = "b" if person.user and person.user.school_id == "school-b" else "a"
    pupil = await world.add("pupil", "pupil", school)
    cards = f"/api/v1/walls/{wall_id}/cards"
    poster = person if Act.WRITE in MATRIX.get(author, ()) else world.founder
    for card_id in ("card-1", "card-2"):
        posted = await poster.call("POST", cards, {"client_card_id": card_id, "title": "A card"})
        assert posted.status == 201, posted
    proposed = await world.founder.call("POST", "/api/v1/foundings", {**PLAN, "partner": partner_of(world)})
    assert proposed.status == 201, proposed
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "A snapshot"})
    return Prepared(
        world,
        {
            "twinspace_id": world.twinspace_id,
            "room_id": world.room_id,
            "content_id": document_id,
            "wall_id": wall_id,
            "form_id": form_id,
            "snapshot_id": taken.body["id"],
            "user_id": UserId(pupil.user.id) if pupil.user else "absent",
            "card_id": "card-1",
            "recording_id": await keep_recording(world),
            "file_id": "a-file",
            "peer_id": "a-peer",
            "viewer_id": "a-viewer",
            "country": "ES",
            "waiting_id": await add_waiting(world),
            "login_id": "a-login",
            "link_id": "a-link",
            "founding_id": proposed.body["twinspace_id"],
            "agreement": proposed.body["agreement"],
            "partner": partner_of(world),
        },
    )


async def add_waiting(world: World) -> str:
    """A teacher of school a, in Andalucía, who waits for a service."""
    number, storage = secrets.token_hex(4), world.hub.context.storage
    user = User(
        UserId(f"waiting-{number}"),
        f"waiting.{number}@school.example",
        "Waiting",
        "teacher",
        SchoolId("school-a"),
        "es",
        1,
        email=f"waiting.{number}@school.example",
        state="unconfirmed",
    )
    await storage.services.register(user, Registration(user.id, "Let me in.", 1), password_hash="none")
    await storage.users.set_state(user.id, "waiting")
    return user.id


async def keep_recording(world: World) -> str:
    """As if the meeting had been recorded."""
    storage, recording_id = world.hub.context.storage, RecordingId(f"recording-{world.twinspace_id}")
    assert world.founder.user is not None
    file = {
        "file_id": "a-file",
        "user_id": world.founder.user.id,
        "display_name": "A person",
        "source": "camera",
        "began_at_ms": 1,
        "size_bytes": 4,
        "blob": await storage.blobs.put(recording_id.encode()),
    }
    kept = Recording(recording_id, world.twinspace_id, world.room_id, world.founder.user.id, 1, 2, "stopped", [file])
    await storage.recordings.add(kept)
    return recording_id


LAST = (
    "POST /api/v1/forms/{content_id}/versions",
    "DELETE /api/v1/twinspaces",
    "DELETE /api/v1/pupils",
    "DELETE",
    "POST /api/v1/logout",
)
"""What takes away what the others need: the form's version, cards, the token."""


def in_order(routes: Iterable[Route]) -> list[Route]:
    def place(route: Route) -> int:
        return next((n for n, start in enumerate(LAST, 1) if f"{route.method} {route.path}".startswith(start)), 0)

    return sorted(routes, key=place)


@dataclass(frozen=True)
class Case:
    """`ids` says which prepared thing a path parameter names; `succeeds` is false where only a refusal can be shown."""

    body: Callable[[dict[str, str]], Any] = lambda ids: None
    ids: tuple[tuple[str, str], ...] = ()
    succeeds: bool = True

    def path(self, template: str, prepared: Prepared) -> str:
        names = dict(self.ids)
        path = template
        for part in template.split("/"):
            if part.startswith("{"):
                name = part.strip("{}")
                path = path.replace(part, prepared.ids[names.get(name, name)])
        return path


WALL = (("content_id", "wall_id"),)
FORM = (("content_id", "form_id"),)
FOUNDING = (("twinspace_id", "founding_id"),)


def consent(ids: dict[str, str]) -> dict[str, Any]:
    """What a teacher writes down when a paper came back."""
    return {
        "user_ids": [ids["user_id"]],
        "purposes": ["live_voice"],
        "granted": True,
        "given_by": "guardian",
        "how": "paper",
        "given_on": "2026-09-01",
    }


ROUTES: dict[str, Case] = {
    "GET /healthz": Case(),
    "GET /readyz": Case(),
    "GET /metrics": Case(),
    "GET /api/v1/openapi.json": Case(),
    "GET /api/v1/countries": Case(),
    "GET /api/v1/countries/{country}/schools": Case(),
    "POST /api/v1/login": Case(lambda ids: {"class_key": "no-such-card"}, succeeds=False),
    "POST /api/v1/logout": Case(lambda ids: {}),
    "GET /api/v1/me": Case(),
    "PATCH /api/v1/me": Case(lambda ids: {"language": "pl"}),
    "GET /api/v1/me/logins": Case(),
    "DELETE /api/v1/me/logins/{login_id}": Case(succeeds=False),
    "POST /api/v1/me/logins/end_others": Case(),
    "POST /api/v1/me/second_factor": Case(),
    "POST /api/v1/me/second_factor/proof": Case(lambda ids: {"code": "000000"}, succeeds=False),
    "DELETE /api/v1/me/second_factor": Case(),
    "POST /api/v1/registrations": Case(
        lambda ids: {
            "email": "case@school.example",
            "password": "a long enough one",
            "display_name": "Case",
            "language": "es",
            "country": "ES",
            "school_id": "school-a",
        }
    ),
    "POST /api/v1/registrations/confirm": Case(lambda ids: {"secret": "none", "password": "none"}, succeeds=False),
    "POST /api/v1/password/forgotten": Case(lambda ids: {"email": "nobody@school.example"}),
    "POST /api/v1/password": Case(lambda ids: {"secret": "none", "password": "a long enough one"}, succeeds=False),
    "GET /api/v1/me/registration": Case(succeeds=False),
    "GET /api/v1/registrations": Case(),
    "POST /api/v1/registrations/{user_id}/decision": Case(
        lambda ids: {"decision": "accepted"}, (("user_id", "waiting_id"),)
    ),
    "GET /api/v1/pupils": Case(),
    "POST /api/v1/pupils": Case(lambda ids: {"first_names": ["Olek"], "language": "pl"}),
    "POST /api/v1/pupils/class_cards": Case(lambda ids: {"user_ids": [ids["user_id"]]}),
    "POST /api/v1/pupils/class_cards/print": Case(
        lambda ids: {"language": "pl", "cards": [{"display_name": "Olek", "words": "a-b-c-1234"}]}
    ),
    "DELETE /api/v1/pupils/{user_id}": Case(),
    "GET /api/v1/twinspaces": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/members/{user_id}/class_card": Case(lambda ids: {}),
    "GET /api/v1/twinspaces/{twinspace_id}/guest_links": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/guest_links": Case(lambda ids: {"title": "Parents"}),
    "DELETE /api/v1/twinspaces/{twinspace_id}/guest_links/{link_id}": Case(succeeds=False),
    "POST /api/v1/twinspaces/{twinspace_id}/guests/{user_id}": Case(succeeds=False),
    "DELETE /api/v1/twinspaces/{twinspace_id}/guests/{user_id}": Case(succeeds=False),
    "POST /api/v1/guests": Case(
        lambda ids: {"secret": "none", "display_name": "Guest", "language": "es"}, succeeds=False
    ),
    "POST /api/v1/twinspaces/{twinspace_id}/members": Case(lambda ids: {"user_ids": [ids["user_id"]]}),
    "DELETE /api/v1/twinspaces/{twinspace_id}/members/{user_id}": Case(),
    "GET /api/v1/foundings": Case(),
    "POST /api/v1/foundings": Case(lambda ids: {**PLAN, "partner": ids["partner"]}),
    "GET /api/v1/foundings/{twinspace_id}": Case(ids=FOUNDING),
    "PATCH /api/v1/foundings/{twinspace_id}": Case(lambda ids: CHANGED_PLAN, FOUNDING),
    "DELETE /api/v1/foundings/{twinspace_id}": Case(ids=FOUNDING),
    "POST /api/v1/foundings/{twinspace_id}/signature": Case(lambda ids: {"agreement": ids["agreement"]}, FOUNDING),
    # Nobody may decide what nobody has signed; tests/hub/test_foundings.py goes the whole way.
    "POST /api/v1/foundings/{twinspace_id}/verdict": Case(
        lambda ids: {"agreement": ids["agreement"], "approved": True}, FOUNDING, succeeds=False
    ),
    "GET /api/v1/twinspaces/{twinspace_id}/life": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/phase": Case(
        lambda ids: {"former": "during", "phase": "after", "although_missing": True}
    ),
    "POST /api/v1/twinspaces/{twinspace_id}/reopening": Case(lambda ids: {"former": "during"}, succeeds=False),
    "GET /api/v1/me/consents": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/consents": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/consents": Case(consent),
    "GET /api/v1/twinspaces/{twinspace_id}/consents/{user_id}": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/contents": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/contents": Case(lambda ids: {"kind": "document", "title": "New"}),
    "GET /api/v1/contents/{content_id}": Case(),
    "GET /api/v1/contents/{content_id}/authorship": Case(),
    "PATCH /api/v1/contents/{content_id}": Case(lambda ids: {"title": "Renamed"}),
    "GET /api/v1/twinspaces/{twinspace_id}/messages": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/messages": Case(lambda ids: {"text": "Hello"}),
    "GET /api/v1/twinspaces/{twinspace_id}/journal": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/snapshots": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/snapshots": Case(lambda ids: {"title": "Another"}),
    "GET /api/v1/snapshots/{snapshot_id}": Case(),
    "GET /api/v1/snapshots/{snapshot_id}/contents/{content_id}": Case(),
    "POST /api/v1/walls/{content_id}/cards": Case(lambda ids: {"client_card_id": "new", "title": "New"}, WALL),
    "PATCH /api/v1/walls/{content_id}/cards/{card_id}": Case(lambda ids: {"tint": 2}, WALL),
    "POST /api/v1/walls/{content_id}/cards/{card_id}/move": Case(lambda ids: {"after_card_id": "card-2"}, WALL),
    "DELETE /api/v1/walls/{content_id}/cards/{card_id}": Case(ids=WALL),
    "POST /api/v1/forms/{content_id}/versions": Case(ids=FORM),
    "GET /api/v1/forms/{content_id}": Case(ids=FORM),
    "PUT /api/v1/forms/{content_id}/response": Case(lambda ids: {"version": 1, "answers": {"one": "a"}}, FORM),
    "GET /api/v1/forms/{content_id}/results": Case(ids=FORM),
    "GET /api/v1/twinspaces/{twinspace_id}/rooms": Case(),
    "GET /api/v1/rooms/{room_id}/peers": Case(),
    "GET /api/v1/rooms/{room_id}/lines": Case(),
    # Nobody is in the meeting; tests/hub/test_recordings.py records a real one.
    "GET /api/v1/rooms/{room_id}/recording": Case(),
    "POST /api/v1/rooms/{room_id}/recording": Case(lambda ids: {}, succeeds=False),
    "DELETE /api/v1/rooms/{room_id}/recording": Case(succeeds=False),
    "PUT /api/v1/rooms/{room_id}/recording/me": Case(lambda ids: {"include_me": False}, succeeds=False),
    "GET /api/v1/twinspaces/{twinspace_id}/recordings": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/recordings/{recording_id}/files/{file_id}": Case(),
    "DELETE /api/v1/twinspaces/{twinspace_id}/recordings/{recording_id}": Case(),
    # Real offers are tests/hub/test_rooms.py's business; here it matters who gets as far as being told what is wrong.
    "POST /whip/{room_id}": Case(lambda ids: SDP, succeeds=False),
    "PATCH /whip/{room_id}/{peer_id}": Case(lambda ids: SDP, succeeds=False),
    "DELETE /whip/{room_id}/{peer_id}": Case(succeeds=False),
    "POST /whep/{room_id}/{peer_id}": Case(lambda ids: SDP, succeeds=False),
    "PATCH /whep/{room_id}/{peer_id}/{viewer_id}": Case(lambda ids: SDP, succeeds=False),
    "DELETE /whep/{room_id}/{peer_id}/{viewer_id}": Case(succeeds=False),
}

EVENTS: dict[str, Case] = {
    "twinspace:enter": Case(lambda ids: {"twinspace_id": ids["twinspace_id"]}),
    "twinspace:leave": Case(lambda ids: {"twinspace_id": ids["twinspace_id"]}),
    "chat:post": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "client_message_id": "case", "text": "Hello"}),
    "chat:since": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "seq": 0}),
    "room:join": Case(lambda ids: {"room_id": ids["room_id"]}),
    "room:leave": Case(lambda ids: {"room_id": ids["room_id"]}),
    "room:publish": Case(lambda ids: {"room_id": ids["room_id"], "sdp": SDP, "tracks": []}, succeeds=False),
    "room:subscribe": Case(lambda ids: {"room_id": ids["room_id"], "sdp": SDP, "tracks": []}, succeeds=False),
    "room:prefer": Case(lambda ids: {"room_id": ids["room_id"], "tracks": []}, succeeds=False),
    "room:mute": Case(lambda ids: {"room_id": ids["room_id"], "track_id": "a-track", "muted": True}, succeeds=False),
}
