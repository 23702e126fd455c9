"""Bad input on every edge: a stable code, a sentence, nothing half done, and the hub goes on."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import aiohttp
import pytest

from tests.hub.world import WAIT_S, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROBLEM_FIELDS = {"type", "title", "status", "code", "detail"}


def check_problem(answer: Any, status: int, code: str, field: str | None = None) -> None:
    assert (answer.status, answer.code) == (status, code), answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert PROBLEM_FIELDS <= set(answer.body) <= PROBLEM_FIELDS | {"field"}
    assert answer.body["status"] == status and answer.body["detail"].endswith(".")
    assert answer.body.get("field") == field, answer.body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "   \n"}, "text"),
        ({"text": "x" * 2_001}, "text"),
        ({"text": 5}, "text"),
        ({"text": None}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "bell\x07"}, "text"),
        ({"text": "nul\x00"}, "text"),
        ({"text": "half \ud83d"}, "text"),
        ({"text": "x", "extra": 1}, "extra"),
        ({"text": "x", "client_message_id": "with space"}, "client_message_id"),
        ({"text": "x", "client_message_id": "x" * 65}, "client_message_id"),
        ({"text": "x", "twinspace_id": "another"}, "twinspace_id"),
    ],
)
async def test_a_payload_that_does_not_fit_names_the_field(world: World, body: Any, field: str) -> None:
    check_problem(await world.pupil.call("POST", f"{world.path}/messages", body), 400, "invalid", field)
    assert (await world.pupil.get(f"{world.path}/messages"))["messages"] == []


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"text"', b"\xff\xfe", b'{"text": NaN}', b"[" * 100_000, b'{"text": "\xc3\x28"}', b"null", b"1e999"],
)
async def test_a_body_that_is_no_json_object_is_refused(world: World, body: bytes) -> None:
    answer = await world.pupil.call(
        "POST", f"{world.path}/messages", data=body, headers={"Content-Type": "application/json"}
    )
    check_problem(answer, 400, "invalid")


async def test_another_content_type_is_refused(world: World) -> None:
    answer = await world.pupil.call("POST", f"{world.path}/messages", data={"text": "as a form"})
    check_problem(answer, 400, "invalid", "Content-Type")
    answer = await world.pupil.call("POST", f"/whip/{world.room_id}", {"sdp": "as JSON"})
    check_problem(answer, 415, "unsupported_type", "Content-Type")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=many", "before=-1", "since=1.5", "since=1&before=2", "x=1"]
)
async def test_a_query_that_does_not_fit_is_refused(world: World, query: str) -> None:
    answer = await world.pupil.call("GET", f"{world.path}/messages?{query}")
    assert (answer.status, answer.code) == (400, "invalid"), answer


async def test_a_body_over_the_limit_is_too_large(world: World) -> None:
    large = io.BytesIO(b'{"text": "' + b"x" * (1 << 20) + b'"}')
    answer = await world.pupil.call(
        "POST", f"{world.path}/messages", data=large, headers={"Content-Type": "application/json"}
    )
    check_problem(answer, 413, "too_large")
    offer = {"data": "v" * (65 << 10), "headers": {"Content-Type": "application/sdp"}}
    check_problem(await world.pupil.call("POST", f"/whip/{world.room_id}", **offer), 413, "too_large", "sdp")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1/twinspaces/unknown",
        "/api/v1/twinspaces/no%20such/contents",
        "/api/v1/twinspaces/..%2f..%2fetc/contents",
        "/api/v1/contents/%00",
        "/api/v1/contents/" + "x" * 2_000,
        "/assets/nothing.js",
        "/assets/..%2f..%2fsettings.py",
        "/nothing.png",
        "/socket.io/nothing",
    ],
)
async def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    check_problem(await world.pupil.call("GET", path), 404, "not_found")


async def test_a_method_that_an_address_does_not_have(world: World) -> None:
    answer = await world.pupil.call("DELETE", "/api/v1/me")
    check_problem(answer, 405, "invalid")
    assert answer.headers["Allow"] == "GET, PATCH"


async def test_unknown_kinds_are_refused_with_the_known_ones(world: World) -> None:
    answer = await world.founder.call("POST", f"{world.path}/contents", {"kind": "opera", "title": "x"})
    check_problem(answer, 400, "invalid", "kind")
    assert "document" in answer.body["detail"]


async def test_a_fault_of_the_hub_shows_a_number_and_no_trace(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(twinspace_id: str) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(world.hub.context.presence, "online", explode)
    answer = await world.pupil.call("GET", world.path)
    check_problem(answer, 500, "internal")
    assert "secret" not in str(answer.body)
    number = answer.body["detail"].split()[-1].rstrip(".")
    assert number in caplog.text and "the secret inside" in caplog.text
    socket = await world.pupil.socket()
    reply = await socket.call("twinspace:enter", {"twinspace_id": world.twinspace_id})
    assert reply["error"]["code"] == "internal" and "secret" not in str(reply)


async def test_too_many_requests_are_told_when_to_come_back(world: World) -> None:
    answers = await asyncio.gather(
        *(world.founder.call("POST", f"{world.path}/snapshots", {"title": " "}) for _ in range(12))
    )
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    for answer in refused:
        check_problem(answer, 429, "too_many")
        assert int(answer.headers["Retry-After"]) >= 1
    # Limits count per login: the others of the same school go on.
    assert (await world.teacher.call("POST", f"{world.path}/snapshots", {"title": "ok"})).status == 201


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("chat:post", {}),
        ("chat:post", "text"),
        ("chat:post", None),
        ("chat:post", [1]),
        ("chat:post", {"twinspace_id": 5, "client_message_id": "a", "text": "x"}),
        ("chat:post", {"twinspace_id": "t", "client_message_id": "a", "text": "x", "more": 1}),
        ("twinspace:enter", {"twinspace_id": "no such"}),
        ("no:such_event", {}),
        ("connect", {}),
        ("disconnect", {}),
        ("", {}),
    ],
)
async def test_every_bad_event_is_answered(world: World, event: str, payload: Any) -> None:
    socket = await world.pupil.socket()
    reply = await socket.call(event, payload)
    assert reply["ok"] is False and reply["error"]["code"] == "invalid", reply
    assert (await socket.enter(world.twinspace_id))["ok"]


async def test_an_event_with_several_arguments_is_refused(world: World) -> None:
    socket = await world.pupil.socket()
    reply = await socket.call("twinspace:enter", {"twinspace_id": "a"}, {"twinspace_id": "b"})
    assert reply["error"]["code"] == "invalid"


async def test_too_fast_events_are_refused_and_counted_per_session(world: World) -> None:
    socket, other = await world.pupil.socket(), await world.pupil.socket()
    replies = await asyncio.gather(
        *(socket.call("twinspace:leave", {"twinspace_id": world.twinspace_id}) for _ in range(80))
    )
    codes = {reply["error"]["code"] for reply in replies if not reply["ok"]}
    assert codes == {"too_many"}
    assert (await other.enter(world.twinspace_id))["ok"]


MALFORMED: list[Any] = [
    "4",
    "49",
    "42",
    "42[",
    '42{"no": "list"}',
    "42[]",
    "42[5,{}]",
    '42[{"not": "a name"}]',
    '451-["chat:post",{"_placeholder":true,"num":0}]',
    "44{}",
    "9nonsense",
    b"\x00\x01\x02",
    "x" * 100_000,
]


@pytest.mark.parametrize("frame", MALFORMED, ids=lambda frame: repr(frame)[:30])
async def test_a_malformed_frame_ends_at_most_its_own_session(world: World, frame: Any) -> None:
    bystander = await world.founder.socket()
    await bystander.enter(world.twinspace_id)
    url = f"{world.hub.url}/socket.io/?EIO=4&transport=websocket"
    async with world.founder.http.ws_connect(url) as raw:
        await raw.receive(timeout=WAIT_S)
        await raw.send_str(f'40{{"token":"{world.pupil.token}"}}')
        assert (await raw.receive(timeout=WAIT_S)).data.startswith("40")
        if isinstance(frame, bytes):
            await raw.send_bytes(frame)
        else:
            await raw.send_str(frame)
        # Either the hub ends this connection, or it goes on answering.
        await raw.send_str(f'421["twinspace:enter",{{"twinspace_id":"{world.twinspace_id}"}}]')
        while True:
            message = await raw.receive(timeout=WAIT_S)
            if message.type is not aiohttp.WSMsgType.TEXT or message.data.startswith("431"):
                break
    said = await bystander.call(
        "chat:post", {"twinspace_id": world.twinspace_id, "client_message_id": "still", "text": "here"}
    )
    assert said["ok"]


async def test_a_client_that_does_not_read_is_cut_off_and_the_others_are_not(world: World) -> None:
    url = f"{world.hub.url}/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as own:
        deaf = await own.ws_connect(url)
        await deaf.receive(timeout=WAIT_S)
        await deaf.send_str(f'40{{"token":"{world.visitor.token}"}}')
        await deaf.receive(timeout=WAIT_S)
        await deaf.send_str(f'421["twinspace:enter",{{"twinspace_id":"{world.twinspace_id}"}}]')
        transport = deaf._response.connection.transport  # type: ignore[union-attr]
        listener = await world.founder.socket()
        await listener.enter(world.twinspace_id)
        transport.pause_reading()
        announce = world.hub.context.announce
        for number in range(400):
            await announce.to_twinspace(world.twinspace_id, "chat:posted", {"seq": number, "text": "x" * 50_000})
            assert (await listener.expect("chat:posted"))["seq"] == number
            if world.visitor.user.id not in world.hub.context.presence.online(world.twinspace_id):
                break
        else:
            pytest.fail("20 MB were kept for a client that reads nothing")
        transport.resume_reading()
        await deaf.close()


async def test_a_connection_that_never_signs_in_is_closed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.socket_server.SIGN_IN_WITHIN_S", 0.5)
    url = f"{world.hub.url}/socket.io/?EIO=4&transport=websocket"
    async with world.founder.http.ws_connect(url) as raw:
        await raw.receive(timeout=WAIT_S)
        async with asyncio.timeout(WAIT_S):
            async for _ in raw:
                pass


async def test_more_sockets_than_one_person_needs_are_refused(world: World) -> None:
    limit = world.hub.context.settings.sessions_per_user
    for _ in range(limit):
        await world.pupil.socket()
    with pytest.raises(ConnectionRefusedError, match="too_many"):
        await world.pupil.socket()


async def test_long_polling_works_too(world: World) -> None:
    """Some schools' proxies let no WebSocket through."""
    http, url = world.founder.http, f"{world.hub.url}/socket.io/?EIO=4&transport=polling"

    async def poll(query: str = "") -> str:
        async with http.get(url + query) as reply:
            assert reply.status == 200
            return await reply.text()

    async def send(query: str, packet: str) -> None:
        async with http.post(url + query, data=packet) as reply:
            assert reply.status == 200

    opened = json.loads((await poll())[1:])
    query = f"&sid={opened['sid']}"
    await send(query, f'40{{"token":"{world.pupil.token}"}}')
    assert (await poll(query)).startswith("40")
    await send(query, f'421["twinspace:enter",{{"twinspace_id":"{world.twinspace_id}"}}]')
    packets = (await poll(query)).split("\x1e")
    assert any(packet.startswith("431") and '"ok":true' in packet for packet in packets), packets
    await send(query, "1")
