"""Teachers register, confirm their address, and are let in or refused by the service of their country or region."""

from __future__ import annotations

import email
import email.policy
import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from hub.phrases import PHRASES
from storage.records import SchoolId
from tests.hub.world import Person, World, make_person

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def new_address() -> str:
    return f"teacher{next(_numbers)}@ies.example"


def letters_to(world: World, address: str) -> list[Any]:
    folder = Path(world.hub.context.settings.data_dir) / "outbox"
    parsed = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]
    return [letter for letter in parsed if letter["To"] == address]


def secret_in(letter: Any) -> str:
    found = re.search(r"#secret=(\S+)", letter.get_content())
    assert found, letter.get_content()
    return found[1]


async def register(world: World, address: str, **more: Any) -> Any:
    body = {
        "email": address,
        "password": PASSWORD,
        "display_name": "Ana Ruiz",
        "language": "es",
        "country": "ES",
        "school_id": "school-a",
        **more,
    }
    return await world.nobody.call("POST", "/api/v1/registrations", {k: v for k, v in body.items() if v is not None})


async def confirm(world: World, address: str, password: str = PASSWORD) -> Any:
    body = {"secret": secret_in(letters_to(world, address)[-1]), "password": password}
    return await world.nobody.call("POST", "/api/v1/registrations/confirm", body)


async def service(world: World, level: str, school_id: str | None = None) -> Person:
    place = SchoolId(school_id or f"service-{level}")
    person = await make_person(world.hub, world.founder.http, place, "staff")
    assert person.user is not None
    world.people[person.user.name] = person
    return person


async def arrive(world: World, **more: Any) -> tuple[str, Person]:
    """A teacher who has confirmed the address and waits."""
    address = new_address()
    assert (await register(world, address, **more)).status == 204
    answer = await confirm(world, address)
    assert answer.status == 200 and answer.body["state"] == "waiting", answer
    cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    user = await world.hub.context.storage.users.get_user(answer.body["id"])
    person = Person(world.hub, world.founder.http, user, cookie)
    world.people[address] = person
    return address, person


async def waiting_ids(person: Person) -> set[str]:
    return {one["user_id"] for one in (await person.get("/api/v1/registrations"))["registrations"]}


async def decide(person: Person, teacher: Person, decision: str, reason: str = "") -> Any:
    assert teacher.user is not None
    path = f"/api/v1/registrations/{teacher.user.id}/decision"
    return await person.call("POST", path, {"decision": decision, "reason": reason})


async def test_a_teacher_registers_confirms_waits_and_is_let_in(world: World) -> None:
    address, teacher = await arrive(world, message="I teach biology.")
    regional = await service(world, "regional")
    assert (await teacher.get("/api/v1/me"))["duties"] == []
    assert (await teacher.call("GET", "/api/v1/pupils")).code == "not_found"
    mine = await teacher.get("/api/v1/me/registration")
    assert (mine["state"], mine["service"], mine["decided_at_ms"]) == ("waiting", "The regional service", None)
    shown = {one["user_id"]: one for one in (await regional.get("/api/v1/registrations"))["registrations"]}
    asked = shown[teacher.user.id]  # type: ignore[union-attr]
    assert (asked["email"], asked["message"], asked["school_is_new"]) == (address, "I teach biology.", False)
    socket = await teacher.socket()
    assert (await decide(regional, teacher, "accepted", "Welcome!")).status == 204
    told = await socket.expect("account:changed")
    assert told["state"] == "active" and "pupils" in told["duties"]
    assert (await teacher.call("GET", "/api/v1/pupils")).status == 200
    letter = letters_to(world, address)[-1]
    assert letter["Subject"] == PHRASES["es"]["accepted_subject"] and "Welcome!" in letter.get_content()
    assert teacher.user.id not in await waiting_ids(regional)  # type: ignore[union-attr]


async def test_a_refusal_needs_a_reason_which_the_teacher_reads(world: World) -> None:
    address, teacher = await arrive(world)
    national = await service(world, "national")
    bare = await decide(national, teacher, "refused")
    assert (bare.status, bare.code) == (400, "invalid")
    assert (await decide(national, teacher, "refused", "This school is closed.")).status == 204
    mine = await teacher.get("/api/v1/me/registration")
    assert (mine["state"], mine["reason"]) == ("refused", "This school is closed.")
    assert "This school is closed." in letters_to(world, address)[-1].get_content()
    assert (await teacher.call("GET", "/api/v1/pupils")).code == "not_found"
    second = await decide(national, teacher, "accepted")
    assert (second.status, second.code) == (409, "conflict")


async def test_each_service_decides_in_its_own_country_or_region_alone(world: World) -> None:
    _, spanish = await arrive(world)
    _, polish = await arrive(world, country="PL", school_id="school-b")
    assert spanish.user and polish.user
    seen = {level: await waiting_ids(await service(world, level)) for level in ("regional", "national", "central")}
    assert all(spanish.user.id in ids for ids in seen.values())
    assert [polish.user.id in seen[level] for level in ("regional", "national", "central")] == [False, False, True]
    national = await service(world, "national")
    absent = await national.call("POST", "/api/v1/registrations/absent/decision", {"decision": "accepted"})
    foreign = await decide(national, polish, "accepted")
    assert (foreign.status, foreign.body) == (absent.status, absent.body) == (404, absent.body)
    assert (await decide(await service(world, "central"), polish, "accepted")).status == 204


async def test_a_new_school_is_listed_once_its_teacher_is_let_in(world: World) -> None:
    name = f"IES Nuevo {next(_numbers)}"
    new = {"name": name, "city": "Ronda", "region": "Andalucía"}
    _, teacher = await arrive(world, school_id=None, new_school=new)
    listed = "/api/v1/countries/ES/schools"
    assert name not in {school["name"] for school in (await world.nobody.get(listed))["schools"]}
    regional = await service(world, "regional")
    (asked,) = [
        one
        for one in (await regional.get("/api/v1/registrations"))["registrations"]
        if one["user_id"] == teacher.user.id  # type: ignore[union-attr]
    ]
    assert asked["school_is_new"] and asked["school"]["city"] == "Ronda"
    assert (await decide(regional, teacher, "accepted")).status == 204
    assert name in {school["name"] for school in (await world.nobody.get(listed))["schools"]}


async def test_the_letter_alone_opens_nothing_and_works_once(world: World) -> None:
    address = new_address()
    await register(world, address)
    assert (await confirm(world, address, "not the password")).code == "wrong_secret"
    unconfirmed = await world.nobody.call("POST", "/api/v1/login", {"name": address, "password": PASSWORD})
    assert unconfirmed.body["state"] == "unconfirmed" and unconfirmed.body["duties"] == []
    assert (await confirm(world, address)).status == 200
    assert (await confirm(world, address)).code == "not_found"


async def test_who_registers_again_before_confirming_replaces_the_first_try(world: World) -> None:
    """Somebody may have registered with another's address: the owner's own registration counts, not the stranger's."""
    address = new_address()
    await register(world, address, display_name="Stranger", password="the stranger's password")
    stale = secret_in(letters_to(world, address)[-1])
    await register(world, address)
    body = {"secret": stale, "password": "the stranger's password"}
    assert (await world.nobody.call("POST", "/api/v1/registrations/confirm", body)).code == "not_found"
    assert (await confirm(world, address)).body["display_name"] == "Ana Ruiz"
    stranger = await world.nobody.call(
        "POST", "/api/v1/login", {"name": address, "password": "the stranger's password"}
    )
    assert stranger.code == "wrong_secret"


async def test_an_address_that_has_an_account_is_told_so_by_letter_alone(world: World) -> None:
    address, _ = await arrive(world)
    fresh = await register(world, new_address())
    again = await register(world, address, display_name="Stranger", password="the stranger's password")
    assert (again.status, again.body) == (fresh.status, fresh.body) == (204, b"")
    letter = letters_to(world, address)[-1]
    assert letter["Subject"] == PHRASES["es"]["known_subject"] and "#secret" not in letter.get_content()
    assert (await world.nobody.call("POST", "/api/v1/login", {"name": address, "password": PASSWORD})).status == 200


async def test_a_forgotten_password_is_chosen_again_and_ends_what_the_old_one_opened(world: World) -> None:
    address, teacher = await arrive(world)
    unknown = await world.nobody.call("POST", "/api/v1/password/forgotten", {"email": new_address()})
    asked = await world.nobody.call("POST", "/api/v1/password/forgotten", {"email": address.upper()})
    assert (asked.status, asked.body) == (unknown.status, unknown.body) == (204, b"")
    socket = await teacher.socket()
    body = {"secret": secret_in(letters_to(world, address)[-1]), "password": "a brand new password"}
    assert (await world.nobody.call("POST", "/api/v1/password", body)).status == 204
    assert await socket.expect("session:ended") == {"reason": "signed_out"}
    assert (await world.nobody.call("POST", "/api/v1/password", body)).code == "not_found"
    for password, status in ((PASSWORD, 401), ("a brand new password", 200)):
        answer = await world.nobody.call("POST", "/api/v1/login", {"name": address, "password": password})
        assert answer.status == status


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a b@c.example"}, "email"),
        ({"email": "a@b@c.example"}, "email"),
        ({"email": "a@localhost"}, "email"),
        ({"email": "a@c.example\r\nBcc: x@y.example"}, "email"),
        ({"password": "too short"}, "password"),
        ({"display_name": " "}, "display_name"),
        ({"country": "XX"}, "country"),
        ({"country": "US"}, "country"),
        ({"school_id": "school-b"}, "school_id"),
        ({"school_id": "service-national"}, "school_id"),
        ({"school_id": None, "new_school": {"name": "", "city": "Ronda"}}, "new_school"),
        ({"message": "x" * 1_001}, "message"),
    ],
)
async def test_bad_registrations_say_what_is_wrong_and_write_nobody(
    world: World, change: dict[str, Any], field: str
) -> None:
    address = new_address()
    answer = await register(world, address, **change)
    assert (answer.status, answer.code, answer.body.get("field")) == (400, "invalid", field)
    assert letters_to(world, address) == []


async def test_every_language_has_every_phrase() -> None:
    names = {language: set(table) for language, table in PHRASES.items()}
    assert len({frozenset(found) for found in names.values()}) == 1
    for name in names["en"]:
        holes = {language: sorted(set(re.findall(r"\{\w+\}", table[name]))) for language, table in PHRASES.items()}
        assert len({tuple(found) for found in holes.values()}) == 1, (name, holes)
