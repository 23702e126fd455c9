"""Signing in and out, cookies and tokens, class cards, guessing; and what happens to sockets that are open."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.auth import (
    CARD_PAUSES_S,
    DAY_MS,
    Auth,
    hash_login_secret,
    open_login,
    read_class_card_key,
)
from hub.errors import WrongSecret
from hub.rate_limits import LONGEST_DELAY_MS, TRIES_FORGOTTEN_AFTER_MS, RateLimiter, SignInDelays
from storage.records import Login, LoginId
from tests.hub.world import WAIT_S, Person, World
from tests.hub.yjs_client import open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSWORD = "correct horse"
OFFER = (Path(__file__).parents[1] / "webrtc" / "vectors" / "chromium_publish.sdp").read_bytes()


async def set_password(person: Person) -> str:
    auth, users = person.hub.context.auth, person.hub.context.storage.users
    assert person.user is not None
    await users.set_password_hash(person.user.id, await auth.hash_password(PASSWORD))
    return person.user.name


async def sign_in(world: World, **body: Any) -> Any:
    return await world.nobody.call("POST", "/api/v1/login", body)


def cookie_of(answer: Any) -> str:
    cookie: str = answer.headers["Set-Cookie"]
    return cookie.split(";")[0]


async def test_a_password_opens_a_cookie_that_scripts_can_not_read(world: World) -> None:
    name = await set_password(world.teacher)
    answer = await sign_in(world, name=f"  {name.upper()} ", password=PASSWORD)
    assert answer.status == 200 and answer.body["id"] == world.teacher.user.id
    assert answer.body["school"]["city"] == "Kraków"
    attributes = {part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    me = await world.nobody.call("GET", "/api/v1/me", headers={"Cookie": cookie_of(answer)})
    assert me.body["id"] == world.teacher.user.id


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(world: World) -> None:
    name = await set_password(world.teacher)
    wrong = await sign_in(world, name=name, password="wrong")
    unknown = await sign_in(world, name="nobody.at.all", password="wrong")
    without = await sign_in(world, name=world.pupil.user.name, password="wrong")
    card = await sign_in(world, class_key="acorn-acorn-acorn")
    assert [a.status for a in (wrong, unknown, without, card)] == [401] * 4
    assert wrong.body == unknown.body == without.body == card.body
    assert wrong.code == "wrong_secret" and "Set-Cookie" not in wrong.headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "a"},
        {"password": "b"},
        {"name": "a", "password": "b", "class_key": "c"},
        {"name": "", "password": "b"},
        {"name": "a", "password": "b" * 201},
        {"name": ["a"], "password": "b"},
        {"class_key": "x" * 121},
    ],
)
async def test_half_a_sign_in_is_refused(world: World, body: Any) -> None:
    answer = await sign_in(world, **body)
    assert (answer.status, answer.code) == (400, "invalid")


async def test_guessing_one_name_has_to_wait_and_nobody_else_does(world: World) -> None:
    name = await set_password(world.teacher)
    for _ in range(5):
        assert (await sign_in(world, name=name, password="wrong")).code == "wrong_secret"
    refused = await sign_in(world, name=name, password=PASSWORD)
    assert (refused.status, refused.code) == (429, "too_many") and int(refused.headers["Retry-After"]) >= 1
    other = await set_password(world.founder)
    assert (await sign_in(world, name=other, password=PASSWORD)).status == 200


async def test_delays_grow_to_a_bound_and_are_forgotten() -> None:
    delays, now_ms, waits = SignInDelays(), 0, []
    for _ in range(15):
        delays.failed("name", now_ms)
        waits.append(delays.wait_ms("name", now_ms))
        now_ms += waits[-1]
    assert waits[:4] == [0] * 4 and waits[4:8] == [1_000, 2_000, 4_000, 8_000]
    assert max(waits) == LONGEST_DELAY_MS
    assert delays.wait_ms("other", now_ms) == 0
    assert delays.wait_ms("name", now_ms + 11 * 60_000) == 0
    delays.succeeded("name")
    assert delays.wait_ms("name", now_ms) == 0


async def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    limiter = RateLimiter()
    taken = [limiter.take("login", "area", per_minute=60, burst=3, now_ms=0) for _ in range(4)]
    assert taken == [0, 0, 0, 1_000]
    assert limiter.take("login", "area", per_minute=60, burst=3, now_ms=1_000) == 0
    assert limiter.take("other", "area", per_minute=60, burst=3, now_ms=1_000) == 0


async def test_a_class_card_signs_a_pupil_in_however_it_is_typed(world: World) -> None:
    path = f"{world.path}/members/{world.pupil.user.id}/class_card"
    card = (await world.founder.call("POST", path, {})).body
    assert card["display_name"] == world.pupil.user.display_name and len(card["words"].split("-")) == 4
    assert card["sign_in_url"].endswith(f"/sign-in#card={card['words']}")
    assert card["qr_svg"].startswith("<svg") and "script" not in card["qr_svg"]
    for typed in (card["words"], card["words"].upper().replace("-", "  "), card["words"].replace("-", "")):
        answer = await sign_in(world, class_key=typed)
        assert answer.status == 200 and answer.body["id"] == world.pupil.user.id


async def test_a_new_card_ends_the_old_one_and_everything_it_opened(world: World) -> None:
    path = f"{world.path}/members/{world.pupil.user.id}/class_card"
    old = (await world.founder.call("POST", path, {})).body["words"]
    cookie = cookie_of(await sign_in(world, class_key=old))
    token = cookie.partition("=")[2]
    pupil = Person(world.hub, world.founder.http, world.pupil.user, token)
    socket = await pupil.socket()
    await socket.enter(world.twinspace_id)
    document_id = await world.create("document")
    async with open_document(pupil, document_id) as document:
        assert await document.sync()
        assert (await world.founder.call("POST", path, {})).body["words"] != old
        assert await socket.expect("session:ended") == {"reason": "key_reset"}
        async with asyncio.timeout(WAIT_S):
            await socket.disconnected.wait()
        assert await document.ended() == 4401
    assert (await sign_in(world, class_key=old)).code == "wrong_secret"
    assert (await pupil.call("GET", "/api/v1/me")).code == "not_signed_in"


async def test_cards_are_made_for_pupils_of_ones_own_school_only(world: World) -> None:
    for maker, holder in (("teacher", "pupil"), ("founder", "teacher"), ("founder", "stranger"), ("pupil", "pupil")):
        path = f"{world.path}/members/{world.people[holder].user.id}/class_card"
        answer = await world.people[maker].call("POST", path, {})
        assert (answer.status, answer.code) == (404, "not_found"), (maker, holder)


async def test_ten_wrong_cards_slow_an_address_down_and_lock_nobody_out(world: World) -> None:
    """Others' cards go at once; the right one opens after a pause, however many were wrong."""
    context, pauses = world.hub.context, CARD_PAUSES_S[-1]
    auth = Auth(b"a key of its own")
    await context.storage.users.set_class_key(world.pupil.user.id, auth.class_card_hash("olive-wave-guitar-0001"))
    for number in range(pauses[0]):
        with pytest.raises(WrongSecret):
            await auth.sign_in_with_class_card(context.storage, f"wrong-{number}", 0, "school")
    started_s = time.monotonic()
    tries = [auth.sign_in_with_class_card(context.storage, "olive-wave-guitar-0001", 0, "school") for _ in range(3)]
    assert {user.id for user in await asyncio.gather(*tries)} == {world.pupil.user.id}
    slow_s = time.monotonic() - started_s
    assert slow_s >= 3 * pauses[1]
    started_s = time.monotonic()
    await auth.sign_in_with_class_card(context.storage, "olive-wave-guitar-0001", 0, "elsewhere")
    assert time.monotonic() - started_s < slow_s
    forgotten_ms = TRIES_FORGOTTEN_AFTER_MS + 1
    await auth.sign_in_with_class_card(context.storage, "olive-wave-guitar-0001", forgotten_ms, "school")
    auth.close()


async def test_the_key_of_the_cards_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = read_class_card_key(tmp_path)
    assert len(key) == 32 and key == read_class_card_key(tmp_path)
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    one, other = Auth(key), Auth(b"another key")
    assert one.class_card_hash("a-b-c") == one.class_card_hash("A B C") != other.class_card_hash("a-b-c")
    one.close()
    other.close()


@pytest.mark.parametrize("change", ["expires_at_ms", "revoked_at_ms", "secret_hash"])
async def test_an_expired_a_revoked_and_a_wrong_token_are_not_signed_in(world: World, change: str) -> None:
    storage, now_ms = world.hub.context.storage, world.hub.context.now_ms()
    login = Login(
        LoginId(f"login-{change}-{now_ms}"),
        world.pupil.user.id,
        "token",
        hash_login_secret(f"secret-{change}-{now_ms}"),
        now_ms - DAY_MS,
        now_ms + DAY_MS,
    )
    values = {"expires_at_ms": now_ms - 1, "revoked_at_ms": now_ms - 1, "secret_hash": hash_login_secret("other")}
    await storage.logins.add(dataclasses.replace(login, **{change: values[change]}))
    person = Person(world.hub, world.founder.http, world.pupil.user, f"secret-{change}-{now_ms}")
    answer = await person.call("GET", "/api/v1/me")
    assert (answer.status, answer.code) == (401, "not_signed_in")
    with pytest.raises(ConnectionRefusedError, match="not_signed_in"):
        await person.socket()


async def test_the_token_may_stand_in_the_address(world: World) -> None:
    answer = await world.nobody.call("GET", f"/api/v1/me?token={world.pupil.token}")
    assert answer.body["id"] == world.pupil.user.id


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "OWN"}, 201),
    ],
)
async def test_writing_with_a_cookie_is_for_the_hubs_own_pages(
    world: World, headers: dict[str, str], status: int
) -> None:
    if headers.get("Origin") == "OWN":
        headers = {"Origin": world.hub.url}
    headers = {**headers, "Cookie": f"hub_login={world.pupil.token}"}
    answer = await world.nobody.call("POST", f"{world.path}/messages", {"text": "hi"}, headers=headers)
    assert answer.status == status, answer
    assert status == 201 or answer.code == "foreign_origin"
    reading = await world.nobody.call("GET", f"{world.path}/messages", headers=headers)
    assert reading.status == 200


async def test_a_socket_with_a_cookie_is_for_the_hubs_own_pages(world: World) -> None:
    cookie = {"Cookie": f"hub_login={world.pupil.token}"}
    own = await world.nobody.socket(headers={**cookie, "Origin": world.hub.url})
    assert (await own.enter(world.twinspace_id))["ok"]
    with pytest.raises(ConnectionRefusedError):
        await world.nobody.socket(headers={**cookie, "Origin": "https://elsewhere.example"})
    document_id = await world.create("document")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await world.founder.http.ws_connect(
            f"{world.hub.url}/yjs/{document_id}", headers={**cookie, "Origin": "https://elsewhere.example"}
        )
    assert refused.value.status == 403


async def test_logging_out_ends_this_login_and_no_other(world: World) -> None:
    _, second = await open_login(
        world.hub.context.storage, world.pupil.user, "browser", days=1, now_ms=world.hub.context.now_ms()
    )
    other = await Person(world.hub, world.founder.http, world.pupil.user, second).socket()
    socket = await world.pupil.socket()
    assert (await world.pupil.call("POST", "/api/v1/logout", {})).status == 204
    assert await socket.expect("session:ended") == {"reason": "signed_out"}
    async with asyncio.timeout(WAIT_S):
        await socket.disconnected.wait()
    assert (await world.pupil.call("GET", "/api/v1/me")).code == "not_signed_in"
    assert (await other.enter(world.twinspace_id))["ok"]
    await other.close()


async def test_logging_out_leaves_the_meeting_at_once_through_every_door(world: World) -> None:
    rooms, headers = world.hub.context.live_rooms, {"Content-Type": "application/sdp"}
    watcher, socket = await world.founder.socket(), await world.pupil.socket()
    for guest in (watcher, socket):
        await guest.call("room:join", {"room_id": world.room_id})
    published = await world.pupil.call("POST", f"/whip/{world.room_id}?name=encoder", data=OFFER, headers=headers)
    assert published.status == 201, published
    assert rooms.peer_count(world.room_id) == 3
    assert (await world.pupil.call("POST", "/api/v1/logout", {})).status == 204
    assert rooms.peer_count(world.room_id) == 1
    await watcher.expect("room:peer_left")
    await watcher.expect("room:peer_left", lambda data: data["peer_id"] == "encoder")


async def test_a_socket_whose_login_expires_is_ended(world: World) -> None:
    storage, now_ms = world.hub.context.storage, world.hub.context.now_ms()
    await storage.logins.add(
        Login(
            LoginId(f"short-{now_ms}"),
            world.pupil.user.id,
            "browser",
            hash_login_secret(f"short-{now_ms}"),
            now_ms,
            now_ms + 1_500,
        )
    )
    socket = await Person(world.hub, world.founder.http, world.pupil.user, f"short-{now_ms}").socket()
    assert await socket.expect("session:ended") == {"reason": "expired"}


async def test_the_language_is_ones_own_choice(world: World) -> None:
    assert (await world.pupil.call("PATCH", "/api/v1/me", {"language": "pl"})).body["language"] == "pl"
    assert (await world.pupil.get("/api/v1/me"))["language"] == "pl"
    for wrong in ("", "Polish", "p", "pl_PL", 5, None):
        answer = await world.pupil.call("PATCH", "/api/v1/me", {"language": wrong})
        assert (answer.status, answer.body.get("field")) == (400, "language")
