"""Guests come by links that expire and can be revoked, and wait until somebody lets them in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hub.actions.guests import MAX_WAITING
from hub.auth import DAY_MS
from tests.hub.world import WAIT_S, Person, World, make_world

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def make_link(world: World, **more: Any) -> dict[str, Any]:
    answer = await world.founder.call("POST", f"{world.path}/guest_links", {"title": "Parents of 5B", **more})
    assert answer.status == 201, answer
    made: dict[str, Any] = answer.body
    return made


async def come(world: World, link: dict[str, Any], name: str = "Grandma") -> Any:
    body = {"secret": link["url"].partition("#secret=")[2], "display_name": name, "language": "es"}
    return await world.nobody.call("POST", "/api/v1/guests", body)


async def arrive(world: World, link: dict[str, Any], name: str = "Grandma") -> Person:
    answer = await come(world, link, name)
    assert answer.status == 200 and (answer.body["kind"], answer.body["state"]) == ("guest", "waiting"), answer
    token = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    user = await world.hub.context.storage.users.get_user(answer.body["id"])
    person = world.people[user.name] = Person(world.hub, world.founder.http, user, token)
    return person


async def links(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.founder.get(f"{world.path}/guest_links"))["links"]
    return found


async def test_a_guest_waits_and_is_let_in_with_the_role_of_the_link(world: World) -> None:
    link = await make_link(world, role="expert")
    guest = await arrive(world, link)
    assert guest.user
    assert (await guest.call("GET", world.path)).code == "not_found"
    socket = await guest.socket()
    assert not (await socket.call("twinspace:enter", {"twinspace_id": world.twinspace_id}))["ok"]
    (listed,) = await links(world)
    assert listed["is_open"] and "url" not in listed
    assert listed["guests"] == [{"user_id": guest.user.id, "display_name": "Grandma", "state": "waiting"}]
    assert (await world.founder.call("POST", f"{world.path}/guests/{guest.user.id}")).status == 204
    assert (await socket.expect("account:changed"))["state"] == "active"
    detail = await guest.get(world.path)
    assert (detail["role"], "chat" in detail["acts"], "write" in detail["acts"]) == ("expert", True, False)
    again = await world.founder.call("POST", f"{world.path}/guests/{guest.user.id}")
    assert again.code == "not_found"


async def test_a_revoked_link_sends_everybody_away_at_once(world: World) -> None:
    link = await make_link(world)
    inside, waiting = await arrive(world, link), await arrive(world, link, "Grandpa")
    assert inside.user and waiting.user
    await world.founder.call("POST", f"{world.path}/guests/{inside.user.id}")
    sockets = [await person.socket() for person in (inside, waiting)]
    await sockets[0].enter(world.twinspace_id)
    assert (await world.founder.call("DELETE", f"{world.path}/guest_links/{link['id']}")).status == 204
    for socket in sockets:
        assert await socket.expect("session:ended") == {"reason": "removed"}
        async with asyncio.timeout(WAIT_S):
            await socket.disconnected.wait()
    assert (await inside.call("GET", "/api/v1/me")).code == "not_signed_in"
    assert inside.user.id not in {member["user_id"] for member in (await world.founder.get(world.path))["members"]}
    assert (await come(world, link)).code == "not_found"
    (listed,) = await links(world)
    assert not listed["is_open"] and listed["guests"] == []


async def test_an_expired_link_is_like_none_and_its_guests_are_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await make_link(world, days=1)
    guest = await arrive(world, link)
    later_ms = world.hub.context.now_ms() + DAY_MS + 1
    monkeypatch.setattr(world.hub.context, "now_ms", lambda: later_ms)
    expired = await come(world, link)
    unknown = await come(world, {"url": "#secret=unknown"})
    assert (expired.status, expired.body) == (unknown.status, unknown.body) and expired.code == "not_found"
    assert (await guest.call("GET", "/api/v1/me")).code == "not_signed_in"
    assert guest.user and (await world.founder.call("POST", f"{world.path}/guests/{guest.user.id}")).status in (
        401,
        404,
    )


async def test_a_guest_is_sent_away_and_stays_away(world: World) -> None:
    link = await make_link(world)
    guest = await arrive(world, link)
    assert guest.user
    path = f"{world.path}/guests/{guest.user.id}"
    assert (await world.founder.call("DELETE", path)).status == 204
    assert (await guest.call("GET", "/api/v1/me")).code == "not_signed_in"
    assert (await world.founder.call("POST", path)).code == "not_found"
    assert (await world.founder.call("DELETE", path)).code == "not_found"


async def test_links_and_guests_of_another_twinspace_are_not_there(world: World) -> None:
    other = await make_world(world.hub, world.founder.http)
    try:
        link = await make_link(world)
        guest = await arrive(world, link)
        assert guest.user
        asked = [
            await other.founder.call("DELETE", f"{other.path}/guest_links/{link['id']}"),
            await other.founder.call("POST", f"{other.path}/guests/{guest.user.id}"),
            await other.founder.call("DELETE", f"{other.path}/guests/{guest.user.id}"),
            await world.founder.call("POST", f"{world.path}/guests/{world.pupil.user.id}"),
            await world.founder.call("DELETE", f"{world.path}/guests/{world.pupil.user.id}"),
        ]
        assert [(answer.status, answer.code) for answer in asked] == [(404, "not_found")] * 5
    finally:
        await other.close()


async def test_a_link_that_went_astray_fills_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.actions.guests.MAX_WAITING", 2)
    assert MAX_WAITING > 2
    link = await make_link(world)
    answers = [await come(world, link, f"Guest {number}") for number in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]


@pytest.mark.parametrize(
    "body", [{"title": ""}, {"title": "x", "days": 0}, {"title": "x", "days": 61}, {"title": "x", "role": "teacher"}]
)
async def test_a_wrong_link_is_not_made(world: World, body: dict[str, Any]) -> None:
    answer = await world.founder.call("POST", f"{world.path}/guest_links", body)
    assert (answer.status, answer.code) == (400, "invalid")
    assert await links(world) == []


async def test_a_guest_admitted_at_the_instant_of_the_revocation_is_out(world: World) -> None:
    """Whichever came first, nobody is left inside by a link that is over."""
    for _ in range(5):
        link = await make_link(world)
        guest = await arrive(world, link)
        assert guest.user
        admitted, revoked = await asyncio.gather(
            world.founder.call("POST", f"{world.path}/guests/{guest.user.id}"),
            world.founder.call("DELETE", f"{world.path}/guest_links/{link['id']}"),
        )
        assert revoked.status == 204 and admitted.status in (204, 404)
        assert (await guest.call("GET", "/api/v1/me")).code == "not_signed_in"
        assert guest.user.id not in {member["user_id"] for member in (await world.founder.get(world.path))["members"]}


async def test_a_revocation_between_two_steps_of_admitting_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    link = await make_link(world)
    guest = await arrive(world, link)
    assert guest.user
    users, path = world.hub.context.storage.users, f"{world.path}/guest_links/{link['id']}"
    set_state = type(users).set_state

    async def revoked_first(self: Any, user_id: Any, state: Any) -> None:
        if state == "active":
            monkeypatch.setattr(type(users), "set_state", set_state)
            assert (await world.founder.call("DELETE", path)).status == 204
        await set_state(self, user_id, state)

    monkeypatch.setattr(type(users), "set_state", revoked_first)
    assert (await world.founder.call("POST", f"{world.path}/guests/{guest.user.id}")).code == "not_found"
    assert guest.user.id not in {member["user_id"] for member in (await world.founder.get(world.path))["members"]}
    assert (await users.get_user(guest.user.id)).state == "closed"
