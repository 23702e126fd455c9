"""Planned meetings: who is asked, letters with calendars that another library reads, a private address."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
import vobject

from hub.postman import Postman
from tests.hub.world import WAIT_S, Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIME = {"starts_at": "2030-03-29T10:00", "ends_at": "2030-03-29T11:00", "time_zone": "Europe/Madrid"}


def id_of(person: Person) -> str:
    assert person.user is not None
    return person.user.id


async def give_address(world: World, person: Person) -> str:
    """Nobody changes an address after registering, so the row is written as registering would have."""
    from sqlalchemy import update

    from storage.sql.tables import users

    assert person.user is not None
    address = f"{person.user.name}@school.example"
    database = world.hub.context.storage.users._database  # type: ignore[attr-defined]
    await database.write(
        lambda db: db.execute(update(users).where(users.c.id == id_of(person)).values(email=address)) and None
    )
    person.user = replace(person.user, email=address)
    return address


async def plan(world: World, **changes: Any) -> Answer:
    body = {
        "title": "First talk",
        "agenda": "1. Hello",
        "room_id": world.room_id,
        **TIME,
        "invited": {"everybody": True},
    }
    return await world.founder.call("POST", f"{world.path}/meetings", {**body, **changes})


async def change(person: Person, world: World, seen: dict[str, Any], **changes: Any) -> Answer:
    names = ("title", "agenda", "room_id", "starts_at", "ends_at", "time_zone", "invited", "revision")
    body = {**{name: seen[name] for name in names}, **changes}
    return await person.call("PUT", f"{world.path}/meetings/{seen['id']}", body)


async def newest_letter(world: World, address: str, count: int, method: str = "REQUEST") -> EmailMessage:
    """The newest that has come for this address, once so many have, and it is of this method.

    The hub's own postman goes round as well: what it has taken comes when it is written.
    """
    context = world.hub.context
    async with asyncio.timeout(WAIT_S):
        while True:
            await Postman(context, context.web_push).deliver()
            paths = sorted((context.settings.data_dir / "outbox").glob("*.eml"))
            parsed = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]
            found = [letter for letter in parsed if letter["To"] == address]
            if len(found) >= count and event_in(found[-1]).method.value == method:  # type: ignore[arg-type]
                return found[-1]  # type: ignore[return-value]
            await asyncio.sleep(0.05)


def event_in(letter: EmailMessage) -> Any:
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return vobject.readOne(part.get_payload(decode=True).decode())  # type: ignore[union-attr]


async def test_an_invitation_follows_its_meeting_through_changes_to_its_end(world: World) -> None:
    address = await give_address(world, world.teacher)
    meeting = (await plan(world)).body
    invitation = await newest_letter(world, address, 1)
    first = event_in(invitation)
    assert (first.method.value, first.vevent.sequence.value) == ("REQUEST", "0")
    assert first.vevent.attendee.value == f"mailto:{address}"
    assert int(first.vevent.dtstart.value.timestamp() * 1000) == meeting["starts_at_ms"]
    # The reader's own clock: the teacher's school is in Poland, in the same zone as Spain; the words are in English.
    assert "2030-03-29, 10:00–11:00 (Europe/Warsaw)" in invitation.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    moved = (await change(world.founder, world, meeting, starts_at="2030-03-31T10:00", ends_at="2030-03-31T11:00")).body
    assert (moved["revision"], moved["changes"][-1]["fields"]) == (2, ["time"])
    second = event_in(await newest_letter(world, address, 2))
    assert (second.vevent.uid.value, second.vevent.sequence.value) == (first.vevent.uid.value, "1")
    path = f"{world.path}/meetings/{meeting['id']}"
    assert (await world.founder.call("DELETE", f"{path}?revision=1")).status == 409
    assert (await world.founder.call("DELETE", f"{path}?revision=2")).status == 204
    last = event_in(await newest_letter(world, address, 3, "CANCEL"))
    assert (last.method.value, last.vevent.status.value, last.vevent.sequence.value) == ("CANCEL", "CANCELLED", "2")
    assert last.vevent.uid.value == first.vevent.uid.value
    assert (await change(world.founder, world, moved, title="Again")).status == 409
    (shown,) = (await world.pupil.get(f"{world.path}/plan"))["meetings"]
    assert shown["is_cancelled"]


async def test_who_is_asked_no_longer_gets_a_cancellation_even_if_more_is_changed(world: World) -> None:
    address = await give_address(world, world.teacher)
    meeting = (await plan(world, invited={"user_ids": [id_of(world.teacher), id_of(world.pupil)]})).body
    without = {"everybody": False, "user_ids": [id_of(world.pupil)], "team_ids": []}
    meeting = (await change(world.founder, world, meeting, invited=without)).body
    meeting = (await change(world.founder, world, meeting, title="Other")).body
    ended = event_in(await newest_letter(world, address, 1, "CANCEL"))
    assert ended.vevent.uid.value.startswith(meeting["id"])


async def test_pupils_get_no_letters_but_the_file(world: World) -> None:
    meeting = (await plan(world)).body
    file = await world.pupil.call("GET", f"{world.path}/meetings/{meeting['id']}/invitation")
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert vobject.readOne(file.body.decode()).vevent.summary.value == "First talk"
    due = await world.hub.context.storage.deliveries.take(2**50, 1, 1000)
    assert id_of(world.pupil) not in {each.user_id for each in due}


async def test_only_who_is_asked_is_asked(world: World) -> None:
    team = {"title": "Bakers", "user_ids": [id_of(world.pupil), id_of(world.teacher)]}
    team_id = (await world.founder.call("POST", f"{world.path}/teams", team)).body["id"]
    await plan(world, invited={"team_ids": [team_id]})
    for person, asked in ((world.pupil, True), (world.teacher, True), (world.founder, True), (world.visitor, False)):
        (seen,) = (await person.get(f"{world.path}/plan"))["meetings"]
        assert seen["am_invited"] is asked, person.user
        desk = await person.get("/api/v1/me/desk")
        assert [each["id"] for each in desk["meetings"]] == []  # In 2030: further than a desk looks.


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": "2027-03-28T02:30", "ends_at": "2027-03-28T04:00"}, "starts_at"),
        ({"ends_at": "2030-03-29T10:00"}, "ends_at"),
        ({"ends_at": "2030-03-30T10:00"}, "ends_at"),
        ({"starts_at": "2030-02-30T10:00"}, "starts_at"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"room_id": "elsewhere"}, "room_id"),
        ({"invited": {}}, None),
        ({"invited": {"user_ids": ["elsewhere"]}}, "invited"),
        ({"invited": {"team_ids": ["elsewhere"]}}, "invited"),
    ],
)
async def test_a_meeting_that_can_t_be_is_refused_by_name(world: World, changes: dict[str, Any], field: str) -> None:
    refused = await plan(world, **changes)
    assert (refused.status, refused.code) == (400, "invalid"), refused
    assert field is None or refused.body["field"] == field
    assert (await world.founder.get(f"{world.path}/plan"))["meetings"] == []


async def test_a_private_address_shows_one_s_meetings_until_it_is_revoked(world: World) -> None:
    await plan(world)
    await plan(world, title="Not for pupils", invited={"user_ids": [id_of(world.teacher)]})
    now_ms = world.hub.context.now_ms()
    soon = await world.hub.context.storage.plan.meetings(world.twinspace_id)
    for number, meeting in enumerate(soon):
        starts = now_ms + (number + 1) * 3_600_000
        moved = replace(meeting, starts_at_ms=starts, ends_at_ms=starts + 1_800_000, revision=2)
        await world.hub.context.storage.plan.change_meeting(moved)
    assert (await world.pupil.get("/api/v1/me/preferences"))["feed_since_ms"] is None
    url = (await world.pupil.call("POST", "/api/v1/me/calendar_feed")).body["url"]
    path = "/calendar/" + url.split("/calendar/")[1]
    feed = await world.nobody.call("GET", path)
    assert feed.headers["Content-Type"].startswith("text/calendar")
    calendar = vobject.readOne(feed.body.decode())
    assert [event.summary.value for event in calendar.vevent_list] == ["First talk"]
    newer = (await world.pupil.call("POST", "/api/v1/me/calendar_feed")).body["url"]
    assert (await world.nobody.call("GET", path)).status == 404
    assert (await world.pupil.call("DELETE", "/api/v1/me/calendar_feed")).status == 204
    assert (await world.nobody.call("GET", "/calendar/" + newer.split("/calendar/")[1])).status == 404


async def test_a_reminder_comes_once_before_the_meeting(world: World) -> None:
    await plan(world, invited={"user_ids": [id_of(world.pupil)]})
    context = world.hub.context
    (meeting,) = await context.storage.plan.meetings(world.twinspace_id)
    starts = context.now_ms() + 10 * 60_000
    moved = replace(meeting, starts_at_ms=starts, ends_at_ms=starts + 1_800_000, revision=2)
    await context.storage.plan.change_meeting(moved)
    for _ in range(2):  # A second postman is another process, or the hub after a restart.
        await Postman(context, context.web_push).remind()
    found = (await world.pupil.get("/api/v1/me/notices"))["notices"]
    assert [each["kind"] for each in found].count("meeting_soon") == 1
