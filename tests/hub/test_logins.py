"""Where one is signed in, ended one by one; and the second factor that staff must and others may have."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from hub.http_sessions import NOTE_USE_EVERY_MS
from hub.one_time_codes import STEP_S, code_at
from storage.records import SchoolId
from tests.hub.world import WAIT_S, Person, World, make_person
from tests.hub.yjs_client import open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSWORD = "correct horse battery"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


async def with_password(world: World, person: Person) -> str:
    context = world.hub.context
    assert person.user is not None
    await context.storage.users.set_password_hash(person.user.id, await context.auth.hash_password(PASSWORD))
    return person.user.name


async def sign_in(world: World, person: Person, **headers: str) -> Person:
    name = await with_password(world, person)
    body = {"name": name, "password": PASSWORD}
    answer = await world.nobody.call("POST", "/api/v1/login", body, headers={**FIREFOX, **headers})
    assert answer.status == 200, answer
    cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    return Person(world.hub, world.founder.http, person.user, cookie)


async def staff(world: World) -> Person:
    person = await make_person(world.hub, world.founder.http, SchoolId("service-national"), "staff")
    assert person.user is not None
    world.people[person.user.name] = person
    return person


async def set_up(person: Person) -> tuple[bytes, list[str]]:
    """The secret and the recovery codes; in force only once a code was typed."""
    answer = await person.call("POST", "/api/v1/me/second_factor", {})
    assert answer.status == 201, answer
    secret = answer.body["secret"]
    return base64.b32decode(secret + "=" * (-len(secret) % 8)), answer.body["recovery_codes"]


async def prove(person: Person, code: str) -> Any:
    return await person.call("POST", "/api/v1/me/second_factor/proof", {"code": code})


def code_now(world: World, secret: bytes, *, later: int = 0) -> str:
    return code_at(secret, world.hub.context.now_ms() // 1000 // STEP_S + later)


async def test_logins_are_listed_with_device_and_way(world: World) -> None:
    here = await sign_in(world, world.teacher)
    there = await sign_in(
        world,
        world.teacher,
        **{"User-Agent": "Mozilla/5.0 (Linux; Android 16) AppleWebKit Chrome/156.0 Mobile Safari/537"},
    )
    listed = (await here.get("/api/v1/me/logins"))["logins"]
    assert [(one["device"], one["way"], one["is_this_one"]) for one in listed] == [
        ("Chrome, Android", "password", False),
        ("Firefox, Linux", "password", True),
        ("", "token", False),
    ]
    assert all(one["last_used_at_ms"] for one in listed)
    assert len((await there.get("/api/v1/me/logins"))["logins"]) == 3


async def test_a_revoked_login_ends_its_sockets_and_documents_and_no_others(world: World) -> None:
    here, there = await sign_in(world, world.teacher), await sign_in(world, world.teacher)
    socket, kept = await there.socket(), await here.socket()
    document_id = await world.create("document")
    ids = {one["is_this_one"]: one["id"] for one in (await there.get("/api/v1/me/logins"))["logins"]}
    try:
        async with open_document(there, document_id) as document:
            assert await document.sync()
            assert (await here.call("DELETE", f"/api/v1/me/logins/{ids[True]}")).status == 204
            assert await socket.expect("session:ended") == {"reason": "signed_out"}
            async with asyncio.timeout(WAIT_S):
                await socket.disconnected.wait()
            assert await document.ended() == 4401
        assert (await there.call("GET", "/api/v1/me")).code == "not_signed_in"
        assert (await kept.enter(world.twinspace_id))["ok"]
        assert (await here.call("DELETE", f"/api/v1/me/logins/{ids[True]}")).code == "not_found"
    finally:
        await socket.close()
        await kept.close()


async def test_all_other_browsers_are_signed_out_at_once(world: World) -> None:
    here, *others = [await sign_in(world, world.teacher) for _ in range(3)]
    assert (await here.call("POST", "/api/v1/me/logins/end_others", {})).status == 204
    for other in others:
        assert (await other.call("GET", "/api/v1/me")).code == "not_signed_in"
    listed = (await here.get("/api/v1/me/logins"))["logins"]
    assert [one["way"] for one in listed] == ["password", "token"]


async def test_nobody_ends_the_login_of_somebody_else(world: World) -> None:
    mine, theirs = await sign_in(world, world.teacher), await sign_in(world, world.founder)
    (target,) = [one for one in (await theirs.get("/api/v1/me/logins"))["logins"] if one["is_this_one"]]
    foreign = await mine.call("DELETE", f"/api/v1/me/logins/{target['id']}")
    absent = await mine.call("DELETE", "/api/v1/me/logins/absent")
    assert (foreign.status, foreign.body) == (absent.status, absent.body) and foreign.code == "not_found"
    assert (await theirs.call("GET", "/api/v1/me")).status == 200


async def test_use_is_noted_by_the_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await sign_in(world, world.teacher)
    first = (await person.get("/api/v1/me/logins"))["logins"][0]["last_used_at_ms"]
    assert (await person.get("/api/v1/me/logins"))["logins"][0]["last_used_at_ms"] == first
    later_ms = world.hub.context.now_ms() + NOTE_USE_EVERY_MS + 1
    monkeypatch.setattr(world.hub.context, "now_ms", lambda: later_ms)
    assert (await person.get("/api/v1/me/logins"))["logins"][0]["last_used_at_ms"] == later_ms


async def test_staff_can_do_nothing_before_their_second_factor(world: World) -> None:
    person = await sign_in(world, await staff(world))
    me = await person.get("/api/v1/me")
    assert me["second_factor"] == "set_up"
    for path in ("/api/v1/registrations", "/api/v1/twinspaces", "/api/v1/me/logins"):
        answer = await person.call("GET", path)
        assert (answer.status, answer.code) == (403, "second_factor_needed"), path
    with pytest.raises(ConnectionRefusedError, match="second_factor_needed"):
        await person.socket()
    secret, _ = await set_up(person)
    assert (await prove(person, "000000")).code == "wrong_secret"
    assert (await person.call("GET", "/api/v1/registrations")).code == "second_factor_needed"
    proved = await prove(person, f"{code_now(world, secret)[:3]} {code_now(world, secret)[3:]}")
    assert (proved.status, proved.body["second_factor"]) == (200, "on")
    assert (await person.call("GET", "/api/v1/registrations")).status == 200
    again = await sign_in(world, person)
    assert (await again.get("/api/v1/me"))["second_factor"] == "ask"
    assert (await again.call("GET", "/api/v1/registrations")).code == "second_factor_needed"
    assert (await again.call("POST", "/api/v1/me/second_factor", {})).code == "conflict"
    assert (await person.call("DELETE", "/api/v1/me/second_factor")).code == "conflict"


async def test_a_code_works_once_and_recovery_codes_too(world: World) -> None:
    person = await sign_in(world, world.teacher)
    assert (await person.get("/api/v1/me"))["second_factor"] == "off"
    secret, recovery = await set_up(person)
    code = code_now(world, secret)
    assert (await prove(person, recovery[0])).code == "wrong_secret"  # Not before the first code.
    assert (await prove(person, code)).status == 200
    second = await sign_in(world, world.teacher)
    assert (await prove(second, code)).code == "wrong_secret"
    assert (await prove(second, recovery[0].upper())).status == 200
    third = await sign_in(world, world.teacher)
    assert (await prove(third, recovery[0])).code == "wrong_secret"
    assert (await prove(third, code_now(world, secret, later=1))).status == 200
    assert (await third.call("DELETE", "/api/v1/me/second_factor")).body["second_factor"] == "off"
    assert (await (await sign_in(world, world.teacher)).call("GET", "/api/v1/twinspaces")).status == 200


async def test_guessing_codes_has_to_wait(world: World) -> None:
    person = await sign_in(world, world.teacher)
    secret, _ = await set_up(person)
    assert (await prove(person, code_now(world, secret, later=-1))).status == 200
    half = await sign_in(world, world.teacher)
    codes = [(await prove(half, "000000")).code for _ in range(6)]
    assert codes == ["wrong_secret"] * 5 + ["too_many"]
    assert (await prove(half, code_now(world, secret))).code == "too_many"


async def test_secrets_lie_encrypted_and_under_one_name(world: World) -> None:
    auth, users = world.hub.context.auth, (world.teacher.user, world.founder.user)
    assert users[0] and users[1]
    sealed = auth.seal(b"a secret of twenty b", users[0].id)
    assert b"secret" not in sealed and auth.unseal(sealed, users[0].id) == b"a secret of twenty b"
    with pytest.raises(InvalidTag):
        auth.unseal(sealed, users[1].id)


async def test_pupils_and_scripts_are_never_asked_for_a_code(world: World) -> None:
    path = f"{world.path}/members/{world.pupil.user.id}/class_card"
    words = (await world.founder.call("POST", path, {})).body["words"]
    answer = await world.nobody.call("POST", "/api/v1/login", {"class_key": words})
    assert answer.body["second_factor"] == "off"
    assert (await (await staff(world)).call("GET", "/api/v1/registrations")).status == 200  # By token.
