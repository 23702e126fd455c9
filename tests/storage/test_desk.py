"""The contract of the desk's one read, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import NotFound
from storage.records import (
    ContentId,
    DeskRows,
    GuestLink,
    GuestLinkId,
    Hidden,
    Member,
    School,
    SchoolId,
    Team,
    TeamId,
    TwinspaceId,
    User,
    UserId,
)
from tests.storage.people import ANA, DOCUMENT, FORM, LUCIA, MEMBER, OTHER_SPACE, ROOM, SCHOOL, SPACE, settle
from tests.storage.test_plan import TALK

KRAKOW = School(SchoolId("krakow"), "SP 5", "Kraków", "PL", "square")
MAREK = User(UserId("marek"), "marek", "Marek", "teacher", KRAKOW.id, "pl", 3)
GUEST = User(UserId("guest"), "guest:1", "Guest", "guest", SCHOOL.id, "es", 4, state="waiting")


async def read(storage: Storage, user: User = ANA, *, latest: int = 5) -> DeskRows:
    return await storage.desk.read(user, now_ms=1500, until_ms=9000, latest=latest)


async def furnish(storage: Storage) -> None:
    await settle(storage)
    await storage.users.add_school(KRAKOW)
    await storage.users.add_user(MAREK)
    await storage.twinspaces.add_member(Member(SPACE.id, LUCIA.id, "pupil", 1, 6))
    await storage.twinspaces.add_member(Member(SPACE.id, MAREK.id, "founder", 1, 7))
    await storage.teams.add(Team(TeamId("bakers"), SPACE.id, "Bakers", (ANA.id,), ANA.id, 8))
    await storage.plan.add_meeting(TALK)
    await storage.plan.add_meeting(replace(TALK, id=type(TALK.id)("over"), starts_at_ms=1, ends_at_ms=1500))
    for number in range(3):
        await storage.messages.append(SPACE.id, client_message_id=str(number), user_id=MAREK.id, text="a", at_ms=9)
    await storage.messages.append(SPACE.id, client_message_id="own", user_id=ANA.id, text="b", at_ms=9)


async def test_a_desk_shows_what_is_the_user_s_and_nothing_else(storage: Storage) -> None:
    await furnish(storage)
    found = await read(storage)
    assert found.memberships == ((SPACE, MEMBER),)
    assert found.schools == {SPACE.id: (KRAKOW, SCHOOL)}
    assert found.rooms == (ROOM,)
    assert [content.id for content in found.latest] == [FORM.id, DOCUMENT.id]
    assert found.team_ids == {TeamId("bakers")}
    assert found.unread == {SPACE.id: 3}
    assert found.own_pupils == {SPACE.id: (LUCIA.id,)}
    assert (found.waiting_guests, found.hidden) == ({}, frozenset())
    assert found.meetings == (TALK,)
    stranger = replace(ANA, id=UserId("stranger"), name="stranger")
    await storage.users.add_user(stranger)
    nothing = await read(storage, stranger)
    assert nothing == DeskRows((), {}, (), (), frozenset(), frozenset(), {}, {}, {}, ())


async def test_only_the_newest_of_each_twinspace_are_read(storage: Storage) -> None:
    await furnish(storage)
    await storage.twinspaces.add_member(Member(OTHER_SPACE.id, ANA.id, "teacher", 1, 6))
    await storage.contents.add(replace(DOCUMENT, id=ContentId("there"), twinspace_id=OTHER_SPACE.id, changed_at_ms=1))
    found = await read(storage, latest=1)
    assert [content.id for content in found.latest] == [FORM.id, ContentId("there")]
    assert [space.id for space, _ in found.memberships] == [OTHER_SPACE.id, SPACE.id]


async def test_what_was_read_is_not_unread_and_a_mark_never_goes_back(storage: Storage) -> None:
    await furnish(storage)
    assert await storage.messages.mark_read(ANA.id, SPACE.id, "all", 2)
    assert (await read(storage)).unread == {SPACE.id: 1}
    assert not await storage.messages.mark_read(ANA.id, SPACE.id, "all", 1)
    assert (await read(storage)).unread == {SPACE.id: 1}
    assert await storage.messages.mark_read(ANA.id, SPACE.id, "all", 4)
    assert (await read(storage)).unread == {}
    assert (await read(storage, MAREK)).unread == {SPACE.id: 1}
    with pytest.raises(NotFound):
        await storage.messages.mark_read(ANA.id, TwinspaceId("absent"), "all", 1)


async def test_guests_wait_behind_links_that_are_open(storage: Storage) -> None:
    await furnish(storage)
    link = GuestLink(GuestLinkId("link"), SPACE.id, b"secret", "visitor", "Parents", ANA.id, 10, 9999)
    await storage.guests.add_link(link)
    await storage.guests.add_guest(GUEST, link.id)
    assert (await read(storage)).waiting_guests == {SPACE.id: 1}
    await storage.guests.revoke_link(link.id, 11)
    assert (await read(storage)).waiting_guests == {}


async def test_hidden_contents_are_named(storage: Storage) -> None:
    await furnish(storage)
    await storage.safety.hide(Hidden(SPACE.id, "content", DOCUMENT.id, ANA.id, "", None, ANA.id, 10))
    assert (await read(storage)).hidden == {DOCUMENT.id}
