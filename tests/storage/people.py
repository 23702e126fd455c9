"""A small world to hang rows on: one school, two people, one TwinSpace with a document, a form and a room."""

from __future__ import annotations

from dataclasses import replace

from storage import Storage
from storage.records import (
    Content,
    ContentId,
    Login,
    LoginId,
    Member,
    Project,
    ProjectId,
    Room,
    RoomId,
    School,
    SchoolId,
    SecondFactor,
    Ticket,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
)

SCHOOL = School(SchoolId("school"), "IES Picasso", "Málaga", "ES", "circle")
ANA = User(UserId("ana"), "teacher.es", "Ana", "teacher", SCHOOL.id, "es", 1)
LUCIA = User(UserId("lucia"), "pupil.es", "Lucía", "pupil", SCHOOL.id, "es", 2)
PROJECT = Project(ProjectId("project"), "Rivers", "Two rivers, two towns", 3)
SPACE = Twinspace(TwinspaceId("space"), PROJECT.id, "Rivers", "", 4)
OTHER_SPACE = Twinspace(TwinspaceId("other"), PROJECT.id, "Bridges", "", 3)
MEMBER = Member(SPACE.id, ANA.id, "founder", 1, 5)
DOCUMENT = Content(ContentId("document"), SPACE.id, "document", "Diary", ANA.id, 6, 6)
FORM = Content(ContentId("form"), SPACE.id, "form", "How was it?", ANA.id, 7, 7)
ROOM = Room(RoomId("room"), SPACE.id, "Class room", 8)


async def settle(storage: Storage) -> None:
    await storage.users.add_school(SCHOOL)
    await storage.users.add_user(ANA, password_hash="argon")
    await storage.users.add_user(LUCIA)
    await storage.twinspaces.add_project(PROJECT)
    await storage.twinspaces.add(SPACE)
    await storage.twinspaces.add(OTHER_SPACE)
    await storage.twinspaces.add_member(MEMBER)
    await storage.contents.add(DOCUMENT)
    await storage.contents.add(FORM)
    await storage.twinspaces.add_room(ROOM)


def ticket(**changes: object) -> Ticket:
    return replace(Ticket(b"secret", "confirm_email", ANA.id, 10, 99), **changes)  # type: ignore[arg-type]


def factor(**changes: object) -> SecondFactor:
    return replace(SecondFactor(ANA.id, b"sealed", 10), **changes)  # type: ignore[arg-type]


def login(**changes: object) -> Login:
    return replace(Login(LoginId("login"), ANA.id, "browser", b"secret", 10, 99), **changes)  # type: ignore[arg-type]
