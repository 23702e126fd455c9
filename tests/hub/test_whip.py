"""WHIP and WHEP as RFC 9725 describes them, over HTTP; aiortc is the client that never heard of this hub."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from aioice import stun as aioice_stun

from tests.hub.test_errors import check_problem
from tests.hub.world import Answer, Person, World
from tests.webrtc.clients import client

pytestmark = pytest.mark.asyncio(loop_scope="session")

OFFER = (Path(__file__).parent.parent / "webrtc" / "vectors" / "chromium_publish.sdp").read_bytes().decode()
SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
CANDIDATE = "a=candidate:1 1 udp 2130706431 192.0.2.{} 5000 typ host\r\n"


async def post(person: Person, path: str, sdp: str, **headers: str) -> Answer:
    return await person.call("POST", path, data=sdp, headers={"Content-Type": SDP, **headers})


async def patch(person: Person, path: str, fragment: str, if_match: str | None) -> Answer:
    headers = {"Content-Type": FRAGMENT} | ({} if if_match is None else {"If-Match": if_match})
    return await person.call("PATCH", path, data=fragment, headers=headers)


def fragment_of(sdp: str, *candidates: str) -> str:
    lines = [re.search(rf"a=ice-{name}:\S+", sdp) for name in ("ufrag", "pwd")]
    return (
        "".join(f"{line[0]}\r\n" for line in lines if line) + "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n" + "".join(candidates)
    )


NEW = fragment_of("a=ice-ufrag:brandnew\r\na=ice-pwd:brandnewbrandnewbrandnew\r\n", CANDIDATE.format(9))


async def published(world: World, person: str = "teacher") -> Answer:
    answer = await post(world.people[person], f"/whip/{world.room_id}", OFFER)
    assert answer.status == 201, answer
    return answer


async def test_an_independent_client_publishes_and_another_watches(world: World) -> None:
    async with client() as camera, client() as screen:
        made = await post(world.teacher, f"/whip/{world.room_id}?name=camera", await camera.offer_media())
        assert made.headers["Content-Type"].startswith(SDP) and made.headers["Accept-Patch"] == FRAGMENT
        assert made.headers["Location"] == f"/whip/{world.room_id}/camera"
        await camera.accept(made.body.decode())
        watched = await post(world.pupil, f"/whep/{world.room_id}/camera", await screen.offer_to_watch())
        assert watched.status == 201
        await screen.accept(watched.body.decode())
        await screen.receive(5)
        mine = await patch(
            world.teacher,
            made.headers["Location"],
            fragment_of(camera.connection.localDescription.sdp, CANDIDATE.format(1)),
            made.headers["ETag"],
        )
        assert (mine.status, mine.body) == (204, b"")
        await screen.receive(5)
        for person, answer in ((world.pupil, watched), (world.teacher, made)):
            assert (await person.call("DELETE", answer.headers["Location"])).status == 200
            assert (await person.call("DELETE", answer.headers["Location"])).status == 404


async def test_an_ice_restart_is_answered_with_new_credentials_that_work(world: World) -> None:
    made = await published(world)
    answer = await patch(world.teacher, made.headers["Location"], NEW, "*")
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, FRAGMENT)
    text = answer.body.decode()
    ufrag, password = (re.search(rf"a=ice-{name}:(\S+)", text)[1] for name in ("ufrag", "pwd"))  # type: ignore[index]
    assert answer.headers["ETag"] != made.headers["ETag"] and ufrag not in made.body.decode()
    assert "a=ice-lite\r\n" in text and "a=mid:0\r\n" in text and "a=end-of-candidates\r\n" in text
    port = int(re.search(r"udp \d+ 127\.0\.0\.1 (\d+) typ host", text)[1])  # type: ignore[index]
    assert await answers_check(port, ufrag, password)
    candidates = fragment_of(NEW, CANDIDATE.format(1))
    assert (await patch(world.teacher, made.headers["Location"], candidates, answer.headers["ETag"])).status == 204
    check_problem(
        await patch(world.teacher, made.headers["Location"], candidates, made.headers["ETag"]), 412, "outdated"
    )


async def answers_check(port: int, ufrag: str, password: str) -> bool:
    message = aioice_stun.Message(message_method=aioice_stun.Method.BINDING, message_class=aioice_stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag}:brandnew"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLING"] = 1
    message.add_message_integrity(password.encode())
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    class Listener(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: Any) -> None:
            if not heard.done():
                heard.set_result(data)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Listener, remote_addr=("127.0.0.1", port))
    try:
        transport.sendto(bytes(message))
        async with asyncio.timeout(20):
            return aioice_stun.parse_message(await heard).check_message_integrity(password.encode())
    finally:
        transport.close()


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [(None, 428, "condition_missing"), ('"another"', 412, "outdated"), ("nonsense", 412, "outdated")],
)
async def test_a_patch_says_which_ice_session_it_means(
    world: World, if_match: str | None, status: int, code: str
) -> None:
    made = await published(world)
    answer = await patch(world.teacher, made.headers["Location"], fragment_of(OFFER), if_match)
    check_problem(answer, status, code)


async def test_weak_tags_do_not_match_and_one_of_several_is_enough(world: World) -> None:
    made = await published(world)
    etag = made.headers["ETag"]
    weak = await patch(world.teacher, made.headers["Location"], fragment_of(OFFER), f"W/{etag}")
    check_problem(weak, 412, "outdated")
    among = await patch(world.teacher, made.headers["Location"], fragment_of(OFFER), f'"other", W/"x", {etag}')
    assert among.status == 204


@pytest.mark.parametrize(
    "fragment",
    [
        "hello",
        "a=ice-ufrag:short\r\n",
        NEW,
        fragment_of(OFFER, *map(CANDIDATE.format, range(33))),
        fragment_of(OFFER) + "m=audio 9 RTP/AVP 0\r\n" * 65,
        fragment_of(OFFER) + "a=x:\x00\r\n",
    ],
    ids=["no fragment", "no password", "other credentials", "candidates", "m-lines", "NUL"],
)
async def test_a_bad_fragment_is_refused_and_changes_nothing(world: World, fragment: str) -> None:
    made = await published(world)
    answer = await patch(world.teacher, made.headers["Location"], fragment, made.headers["ETag"])
    check_problem(answer, 400, "invalid", "sdp")
    again = await patch(world.teacher, made.headers["Location"], fragment_of(OFFER), made.headers["ETag"])
    assert again.status == 204


async def test_candidates_of_many_patches_are_counted_together(world: World) -> None:
    made = await published(world)
    etag, location = made.headers["ETag"], made.headers["Location"]
    for start in (0, 16):
        candidates = map(CANDIDATE.format, range(start, start + 16))
        assert (await patch(world.teacher, location, fragment_of(OFFER, *candidates), etag)).status == 204
    refused = await patch(world.teacher, location, fragment_of(OFFER, CANDIDATE.format(32)), etag)
    check_problem(refused, 400, "invalid", "sdp")


async def test_nobody_else_changes_or_ends_it(world: World) -> None:
    made = await published(world)
    location, etag = made.headers["Location"], made.headers["ETag"]
    for person in (world.founder, world.pupil, world.stranger):
        check_problem(await patch(person, location, NEW, "*"), 404, "not_found")
        check_problem(await patch(person, location, NEW, None), 404, "not_found")
        check_problem(await person.call("DELETE", location), 404, "not_found")
    watch = f"/whep/{world.room_id}/x/{location.rpartition('/')[2]}"
    check_problem(await patch(world.teacher, watch, fragment_of(OFFER), etag), 404, "not_found")


@pytest.mark.parametrize("content_type", ["application/json", SDP, "text/plain"])
async def test_another_kind_of_body_is_refused(world: World, content_type: str) -> None:
    made = await published(world)
    headers = {"Content-Type": content_type, "If-Match": made.headers["ETag"]}
    answer = await world.teacher.call("PATCH", made.headers["Location"], data=fragment_of(OFFER), headers=headers)
    check_problem(answer, 415, "unsupported_type", "Content-Type")


async def test_pages_of_other_websites_may_ask_but_bring_no_cookie(world: World) -> None:
    ask = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    options = await world.nobody.call("OPTIONS", f"/whip/{world.room_id}", headers=ask)
    assert options.status == 204
    assert options.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in options.headers
    assert options.headers["Access-Control-Allow-Methods"] == "OPTIONS, POST"
    assert options.headers["Accept-Post"] == SDP
    assert "If-Match" in options.headers["Access-Control-Allow-Headers"]
    session = await world.nobody.call("OPTIONS", f"/whip/{world.room_id}/peer", headers=ask)
    assert session.headers["Allow"] == "DELETE, OPTIONS, PATCH" and session.headers["Accept-Patch"] == FRAGMENT
    made = await post(world.teacher, f"/whip/{world.room_id}", OFFER, Origin="https://elsewhere.example")
    exposed = made.headers["Access-Control-Expose-Headers"]
    assert made.status == 201 and all(name in exposed for name in ("Location", "ETag", "Link"))
    refused = await post(world.nobody, f"/whip/{world.room_id}", OFFER)
    assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (401, "*")
    elsewhere = await world.teacher.call("GET", "/api/v1/me")
    assert "Access-Control-Allow-Origin" not in elsewhere.headers


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_methods_that_the_rfc_keeps_for_later_are_refused(world: World, method: str) -> None:
    answer = await world.teacher.call(method, f"/whip/{world.room_id}")
    assert answer.status == 405


async def test_relays_are_named_in_links(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.turn import TurnServers

    turn = TurnServers("turn:t.example:3478?transport=udp,turns:t.example:443", "a secret of the school", lambda: 0.0)
    monkeypatch.setattr(world.hub.context.live_rooms, "ice_servers", turn.ice_servers)
    made = await published(world)
    links = made.headers.getall("Link")
    peer_id = made.headers["Location"].rpartition("/")[2]
    (server,) = turn.ice_servers(peer_id)
    login = f'username="{server.username}"; credential="{server.credential}"; credential-type="password"'
    assert links == [f'<{url}>; rel="ice-server"; {login}' for url in server.urls]
