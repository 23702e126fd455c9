"""The contract of the ports, over every implementation: what has no file of its own."""

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
    LoginId,
    Member,
    Message,
    ProjectId,
    RoomId,
    SchoolId,
    Service,
    Snapshot,
    SnapshotId,
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
    factor,
    login,
    settle,
    ticket,
)

DOC = ContentId("doc")


async def append(storage: Storage, *updates: bytes, content_id: ContentId = DOC) -> int:
    return await storage.doc_log.append(content_id, updates, user_id=ANA.id, at_ms=9)


async def post(storage: Storage, text: str, *, key: str | None = None, user: UserId = ANA.id) -> tuple[Message, bool]:
    return await storage.messages.append(SPACE.id, client_message_id=key or text, user_id=user, text=text, at_ms=9)


def link(seq: int, parent: str | None, *, id: str | None = None, space: TwinspaceId = SPACE.id) -> Snapshot:
    parent_id = SnapshotId(parent) if parent else None
    return Snapshot(SnapshotId(id or f"snapshot{seq}"), space, seq, parent_id, "tree", "T", "named", ANA.id, 9)


def guest_link(**changes: object) -> GuestLink:
    link = GuestLink(GuestLinkId("link"), SPACE.id, b"secret", "visitor", "Parents", ANA.id, 10, 99)
    return replace(link, **changes)  # type: ignore[arg-type]


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
