"""Notices: told at once, as each person chose; letters that one click ends; never a push to a pupil at night."""

from __future__ import annotations

import datetime
import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.digests import digest_is_due
from hub.notices import NIGHT_FOR_MINORS, PUSH_LIFE_MS, is_quiet, next_allowed_ms, notify
from hub.postman import Postman
from hub.time_zones import ZONES, local_time
from storage.records import FreeDays, FreeDaysId, Preferences, SchoolId, UserId
from tests.hub.test_meetings import give_address
from tests.hub.world import Person, World

CHOICES: dict[str, Any] = {
    "time_zone": "",
    "digest": "daily",
    "quiet_from": "20:00",
    "quiet_until": "07:00",
    "school_days_only": True,
    "kinds": {},
}
DEFAULTS = Preferences(UserId("someone"))
AUTUMN = FreeDays(FreeDaysId("autumn"), SchoolId("a"), "Autumn", "2026-11-02", "2026-11-06", UserId("ana"), 1)


def at(local: str, zone: str = "Europe/Madrid") -> int:
    return int(datetime.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


async def tell(world: World, person: Person, kind: str = "plan", subject: str = "a") -> None:
    assert person.user is not None
    await notify(
        world.hub.context,
        [person.user.id],
        kind,
        subject_id=subject,
        details={"title": "Bake"},
        twinspace_id=world.twinspace_id,
    )


@pytest.mark.asyncio(loop_scope="session")
async def test_a_notice_comes_at_once_and_is_read_in_every_window(world: World) -> None:
    socket = await world.pupil.socket()
    await tell(world, world.pupil)
    told = await socket.expect("notice:added")
    assert (told["kind"], told["details"], told["is_read"]) == ("plan", {"title": "Bake"}, False)
    assert (await world.pupil.get("/api/v1/me/notices"))["unread_count"] == 1
    read = await world.pupil.call("POST", "/api/v1/me/notices/read", {"seqs": [told["seq"]]})
    assert read.body == {"unread_count": 0} == await socket.expect("notice:read")
    (notice,) = (await world.pupil.get("/api/v1/me/notices"))["notices"]
    assert notice["is_read"]
    assert (await world.founder.get("/api/v1/me/notices"))["notices"] == []


@pytest.mark.asyncio(loop_scope="session")
async def test_a_kind_that_one_does_not_want_is_not_told(world: World) -> None:
    kinds = {"plan": {"page": False, "mail": False, "push": False}}
    assert (await world.pupil.call("PUT", "/api/v1/me/preferences", {**CHOICES, "kinds": kinds})).status == 200
    await tell(world, world.pupil)
    await tell(world, world.pupil, "phase")
    assert [each["kind"] for each in (await world.pupil.get("/api/v1/me/notices"))["notices"]] == ["phase"]


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Europe/Atlantis"},
        {"quiet_from": "24:00"},
        {"digest": "hourly"},
        {"kinds": {"no_such": {"page": True}}},
    ],
)
async def test_preferences_that_can_t_be_are_refused(world: World, changes: dict[str, Any]) -> None:
    before = await world.teacher.get("/api/v1/me/preferences")
    assert (await world.teacher.call("PUT", "/api/v1/me/preferences", {**CHOICES, **changes})).status == 400
    assert await world.teacher.get("/api/v1/me/preferences") == before


@pytest.mark.asyncio(loop_scope="session")
async def test_pupils_have_no_letters_and_everybody_their_school_s_clock(world: World) -> None:
    assert (await world.pupil.get("/api/v1/me/preferences"))["has_mail"] is False
    chosen = (await world.pupil.call("PUT", "/api/v1/me/preferences", CHOICES)).body
    assert (chosen["digest"], chosen["time_zone"]) == ("off", "Europe/Madrid")
    assert (await world.teacher.get("/api/v1/me/preferences"))["time_zone"] == "Europe/Warsaw"
    canary = {**CHOICES, "time_zone": "Atlantic/Canary"}
    chosen = (await world.teacher.call("PUT", "/api/v1/me/preferences", canary)).body
    assert (chosen["time_zone"], chosen["is_own_time_zone"]) == ("Atlantic/Canary", True)


def outbox(world: World, address: str) -> list[EmailMessage]:
    folder = world.hub.context.settings.data_dir / "outbox"
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.glob("*.eml")]
    return [letter for letter in found if letter["To"] == address]  # type: ignore[misc]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_digest_sums_up_once_and_one_post_ends_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context = world.hub.context
    address = await give_address(world, world.teacher)
    await tell(world, world.teacher)
    await tell(world, world.teacher, "phase")
    await tell(world, world.teacher, "meeting_soon")  # Not for letters unless chosen.
    # The next school day that is a working day in Poland, at eight.
    day = local_time(context.now_ms(), "Europe/Warsaw").date() + datetime.timedelta(days=1)
    while day.weekday() > 4:
        day += datetime.timedelta(days=1)
    morning = at(f"{day}T08:00", "Europe/Warsaw")
    with monkeypatch.context() as clock:  # The teacher's login may be over by then.
        clock.setattr(context, "now_ms", lambda: morning)
        for _ in range(2):  # Another process looks at the same moment.
            postman = Postman(context, context.web_push)
            await postman.start_digests()
            while await postman.deliver():
                pass
    (letter,) = outbox(world, address)
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "A TwinSpace" in text and "Changes in the work plan: 1" in text and "Steps" in text
    assert "about to begin" not in text
    url = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and url in text
    path = "/unsubscribe/" + url.rpartition("/")[2]
    page = await world.nobody.call("GET", path)
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    assert (await world.teacher.get("/api/v1/me/preferences"))["digest"] == "daily"
    form = {"data": "List-Unsubscribe=One-Click", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    assert (await world.nobody.call("POST", path, **form)).status == 200
    assert (await world.teacher.get("/api/v1/me/preferences"))["digest"] == "off"
    assert (await world.nobody.call("POST", "/unsubscribe/" + "x" * 32, **form)).status == 404


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("chosen", "local", "last", "due"),
    [
        ({}, "2026-10-05T07:30", "2026-10-02T07:30", True),
        ({}, "2026-10-05T06:59", "2026-10-02T07:30", False),
        ({}, "2026-10-05T21:00", "2026-10-02T07:30", False),
        ({}, "2026-10-05T09:00", "2026-10-05T07:30", False),
        ({}, "2026-10-03T09:00", "2026-10-02T07:30", False),
        ({"school_days_only": False}, "2026-10-03T09:00", "2026-10-02T07:30", True),
        ({"quiet_until": "10:00"}, "2026-10-05T09:00", "2026-10-02T07:30", False),
        ({"digest": "weekly"}, "2026-10-06T09:00", "2026-10-05T07:30", False),
        ({"digest": "weekly"}, "2026-10-06T09:00", "2026-10-02T07:30", True),
        ({"digest": "off"}, "2026-10-05T09:00", "2026-10-02T07:30", False),
    ],
)
async def test_when_a_digest_is_due(world: World, chosen: dict[str, Any], local: str, last: str, due: bool) -> None:
    assert world.founder.user is not None
    preferences = replace(DEFAULTS, user_id=world.founder.user.id, digest_at_ms=at(last), **chosen)
    assert await digest_is_due(world.hub.context, world.founder.user, preferences, at(local)) is due


def test_quiet_hours_go_across_midnight() -> None:
    night = datetime.time(20), datetime.time(7)
    clocks = {"19:59": False, "20:00": True, "23:59": True, "00:00": True, "06:59": True, "07:00": False}
    assert {clock: is_quiet(datetime.time.fromisoformat(clock), night) for clock in clocks} == clocks
    never = datetime.time(0), datetime.time(0)
    assert not any(is_quiet(datetime.time(hour), never) for hour in range(24))


@pytest.mark.parametrize(
    ("kind", "local", "until"),
    [
        ("teacher", "2026-10-05T12:00", "2026-10-05T12:00"),
        ("teacher", "2026-10-05T21:10", "2026-10-06T07:00"),
        ("pupil", "2026-10-02T19:59", "2026-10-02T19:59"),
        ("pupil", "2026-10-02T20:00", "2026-10-05T07:00"),
        ("pupil", "2026-10-30T20:00", "2026-11-09T07:00"),
    ],
)
def test_a_push_waits_for_the_morning_of_a_school_day(kind: Any, local: str, until: str) -> None:
    assert next_allowed_ms(at(local), "Europe/Madrid", DEFAULTS, kind, [AUTUMN]) == at(until)


@given(
    st.integers(1_780_000_000, 1_850_000_000).map(lambda seconds: seconds * 1000),
    st.sampled_from(sorted(ZONES.values())),
    st.times().map(lambda clock: clock.strftime("%H:%M")),
    st.times().map(lambda clock: clock.strftime("%H:%M")),
    st.booleans(),
)
def test_nothing_a_pupil_chooses_lets_a_push_through_at_night(
    now_ms: int, zone: str, quiet_from: str, quiet_until: str, school_days_only: bool
) -> None:
    chosen = replace(DEFAULTS, quiet_from=quiet_from, quiet_until=quiet_until, school_days_only=school_days_only)
    due_ms = next_allowed_ms(now_ms, zone, chosen, "pupil", [AUTUMN])
    local = local_time(due_ms, zone)
    assert due_ms >= now_ms
    # Quiet hours that leave hardly a minute free keep a push back for so long that it is not sent at all.
    if due_ms - now_ms <= PUSH_LIFE_MS:
        assert not is_quiet(local.time(), NIGHT_FOR_MINORS)
        assert local.weekday() < 5 and not AUTUMN.starts_on <= local.date().isoformat() <= AUTUMN.ends_on
