"""The document doors at the level of frames: what is malformed, too large, too fast, too slow or nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from pycrdt import Doc, Text

from crdt_docs.encoding import Reader, encode_bytes, encode_string
from crdt_docs.limits import Limits
from hub.errors import ForeignOrigin
from hub.socket_limits import SocketLimits
from storage import open_memory_storage
from storage.records import ContentId
from tests.crdt_docs.editor import Editor
from tests.interop.doc_server import DocServer, fill

WAIT_S = 10.0
LIMITS = Limits(update_bytes=64 << 10, first_sync_bytes=128 << 10, tick_ms=0.0)
SOCKET_LIMITS = SocketLimits(
    behind_bytes=64 << 10,
    caught_up_bytes=16 << 10,
    behind_timeout_s=30.0,
    look_again_s=0.01,
    documents_per_socket=3,
    waiting_messages=4,
)


@pytest.fixture
async def server() -> AsyncIterator[DocServer]:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"), ("wall", "wall"))
    async with DocServer(storage, limits=LIMITS, socket_limits=SOCKET_LIMITS) as server:
        yield server
    await storage.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


def yjs(server: DocServer, user: str = "writer", content: str = "doc", more: str = "") -> str:
    return f"{server.url}/yjs/{content}?token={user}{more}"


def update(editor: Editor, text: str) -> bytes:
    return b"\x00\x02" + encode_bytes(editor.type(text))


STEP_1 = b"\x00\x00" + encode_bytes(b"\x00")


async def ended(socket: aiohttp.ClientWebSocketResponse) -> tuple[int, str, list[bytes]]:
    """Read to the end: close code, reason, and what was said before."""
    said: list[bytes] = []
    async with asyncio.timeout(WAIT_S):
        while (message := await socket.receive()).type is aiohttp.WSMsgType.BINARY:
            said.append(message.data)
    assert message.type is aiohttp.WSMsgType.CLOSE, message
    return message.data, message.extra or "", said


async def next_with(socket: aiohttp.ClientWebSocketResponse, part: bytes) -> bytes:
    async with asyncio.timeout(WAIT_S):
        while part not in (data := await socket.receive_bytes()):
            pass
    return data


@pytest.mark.parametrize(
    "frame", [b"", b"\x07", b"\x00\x09", b"\x00\x02\xff", b"\x01\x01", STEP_1 + b"!", b"\x02\x00\x02no"]
)
async def test_SH2_SY8_a_malformed_frame_ends_that_session_alone(
    server: DocServer, http: aiohttp.ClientSession, frame: bytes
) -> None:
    async with http.ws_connect(yjs(server)) as good, http.ws_connect(yjs(server, "other")) as bad:
        await good.send_bytes(STEP_1)
        await bad.send_bytes(frame)
        code, reason, said = await ended(bad)
        assert (code, reason) == (4400, "invalid")
        assert said[-1][:2] == b"\x02\x00"
        await good.send_bytes(update(Editor(1), "fine"))
        await next_with(good, b"fine")


async def test_a_text_frame_and_a_frame_over_the_limit_are_refused(
    server: DocServer, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(yjs(server)) as socket:
        await socket.send_str("hello")
        assert (await ended(socket))[:2] == (4400, "invalid")
    async with http.ws_connect(yjs(server)) as socket:
        await socket.send_bytes(update(Editor(1), "x" * (65 << 10)))
        assert (await ended(socket))[:2] == (4413, "too_large")
    async with http.ws_connect(yjs(server)) as socket:
        await socket.send_bytes(bytes(200 << 10))
        assert (await ended(socket))[0] == 1009
    assert server.live_docs.counts().discarded == 0


async def test_HP5_a_frame_nobody_can_read_closes_the_whole_socket(
    server: DocServer, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(f"{server.url}/collab") as socket:
        await socket.send_bytes(encode_string("doc") + b"\x02\x00" + encode_string("writer"))
        await next_with(socket, b"read-write")
        await socket.send_bytes(b"\xff")
        assert (await ended(socket))[:2] == (4400, "invalid")


async def test_HP4_a_bad_update_ends_one_document_of_a_socket(server: DocServer, http: aiohttp.ClientSession) -> None:
    doc, wall = encode_string("doc"), encode_string("wall")
    async with http.ws_connect(f"{server.url}/collab") as socket:
        for name in (doc, wall):
            await socket.send_bytes(name + b"\x02\x00" + encode_string("writer"))
            await socket.send_bytes(name + STEP_1)
        await next_with(socket, wall + b"\x00\x01")
        await socket.send_bytes(doc + b"\x00\x02" + encode_bytes(b"\xff\xff"))
        await next_with(socket, doc + b"\x02\x01" + encode_string("invalid"))
        await next_with(socket, doc + b"\x07" + encode_string("invalid"))
        await socket.send_bytes(wall + STEP_1)
        await next_with(socket, wall + b"\x00\x01")
        # It may be opened again on the same socket.
        await socket.send_bytes(doc + b"\x02\x00" + encode_string("writer"))
        await next_with(socket, doc + b"\x02\x02")


async def test_HP3_nothing_is_said_of_a_document_before_its_auth(
    server: DocServer, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(f"{server.url}/collab") as socket:
        await socket.send_bytes(encode_string("doc") + STEP_1)
        await socket.send_bytes(encode_string("wall") + b"\x02\x00" + encode_string("writer"))
        await socket.send_bytes(b"\x09")
        first = await socket.receive_bytes()
        assert first in (b"\x0a", encode_string("wall") + b"\x02\x02" + encode_string("readonly"))
        await socket.send_bytes(encode_string("doc") + b"\x02\x00" + encode_string("nobody"))
        await next_with(socket, encode_string("doc") + b"\x02\x01" + encode_string("not_found"))


async def test_a_socket_has_a_limit_of_documents(server: DocServer, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(f"{server.url}/collab") as socket:
        for i in range(4):
            await socket.send_bytes(encode_string(f"doc{i}") + b"\x02\x00" + encode_string("writer"))
        assert (await ended(socket))[:2] == (4429, "too_many")


async def test_a_socket_that_opens_nothing_is_closed(http: aiohttp.ClientSession) -> None:
    async with DocServer(open_memory_storage(), socket_limits=SocketLimits(unnamed_timeout_s=0.1)) as server:
        async with http.ws_connect(f"{server.url}/collab") as socket:
            assert (await ended(socket))[:2] == (4401, "not_signed_in")


async def test_another_sites_page_gets_no_socket(server: DocServer, http: aiohttp.ClientSession) -> None:
    async def refuse(*_: object) -> None:
        raise ForeignOrigin

    server.authorise = refuse  # type: ignore[assignment]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await http.ws_connect(yjs(server))
    assert refusal.value.status == 403
    async with http.ws_connect(f"{server.url}/collab") as socket:
        await socket.send_bytes(encode_string("doc") + b"\x02\x00\x00")
        await next_with(socket, b"foreign_origin")


@pytest.mark.parametrize(("schema", "reason"), [("0", "old_client"), ("old", "invalid"), ("-1", "invalid")])
async def test_CD2_SH3_an_older_editor_gets_no_byte(
    server: DocServer, http: aiohttp.ClientSession, schema: str, reason: str
) -> None:
    async with http.ws_connect(yjs(server, more=f"&schema={schema}")) as socket:
        code, said_reason, said = await ended(socket)
        assert (code, said_reason) == (4426 if reason == "old_client" else 4400, reason)
        assert [frame[:2] for frame in said] == [b"\x02\x00"]
    async with http.ws_connect(yjs(server, content="wall", more="&schema=0")) as socket:
        await socket.send_bytes(STEP_1)
        assert (await socket.receive_bytes())[:2] == b"\x00\x01", "kinds without editors have no schema"


async def test_SH4_who_reads_slowly_misses_broadcasts_and_is_brought_up_to_date(
    server: DocServer, http: aiohttp.ClientSession
) -> None:
    ana = Editor(1)
    async with (
        http.ws_connect(yjs(server)) as fast,
        http.ws_connect(yjs(server, "other"), max_msg_size=0) as slow,
    ):
        for socket in (fast, slow):
            await socket.send_bytes(STEP_1)
            await next_with(socket, b"\x00\x01")
        assert slow._conn is not None and slow._conn.transport is not None
        slow._conn.transport.pause_reading()
        # Until what the kernel holds for the slow one, and the hub's own allowance, are full.
        async with asyncio.timeout(30):
            while not server.live_docs.counts().fell_behind:
                await fast.send_bytes(update(ana, "x" * 60_000))
                await next_with(fast, b"xxx")
        for word in ("missed by the slow", "the end"):
            await fast.send_bytes(update(ana, word))
            await next_with(fast, word.encode())
        slow._conn.transport.resume_reading()
        copy: Doc[Any] = Doc()
        data = b""
        while b"the end" not in data:
            data = await next_with(slow, b"\x00\x02")
            copy.apply_update(Reader(data[2:]).read_bytes(1 << 30))
        assert b"missed by the slow" in data, "one update brings all it missed"
        assert str(copy.get("t", type=Text)) == str(ana.text)


async def test_SH4_who_reads_nothing_is_cut_off(http: aiohttp.ClientSession) -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    limits = SocketLimits(behind_bytes=64 << 10, behind_timeout_s=0.2, look_again_s=0.01)
    async with DocServer(storage, limits=LIMITS, socket_limits=limits) as server:
        ana = Editor(1)
        async with http.ws_connect(yjs(server)) as fast, http.ws_connect(yjs(server, "other")) as stuck:
            for socket in (fast, stuck):
                await socket.send_bytes(STEP_1)
                await next_with(socket, b"\x00\x01")
            assert stuck._conn is not None and stuck._conn.transport is not None
            stuck._conn.transport.pause_reading()
            async with asyncio.timeout(30):
                while server.live_docs.counts().sessions == 2:
                    await fast.send_bytes(update(ana, "z" * 40_000))
                    await next_with(fast, b"zzz")
            stuck._conn.transport.resume_reading()
    await storage.close()


async def test_SH5_who_sends_too_fast_is_read_more_slowly_and_loses_nothing(http: aiohttp.ClientSession) -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    limits = SocketLimits(messages_per_s=200.0, messages_burst=10.0)
    async with DocServer(storage, limits=LIMITS, socket_limits=limits) as server:
        ana = Editor(1)
        async with http.ws_connect(yjs(server)) as socket:
            await socket.send_bytes(STEP_1)
            started = asyncio.get_running_loop().time()
            for _ in range(60):
                await socket.send_bytes(update(ana, "y"))
            await socket.send_bytes(update(ana, "last"))
            await next_with(socket, b"last")
            assert asyncio.get_running_loop().time() - started > 0.2
        copy = Editor(2)
        copy.doc.apply_update(await server.live_docs.state(ContentId("doc")))
        assert str(copy.text) == "y" * 60 + "last"
    await storage.close()


@pytest.mark.slow
async def test_SH7_who_answers_pings_stays_and_who_does_not_is_cut_off(http: aiohttp.ClientSession) -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    async with DocServer(storage, socket_limits=SocketLimits(heartbeat_s=1.0)) as server, asyncio.timeout(30):
        async with http.ws_connect(yjs(server), autoping=False) as socket:
            for _ in range(2):
                assert (await socket.receive()).type is aiohttp.WSMsgType.PING
                await socket.pong()
            await socket.send_bytes(STEP_1)
            await next_with(socket, b"\x00\x01")
            assert (await socket.receive()).type is aiohttp.WSMsgType.BINARY
            while (last := await socket.receive()).type in (aiohttp.WSMsgType.PING, aiohttp.WSMsgType.BINARY):
                pass
            assert last.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    await storage.close()


async def test_the_hub_stops_without_waiting_for_its_clients(http: aiohttp.ClientSession) -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    async with DocServer(storage) as server:
        sockets = [await http.ws_connect(yjs(server)) for _ in range(20)]
        sockets += [await http.ws_connect(f"{server.url}/collab") for _ in range(20)]
        waiting = [asyncio.create_task(ended(socket)) for socket in sockets]
    codes = {code for code, _, _ in await asyncio.gather(*waiting)}
    assert codes == {1001}
    await storage.close()
