"""Rule PR5: what is compiled does as Python does: the same bytes to every viewer, the same figures in every line."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from random import Random
from select import select
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webrtc.packets import AUDIO_PT, CAMERA, CAMERA_SSRC, UP, VIDEO_PT, VOICE, VOICE_SSRC, rtp, source
from tests.webrtc.simulcast import MID_ID, RID_ID, RIDS, SOURCE, SSRCS, LayerSender
from tests.webrtc.test_admission import transport
from webrtc import rtcp
from webrtc.codecs import Format
from webrtc.compiled import Libraries, load_libraries
from webrtc.effects import Effect, Sending, Spread
from webrtc.fan_in import DROPPED, OTHER, RTP, FanIn
from webrtc.fan_out import FanOut, Route, fits
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId, Mid, PeerId
from webrtc.layers import Preference
from webrtc.peer_transport import MAX_SSRCS, PeerTransport
from webrtc.room import Publication, Room, Subscription
from webrtc.srtp import PacketBuffer, SrtpSession
from webrtc.stun import Address
from webrtc.upward import Extensions

# What it compares is compiled by `make test`, after it has installed a compiler.
pytestmark = pytest.mark.slow

VIEWERS = [ConnectionId(number) for number in range(2, 7)]
AES_128_GCM = 7
KEY = bytes(range(28))


class Wire:
    """Compiled code in front of real sockets, one for each viewer, which decrypt what arrives."""

    def __init__(self, libraries: Libraries) -> None:
        self._socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.fan_out = FanOut(libraries.fan_out, self._socket.fileno())
        self.transports: dict[ConnectionId, PeerTransport] = {}
        self._screens: dict[ConnectionId, tuple[socket.socket, SrtpSession]] = {}
        self._buffer = PacketBuffer()

    def open(self, connection_id: ConnectionId, *, ipv6: bool) -> None:
        screen = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
        screen.bind(("::1" if ipv6 else "127.0.0.1", 0))
        screen.settimeout(20)
        opened = transport()
        opened.connection_id = connection_id
        opened.srtp = SrtpSession(AES_128_GCM, KEY, KEY)
        opened.agent.selected = ("::1" if ipv6 else "::ffff:127.0.0.1", screen.getsockname()[1], 0, 0)
        self.transports[connection_id] = opened
        self._screens[connection_id] = screen, SrtpSession(AES_128_GCM, KEY, KEY)
        self.fan_out.age += 1

    def spread(self, effect: Spread) -> None:
        route = effect.audience.route
        if not isinstance(route, Route) or route.age != self.fan_out.age:
            route = self.fan_out.plan(effect.audience, self.transports)
        self.fan_out.spread(effect, route)

    def receive(self, connection_id: ConnectionId, count: int) -> list[bytes]:
        screen, srtp = self._screens[connection_id]
        packets = []
        for _ in range(count):
            size = srtp.unprotect(self._buffer, screen.recv_into(self._buffer.view))
            assert size > 0
            packets.append(bytes(self._buffer.view[:size]))
        return packets

    def is_silent(self) -> bool:
        def has_more(screen: socket.socket) -> bool:
            screen.setblocking(False)
            try:
                return bool(screen.recv(2048))
            except BlockingIOError:
                return False

        return not any(has_more(screen) for screen, _ in self._screens.values())

    def close(self) -> None:
        self._socket.close()
        for screen, _ in self._screens.values():
            screen.close()


@pytest.fixture(scope="module")
def libraries() -> Libraries:
    found = load_libraries()
    assert found is not None, "make native compiles them"
    return found


class Story:
    """Random things happen in two rooms alike: one runs its effects in Python, the other hands them to the wire."""

    def __init__(self, seed: int, wire: Wire, layered: bool, codec: str = "vp8") -> None:
        self.random = Random(seed)
        self.wire = wire
        self.rooms = [Room(Random(seed).getrandbits, 0.0) for _ in range(2)]
        self.now = 1.0
        self.layers = {rid: LayerSender(rid, self.random) for rid in RIDS} if layered else {}
        self.sequence, self.voice_sequence = self.random.getrandbits(16), self.random.getrandbits(16)
        self.late: list[bytes] = []
        self.watching: dict[ConnectionId, int | None] = {}
        self.sent = 0
        voice = source("audio")._replace(red_payload_type=63)
        camera = SOURCE._replace(format=Format(codec)) if layered else source()
        for room in self.rooms:
            room.open_upward(UP, PeerId("ana"))
            publications = [Publication(voice, False), Publication(camera, False)]
            room.publish(UP, publications, Extensions(MID_ID, RID_ID), self.now)

    def both(self, act: str, *arguments: object) -> None:
        """Call it on both rooms, and see that the same comes of it."""
        python, compiled = (getattr(room, act)(*arguments, self.now) for room in self.rooms)
        self.compare(python, compiled)

    def compare(self, python: list[Effect], compiled: list[Effect]) -> None:
        assert [type(effect) for effect in python] == [type(effect) for effect in compiled]
        for one, other in zip(python, compiled, strict=True):
            if not isinstance(one, Sending):
                assert one == other
                continue
            if isinstance(other, Spread) and fits(other):
                self.wire.spread(other)
                for connection_id, header in one.headers:
                    assert self.wire.receive(connection_id, 1) == [header + one.payload]
                    self.sent += 1
            else:
                assert isinstance(other, Sending)
                assert (one.payload, one.headers) == (other.payload, other.headers)
        for ours, theirs in zip(self.forwarders(0), self.forwarders(1), strict=True):
            assert figures(ours) == figures(theirs)

    def forwarders(self, room: int) -> Iterator[Forwarder]:
        for downward in self.rooms[room]._downward.values():
            yield from downward.forwarders.values()

    def step(self) -> None:
        self.now += self.random.choice([0.0, 0.001, 0.01, 0.05])
        acts = [self.picture] * 8 + [self.voice] * 4 + [self.redundant, self.watch, self.line, self.nack]
        acts += [self.deadline] * 3 + [self.mute, self.hide, self.move]
        self.random.choice(acts)()

    def picture(self) -> None:
        if self.layers:
            layer = self.random.choice(list(self.layers.values()))
            layer.wants_key = layer.wants_key or self.random.random() < 0.2
            packets = layer.frame(self.now)
        else:
            self.sequence += self.random.choice([1, 1, 1, 1, 2])
            packets = [self._packet(self.random.random() < 0.2)]
        if self.late and self.random.random() < 0.3:
            packets.append(self.late.pop())
        for packet in packets:
            if self.random.random() < 0.1:
                self.late.append(packet)
            else:
                self.both("receive_rtp", UP, packet)

    def _packet(self, key: bool) -> bytes:
        marker, padding = self.random.choice([0, 0x80]), self.random.random() < 0.1
        head = pack("!BBH", 0xA0 if padding else 0x80, VIDEO_PT | marker, self.sequence & 0xFFFF)
        head += pack("!II", round(self.now * 90_000) & 0xFFFFFFFF, CAMERA_SSRC)
        if padding:
            return head + bytes(9) + b"\x0a"
        return head + bytes([0x10, 0x10 if key else 0x11]) + self.random.randbytes(self.random.randrange(1_200))

    def voice(self) -> None:
        self._say(AUDIO_PT, self.random.randbytes(80))

    def redundant(self) -> None:
        before = self.random.randbytes(60)
        head = bytes([0x80 | AUDIO_PT]) + (960 << 10 | len(before)).to_bytes(3, "big") + bytes([AUDIO_PT])
        self._say(63, head + before + self.random.randbytes(80))

    def _say(self, payload_type: int, payload: bytes) -> None:
        self.voice_sequence += self.random.choice([1, 1, 1, 2])
        timestamp = self.voice_sequence * 960 & 0xFFFFFFFF
        head = pack("!BBHII", 0x80, payload_type, self.voice_sequence & 0xFFFF, timestamp, VOICE_SSRC)
        self.both("receive_rtp", UP, head + payload)

    def watch(self) -> None:
        left = [connection_id for connection_id in VIEWERS if connection_id not in self.watching]
        if not left:
            gone = self.random.choice(list(self.watching))
            del self.watching[gone]
            for room in self.rooms:
                room.close(gone)
            return
        connection_id = left[0]
        number = self.watching[connection_id] = self.random.choice([None, 5])
        if connection_id not in self.wire.transports:
            self.wire.open(connection_id, ipv6=self.random.random() < 0.3)
        red = self.random.choice([None, 63])
        wanted = [
            Subscription(Mid("a"), VOICE, 109, number, None, red),
            Subscription(Mid("v"), CAMERA, 120, number, 97),
        ]
        for room in self.rooms:
            room.open_downward(connection_id, PeerId(f"viewer{connection_id}"))
        self.both("subscribe", connection_id, wanted)
        self.both("connected", connection_id)

    def line(self) -> None:
        """A line is found to be narrow or wide, or to need no numbers for a while."""
        change = self.random.choice(["start", "stop", "rest", "wake"])
        rate_bps, place = self.random.choice([100_000, 3_000_000]), self.random.getrandbits(16)
        for room in self.rooms:
            lines = [downward.line for downward in room._downward.values() if downward.line is not None]
            if not lines:
                return
            line = lines[place % len(lines)]
            if change == "start":
                line.pacer.start()
                line.pacer.set_rate(rate_bps, 0, is_narrow=True)
            elif change == "stop":
                line.pacer.stop()
            elif change == "rest":
                line.rest()
            else:
                line.wake()

    def nack(self) -> None:
        for downward in self.rooms[0]._downward.values():
            for forwarder in downward.forwarders.values():
                lost = [(forwarder.last_out - back) & 0xFFFF for back in (1, 3)]
                self.both("receive_feedback", downward.connection_id, rtcp.build_nack(1, forwarder.ssrc, lost))

    def deadline(self) -> None:
        self.both("handle_deadline")

    def mute(self) -> None:
        muted = self.random.random() < 0.3
        self.both("mute", self.random.choice([CAMERA, VOICE]), muted)

    def hide(self) -> None:
        if self.watching:
            preference = Preference(self.random.choice([None, 90, 180]), self.random.random() < 0.8, False)
            self.both("prefer", self.random.choice(list(self.watching)), {CAMERA: preference})

    def move(self) -> None:
        """The publisher's picture or voice starts anew under another SSRC."""
        if not self.layers and self.random.random() < 0.2:
            camera = source()._replace(nack=self.random.random() < 0.5, payload_type=VIDEO_PT)
            voice = source("audio")._replace(red_payload_type=63)
            publications = [Publication(voice, False), Publication(camera, False)]
            for room in self.rooms:
                router = room._routers[CAMERA]
                router.start_stream(router.streams[0], CAMERA_SSRC)
            self.both("publish", UP, publications, Extensions(MID_ID, RID_ID))


def figures(forwarder: Forwarder) -> tuple[object, ...]:
    """All that a packet changes."""
    own = forwarder.waiting, forwarder.packet_count, forwarder.octet_count, forwarder.last_out, forwarder.last_timestamp
    line = forwarder.line
    if line is None:
        return own
    return *own, line.number, bytes(line.sent_at), bytes(line.sizes), bytes(line.pacer.state), line.is_resting


@pytest.mark.parametrize("layered", [False, True], ids=["one stream", "layers"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=40)
def test_PR5_compiled_code_sends_what_python_would(libraries: Libraries, seed: int, layered: bool) -> None:
    wire = Wire(libraries)
    try:
        story = Story(seed, wire, layered)
        for connection_id in VIEWERS[:3]:
            story.watch()
            assert connection_id in story.watching
        for step in range(5_000):
            story.step()
            if step >= 150 and story.sent > 50:
                break
        assert story.sent > 50
        assert wire.is_silent()
        assert wire.fan_out.unsent_packets == 0
    finally:
        wire.close()


VP9_PACKETS = [
    bytes([0x80 | 0x08, 0x80 | 1, 2]) + b"frame",
    bytes([0x80 | 0x08, 1]) + b"frame",
    bytes([0x80 | 0x20 | 0x08, 0x81, 2, 0x10, 7]) + b"frame",
    bytes([0x08]) + b"frame",
]


@pytest.mark.parametrize("payload", VP9_PACKETS)
def test_SI8_descriptors_of_vp9_are_rewritten_alike(libraries: Libraries, payload: bytes) -> None:
    wire = Wire(libraries)
    try:
        story = Story(1, wire, layered=True, codec="vp9")
        for number in range(2):
            story.watch()
            extensions = b"\xbe\xde\0\1" + bytes([MID_ID << 4, ord("1"), RID_ID << 4]) + b"h"
            head = pack("!BBHII", 0x90, VIDEO_PT, number, 9, SSRCS["h"]) + extensions
            story.both("receive_rtp", UP, head + payload)
        assert story.sent == 3
    finally:
        wire.close()


def test_IC2_media_is_taken_from_proven_addresses_alone(libraries: Libraries) -> None:
    """Thousands of addresses come and go; those of real sockets among them are known exactly while they are there."""
    random = Random(3)
    door = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    door.bind(("::", 0))
    fan_in = FanIn(libraries.fan_in, door.fileno())
    cameras = [
        socket.socket(socket.AF_INET6 if place % 2 else socket.AF_INET, socket.SOCK_DGRAM) for place in range(16)
    ]
    try:
        senders: dict[Address, tuple[socket.socket, SrtpSession, PeerTransport]] = {}
        for place, camera in enumerate(cameras):
            host = "::1" if place % 2 else "127.0.0.1"
            camera.bind((host, 0))
            opened = transport()
            opened.connection_id = ConnectionId(100 + place)
            opened.srtp = SrtpSession(AES_128_GCM, KEY, KEY)
            address = ("::1" if place % 2 else "::ffff:127.0.0.1", camera.getsockname()[1], 0, 0)
            senders[address] = camera, SrtpSession(AES_128_GCM, KEY, KEY), opened
        strangers = [(f"2001:db8::{number:x}", 5_000, 0, 0) for number in range(2_000)]
        guests: set[Address] = set()
        for turn in range(200):
            for address in random.sample([*strangers, *senders], 100):
                if address in guests:
                    guests.discard(address)
                    fan_in.forget(address)
                else:
                    guests.add(address)
                    fan_in.admit(address, senders[address][2] if address in senders else senders[min(senders)][2])
            address = random.choice(list(senders))
            camera, srtp, opened = senders[address]
            packet, buffer = rtp(turn, payload=b"hello"), PacketBuffer()
            buffer.view[: len(packet)] = packet
            camera.sendto(
                buffer.view[: srtp.protect(buffer, len(packet))],
                ("::1" if camera.family == socket.AF_INET6 else "127.0.0.1", door.getsockname()[1]),
            )
            assert select([door], [], [], 20)[0]
            ((connection_id, size, kind),) = fan_in.read()
            assert fan_in.address(0) == address
            if address in guests:
                assert (connection_id, kind) == (opened.connection_id, RTP)
                assert bytes(fan_in.buffers[0].view[:size]) == packet
            else:
                assert kind == OTHER
        assert list(fan_in.read()) == []
    finally:
        fan_in.close()
        for opened_socket in (door, *cameras):
            opened_socket.close()


def test_AD5_compiled_code_brings_a_bounded_number_of_ssrcs(libraries: Libraries) -> None:
    door = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    door.bind(("::1", 0))
    fan_in = FanIn(libraries.fan_in, door.fileno())
    try:
        opened, srtp = transport(), SrtpSession(AES_128_GCM, KEY, KEY)
        opened.srtp = SrtpSession(AES_128_GCM, KEY, KEY)
        assert all(opened.admit_ssrc(number) for number in range(MAX_SSRCS - 1))
        fan_in.admit(door.getsockname(), opened)
        kinds = []
        for ssrc in (MAX_SSRCS, MAX_SSRCS + 1, MAX_SSRCS, 0):
            packet, buffer = rtp(len(kinds), ssrc=ssrc), PacketBuffer()
            buffer.view[: len(packet)] = packet
            door.sendto(buffer.view[: srtp.protect(buffer, len(packet))], door.getsockname())
            assert select([door], [], [], 20)[0]
            kinds += [kind for _, _, kind in fan_in.read()]
        assert kinds == [RTP, DROPPED, RTP, RTP]
        assert not opened.admit_ssrc(MAX_SSRCS + 1)
    finally:
        fan_in.close()
        door.close()
