"""The contract of the ports, over every implementation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound, Unavailable
from storage.records import (
    Content,
    ContentId,
    FormResponse,
    GuestLink,
    GuestLinkId,
    Login,
    LoginId,
    Member,
    Message,
    ProjectId,
    Registration,
    RoomId,
    School,
    SchoolId,
    SecondFactor,
    Service,
    Snapshot,
    SnapshotId,
    Ticket,
    TwinspaceId,
    User,
    UserId,
)
from tests.storage.conftest import OpenAgain
from tests.storage.people import (
    ANA,
    DOCUMENT,
    FORM,
    LUCIA,
    MEMBER,
    OTHER_SPACE,
    PROJECT,
    ROOM,
    SCHOOL,
    SPACE,
    settle,
)

DOC = ContentId("doc")


async def append(storage: Storage, *updates: bytes, content_id: ContentId = DOC) -> int:
    return await storage.doc_log.append(content_id, updates, user_id=ANA.id, at_ms=9)


async def post(storage: Storage, text: str, *, key: str | None = None, user: UserId = ANA.id) -> tuple[Message, bool]:
    return await storage.messages.append(SPACE.id, client_message_id=key or text, user_id=user, text=text, at_ms=9)


def link(seq: int, parent: str | None, *, id: str | None = None, space: TwinspaceId = SPACE.id) -> Snapshot:
    parent_id = SnapshotId(parent) if parent else None
    return Snapshot(SnapshotId(id or f"snapshot{seq}"), space, seq, parent_id, "tree", "T", "named", ANA.id, 9)


def ticket(**changes: object) -> Ticket:
    return replace(Ticket(b"secret", "confirm_email", ANA.id, 10, 99), **changes)  # type: ignore[arg-type]


def guest_link(**changes: object) -> GuestLink:
    link = GuestLink(GuestLinkId("link"), SPACE.id, b"secret", "visitor", "Parents", ANA.id, 10, 99)
    return replace(link, **changes)  # type: ignore[arg-type]


def factor(**changes: object) -> SecondFactor:
    return replace(SecondFactor(ANA.id, b"sealed", 10), **changes)  # type: ignore[arg-type]


async def test_users_are_found_by_id_name_and_class_key(storage: Storage) -> None:
    await settle(storage)
    await storage.users.set_class_key(LUCIA.id, b"key")
    assert await storage.users.get_school(SCHOOL.id) == SCHOOL
    assert await storage.users.get_user(ANA.id) == ANA
    assert await storage.users.find_user("teacher.es") == ANA
    assert await storage.users.find_by_class_key(b"key") == LUCIA
    assert await storage.users.password_hash(ANA.id) == "argon"
    assert await storage.users.password_hash(LUCIA.id) is None


async def test_users_change_alone(storage: Storage) -> None:
    await settle(storage)
    await storage.users.set_language(ANA.id, "pl")
    await storage.users.set_password_hash(ANA.id, "new")
    assert await storage.users.get_user(ANA.id) == replace(ANA, language="pl")
    assert await storage.users.password_hash(ANA.id) == "new"
    assert await storage.users.get_user(LUCIA.id) == LUCIA


async def test_a_new_class_key_kills_the_old_one(storage: Storage) -> None:
    await settle(storage)
    await storage.users.set_class_key(LUCIA.id, b"old")
    await storage.users.set_class_key(LUCIA.id, b"new")
    assert await storage.users.find_by_class_key(b"new") == LUCIA
    with pytest.raises(NotFound):
        await storage.users.find_by_class_key(b"old")
    with pytest.raises(Conflict):
        await storage.users.set_class_key(ANA.id, b"new")


async def test_a_taken_id_or_name_is_a_conflict_and_changes_nothing(storage: Storage) -> None:
    await settle(storage)
    for taken in [replace(LUCIA, name="somebody"), replace(LUCIA, id=UserId("somebody"))]:
        with pytest.raises(Conflict):
            await storage.users.add_user(taken)
    assert await storage.users.get_user(LUCIA.id) == LUCIA
    with pytest.raises(NotFound):
        await storage.users.get_user(UserId("somebody"))


async def test_an_email_address_belongs_to_one_user(storage: Storage) -> None:
    await settle(storage)
    maria = User(UserId("maria"), "maria", "María", "teacher", SCHOOL.id, "es", 3, email="maria@ies.example")
    await storage.users.add_user(maria)
    assert await storage.users.find_by_email("maria@ies.example") == maria
    with pytest.raises(Conflict):
        await storage.users.add_user(replace(maria, id=UserId("other"), name="other"))
    await storage.users.set_state(maria.id, "closed")
    assert (await storage.users.get_user(maria.id)).state == "closed"


async def test_pupils_are_added_all_or_none(storage: Storage) -> None:
    await settle(storage)
    pupils = [replace(LUCIA, id=UserId(f"p{n}"), name=f"p{n}", class_name="5B") for n in range(3)]
    with pytest.raises(Conflict):
        await storage.users.add_pupils([(pupils[0], b"a"), (pupils[1], b"a")])
    with pytest.raises(Conflict):
        await storage.users.add_pupils([(pupils[0], b"a"), (replace(pupils[1], name=ANA.name), b"b")])
    assert await storage.users.pupils_of(SCHOOL.id) == [LUCIA]
    await storage.users.add_pupils([(pupils[1], b"b"), (pupils[0], b"a"), (pupils[2], b"c")])
    await storage.users.add_pupils([])
    assert await storage.users.pupils_of(SCHOOL.id) == [LUCIA, *pupils]
    assert await storage.users.find_by_class_keys([b"c", b"none", b"a"]) == [pupils[0], pupils[2]]
    assert await storage.users.find_by_class_keys([]) == []


NATIONAL = School(SchoolId("national"), "SNA", "Madrid", "ES", "star")
REGIONAL = School(SchoolId("regional"), "Andalucía", "Sevilla", "ES", "star", region="Andalucía")
CENTRAL = School(SchoolId("central"), "CSS", "Brussels", "BE", "star")


async def add_services(storage: Storage) -> None:
    for school, level in ((NATIONAL, "national"), (REGIONAL, "regional"), (CENTRAL, "central")):
        await storage.users.add_school(school)
        await storage.services.add(Service(school.id, level))  # type: ignore[arg-type]


async def test_services_are_found_by_place_and_are_no_schools(storage: Storage) -> None:
    await settle(storage)
    await add_services(storage)
    await storage.users.add_school(replace(SCHOOL, id=SchoolId("new"), state="proposed"))
    assert await storage.users.schools_of("ES") == [SCHOOL]
    assert await storage.users.schools_of("BE") == []
    assert await storage.services.find("national", "ES") == [Service(NATIONAL.id, "national")]
    assert await storage.services.find("national", "PL") == []
    assert await storage.services.find("regional", "ES", "Andalucía") == [Service(REGIONAL.id, "regional")]
    assert await storage.services.find("regional", "ES") == [Service(REGIONAL.id, "regional")]
    assert await storage.services.find("regional", "ES", "Galicia") == []
    assert await storage.services.find("central", "PL") == [Service(CENTRAL.id, "central")]
    assert await storage.services.get(CENTRAL.id) == Service(CENTRAL.id, "central")


async def test_a_teacher_who_registers_waits_and_is_decided_on_once(storage: Storage) -> None:
    await settle(storage)
    place = replace(SCHOOL, id=SchoolId("new"), region="Andalucía", state="proposed")
    await storage.users.add_school(place)
    eva = User(UserId("eva"), "eva", "Eva", "teacher", place.id, "es", 3, email="eva@ies.example", state="unconfirmed")
    asked = Registration(eva.id, "I teach music.", 5)
    first = replace(eva, display_name="Evi", school_id=SCHOOL.id)
    await storage.services.register(first, replace(asked, message="…"), password_hash="stranger's")
    again = replace(eva, id=UserId("x"))
    assert await storage.services.register(again, replace(asked, user_id=again.id), password_hash="argon") == eva.id
    assert await storage.users.get_user(eva.id) == eva and await storage.users.password_hash(eva.id) == "argon"
    assert await storage.services.waiting(None, None) == []
    await storage.users.set_state(eva.id, "waiting")
    with pytest.raises(Conflict):
        await storage.services.register(again, replace(asked, user_id=again.id), password_hash="later")
    waiting = [(asked, replace(eva, state="waiting"), place)]
    for country, region in ((None, None), ("ES", None), ("ES", "Andalucía")):
        assert await storage.services.waiting(country, region) == waiting
    assert await storage.services.waiting("PL", None) == await storage.services.waiting("ES", "Galicia") == []
    await storage.services.decide(eva.id, "accepted", by=ANA.id, at_ms=9, reason="welcome")
    with pytest.raises(Conflict):
        await storage.services.decide(eva.id, "refused", by=ANA.id, at_ms=10, reason="no")
    decided = replace(asked, decision="accepted", decided_by=ANA.id, decided_at_ms=9, reason="welcome")
    assert await storage.services.registration(eva.id) == decided
    assert (await storage.users.get_user(eva.id)).state == "active"
    assert (await storage.users.get_school(place.id)).state == "listed"
    assert await storage.services.waiting(None, None) == []


async def test_a_refused_teacher_and_school_stay_outside(storage: Storage) -> None:
    await settle(storage)
    place = replace(SCHOOL, id=SchoolId("new"), state="proposed")
    await storage.users.add_school(place)
    eva = User(UserId("eva"), "eva", "Eva", "teacher", place.id, "es", 3, state="waiting")
    await storage.services.register(eva, Registration(eva.id, "", 5), password_hash="argon")
    await storage.services.decide(eva.id, "refused", by=ANA.id, at_ms=9, reason="no such school")
    assert (await storage.users.get_user(eva.id)).state == "refused"
    assert (await storage.users.get_school(place.id)).state == "proposed"


async def test_a_ticket_works_once_for_one_thing_until_it_expires(storage: Storage) -> None:
    await settle(storage)
    await storage.proofs.add_ticket(ticket(secret_hash=b"first"))
    await storage.proofs.add_ticket(ticket(secret_hash=b"second"))
    await storage.proofs.add_ticket(ticket(secret_hash=b"reset", purpose="reset_password"))
    for secret, purpose, at_ms in (
        (b"first", "confirm_email", 11),
        (b"second", "reset_password", 11),
        (b"second", "confirm_email", 99),
    ):
        with pytest.raises(NotFound):
            await storage.proofs.use_ticket(secret, purpose, at_ms)  # type: ignore[arg-type]
    assert await storage.proofs.find_ticket(b"second", "confirm_email", 98) == ticket(secret_hash=b"second")
    used = ticket(secret_hash=b"second", used_at_ms=98)
    assert await storage.proofs.use_ticket(b"second", "confirm_email", 98) == used
    with pytest.raises(NotFound):
        await storage.proofs.use_ticket(b"second", "confirm_email", 98)


async def test_of_two_uses_of_a_ticket_at_once_one_wins(storage: Storage) -> None:
    await settle(storage)
    await storage.proofs.add_ticket(ticket())
    tries = [storage.proofs.use_ticket(b"secret", "confirm_email", 11) for _ in range(5)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotFound"] * 4 + ["Ticket"]


async def test_a_code_of_a_second_factor_works_once(storage: Storage) -> None:
    await settle(storage)
    await storage.proofs.put_second_factor(factor(recovery_hashes=(b"b", b"a")))
    stored = await storage.proofs.second_factor(ANA.id)
    assert stored == factor(recovery_hashes=(b"a", b"b"))
    await storage.proofs.use_step(ANA.id, 7, 20)
    for step in (6, 7):
        with pytest.raises(Conflict):
            await storage.proofs.use_step(ANA.id, step, 30)
    await storage.proofs.use_step(ANA.id, 8, 40)
    await storage.proofs.use_recovery(ANA.id, b"a")
    with pytest.raises(NotFound):
        await storage.proofs.use_recovery(ANA.id, b"a")
    left = factor(confirmed_at_ms=20, last_step=8, recovery_hashes=(b"b",))
    assert await storage.proofs.second_factor(ANA.id) == left
    await storage.proofs.put_second_factor(factor(sealed_secret=b"new"))
    assert await storage.proofs.second_factor(ANA.id) == factor(sealed_secret=b"new")
    await storage.proofs.remove_second_factor(ANA.id)
    with pytest.raises(NotFound):
        await storage.proofs.second_factor(ANA.id)


async def test_guests_come_by_a_link_until_it_is_revoked(storage: Storage) -> None:
    await settle(storage)
    first, second = guest_link(), guest_link(id=GuestLinkId("later"), secret_hash=b"other", created_at_ms=11)
    for link in (first, second):
        await storage.guests.add_link(link)
    with pytest.raises(Conflict):
        await storage.guests.add_link(guest_link(id=GuestLinkId("third")))
    assert await storage.guests.links_of(SPACE.id) == [second, first]
    assert await storage.guests.links_of(OTHER_SPACE.id) == []
    assert await storage.guests.find_link(b"secret") == await storage.guests.get_link(first.id) == first
    came = [User(UserId(f"g{n}"), f"g{n}", f"G{n}", "guest", SCHOOL.id, "es", n, state="waiting") for n in (2, 1)]
    for user in came:
        await storage.guests.add_guest(user, first.id)
    with pytest.raises(Conflict):
        await storage.guests.add_guest(came[0], first.id)
    assert await storage.guests.guests_of(first.id) == came[::-1]
    assert await storage.guests.guests_of(second.id) == []
    assert await storage.guests.link_of(came[0].id) == first
    await storage.guests.revoke_link(first.id, 20)
    await storage.guests.revoke_link(first.id, 30)
    assert await storage.guests.get_link(first.id) == replace(first, revoked_at_ms=20)


async def test_a_login_remembers_its_use_and_its_second_factor(storage: Storage) -> None:
    await settle(storage)
    opened = login(way="password", device="Firefox")
    await storage.logins.add(opened)
    await storage.logins.note_use(opened.id, 20)
    await storage.logins.note_second_factor(opened.id, 21)
    expected = replace(opened, last_used_at_ms=20, second_factor_at_ms=21)
    assert await storage.logins.get(opened.id) == expected
    assert await storage.logins.of_user(ANA.id) == [expected]


ABSENT: dict[str, Callable[[Storage], Awaitable[object]]] = {
    "school": lambda storage: storage.users.get_school(SchoolId("none")),
    "user": lambda storage: storage.users.get_user(UserId("none")),
    "user by name": lambda storage: storage.users.find_user("none"),
    "user by key": lambda storage: storage.users.find_by_class_key(b"none"),
    "password": lambda storage: storage.users.password_hash(UserId("none")),
    "set password": lambda storage: storage.users.set_password_hash(UserId("none"), "x"),
    "set language": lambda storage: storage.users.set_language(UserId("none"), "pl"),
    "set key": lambda storage: storage.users.set_class_key(UserId("none"), b"x"),
    "login": lambda storage: storage.logins.find(b"none"),
    "user by mail": lambda storage: storage.users.find_by_email("none@example.eu"),
    "set state": lambda storage: storage.users.set_state(UserId("none"), "closed"),
    "pupils' school": lambda storage: storage.users.add_pupils(
        [(replace(LUCIA, id=UserId("x"), name="x", school_id=SchoolId("none")), b"k")]
    ),
    "service": lambda storage: storage.services.get(SCHOOL.id),
    "service's school": lambda storage: storage.services.add(Service(SchoolId("none"), "national")),
    "registration": lambda storage: storage.services.registration(ANA.id),
    "decide": lambda storage: storage.services.decide(LUCIA.id, "accepted", by=ANA.id, at_ms=1, reason=""),
    "login by id": lambda storage: storage.logins.get(LoginId("none")),
    "note use": lambda storage: storage.logins.note_use(LoginId("none"), 1),
    "note second factor": lambda storage: storage.logins.note_second_factor(LoginId("none"), 1),
    "ticket": lambda storage: storage.proofs.use_ticket(b"none", "confirm_email", 1),
    "ticket to look at": lambda storage: storage.proofs.find_ticket(b"none", "confirm_email", 1),
    "ticket's user": lambda storage: storage.proofs.add_ticket(ticket(user_id=UserId("none"))),
    "guest link": lambda storage: storage.guests.get_link(GuestLinkId("none")),
    "guest link by secret": lambda storage: storage.guests.find_link(b"none"),
    "guest link's twinspace": lambda storage: storage.guests.add_link(guest_link(twinspace_id=TwinspaceId("none"))),
    "revoke guest link": lambda storage: storage.guests.revoke_link(GuestLinkId("none"), 1),
    "guest's link": lambda storage: storage.guests.add_guest(
        replace(ANA, id=UserId("x"), name="x"), GuestLinkId("none")
    ),
    "link of no guest": lambda storage: storage.guests.link_of(ANA.id),
    "second factor": lambda storage: storage.proofs.second_factor(ANA.id),
    "second factor's user": lambda storage: storage.proofs.put_second_factor(factor(user_id=UserId("none"))),
    "recovery code": lambda storage: storage.proofs.use_recovery(ANA.id, b"none"),
    "revoke": lambda storage: storage.logins.revoke(LoginId("none"), 1),
    "project": lambda storage: storage.twinspaces.get_project(ProjectId("none")),
    "twinspace": lambda storage: storage.twinspaces.get(TwinspaceId("none")),
    "member": lambda storage: storage.twinspaces.get_member(SPACE.id, LUCIA.id),
    "set role": lambda storage: storage.twinspaces.set_role(SPACE.id, LUCIA.id, "teacher"),
    "remove": lambda storage: storage.twinspaces.remove_member(SPACE.id, LUCIA.id),
    "room": lambda storage: storage.twinspaces.get_room(RoomId("none")),
    "room to encrypt": lambda storage: storage.twinspaces.set_encrypted(RoomId("none"), True),
    "room of an ended meeting": lambda storage: storage.twinspaces.count_ending(RoomId("none")),
    "content": lambda storage: storage.contents.get(ContentId("none")),
    "rename": lambda storage: storage.contents.rename(ContentId("none"), "x", 1),
    "touch": lambda storage: storage.contents.touch(ContentId("none"), 1),
    "latest form": lambda storage: storage.forms.latest_version(FORM.id),
    "form": lambda storage: storage.forms.get_version(FORM.id, 1),
    "response": lambda storage: storage.forms.get_response(FORM.id, 1, LUCIA.id),
    "snapshot": lambda storage: storage.snapshots.get(SnapshotId("none")),
    "blob": lambda storage: storage.blobs.get("0" * 64),
    "blob of no hash": lambda storage: storage.blobs.get("../../hub.sqlite3"),
    "user's school": lambda storage: storage.users.add_user(
        replace(ANA, id=UserId("x"), name="x", school_id=SchoolId("none"))
    ),
    "login's user": lambda storage: storage.logins.add(login(user_id=UserId("none"))),
    "twinspace's project": lambda storage: storage.twinspaces.add(
        replace(SPACE, id=TwinspaceId("x"), project_id=ProjectId("none"))
    ),
    "member's user": lambda storage: storage.twinspaces.add_member(replace(MEMBER, user_id=UserId("none"))),
    "room's twinspace": lambda storage: storage.twinspaces.add_room(
        replace(ROOM, id=RoomId("x"), twinspace_id=TwinspaceId("none"))
    ),
    "content's twinspace": lambda storage: storage.contents.add(
        replace(DOCUMENT, id=ContentId("x"), twinspace_id=TwinspaceId("none"))
    ),
    "message's user": lambda storage: post(storage, "x", user=UserId("none")),
    "form's content": lambda storage: storage.forms.publish(ContentId("none"), {}, published_by=ANA.id, at_ms=1),
    "response's version": lambda storage: storage.forms.put_response(response({})),
    "journal's twinspace": lambda storage: storage.journal.record(
        TwinspaceId("none"), verb="x", user_id=None, subject_id=None, details={}, at_ms=1
    ),
    "snapshot's twinspace": lambda storage: storage.snapshots.append(link(1, None, space=TwinspaceId("none"))),
}


@pytest.mark.parametrize("what", ABSENT)
async def test_what_is_not_there_is_not_found(storage: Storage, what: str) -> None:
    await settle(storage)
    with pytest.raises(NotFound):
        await ABSENT[what](storage)


@pytest.mark.parametrize("text", ["a NUL \0", "half a pair \ud83d"])
async def test_text_that_not_every_database_keeps_is_refused(storage: Storage, text: str) -> None:
    await settle(storage)
    with pytest.raises(ValueError):
        await post(storage, text)
    with pytest.raises(ValueError):
        await storage.contents.rename(DOCUMENT.id, text, 9)
    assert await storage.contents.get(DOCUMENT.id) == DOCUMENT
    assert (await post(storage, "después 🌊\u0301"))[0].seq == 1


def login(**changes: object) -> Login:
    return replace(Login(LoginId("login"), ANA.id, "browser", b"secret", 10, 99), **changes)  # type: ignore[arg-type]


async def test_a_login_is_found_by_its_secret_until_and_after_it_is_revoked(storage: Storage) -> None:
    await settle(storage)
    await storage.logins.add(login())
    await storage.logins.add(login(id=LoginId("token"), kind="token", secret_hash=b"other", created_at_ms=5))
    assert await storage.logins.find(b"secret") == login()
    await storage.logins.revoke(LoginId("login"), 50)
    await storage.logins.revoke(LoginId("login"), 60)
    assert await storage.logins.find(b"secret") == login(revoked_at_ms=50)
    assert [each.id for each in await storage.logins.of_user(ANA.id)] == ["token", "login"]
    assert await storage.logins.of_user(LUCIA.id) == []
    with pytest.raises(Conflict):
        await storage.logins.add(login(id=LoginId("x")))


async def test_twinspaces_are_listed_oldest_first(storage: Storage) -> None:
    await settle(storage)
    await storage.twinspaces.add_member(Member(OTHER_SPACE.id, ANA.id, "visitor", 1, 9))
    assert await storage.twinspaces.get_project(PROJECT.id) == PROJECT
    assert await storage.twinspaces.get(SPACE.id) == SPACE
    assert await storage.twinspaces.all() == [OTHER_SPACE, SPACE]
    assert await storage.twinspaces.of_user(ANA.id) == [OTHER_SPACE, SPACE]
    assert await storage.twinspaces.of_user(LUCIA.id) == []
    assert await storage.twinspaces.get_room(ROOM.id) == ROOM
    assert await storage.twinspaces.rooms(SPACE.id) == [ROOM]
    assert await storage.twinspaces.set_encrypted(ROOM.id, True) == replace(ROOM, is_encrypted=True)
    assert (await storage.twinspaces.get_room(ROOM.id)).is_encrypted
    assert not (await storage.twinspaces.set_encrypted(ROOM.id, False)).is_encrypted
    assert await storage.twinspaces.count_ending(ROOM.id) == replace(ROOM, endings=1)
    assert (await storage.twinspaces.count_ending(ROOM.id)).endings == 2


async def test_the_epoch_grows_with_every_change_of_role_and_survives_a_removal(storage: Storage) -> None:
    await settle(storage)
    spaces = storage.twinspaces
    with pytest.raises(Conflict):
        await spaces.add_member(MEMBER)
    assert await spaces.set_role(SPACE.id, ANA.id, "visitor") == replace(MEMBER, role="visitor", epoch=2)
    await spaces.remove_member(SPACE.id, ANA.id)
    assert await spaces.members(SPACE.id) == []
    assert await spaces.of_user(ANA.id) == []
    for gone in [spaces.get_member(SPACE.id, ANA.id), spaces.remove_member(SPACE.id, ANA.id)]:
        with pytest.raises(NotFound):
            await gone
    await spaces.add_member(replace(MEMBER, joined_at_ms=20))
    assert await spaces.members(SPACE.id) == [replace(MEMBER, joined_at_ms=20, epoch=3)]


async def test_contents_are_renamed_and_touched_never_back_in_time(storage: Storage) -> None:
    await settle(storage)
    assert await storage.contents.of_twinspace(SPACE.id) == [DOCUMENT, FORM]
    renamed: Content = replace(DOCUMENT, title="Log book", changed_at_ms=20)
    assert await storage.contents.rename(DOCUMENT.id, "Log book", 20) == renamed
    await storage.contents.touch(DOCUMENT.id, 10)
    assert await storage.contents.get(DOCUMENT.id) == renamed
    await storage.contents.touch(DOCUMENT.id, 30)
    assert (await storage.contents.get(DOCUMENT.id)).changed_at_ms == 30
    with pytest.raises(Conflict):
        await storage.contents.add(DOCUMENT)


async def test_messages_are_numbered_without_a_hole_and_a_retry_stores_nothing(storage: Storage) -> None:
    await settle(storage)
    first, new = await post(storage, "hola")
    assert new and first == Message(SPACE.id, 1, "hola", ANA.id, "hola", 9)
    assert await post(storage, "changed", key="hola") == (first, False)
    assert (await post(storage, "cześć", key="hola", user=LUCIA.id))[0].seq == 2
    answers = await asyncio.gather(*(post(storage, f"m{number}") for number in range(3, 21)))
    assert sorted(message.seq for message, _ in answers) == list(range(3, 21))


async def test_messages_are_read_from_both_ends(storage: Storage) -> None:
    await settle(storage)
    for number in range(1, 8):
        await post(storage, f"m{number}")

    def seqs(messages: list[Message]) -> list[int]:
        return [message.seq for message in messages]

    assert seqs(await storage.messages.since(SPACE.id, 2, 3)) == [3, 4, 5]
    assert seqs(await storage.messages.since(SPACE.id, 7, 3)) == []
    assert seqs(await storage.messages.latest(SPACE.id, 3)) == [5, 6, 7]
    assert seqs(await storage.messages.latest(SPACE.id, 3, before_seq=3)) == [1, 2]
    assert seqs(await storage.messages.latest(SPACE.id, 0)) == []
    assert await storage.messages.latest(OTHER_SPACE.id, 3) == []


def response(answers: object, **changes: object) -> FormResponse:
    given = FormResponse(FORM.id, 1, LUCIA.id, SCHOOL.id, answers, 9)
    return replace(given, **changes)  # type: ignore[arg-type]


async def test_a_published_form_is_frozen_and_numbered(storage: Storage) -> None:
    await settle(storage)
    definition = {"title": "¿?", "questions": [{"id": "q1", "min": 0, "mean": 0.1, "nul": "\0", "none": None}]}
    first = await storage.forms.publish(FORM.id, definition, published_by=ANA.id, at_ms=9)
    second = await storage.forms.publish(FORM.id, [], published_by=ANA.id, at_ms=10)
    assert (first.version, first.definition, second.version) == (1, definition, 2)
    definition["title"] = "changed by the caller afterwards"
    assert await storage.forms.get_version(FORM.id, 1) == first
    assert await storage.forms.latest_version(FORM.id) == second


async def test_one_response_per_user_and_version(storage: Storage) -> None:
    await settle(storage)
    await storage.forms.publish(FORM.id, {}, published_by=ANA.id, at_ms=9)
    assert await storage.forms.put_response(response({"q1": ["a", 2]})) is True
    assert await storage.forms.put_response(response({"q1": 3.5}, submitted_at_ms=10)) is False
    assert await storage.forms.put_response(response(None, user_id=ANA.id)) is True
    assert await storage.forms.get_response(FORM.id, 1, LUCIA.id) == response({"q1": 3.5}, submitted_at_ms=10)
    assert [each.user_id for each in await storage.forms.responses(FORM.id, 1)] == [ANA.id, LUCIA.id]
    assert await storage.forms.responses(FORM.id, 2) == []
    both = [storage.forms.put_response(response({}, user_id=ANA.id)) for _ in range(5)]
    assert await asyncio.gather(*both) == [False] * 5


async def test_the_journal_is_read_newest_first(storage: Storage) -> None:
    await settle(storage)
    for number in range(1, 5):
        entry = await storage.journal.record(
            SPACE.id, verb="happened", user_id=None, subject_id=None, details={"n": [number]}, at_ms=number
        )
        assert (entry.seq, entry.details) == (number, {"n": [number]})
    assert [entry.seq for entry in await storage.journal.latest(SPACE.id, 2)] == [4, 3]
    assert await storage.journal.latest(SPACE.id, 9, before_seq=2) == [
        replace(entry, seq=1, details={"n": [1]}, happened_at_ms=1)
    ]


async def test_a_snapshot_goes_only_onto_the_newest_link(storage: Storage) -> None:
    await settle(storage)
    await storage.snapshots.append(link(1, None))
    for wrong in [link(1, None, id="x"), link(2, None), link(3, "snapshot1"), link(2, "elsewhere")]:
        with pytest.raises(Conflict):
            await storage.snapshots.append(wrong)
    await storage.snapshots.append(link(2, "snapshot1"))
    assert await storage.snapshots.of_twinspace(SPACE.id) == [link(1, None), link(2, "snapshot1")]
    assert await storage.snapshots.get(SnapshotId("snapshot2")) == link(2, "snapshot1")
    assert await storage.snapshots.of_twinspace(OTHER_SPACE.id) == []
    assert await storage.snapshots.chains() == [SPACE.id]


async def test_blobs_are_named_by_their_hash_and_stored_once(storage: Storage) -> None:
    data = bytes(range(256))
    names = await asyncio.gather(*(storage.blobs.put(data) for _ in range(8)))
    assert set(names) == {sha256(data).hexdigest()}
    assert await storage.blobs.get(names[0]) == data
    assert await storage.blobs.get(await storage.blobs.put(b"")) == b""


async def test_a_closed_storage_refuses(storage: Storage) -> None:
    await storage.check()
    await storage.close()
    for refused in [append(storage, b"x"), storage.users.add_school(SCHOOL), storage.check()]:
        with pytest.raises(Unavailable):
            await refused


async def test_two_processes_start_together_and_number_one_log(open_again: OpenAgain) -> None:
    one, two = await asyncio.gather(open_again(), open_again())
    await settle(one)
    calls = [append(storage, b"1", b"2", b"3") for _ in range(40) for storage in (one, two)]
    last_seqs = await asyncio.gather(*calls)
    assert sorted(last_seqs) == list(range(3, 243, 3))
    assert [entry.seq for entry in (await one.doc_log.load(DOC)).entries] == list(range(1, 241))
    posts = [post(storage, f"{number}{storage is one}") for number in range(15) for storage in (one, two)]
    assert sorted(message.seq for message, _ in await asyncio.gather(*posts)) == list(range(1, 31))
    retries = await asyncio.gather(post(one, "same"), post(two, "same"))
    assert sorted(new for _, new in retries) == [False, True]
