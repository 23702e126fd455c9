"""People who use a real hub over real sockets: each test makes its own TwinSpace with one person of every role."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, cast, get_args

import aiohttp
import socketio

from hub.app import RunningHub
from hub.auth import open_login
from storage.ports import Storage
from storage.records import (
    ContentId,
    Member,
    Project,
    ProjectId,
    Purpose,
    Role,
    Room,
    RoomId,
    School,
    SchoolId,
    Service,
    ServiceLevel,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
    UserKind,
)

WAIT_S = 30
NOBODY = "nobody"
"""Who is not signed in."""
STRANGER = "stranger"
"""Signed in, and a member elsewhere."""
_numbers = itertools.count(1)
QUESTIONS: list[dict[str, Any]] = [
    {"id": "short", "type": "short_text", "label": "A word", "required": False},
    {"id": "long", "type": "long_text", "label": "A story", "required": False},
    {
        "id": "one",
        "type": "single_choice",
        "label": "One of these",
        "required": True,
        "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}],
    },
    {
        "id": "many",
        "type": "multiple_choice",
        "label": "Some of these",
        "required": False,
        "options": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}],
    },
    {"id": "scale", "type": "scale", "label": "How much", "required": False, "min": 1, "max": 5},
    {"id": "face", "type": "faces", "label": "How was it", "required": False},
]


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None


@dataclass
class Person:
    hub: RunningHub
    http: aiohttp.ClientSession
    user: User | None = None
    token: str | None = None
    sockets: list[Socket] = field(default_factory=list)

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        headers = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        async with self.http.request(method, self.hub.url + path, headers=headers, **options) as reply:
            raw = await reply.read()
            is_json = "json" in reply.headers.get("Content-Type", "")
            return Answer(reply.status, json.loads(raw) if is_json and raw else raw, reply.headers)

    async def get(self, path: str) -> Any:
        answer = await self.call("GET", path)
        assert answer.status == 200, answer
        return answer.body

    async def socket(self, **options: Any) -> Socket:
        socket = await Socket.connect(self.hub.url, {"token": self.token} if self.token else None, **options)
        self.sockets.append(socket)
        return socket

    async def close(self) -> None:
        for socket in self.sockets:
            await socket.close()


class Socket:
    """A stock Socket.IO client that remembers what the hub announced."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.disconnected = asyncio.Event()
        self.refusal: Any = None
        self._heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.client.on("*", self._hear)
        self.client.on("disconnect", self._lose)
        self.client.on("connect_error", self._refuse)

    async def _hear(self, event: str, data: Any) -> None:
        self._heard.put_nowait((event, data))

    async def _lose(self, *_: Any) -> None:
        self.disconnected.set()

    async def _refuse(self, data: Any) -> None:
        self.refusal = data

    @classmethod
    async def connect(cls, url: str, auth: Any, **options: Any) -> Self:
        socket = cls()
        options.setdefault("transports", ["websocket"])
        try:
            await socket.client.connect(url, auth=auth, wait_timeout=WAIT_S, **options)
        except socketio.exceptions.ConnectionError as error:
            await socket.close()
            raise ConnectionRefusedError(socket.refusal or str(error)) from None
        return socket

    async def call(self, event: str, *payload: Any) -> Any:
        data = payload[0] if len(payload) == 1 else payload
        return await self.client.call(event, data, timeout=WAIT_S)

    async def enter(self, twinspace_id: str) -> Any:
        reply = await self.call("twinspace:enter", {"twinspace_id": twinspace_id})
        assert reply["ok"], reply
        return reply

    async def expect(self, event: str, fits: Callable[[Any], bool] = lambda data: True) -> Any:
        """The next announcement of this name that fits; others are let go by."""
        async with asyncio.timeout(WAIT_S):
            while True:
                name, data = await self._heard.get()
                if name == event and fits(data):
                    return data

    async def next(self) -> tuple[str, Any]:
        """The next announcement, whatever it is."""
        async with asyncio.timeout(WAIT_S):
            return await self._heard.get()

    def heard(self) -> list[tuple[str, Any]]:
        """Everything that has come and was not waited for."""
        return [self._heard.get_nowait() for _ in range(self._heard.qsize())]

    async def close(self) -> None:
        await self.client.disconnect()


@dataclass
class World:
    """One TwinSpace of two schools; `people` by role, and a stranger and nobody."""

    hub: RunningHub
    twinspace_id: TwinspaceId
    room_id: RoomId
    people: dict[str, Person]

    def __getattr__(self, role: str) -> Person:
        try:
            return self.people[role]
        except KeyError:
            raise AttributeError(role) from None

    @property
    def path(self) -> str:
        return f"/api/v1/twinspaces/{self.twinspace_id}"

    async def create(self, kind: str, title: str = "Something") -> ContentId:
        answer = await self.founder.call("POST", f"{self.path}/contents", {"kind": kind, "title": title})
        assert answer.status == 201, answer
        return ContentId(answer.body["id"])

    async def pin(self, person: Person, wall_id: str, card_id: str, **fields: Any) -> None:
        """Put a card on a wall; a pupil's is let through by a teacher of the same school."""
        body = {"client_card_id": card_id, "title": "A card", **fields}
        posted = await person.call("POST", f"/api/v1/walls/{wall_id}/cards", body)
        assert posted.status == 201, posted
        if posted.body["waits"]:
            keeper = self.founder if posted.body["school_id"] == "school-a" else self.teacher
            path = f"/api/v1/walls/{wall_id}/held/card/{card_id}/approval"
            approved = await keeper.call("POST", path, {"revision": 1})
            assert approved.status == 204, approved

    async def create_form(self, questions: list[dict[str, Any]] = QUESTIONS) -> ContentId:
        """A form with these questions, as the builder would leave it; not published."""
        from crdt_docs.content import authoring

        content_id = await self.create("form", "A form")
        await self.hub.context.live_docs.edit(
            content_id, "form", lambda doc: authoring.write_questions(doc, questions), user_id=None
        )
        return content_id

    async def person_of(self, role: str) -> Person:
        """Who has this role here; made when first asked for."""
        if role not in self.people:
            kind, school_id = place_of(role)
            person = self.people[role] = await make_person(self.hub, self.founder.http, school_id, kind)
            assert person.user is not None
            member = Member(self.twinspace_id, person.user.id, cast(Role, role), 1, self.hub.context.now_ms())
            await self.hub.context.storage.twinspaces.add_member(member)
        return self.people[role]

    async def add(self, role: Role, kind: UserKind = "teacher", school: str = "a") -> Person:
        person = await make_person(self.hub, self.founder.http, SchoolId(f"school-{school}"), kind)
        assert person.user is not None
        await self.hub.context.storage.twinspaces.add_member(
            Member(self.twinspace_id, person.user.id, role, 1, self.hub.context.now_ms())
        )
        self.people[person.user.name] = person
        return person

    async def close(self) -> None:
        for person in self.people.values():
            await person.close()


async def make_person(hub: RunningHub, http: aiohttp.ClientSession, school_id: SchoolId, kind: UserKind) -> Person:
    number = next(_numbers)
    now_ms = hub.context.now_ms()
    user = User(UserId(f"user-{number}"), f"person{number}", f"Person {number}", kind, school_id, "en", now_ms)
    await hub.context.storage.users.add_user(user)
    if kind == "pupil":
        await give_consents(hub, user.id, now_ms)
    _, token = await open_login(hub.context.storage, user, "token", days=1, now_ms=now_ms)
    return Person(hub, http, user, token)


async def give_consents(hub: RunningHub, pupil_id: UserId, now_ms: int) -> None:
    """The pupils of these tests have every consent, unless a test takes one away."""
    await hub.context.storage.consents.record(
        [pupil_id],
        get_args(Purpose),
        granted=True,
        given_by="guardian",
        how="paper",
        given_on="2026-09-01",
        until_ms=None,
        own_age=14,
        recorded_by=pupil_id,
        at_ms=now_ms,
    )


async def add_schools(storage: Storage) -> None:
    """Once per hub, before its first world."""
    for letter, city, country, region in (("a", "Málaga", "ES", "Andalucía"), ("b", "Kraków", "PL", "")):
        await storage.users.add_school(
            School(SchoolId(f"school-{letter}"), f"School {letter}", city, country, "circle", region)
        )
    services: list[tuple[ServiceLevel, str, str]] = [
        ("central", "BE", ""),
        ("national", "ES", ""),
        ("regional", "ES", "Andalucía"),
    ]
    for level, country, region in services:
        service_id = SchoolId(f"service-{level}")
        await storage.users.add_school(School(service_id, f"The {level} service", "", country, "star", region))
        await storage.services.add(Service(service_id, level))


def place_of(standing: str) -> tuple[UserKind, SchoolId]:
    """Which kind of account somebody of this role or standing has, and where it belongs."""
    if standing.endswith("_staff"):
        return "staff", SchoolId(f"service-{standing.removesuffix('_staff')}")
    if standing == "guest":
        return "guest", SchoolId("school-a")
    return ("pupil" if standing.startswith("pupil") else "teacher"), SchoolId("school-a")


async def make_world(hub: RunningHub, http: aiohttp.ClientSession) -> World:
    storage, number, now_ms = hub.context.storage, next(_numbers), hub.context.now_ms()
    project = Project(ProjectId(f"project-{number}"), "A project", "", now_ms)
    await storage.twinspaces.add_project(project)
    twinspace = Twinspace(TwinspaceId(f"twinspace-{number}"), project.id, "A TwinSpace", "", now_ms)
    await storage.twinspaces.add(twinspace)
    room = Room(RoomId(f"room-{number}"), twinspace.id, "A room", now_ms)
    await storage.twinspaces.add_room(room)
    people = {NOBODY: Person(hub, http)}
    roles: list[tuple[Role, UserKind, str]] = [
        ("founder", "teacher", "a"),
        ("teacher", "teacher", "b"),
        ("pupil", "pupil", "a"),
        ("visitor", "teacher", "b"),
    ]
    for role, kind, school_letter in roles:
        person = people[role] = await make_person(hub, http, SchoolId(f"school-{school_letter}"), kind)
        assert person.user is not None
        await storage.twinspaces.add_member(Member(twinspace.id, person.user.id, role, 1, now_ms))
    people[STRANGER] = await make_person(hub, http, SchoolId("school-a"), "teacher")
    return World(hub, twinspace.id, room.id, people)
