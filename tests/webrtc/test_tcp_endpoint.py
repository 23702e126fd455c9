"""Rules TC1–TC6 of webrtc/SPEC.md, over real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.test_admission import OFFER
from tests.webrtc.test_stun import check
from webrtc.compiled import load_libraries
from webrtc.endpoint import NO_TCP
from webrtc.errors import ProtocolError
from webrtc.ice_lite import Credentials
from webrtc.ids import PeerId, RoomId
from webrtc.media_engine import MediaEngine
from webrtc.srtp import PacketBuffer
from webrtc.stream_framing import Deframer, frame
from webrtc.stun import Address, StreamAddress
from webrtc.tcp_endpoint import (
    MAX_BACKLOG_BYTES,
    MAX_STRANGERS_PER_HOST,
    PROOF_TIMEOUT_S,
    STALL_TIMEOUT_S,
    Stream,
    TcpEndpoint,
)

ROOM, ANA = RoomId("room"), PeerId("ana")
LATER = 1000.0


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=20), st.randoms(use_true_random=False))
def test_TC1_packets_come_back_however_the_stream_is_cut(packets: list[bytes], random: Random) -> None:
    stream = b"".join(map(frame, packets))
    deframer, found = Deframer(50), []
    while stream:
        size = random.randrange(1, len(stream) + 1)
        found += deframer.receive(stream[:size])
        stream = stream[size:]
    assert found == packets


@given(st.binary(max_size=200))
def test_TC1_any_bytes_are_packets_or_the_end_of_the_stream(data: bytes) -> None:
    try:
        packets = Deframer(100).receive(data)
    except ProtocolError:
        return
    assert all(0 < len(packet) <= 100 for packet in packets)
    assert sum(len(packet) + 2 for packet in packets) <= len(data)


@pytest.mark.parametrize("length", [b"\x00\x00", b"\x05\xdd", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00"])
def test_TC1_a_length_that_no_packet_has_ends_the_stream(length: bytes) -> None:
    with pytest.raises(ProtocolError):
        Deframer(1500).receive(length)


@pytest_asyncio.fixture(params=["compiled", "python"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[MediaEngine]:
    libraries = load_libraries() if request.param == "compiled" else None
    opened = MediaEngine(0, lambda: ["127.0.0.1", "::1"], lambda event: None, libraries=libraries)
    yield opened
    opened.close()


class Door:
    """A TCP client of the engine under test."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, packet: bytes) -> None:
        self._writer.write(frame(packet))

    async def receive(self) -> bytes:
        async with asyncio.timeout(20):
            size = int.from_bytes(await self._reader.readexactly(2), "big")
            return await self._reader.readexactly(size)

    async def ended(self) -> None:
        """Return once the hub has closed this stream."""
        async with asyncio.timeout(20):
            try:
                await self._reader.read()
            except ConnectionError:
                return

    def close(self) -> None:
        self._writer.close()


Knock = Callable[..., Awaitable[Door]]


@pytest_asyncio.fixture
async def knock(engine: MediaEngine) -> AsyncIterator[Knock]:
    doors: list[Door] = []

    async def connect(host: str = "127.0.0.1") -> Door:
        doors.append(Door(*await asyncio.open_connection(host, engine.endpoint.tcp_port)))
        return doors[-1]

    yield connect
    for door in doors:
        door.close()


def invite(engine: MediaEngine, peer: PeerId = ANA) -> Credentials:
    answer, _ = engine.publish(ROOM, peer, OFFER, None)
    ufrag, password = (answer.split(f"a=ice-{name}:")[1].split()[0] for name in ("ufrag", "pwd"))
    return Credentials(ufrag, password)


async def turn() -> None:
    await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    """The engine runs in this loop: it needs nothing but turns."""
    async with asyncio.timeout(20):
        while not holds():
            await turn()


def test_TC2_ports_of_udp_and_tcp_have_one_number() -> None:
    async def ports() -> None:
        engine = MediaEngine(0, lambda: ["127.0.0.1"], lambda event: None)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            free = engine.endpoint.tcp_port
            other = MediaEngine(taken.getsockname()[1], lambda: ["127.0.0.1"], lambda event: None)
            none = MediaEngine(0, lambda: ["127.0.0.1"], lambda event: None, NO_TCP)
            try:
                assert free == engine.endpoint.port
                assert other.endpoint.tcp_port not in (None, other.endpoint.port)
                assert none.endpoint.tcp_port is None
                assert " tcp " not in none.publish(ROOM, ANA, OFFER, None)[0]
                with pytest.raises(OSError):
                    MediaEngine(0, lambda: ["127.0.0.1"], lambda event: None, free or 0)
            finally:
                for opened in (engine, other, none):
                    opened.close()

    asyncio.run(ports())


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_TC2_a_check_over_tcp_opens_the_handshake(engine: MediaEngine, knock: Knock, host: str) -> None:
    credentials = invite(engine)
    door = await knock(host)
    door.send(check(credentials, nominate=True))
    answer, hello = await door.receive(), await door.receive()
    assert answer[:2] == b"\x01\x01" and hello[0] == 22
    assert engine.stats()["tcp_streams"] == 1


@pytest.mark.parametrize(
    "hostile",
    [b"\x16\xfe\xfd" + bytes(60), b"\x80" * 60, check(Credentials("strangers", "x" * 32)), check()[:40], b"\xff"],
    ids=["ClientHello", "RTP", "forged check", "half a check", "noise"],
)
async def test_TC3_a_stranger_that_sends_anything_else_is_shown_out(
    engine: MediaEngine, knock: Knock, hostile: bytes
) -> None:
    invite(engine)
    door = await knock()
    door.send(hostile)
    await door.ended()
    assert (engine.stats()["tcp_streams"], engine.stats()["refused_tcp_streams"]) == (0, 1)


async def test_TC3_a_stranger_that_says_nothing_is_shown_out(engine: MediaEngine, knock: Knock) -> None:
    credentials = invite(engine)
    silent, peer = await knock(), await knock()
    peer.send(check(credentials))
    await peer.receive()
    loop = asyncio.get_running_loop()
    engine.endpoint.handle_timers(loop.time() + PROOF_TIMEOUT_S / 2)
    assert engine.stats()["tcp_streams"] == 2
    engine.endpoint.handle_timers(loop.time() + PROOF_TIMEOUT_S + 1)
    await silent.ended()
    assert engine.stats()["tcp_streams"] == 1


async def test_TC4_strangers_of_one_host_have_few_places(engine: MediaEngine, knock: Knock) -> None:
    credentials = invite(engine)
    doors = [await knock() for _ in range(MAX_STRANGERS_PER_HOST)]
    await until(lambda: engine.stats()["tcp_streams"] == MAX_STRANGERS_PER_HOST)
    await (await knock()).ended()
    doors[0].send(check(credentials))
    await doors[0].receive()
    friend = await knock()
    friend.send(check(credentials))
    assert (await friend.receive())[:2] == b"\x01\x01"


class Line:
    """A TcpEndpoint whose every packet counts as proof, and a client that reads only when told to."""

    def __init__(self) -> None:
        self.endpoint = TcpEndpoint(0, self._take, self._lose)
        self.stream: Stream | None = None
        self.lost: list[StreamAddress] = []
        self.client = socket.create_connection(("127.0.0.1", self.endpoint.port))
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def _take(self, buffer: PacketBuffer, size: int, address: Address, now: float) -> bool:
        assert isinstance(address, StreamAddress)
        self.endpoint.prove(address)
        self.stream = self.endpoint.stream(address)
        return True

    def _lose(self, address: StreamAddress) -> None:
        self.lost.append(address)

    async def open(self) -> Stream:
        self.client.sendall(frame(b"hello"))
        self.client.setblocking(False)
        await until(lambda: self.stream is not None)
        assert self.stream is not None
        return self.stream


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    opened = Line()
    yield opened
    opened.client.close()
    opened.endpoint.close()


async def test_TC5_what_a_line_cannot_take_is_dropped_and_the_rest_arrives_whole(line: Line) -> None:
    stream = await line.open()
    sent: list[bytes] = []
    while stream.send(picture := len(sent).to_bytes(4, "big") * 250):
        sent.append(picture)
    voices = 0
    while stream.send(voice := bytes([voices % 251]) * 100):
        sent.append(voice)
        voices += 1
        assert voices <= MAX_BACKLOG_BYTES
    assert voices > 10
    assert not stream.send(picture)
    deframer, found = Deframer(1500), list[bytes]()
    async with asyncio.timeout(20):
        while len(found) < len(sent):
            found += deframer.receive(await asyncio.get_running_loop().sock_recv(line.client, 65536))
    assert found == sent
    assert stream.send(picture)


async def test_TC5_a_peer_that_never_reads_is_left(line: Line) -> None:
    stream = await line.open()
    while stream.send(bytes(1000)):
        pass
    assert stream.send(bytes(100))
    now = asyncio.get_running_loop().time()
    line.endpoint.handle_timers(now + STALL_TIMEOUT_S - 1)
    assert line.endpoint.stream_count == 1
    line.endpoint.handle_timers(now + STALL_TIMEOUT_S + 1)
    assert line.endpoint.stream_count == 0
    assert line.lost == [stream.address]


async def test_TC6_a_stream_that_ends_is_no_address_any_more(engine: MediaEngine, knock: Knock) -> None:
    credentials = invite(engine)
    (transport,) = engine.endpoint.transports
    first, second = await knock(), await knock()
    for door in (first, second):
        door.send(check(credentials, nominate=True))
        await door.receive()
    former = transport.agent.selected
    second.close()
    await until(lambda: transport.agent.selected != former)
    assert transport.agent.selected is not None and len(transport.agent.proven_addresses) == 1
    first.close()
    await until(lambda: transport.agent.selected is None)
    assert transport.stream is None and engine.stats()["tcp_streams"] == 0


async def test_TC6_the_streams_of_a_peer_end_with_it(engine: MediaEngine, knock: Knock) -> None:
    credentials = invite(engine)
    doors = [await knock() for _ in range(20)]
    for door in doors:
        door.send(check(credentials))
        await door.receive()
    assert engine.stats()["tcp_streams"] == 16
    engine.leave(ROOM, ANA)
    assert engine.stats()["tcp_streams"] == 0
    for door in doors:
        await door.ended()
