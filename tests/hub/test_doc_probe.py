"""What hangs, dies or grows without end does so in a process of its own (rules CN)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from pycrdt import Doc

from crdt_docs.encoding import encode_bytes
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.probe import check_request, load_request, read_checked, read_loaded
from hub.doc_probe import DocProbe, ProbeFailed, ProbeLimits
from storage import open_memory_storage
from storage.records import ContentId
from tests.crdt_docs.editor import Editor, any_item, nested_arrays, string_item, update_of
from tests.interop.doc_server import DocServer, fill

WAIT_S = 20.0
EMPTY = b"\x00\x00"
KILLS_A_PROCESS = update_of(any_item(nested_arrays(200_000)))
"""The engine's recursion runs out of stack. The hub's own scan refuses it; the probe is given it all the same."""
SLOW = update_of(*[string_item("x")] * 150_000)
STEP_1 = b"\x00\x00" + encode_bytes(b"\x00")


@pytest.fixture
async def probe() -> AsyncIterator[DocProbe]:
    # So generous that what its engine can't bear gets to it; the hub's own limit refuses it before.
    probe = DocProbe(Limits(nesting=1 << 20))
    yield probe
    await probe.close()


async def test_CN1_a_process_that_dies_is_replaced(probe: DocProbe) -> None:
    for _ in range(2):
        with pytest.raises(ProbeFailed):
            await probe.call(check_request(EMPTY, KILLS_A_PROCESS))
        assert read_checked(await probe.call(check_request(EMPTY, Editor(1).type("sound"))))
    assert probe.failures == 2


async def test_CN1_what_takes_too_long_is_killed(probe: DocProbe) -> None:
    await probe.call(check_request(EMPTY, EMPTY))
    with pytest.raises(ProbeFailed, match="too long"):
        await probe.call(check_request(EMPTY, SLOW), 0.01)
    # In its own time on a busy machine; what is asserted is that a new process answers.
    assert read_checked(await probe.call(check_request(EMPTY, SLOW), 60))


async def test_CN1_memory_is_bounded() -> None:
    probe = DocProbe(Limits(), ProbeLimits(memory_bytes=200 << 20))
    with pytest.raises(ProbeFailed):
        await probe.call(load_request(None, [update_of(string_item("x" * (60 << 20)))]))
    assert read_checked(await probe.call(check_request(EMPTY, Editor(1).type("sound"))))
    await probe.close()


async def test_CN1_a_caller_who_goes_away_leaves_no_process_busy(probe: DocProbe) -> None:
    calls = [asyncio.create_task(probe.call(check_request(EMPTY, SLOW))) for _ in range(6)]
    await asyncio.sleep(0)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert read_checked(await probe.call(check_request(EMPTY, Editor(1).type("sound"))))


async def test_CN2_a_log_is_merged_as_the_hub_would(probe: DocProbe) -> None:
    ana = Editor(1)
    updates = [ana.type(letter) for letter in "abcd"]
    state, aside = read_loaded(await probe.call(load_request(updates[0], [updates[1], updates[3]])))
    assert aside == [updates[3]]
    doc: Doc = Doc()
    doc.apply_update(state)
    assert doc.get_state() == b"\x01\x01\x02"
    with pytest.raises(ProtocolError):
        await probe.call(load_request(None, [b"\xff\xff"]))


async def test_CN1_flipped_bits_harm_no_caller(probe: DocProbe) -> None:
    rng = random.Random(3)
    ana = Editor(1)
    for _ in range(60):
        place = rng.randrange(len(ana.text) + 1)
        ana.text.insert(place, "abc"[: rng.randrange(1, 4)])
    valid = ana.doc.get_update()
    for _ in range(300):
        flipped = bytearray(valid)
        for _ in range(rng.randrange(1, 4)):
            flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
        try:
            await probe.call(check_request(EMPTY, bytes(flipped)), 2.0)
        except (ProbeFailed, ProtocolError):
            pass
    assert read_checked(await probe.call(check_request(EMPTY, valid)))


async def next_with(socket: aiohttp.ClientWebSocketResponse, part: bytes) -> bytes:
    async with asyncio.timeout(WAIT_S):
        while part not in (data := await socket.receive_bytes()):
            pass
    return data


@pytest.mark.parametrize("timeout_s", [0.001, 10.0])
async def test_CN3_a_suspicious_update_is_tried_first_and_its_sender_alone_is_refused(timeout_s: float) -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    limits = replace(Limits(), tick_ms=0.0)
    async with (
        DocServer(storage, limits=limits, probe_limits=ProbeLimits(bytes_per_s=1e12, timeout_s=timeout_s)) as server,
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{server.url}/yjs/doc?token=writer") as good,
        http.ws_connect(f"{server.url}/yjs/doc?token=other") as bad,
    ):
        await good.send_bytes(STEP_1)
        await next_with(good, b"\x00\x01")
        large = update_of(*[string_item("y" * 10)] * 15_000, client=2)
        await bad.send_bytes(b"\x00\x02" + encode_bytes(large))
        await good.send_bytes(b"\x00\x02" + encode_bytes(Editor(1).type("meanwhile")))
        await next_with(good, b"meanwhile")
        if timeout_s > 1:
            await next_with(good, b"yyyyyyyyyy")
        else:
            async with asyncio.timeout(WAIT_S):
                while (message := await bad.receive()).type is aiohttp.WSMsgType.BINARY:
                    pass
            assert (message.data, message.extra) == (4400, "invalid")
        counts = server.live_docs.counts()
        assert (counts.probed, counts.discarded) == (1, 0)
        assert counts.probe_failures == (timeout_s < 1)
    await storage.close()


async def test_CN2_a_poisoned_document_stops_nothing_but_itself(caplog: pytest.LogCaptureFixture) -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"), ("poisoned", "document"))
    # As a hub without the scan would have stored it: over the limit from which others read it first.
    state = update_of(any_item(nested_arrays(400_000)))
    await storage.doc_log.append(ContentId("poisoned"), [EMPTY], user_id=None, at_ms=1)
    await storage.doc_log.compact(ContentId("poisoned"), state, 1)
    async with DocServer(storage) as server, aiohttp.ClientSession() as http:
        async with http.ws_connect(f"{server.url}/yjs/poisoned?token=writer") as socket:
            async with asyncio.timeout(WAIT_S):
                while (message := await socket.receive()).type is aiohttp.WSMsgType.BINARY:
                    pass
            assert (message.data, message.extra) == (4500, "internal")
        async with http.ws_connect(f"{server.url}/yjs/doc?token=writer") as socket:
            await socket.send_bytes(STEP_1)
            await next_with(socket, b"\x00\x01")
    assert "can't be loaded" in caplog.text
    await storage.close()


async def test_CN3_ordinary_typing_is_never_probed() -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    ana = Editor(1)
    async with (
        DocServer(storage) as server,
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{server.url}/yjs/doc?token=writer") as socket,
    ):
        await socket.send_bytes(STEP_1)
        for _ in range(20):
            await socket.send_bytes(b"\x00\x02" + encode_bytes(ana.type("x")))
            await socket.send_bytes(b"\x00\x02" + encode_bytes(ana.delete(0, 1)))
        await socket.send_bytes(b"\x00\x02" + encode_bytes(ana.type("end")))
        await next_with(socket, b"end")
        assert server.live_docs.counts().probed == 0
    await storage.close()
