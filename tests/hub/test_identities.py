"""Coming in by a school's own sign-in, against a real OpenID provider that runs here; and what must not open a door."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import aiohttp
import pytest
import pytest_asyncio

from hub.app import RunningHub, start
from hub.identity_providers import IdentityProviders, ProvidersError, read_providers
from hub.openid import BadToken, UnknownKey, read_id_token, read_keys
from hub.outgoing_http import OutgoingHttp
from hub.settings import Settings
from storage.records import SchoolId, User, UserId
from tests.hub.identity_provider import IdentityProvider, sign_in_there
from tests.hub.test_logins import PASSWORD, code_now, prove, set_up
from tests.hub.world import Answer, Person, World, add_schools, make_world
from tests.hub_process import free_port

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
DOOR = "/api/v1/login/provider"
ANOTHER_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
ANOTHER_CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""RFC 7636, appendix B."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def school() -> AsyncIterator[tuple[IdentityProvider, IdentityProvider, int]]:
    """Two providers, the second with pupils, and the port that their hub will have."""
    port = free_port()
    back = f"http://localhost:{port}/sign-in/provider"
    async with (
        IdentityProvider(back, client_ids=("hub", "other")) as first,
        IdentityProvider(back, conform=False) as second,
    ):
        yield first, second, port


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(
    school: tuple[IdentityProvider, IdentityProvider, int], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningHub]:
    first, second, port = school
    folder: Path = tmp_path_factory.mktemp("identities")
    (folder / "secret.txt").write_text(f"{second.secret}\n")
    rule = {"school": "school-b", "claim": "role", "value": "student", "class_claim": "group", "language": "pl"}
    secret = {"client_secret": "", "client_secret_file": str(folder / "secret.txt")}
    with_pupils = second.described(id="pupils", name="Pupils", schools=["school-b"], pupils=rule, **secret)
    down = first.described(id="down", issuer=f"http://localhost:{free_port()}")
    (folder / "providers.toml").write_text(first.described() + with_pupils + down)
    settings = Settings(data_dir=folder / "data", port=port, identity_providers_file=folder / "providers.toml")
    running = await start(settings)
    await add_schools(running.context.storage)
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest_asyncio.fixture(loop_scope="module")
async def world(hub: RunningHub, http: aiohttp.ClientSession) -> AsyncIterator[World]:
    made = await make_world(hub, http)
    yield made
    await made.close()


async def begin(world: World, provider_id: str = "school") -> Any:
    answer = await world.nobody.call("POST", DOOR, {"provider_id": provider_id})
    assert answer.status == 200, answer
    return answer.body


async def finish(world: World, begun: Any, back: dict[str, str], **more: Any) -> Answer:
    return await world.nobody.call("POST", f"{DOOR}/answer", {"secret": begun["secret"], **back, **more})


async def come(world: World, name: str, provider_id: str = "school") -> Answer:
    begun = await begin(world, provider_id)
    return await finish(world, begun, await sign_in_there(begun["url"], name))


def refused(answer: Answer) -> bool:
    return (answer.status, answer.code) == (401, "wrong_secret") and "Set-Cookie" not in answer.headers


def with_cookie(world: World, answer: Answer) -> Person:
    cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    return Person(world.hub, world.nobody.http, None, cookie)


async def teacher(world: World, email: str, school: str = "school-a") -> Person:
    """Who has an account with this address and a password."""
    context, number = world.hub.context, free_port()
    user = User(UserId(f"t{number}"), f"t{number}", "Ana", "teacher", SchoolId(school), "es", 1, email=email)
    await context.storage.users.add_user(user, password_hash=await context.auth.hash_password(PASSWORD))
    answer = await world.nobody.call("POST", "/api/v1/login", {"name": user.name, "password": PASSWORD})
    return replace(with_cookie(world, answer), user=user)


async def test_an_unknown_teacher_links_the_account_once_signed_in(world: World) -> None:
    ana = await teacher(world, "ana@school.example")
    providers = (await world.nobody.get("/api/v1/login/providers"))["providers"]
    assert {"id": "school", "name": "School sign-in"} in providers
    answer = await come(world, "ana")
    assert answer.body["user"] is None and "Set-Cookie" not in answer.headers
    unknown = answer.body["unknown"]
    assert (unknown["display_name"], unknown["email"]) == ("Ana Ruiz", "ana@school.example")
    assert [each["id"] for each in unknown["schools"]] == ["school-a"]
    linked = await ana.call("POST", "/api/v1/me/identities", {"secret": unknown["secret"]})
    assert (linked.status, linked.body["identities"][0]["provider"]["id"]) == (201, "school")
    again = await ana.call("POST", "/api/v1/me/identities", {"secret": unknown["secret"]})
    assert refused(again)
    answer = await come(world, "ana")
    assert (answer.body["user"]["id"], answer.body["unknown"]) == (ana.user.id, None)
    assert answer.body["sign_out_url"].startswith("http://localhost")
    here = with_cookie(world, answer)
    (login,) = [each for each in (await here.get("/api/v1/me/logins"))["logins"] if each["is_this_one"]]
    assert login["way"] == "provider"
    assert (await ana.call("DELETE", "/api/v1/me/identities/school")).status == 204
    assert (await come(world, "ana")).body["user"] is None


async def test_a_link_needs_the_accounts_own_verified_address_and_school(world: World) -> None:
    other = await teacher(world, "somebody@school.example")
    elsewhere = await teacher(world, "eva@school.example", "school-b")
    for person, name in ((other, "ana"), (other, "unsure"), (elsewhere, "eva"), (world.pupil, "ana")):
        unknown = (await come(world, name)).body["unknown"]
        answer = await person.call("POST", "/api/v1/me/identities", {"secret": unknown["secret"]})
        assert (answer.status, answer.code) == (409, "conflict"), name
        assert (await person.get("/api/v1/me/identities"))["identities"] == []


async def test_a_new_teacher_registers_and_still_waits_for_the_service(world: World) -> None:
    async def register(name: str, school_id: str) -> Answer:
        unknown = (await come(world, name)).body["unknown"]
        body = {"secret": unknown["secret"], "display_name": "Ida Paz", "language": "es", "school_id": school_id}
        return await world.nobody.call("POST", "/api/v1/registrations/provider", {**body, "message": "Music."})

    assert (await register("unsure", "school-a")).code == "conflict"
    assert (await register("ida", "school-b")).body["field"] == "school_id"
    answer = await register("ida", "school-a")
    assert (answer.status, answer.body["state"], answer.body["duties"]) == (200, "waiting", [])
    ida = with_cookie(world, answer)
    registration = await ida.get("/api/v1/me/registration")
    assert (registration["state"], registration["school"]["id"]) == ("waiting", "school-a")
    assert (await come(world, "ida")).body["user"]["state"] == "waiting"
    alone = await ida.call("DELETE", "/api/v1/me/identities/school")
    assert (alone.status, alone.code) == (409, "conflict"), "nothing else opens the account"


async def test_an_address_that_has_an_account_is_linked_not_registered(world: World) -> None:
    await teacher(world, "dora@school.example")
    unknown = (await come(world, "dora")).body["unknown"]
    body = {"secret": unknown["secret"], "display_name": "Dora", "language": "es", "school_id": "school-a"}
    answer = await world.nobody.call("POST", "/api/v1/registrations/provider", body)
    assert (answer.status, answer.code) == (409, "conflict")


async def test_pupils_come_only_where_the_rule_calls_them_pupils(world: World) -> None:
    assert (await come(world, "zoe")).body["user"] is None
    first = await come(world, "zoe", "pupils")
    zoe = first.body["user"]
    assert (zoe["kind"], zoe["display_name"], zoe["school"]["id"]) == ("pupil", "Zoe", "school-b")
    stored = await world.hub.context.storage.users.get_user(zoe["id"])
    assert (stored.email, stored.class_name, stored.language) == (None, "5B", "pl")
    assert (await come(world, "zoe", "pupils")).body["user"]["id"] == zoe["id"]
    listed = (await world.teacher.get("/api/v1/pupils"))["pupils"]
    assert zoe["id"] in [pupil["user_id"] for pupil in listed]
    assert (await with_cookie(world, first).get("/api/v1/twinspaces"))["twinspaces"] == []
    assert (await come(world, "ana", "pupils")).body["user"] is None
    assert (await world.teacher.call("DELETE", f"/api/v1/pupils/{zoe['id']}")).status == 204
    assert refused(await come(world, "zoe", "pupils"))


async def test_a_code_and_a_state_count_once(world: World) -> None:
    begun = await begin(world)
    back = await sign_in_there(begun["url"], "ana")
    calls = [finish(world, begun, back) for _ in range(3)]
    assert sorted(answer.status for answer in await asyncio.gather(*calls)) == [200, 401, 401]
    # The same code with a state of its own: the provider has given it out once.
    other = await begin(world)
    state = dict(parse_qsl(urlsplit(other["url"]).query))["state"]
    assert refused(await finish(world, other, {**back, "state": state}))


async def test_another_browser_another_state_and_a_late_answer_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = await begin(world), await begin(world)
    back = await sign_in_there(theirs["url"], "ana")
    assert refused(await finish(world, mine, back)), "who comes back has to be who went"
    assert refused(await finish(world, theirs, back)), "and has had the one try"
    begun = await begin(world)
    back = await sign_in_there(begun["url"], "ana")
    assert refused(await finish(world, begun, {**back, "state": "made-up"}))
    context = world.hub.context
    later_ms = context.now_ms() + 16 * 60 * 1000
    monkeypatch.setattr(context, "now_ms", lambda: later_ms)
    assert refused(await finish(world, begun, back))


def altered(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **changes})))


async def test_a_token_for_another_sign_in_is_refused(world: World) -> None:
    """Somebody has changed the nonce on the way: the token then speaks of another sign-in."""
    begun = await begin(world)
    back = await sign_in_there(altered(begun["url"], nonce="another"), "ana")
    assert refused(await finish(world, begun, back))
    begun = await begin(world)
    back = await sign_in_there(altered(begun["url"], code_challenge=ANOTHER_CHALLENGE), "ana")
    assert refused(await finish(world, begun, back)), "PKCE: the code was asked for with another verifier"


async def test_two_providers_are_not_mixed_up(world: World) -> None:
    begun, other = await begin(world), await begin(world, "pupils")
    back = await sign_in_there(other["url"], "ana")
    state = dict(parse_qsl(urlsplit(begun["url"]).query))["state"]
    assert refused(await finish(world, begun, {**back, "state": state}))
    begun = await begin(world)
    back = await sign_in_there(begun["url"], "ana")
    del back["iss"]
    assert refused(await finish(world, begun, back)), "this provider always says who it is"


async def test_new_keys_of_a_provider_are_taken(
    world: World, school: tuple[IdentityProvider, IdentityProvider, int]
) -> None:
    assert (await come(world, "ana")).status == 200
    await school[0].stop()
    await school[0].start()
    assert (await come(world, "ana")).status == 200
    await school[0].stop()
    await school[0].start()
    assert refused(await come(world, "ana")), "not more often than once a minute"
    world.hub.context.identity_providers._looked_again_ms.clear()
    assert (await come(world, "ana")).status == 200


async def test_a_provider_that_is_down_is_told_in_clear_words(
    world: World, school: tuple[IdentityProvider, IdentityProvider, int]
) -> None:
    answer = await world.nobody.call("POST", DOOR, {"provider_id": "down"})
    assert (answer.status, answer.code) == (502, "provider_failed")
    assert "does not answer" in answer.body["detail"]
    assert (await world.nobody.call("POST", DOOR, {"provider_id": "none"})).status == 404
    begun = await begin(world)
    back = await sign_in_there(begun["url"], "ana")
    await school[0].stop()
    try:
        answer = await finish(world, begun, back)
        assert (answer.status, answer.code) == (502, "provider_failed")
    finally:
        await school[0].start()
    world.hub.context.identity_providers._looked_again_ms.clear()


async def token_of(world: World, school: IdentityProvider, client_id: str) -> tuple[str, Any, str]:
    """A real ID token for this client of the provider, its keys, and the nonce it was asked with."""
    begun = await begin(world)
    fields = dict(parse_qsl(urlsplit(begun["url"]).query))
    changed = altered(begun["url"], client_id=client_id, code_challenge=ANOTHER_CHALLENGE)
    back = await sign_in_there(changed, "ana")
    answer = {
        "grant_type": "authorization_code",
        "code": back["code"],
        "redirect_uri": fields["redirect_uri"],
        "code_verifier": ANOTHER_VERIFIER,
    }
    async with OutgoingHttp() as http:
        basic = client_id, quote(school.secret, safe="")
        tokens = await http.post_form(f"{school.issuer}/token", answer, basic=basic)
        keys = read_keys(await http.get_json(f"{school.issuer}/jwks"))
    return tokens["id_token"], keys, fields["nonce"]


async def test_a_real_token_holds_for_its_client_its_issuer_and_its_time_alone(
    world: World, school: tuple[IdentityProvider, IdentityProvider, int]
) -> None:
    issuer, now_ms = school[0].issuer, time.time_ns() // 1_000_000
    token, keys, nonce = await token_of(world, school[0], "hub")
    fits = {"issuer": issuer, "client_id": "hub", "nonce": nonce, "now_ms": now_ms}
    assert read_id_token(token, keys, **fits)["sub"] == "ana"
    hour_ms = 60 * 60 * 1000
    for name, wrong, said in (
        ("issuer", "http://localhost:1", "somebody else"),
        ("nonce", "another", "another sign-in"),
        ("now_ms", now_ms + 2 * hour_ms, "expired"),
        ("now_ms", now_ms - hour_ms, "future"),
    ):
        with pytest.raises(BadToken, match=said):
            read_id_token(token, keys, **{**fits, name: wrong})
    others, _, nonce = await token_of(world, school[0], "other")
    with pytest.raises(BadToken, match="for somebody else"):
        read_id_token(others, keys, **{**fits, "nonce": nonce})
    head, body, signature = token.split(".")
    unsigned = "eyJhbGciOiJub25lIn0"
    for wrong in (
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{unsigned}.{body}.",
        f"{unsigned}.{body}.{signature}",
        "",
        None,
        "a.b.c",
    ):
        with pytest.raises(BadToken):
            read_id_token(wrong, keys, **fits)
    async with OutgoingHttp() as http:
        elses = read_keys(await http.get_json(f"{school[1].issuer}/jwks"))
    with pytest.raises(UnknownKey):
        read_id_token(token, elses, **fits)


async def test_a_wrong_file_is_refused_by_name(
    tmp_path: Path, school: tuple[IdentityProvider, IdentityProvider, int]
) -> None:
    path = tmp_path / "providers.toml"
    good = school[0].described()
    for text, said in (
        (good.replace("http://localhost", "http://school.example"), "https://"),
        (good + good, "same id"),
        (good + school[0].described(id="two"), "same issuer"),
        (good.replace('client_secret = "', 'client_secret_file = "/none/'), "/none/"),
        (good.replace("schools", "school"), "school"),
        ("[[provider", "TOML"),
        (school[0].described(pupils={"school": "school-z", "claim": "role", "value": "x"}), "pupils' school"),
    ):
        path.write_text(text)
        with pytest.raises(ProvidersError, match=said):
            read_providers(path)
    path.write_text(good)
    (only,) = read_providers(path)
    assert (only.id, only.secret) == ("school", school[0].secret) and school[0].secret not in repr(only)
    assert read_providers(None) == ()


async def test_what_a_provider_says_of_itself_is_checked(
    school: tuple[IdentityProvider, IdentityProvider, int], tmp_path: Path
) -> None:
    """A slash more is another issuer (OpenID Connect Discovery 1.0, section 4.3)."""
    path = tmp_path / "providers.toml"
    path.write_text(school[0].described(issuer=f"{school[0].issuer}/"))
    async with OutgoingHttp() as http:
        providers = IdentityProviders(read_providers(path), http, lambda: 0)
        with pytest.raises(Exception, match="does not answer"):
            await providers.begin(providers.get("school"), redirect_uri="http://localhost/x", state="s")


async def test_who_has_a_second_factor_is_asked_for_it(world: World) -> None:
    uno = await teacher(world, "uno@school.example")
    unknown = (await come(world, "uno")).body["unknown"]
    assert (await uno.call("POST", "/api/v1/me/identities", {"secret": unknown["secret"]})).status == 201
    secret, _ = await set_up(uno)
    assert (await prove(uno, code_now(world, secret))).status == 200
    answer = await come(world, "uno")
    assert answer.body["user"]["second_factor"] == "ask"
    assert (await with_cookie(world, answer).call("GET", "/api/v1/twinspaces")).code == "second_factor_needed"
