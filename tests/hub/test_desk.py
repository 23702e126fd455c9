"""The desk: what waits, at once and in one read, and only what is one's own."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.hub.cases.finding import made
from tests.hub.test_registrations import arrive
from tests.hub.test_safety import hide
from tests.hub.test_staff_room import id_of
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def desk(person: Person) -> dict[str, Any]:
    return dict(await person.get("/api/v1/me/desk"))


def sources(found: dict[str, Any]) -> dict[str, int]:
    return {each["source"]: each["count"] for each in found["waiting"]}


async def test_a_desk_has_one_s_twinspaces_with_what_is_new(world: World) -> None:
    content_id = await world.create("document", "Diary")
    for text in ("one", "two"):
        await world.founder.call("POST", f"{world.path}/messages", {"text": text})
    found = await desk(world.pupil)
    (space,) = found["twinspaces"]
    assert (space["id"], space["role"], space["unread_count"]) == (world.twinspace_id, "pupil", 2)
    assert [each["id"] for each in space["latest"]] == [content_id]
    assert sorted(space["school_ids"]) == [school["id"] for school in found["schools"]] == ["school-a", "school-b"]
    assert found["time_zone"] == "Europe/Madrid"
    assert (await desk(world.stranger))["twinspaces"] == []


async def test_what_was_read_is_not_unread_in_any_window(world: World) -> None:
    await world.founder.call("POST", f"{world.path}/messages", {"text": "one"})
    socket = await world.teacher.socket()
    answer = await world.teacher.call("PUT", f"{world.path}/messages/read", {"seq": 999})
    assert answer.status == 204
    await socket.expect("desk:changed", lambda data: data["source"] == "chat")
    assert (await desk(world.teacher))["twinspaces"][0]["unread_count"] == 0
    await world.founder.call("POST", f"{world.path}/messages", {"text": "two"})
    assert (await desk(world.teacher))["twinspaces"][0]["unread_count"] == 1
    assert (await desk(world.founder))["twinspaces"][0]["unread_count"] == 0


async def test_a_report_is_on_both_teachers_desks_in_under_a_second(world: World) -> None:
    sockets = [await person.socket() for person in (world.founder, world.teacher)]
    started = time.monotonic()
    body = {"kind": "member", "subject_id": world.visitor.user.id, "reason": "mean"}  # type: ignore[union-attr]
    reported = await world.pupil.call("POST", f"{world.path}/reports", body)
    assert reported.status == 201, reported
    for socket in sockets:
        await socket.expect("desk:changed", lambda data: data["source"] == "report")
    # A generous limit: the machine may be busy. Nothing polls, so it is either at once or never.
    assert time.monotonic() - started < 5
    for person in (world.founder, world.teacher):
        assert sources(await desk(person))["report"] == 1
    assert "report" not in sources(await desk(world.pupil))


async def test_missing_consents_and_waiting_guests_wait_for_those_who_may_settle_them(world: World) -> None:
    await world.hub.context.storage.users.add_user(
        replace(world.pupil.user, id="undecided", name=f"undecided-{world.twinspace_id}")  # type: ignore[type-var,arg-type]
    )
    assert sources(await desk(world.founder)).get("consent") is None
    added = await world.founder.call("POST", f"{world.path}/members", {"user_ids": ["undecided"]})
    assert added.status == 204, added
    assert sources(await desk(world.founder))["consent"] == 1
    assert "consent" not in sources(await desk(world.teacher))
    assert "consent" not in sources(await desk(world.pupil))
    link = (await world.teacher.call("POST", f"{world.path}/guest_links", {"title": "Parents"})).body
    secret = link["url"].split("secret=")[1]
    socket = await world.founder.socket()
    asked = {"secret": secret, "display_name": "A mother", "language": "es"}
    assert (await world.nobody.call("POST", "/api/v1/guests", asked)).status == 200
    await socket.expect("desk:changed", lambda data: data["source"] == "guest")
    assert sources(await desk(world.founder))["guest"] == 1
    assert "guest" not in sources(await desk(world.pupil))


async def test_a_letter_waits_on_the_desk_at_once_until_it_is_read_or_its_writer_is_blocked(world: World) -> None:
    ana, marek = world.founder, world.teacher
    socket = await marek.socket()
    others = {"user_ids": [id_of(marek), id_of(world.visitor)], "title": "Bakers"}
    started = await made(ana, "POST", "/api/v1/conversations", others | {"client_message_id": "one", "text": "Hello"})
    await socket.expect("desk:changed", lambda data: data["source"] == "letters")
    assert sources(await desk(marek))["letters"] == 1
    assert "letters" not in sources(await desk(ana)) and "letters" not in sources(await desk(world.pupil))
    path = f"/api/v1/conversations/{started['id']}"
    await made(world.visitor, "POST", f"{path}/messages", {"client_message_id": "two", "text": "Buy this"})
    assert sources(await desk(marek))["letters"] == 2
    assert (await marek.call("PUT", f"/api/v1/me/blocks/{id_of(world.visitor)}")).status == 204
    assert sources(await desk(marek))["letters"] == 1
    await made(world.visitor, "POST", f"{path}/messages", {"client_message_id": "three", "text": "Buy that"})
    found = (await marek.get("/api/v1/conversations"))["conversations"]
    assert [(each["unread"], each["latest"]["text"]) for each in found if each["id"] == started["id"]] == [(1, "Hello")]
    assert (await marek.call("PUT", f"{path}/read", {"seq": 1})).status == 204
    assert "letters" not in sources(await desk(marek))


async def test_answers_in_threads_that_one_follows_wait_until_they_are_read(world: World) -> None:
    ana, marek = world.founder, world.teacher
    start = {"title": "Bread", "text": "Which one?"}
    large = (await made(ana, "POST", "/api/v1/threads", start))["thread"]["id"]
    here = (await made(world.pupil, "POST", f"{world.path}/threads", start))["thread"]["id"]
    ana_hears, pupil_hears = await ana.socket(), await world.pupil.socket()
    for thread_id, socket in ((large, ana_hears), (here, pupil_hears)):
        await made(marek, "POST", f"/api/v1/threads/{thread_id}/posts", {"client_post_id": "a", "text": "Rye"})
        await socket.expect("desk:changed", lambda data: data["source"] == "forum")
    assert sources(await desk(ana))["forum"] == 1 and "forum" not in sources(await desk(marek))
    pupils = await desk(world.pupil)
    assert (pupils["twinspaces"][0]["unread_posts"], "forum" in sources(pupils)) == (1, False)
    assert (await desk(ana))["twinspaces"][0]["unread_posts"] == 0
    await ana.get(f"/api/v1/threads/{large}")
    await ana_hears.expect("desk:changed", lambda data: data["source"] == "forum")
    assert "forum" not in sources(await desk(ana))
    await hide(world, "thread", here)
    assert (await desk(world.pupil))["twinspaces"][0]["unread_posts"] == 0


async def test_a_service_s_desk_shows_at_once_who_registered(world: World) -> None:
    staff = await world.person_of("national_staff")
    before, socket = sources(await desk(staff)).get("registration", 0), await staff.socket()
    _, teacher = await arrive(world)
    await socket.expect("desk:changed", lambda data: data["source"] == "registration")
    assert sources(await desk(staff))["registration"] == before + 1
    accepted = await staff.call("POST", f"/api/v1/registrations/{id_of(teacher)}/decision", {"decision": "accepted"})
    assert accepted.status == 204, accepted
    await socket.expect("desk:changed", lambda data: data["source"] == "registration")
    assert sources(await desk(staff)).get("registration", 0) == before


async def test_a_report_past_the_teachers_is_on_the_service_s_desk_at_once(world: World) -> None:
    staff, colleague = await world.person_of("national_staff"), await world.person_of("central_staff")
    before, socket = sources(await desk(staff)).get("help", 0), await staff.socket()
    body = {"kind": "member", "subject_id": id_of(world.founder), "reason": "mean", "about_teachers": True}
    reported = await world.pupil.call("POST", f"{world.path}/reports", body)
    assert reported.status == 201, reported
    await socket.expect("desk:changed", lambda data: data["source"] == "help")
    assert sources(await desk(staff))["help"] == before + 1
    question = (await staff.get("/api/v1/help/queue"))["questions"][-1]["id"]
    theirs = sources(await desk(colleague))["help"]
    await made(staff, "PUT", f"/api/v1/help/questions/{question}/owner", {})
    # Who took it goes on seeing it; it waits for nobody else.
    assert sources(await desk(staff))["help"] == before + 1
    assert sources(await desk(colleague)).get("help", 0) == theirs - 1
    await made(staff, "POST", f"/api/v1/help/questions/{question}/notes", {"text": "Settled.", "answers": True})
    assert sources(await desk(staff)).get("help", 0) == before
    # Nothing on the pupil's page tells who looks over their shoulder that they reported.
    told = (await world.pupil.get("/api/v1/me/notices"))["notices"]
    assert [each["kind"] for each in told if each["kind"] == "answered"] == []


async def test_who_asked_the_help_desk_is_told_of_the_answer(world: World) -> None:
    staff, socket = await world.person_of("national_staff"), await world.founder.socket()
    asked = await made(world.founder, "POST", "/api/v1/help/questions", {"title": "Cards", "text": "How?"})
    path = f"/api/v1/help/questions/{asked['id']}"
    await made(staff, "PUT", f"{path}/owner", {})
    await made(staff, "POST", f"{path}/notes", {"text": "Press the button.", "answers": True})
    notice = await socket.expect("notice:added", lambda data: data["kind"] == "answered")
    assert (notice["subject_id"], notice["details"]) == (asked["id"], {"title": "Cards"})


async def test_contents_that_one_may_not_see_are_not_on_the_desk(world: World) -> None:
    content_id = await world.create("document", "Teachers' notes")
    body = {"visibility": "teachers"}
    assert (await world.founder.call("PUT", f"/api/v1/contents/{content_id}/visibility", body)).status == 200
    assert (await desk(world.pupil))["twinspaces"][0]["latest"] == []
    assert [each["id"] for each in (await desk(world.teacher))["twinspaces"][0]["latest"]] == [content_id]


async def test_a_planned_meeting_is_on_the_desks_of_those_who_are_asked(world: World) -> None:
    socket = await world.pupil.socket()
    body = {
        "title": "Soon",
        "room_id": world.room_id,
        "starts_at": "2030-01-01T10:00",
        "ends_at": "2030-01-01T11:00",
        "time_zone": "Europe/Madrid",
        "invited": {"user_ids": [world.pupil.user.id]},  # type: ignore[union-attr]
    }
    planned = (await world.founder.call("POST", f"{world.path}/meetings", body)).body
    notice = await socket.expect("notice:added")
    assert (notice["kind"], notice["subject_id"]) == ("meeting_planned", planned["id"])
    await socket.expect("desk:changed", lambda data: data["source"] == "meeting")
    context = world.hub.context
    (meeting,) = await context.storage.plan.meetings(world.twinspace_id)
    starts = context.now_ms() + 3_600_000
    await context.storage.plan.change_meeting(
        replace(meeting, starts_at_ms=starts, ends_at_ms=starts + 1000, revision=2)
    )
    assert [each["id"] for each in (await desk(world.pupil))["meetings"]] == [planned["id"]]
    assert (await desk(world.teacher))["meetings"] == []
    assert (await desk(world.pupil))["unread_notices"] == 1
