"""Passkeys: made, used, renamed, removed; and everything that must not open a door. Chromium's own authenticator is in
tests/browser/test_passkeys.py."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import passkeys
from hub.passkeys import ANSWER_WITHIN_MS, NotProved, party_of
from hub.settings import Settings
from storage.records import Passkey, PasskeyId, SchoolId, User, UserId
from tests.hub.authenticator import MAY_SYNC, PRESENT, VERIFIED, Authenticator, b64
from tests.hub.test_logins import code_now, prove, set_up, sign_in, staff, with_password
from tests.hub.world import Answer, Person, World, make_person

pytestmark = pytest.mark.asyncio(loop_scope="session")
MINE = "/api/v1/me/passkeys"
DOOR = "/api/v1/login/passkey"


def device(world: World, **more: Any) -> Authenticator:
    return Authenticator(world.hub.context.settings.base_url, **more)


async def options_for(person: Person, path: str) -> Any:
    answer = await person.call("POST", f"{path}/challenge", {})
    assert answer.status == 200, answer
    return answer.body["options"]


async def add(person: Person, key: Authenticator, title: str = "My phone") -> Answer:
    made = key.make(await options_for(person, MINE))
    return await person.call("POST", MINE, {"title": title, "credential": made})


async def come_in(world: World, key: Authenticator) -> Answer:
    signed = key.sign(await options_for(world.nobody, DOOR))
    return await world.nobody.call("POST", DOOR, {"credential": signed})


def refused(answer: Answer) -> bool:
    return (answer.status, answer.code) == (401, "wrong_secret") and "Set-Cookie" not in answer.headers


async def test_a_passkey_lets_its_owner_in_without_a_name(world: World) -> None:
    phone, computer = device(world, count=5), device(world, flags=PRESENT | VERIFIED)
    options = await options_for(world.teacher, MINE)
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert (options["rp"]["id"], options["attestation"]) == ("localhost", "none")
    added = await add(world.teacher, phone, "  My phone ")
    assert (added.status, added.body["title"], added.body["is_synced"]) == (201, "My phone", True)
    assert (await add(world.teacher, computer, "Staff room")).body["is_synced"] is False
    known = (await options_for(world.teacher, MINE))["excludeCredentials"]
    assert {each["id"] for each in known} == {b64(phone.credential_id), b64(computer.credential_id)}
    assert {"internal", "hybrid"} == set(known[0]["transports"])
    assert (
        "allowCredentials" not in await options_for(world.nobody, DOOR)
        or not (await options_for(world.nobody, DOOR))["allowCredentials"]
    )
    for key in (phone, computer, phone):
        answer = await come_in(world, key)
        assert answer.status == 200, answer
        assert answer.body["id"] == world.teacher.user.id
        cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
        here = Person(world.hub, world.nobody.http, None, cookie)
        (login,) = [each for each in (await here.get("/api/v1/me/logins"))["logins"] if each["is_this_one"]]
        assert login["way"] == "passkey"
    listed = (await world.teacher.get(MINE))["passkeys"]
    assert [each["title"] for each in listed] == ["My phone", "Staff room"]
    assert all(each["last_used_at_ms"] for each in listed)


async def test_passkeys_are_renamed_and_removed_by_their_owner_alone(world: World) -> None:
    key = device(world)
    added = (await add(world.teacher, key)).body
    path = f"{MINE}/{added['id']}"
    other = world.founder
    assert (await other.call("PATCH", path, {"title": "Mine"})).status == 404
    assert (await other.call("DELETE", path)).status == 404
    assert (await world.teacher.call("PATCH", path, {"title": "Tablet"})).body["title"] == "Tablet"
    assert (await world.teacher.call("PATCH", path, {"title": ""})).body["field"] == "title"
    assert (await world.teacher.call("DELETE", path)).status == 204
    assert refused(await come_in(world, key))
    assert (await world.teacher.call("DELETE", path)).status == 404
    assert (await world.teacher.get(MINE))["passkeys"] == []


async def test_an_answer_counts_once_and_for_its_own_question(world: World) -> None:
    key = device(world)
    await add(world.teacher, key)
    signed = key.sign(await options_for(world.nobody, DOOR))
    assert (await world.nobody.call("POST", DOOR, {"credential": signed})).status == 200
    assert refused(await world.nobody.call("POST", DOOR, {"credential": signed}))
    at_once = key.sign(await options_for(world.nobody, DOOR))
    calls = [world.nobody.call("POST", DOOR, {"credential": at_once}) for _ in range(4)]
    assert sorted(answer.status for answer in await asyncio.gather(*calls)) == [200, 401, 401, 401]
    # A question asked to make a passkey is no question asked to sign in, and a made-up one was never asked.
    assert refused(
        await world.nobody.call("POST", DOOR, {"credential": key.sign(await options_for(world.teacher, MINE))})
    )
    made_up = key.sign({"challenge": b64(b"a challenge of our own")})
    assert refused(await world.nobody.call("POST", DOOR, {"credential": made_up}))


async def test_an_answer_that_comes_too_late_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key, context = device(world), world.hub.context
    await add(world.teacher, key)
    signed = key.sign(await options_for(world.nobody, DOOR))
    later_ms = context.now_ms() + ANSWER_WITHIN_MS + 1_000
    monkeypatch.setattr(context, "now_ms", lambda: later_ms)
    assert refused(await world.nobody.call("POST", DOOR, {"credential": signed}))


async def test_another_origin_another_domain_and_another_signature_are_refused(world: World) -> None:
    key = device(world)
    await add(world.teacher, key)
    key.origin = "https://hub.example.evil"
    assert refused(await come_in(world, key))
    key.origin, key.domain = world.hub.context.settings.base_url, "evil.example"
    assert refused(await come_in(world, key))
    key.domain = "localhost"
    stranger = device(world, credential_id=key.credential_id, user_handle=key.user_handle)
    assert refused(await come_in(world, stranger))
    assert refused(await come_in(world, device(world)))
    assert (await come_in(world, key)).status == 200
    for wrong in (device(world, domain="evil.example"), Authenticator("https://hub.example.evil")):
        assert refused(await add(world.teacher, wrong))


async def test_a_device_that_did_not_check_its_owner_is_refused(world: World) -> None:
    assert refused(await add(world.teacher, device(world, flags=PRESENT | MAY_SYNC)))
    key = device(world)
    await add(world.teacher, key)
    key.flags = PRESENT | MAY_SYNC
    assert refused(await come_in(world, key))


async def test_somebody_elses_passkey_stays_theirs(world: World) -> None:
    key = device(world)
    await add(world.teacher, key)
    again = await world.founder.call(
        "POST", MINE, {"title": "Mine now", "credential": key.make(await options_for(world.founder, MINE))}
    )
    assert (again.status, again.code) == (409, "conflict")
    # Now the key says that it was made for the founder.
    assert refused(await come_in(world, key))
    # What one was asked, another can't answer.
    mine = device(world).make(await options_for(world.teacher, MINE))
    assert refused(await world.founder.call("POST", MINE, {"title": "Stolen", "credential": mine}))
    assert (await world.founder.get(MINE))["passkeys"] == []


async def test_a_counter_that_does_not_grow_stops_the_passkey_and_warns(world: World) -> None:
    owner = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "teacher")
    key = device(world, count=10)
    await add(owner, key)
    assert (await come_in(world, key)).status == 200
    copy = device(world, count=11, credential_id=key.credential_id, user_handle=key.user_handle, key=key.key)
    answer = await come_in(world, copy)
    assert refused(answer) and "copy" in answer.body["detail"]
    assert refused(await come_in(world, key)), "nobody can say which of the two is the copy"
    (listed,) = (await owner.get(MINE))["passkeys"]
    assert listed["copied_at_ms"] is not None
    assert (await owner.get("/api/v1/me"))["factors"] == []


async def test_staff_come_in_by_passkey_alone_and_by_password_only_with_it(world: World) -> None:
    person, key = await staff(world), device(world)
    half = await sign_in(world, person)
    assert (await half.get("/api/v1/me"))["second_factor"] == "set_up"
    assert (await add(half, key, "Office")).status == 201
    me = await half.get("/api/v1/me")
    assert (me["second_factor"], me["factors"]) == ("on", ["passkey"])
    await half.get("/api/v1/registrations")
    assert (await come_in(world, key)).body["second_factor"] == "on"
    # A password alone: neither in, nor able to make a factor of one's own.
    other = await sign_in(world, person)
    assert (await other.get("/api/v1/me"))["second_factor"] == "ask"
    assert (await other.call("GET", "/api/v1/registrations")).code == "second_factor_needed"
    assert (await other.call("POST", f"{MINE}/challenge", {})).code == "second_factor_needed"
    assert (await other.call("GET", MINE)).code == "second_factor_needed"
    (listed,) = (await half.get(MINE))["passkeys"]
    refusal = await half.call("DELETE", f"{MINE}/{listed['id']}")
    assert (refusal.status, refusal.code) == (409, "conflict")
    secret, _ = await set_up(half)
    assert (await prove(half, code_now(world, secret))).body["factors"] == ["code", "passkey"]
    assert (await half.call("DELETE", f"{MINE}/{listed['id']}")).status == 204


async def test_pupils_and_guests_have_no_passkeys(world: World) -> None:
    guest = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "guest")
    for person in (world.pupil, guest):
        for method, path, body in (("GET", MINE, None), ("POST", f"{MINE}/challenge", {})):
            assert (await person.call(method, path, body)).status == 404


async def test_a_closed_account_is_not_opened_by_its_passkey(world: World) -> None:
    owner = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "teacher")
    key = device(world)
    await add(owner, key)
    await world.hub.context.storage.users.set_state(owner.user.id, "closed")
    assert refused(await come_in(world, key))


async def test_there_is_a_limit_to_ones_passkeys(world: World) -> None:
    owner = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "teacher")
    for number in range(20):
        passkey = Passkey(
            PasskeyId(f"{owner.user.id}-{number}"), b64(f"{owner.user.id}{number}".encode()).encode(),
            owner.user.id, "One of many", b"", 0, (), False, 1,
        )  # fmt: skip
        await world.hub.context.storage.passkeys.add(passkey)
    assert (await owner.call("POST", f"{MINE}/challenge", {})).code == "conflict"


async def test_answers_of_impossible_form_are_told_so(world: World) -> None:
    options = await options_for(world.nobody, DOOR)
    good = device(world).sign(options)
    for field, wrong in (("rawId", "ñ"), ("type", "password"), ("id", "x" * 2_000), ("response", {})):
        answer = await world.nobody.call("POST", DOOR, {"credential": {**good, field: wrong}})
        assert (answer.status, answer.code) == (400, "invalid"), field
        assert answer.body["field"].startswith(f"credential.{field}") or answer.body["field"] == "credential", answer


PARTY = party_of("https://hub.example/")
OWNER = User(UserId("ana"), "ana", "Ana", "teacher", SchoolId("school"), "es", 1)


@given(data=st.data())
async def test_no_answer_makes_the_library_stumble(data: st.DataObject) -> None:
    """Whatever is broken in an answer, it is refused, never anything else."""
    key = Authenticator(PARTY.origin, PARTY.domain)
    challenge = b"c" * 32
    made = key.make(passkeys.ask_for_new(PARTY, OWNER, [], challenge))
    kept = passkeys.read_new(PARTY, made, challenge)
    passkey = Passkey(PasskeyId("key"), kept.credential_id, OWNER.id, "Key", kept.public_key, 0, (), False, 1)
    signed = key.sign(passkeys.ask_for_proof(PARTY, challenge))
    assert passkeys.read_proof(PARTY, signed, challenge, passkey).sign_count == 0
    broken = data.draw(st.sampled_from([made, signed]))
    name = data.draw(st.sampled_from(sorted(n for n, value in broken["response"].items() if isinstance(value, str))))
    raw = bytearray(base64.urlsafe_b64decode(broken["response"][name] + "=="))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 999)) % (len(raw) + 1)
        raw[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    answer = {**broken, "response": {**broken["response"], name: b64(bytes(raw))}}
    try:
        if broken is made:
            passkeys.read_new(PARTY, answer, challenge)
        else:
            passkeys.challenge_in(answer)
            passkeys.read_proof(PARTY, answer, challenge, passkey)
    except NotProved:
        pass


async def test_the_party_is_the_hub_people_type() -> None:
    assert party_of("https://Hub.School.example:443/x") == passkeys.Party(
        "hub.school.example", "https://hub.school.example"
    )
    assert party_of("http://localhost:8080").origin == "http://localhost:8080"
    assert party_of("https://hub.school.example", "school.example").domain == "school.example"
    settings = Settings(public_url="https://hub.school.example", passkey_domain="school.example")
    assert settings.passkey_domain == "school.example"
    for wrong in ("other.example", "chool.example", "hub.hub.school.example"):
        with pytest.raises(ValueError, match="public_url"):
            Settings(public_url="https://hub.school.example", passkey_domain=wrong)


async def test_a_password_is_enough_for_a_teacher_with_passkeys(world: World) -> None:
    """Until they set up codes: a passkey is for their comfort; nobody is locked out by a lost phone."""
    owner = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "teacher")
    await with_password(world, owner)
    assert (await add(owner, device(world))).status == 201
    here = await sign_in(world, owner)
    me = await here.get("/api/v1/me")
    assert (me["second_factor"], me["factors"]) == ("off", ["passkey"])
