"""What of forwarding is libsrtp and the kernel alone: the media process's path beside the same in C without any rules.

    python benchmarks/media_floor.py [--viewers 7 20 50] [--rounds 300]

One process and one thread, over loopback. Each round sends four packets to the media socket, then reads and forwards
them; only that is timed, by the thread's processor time, and the sockets of the viewers are emptied in between. `floor`
decrypts, rewrites, encrypts and sends, and keeps nothing; `engine` is the media process with everything on, compiled;
`python` is the same without what is compiled. Medians, in microseconds for each packet that reaches a viewer.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from struct import pack

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from webrtc.compiled import Libraries, load_libraries  # noqa: E402
from webrtc.dtls import DtlsAssociation, DtlsIdentity  # noqa: E402
from webrtc.fan_out import Route  # noqa: E402
from webrtc.ice_lite import Credentials, IceLiteAgent  # noqa: E402
from webrtc.ids import ConnectionId, Mid, PeerId, Ssrc, TrackId  # noqa: E402
from webrtc.media_engine import MediaEngine  # noqa: E402
from webrtc.peer_transport import PeerTransport  # noqa: E402
from webrtc.published_track import Source  # noqa: E402
from webrtc.room import Publication, Room, Subscription  # noqa: E402
from webrtc.srtp import PacketBuffer, SrtpSession  # noqa: E402
from webrtc.upward import Extensions  # noqa: E402

AES_128_GCM = 7
KEY = bytes(range(28))
BURST = 4
SIZE = 973
CAMERA, SSRC, TRACK = ConnectionId(1), Ssrc(1000), TrackId("camera")
TWCC = 5


class Meeting:
    """One camera and so many viewers, on a MediaEngine whose connections were set up by hand."""

    def __init__(self, viewers: int, libraries: Libraries | None) -> None:
        self.engine = MediaEngine(0, lambda: ["127.0.0.1"], lambda event: None, -1, libraries=libraries)
        self.endpoint = self.engine.endpoint
        self.room = Room(Random(1).getrandbits, 0.0)
        self.screens: list[socket.socket] = []
        self.camera = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.camera.bind(("127.0.0.1", 0))
        self.camera.connect(("127.0.0.1", self.endpoint.port))
        self.sending = SrtpSession(AES_128_GCM, KEY, KEY)
        self.sequence = 0
        self._buffer = PacketBuffer()
        self._open(CAMERA, "up", self.camera)
        source = Source(TRACK, Mid("1"), "video", 96, 90_000, SSRC, True, True, True)
        self.room.open_upward(CAMERA, PeerId("ana"))
        self.room.publish(CAMERA, [Publication(source, False)], Extensions(4, None, TWCC), 0.0)
        for number in range(viewers):
            screen = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            screen.bind(("127.0.0.1", 0))
            screen.setblocking(False)
            self.screens.append(screen)
            viewer = ConnectionId(2 + number)
            self._open(viewer, "down", screen)
            self.room.open_downward(viewer, PeerId(f"viewer{number}"))
            self.room.subscribe(viewer, [Subscription(Mid("v"), TRACK, 120, TWCC, 97)], 0.0)
            self.room.connected(viewer, 0.0)

    def _open(self, connection_id: ConnectionId, direction: str, of: socket.socket) -> None:
        identity = DtlsIdentity()
        dtls = DtlsAssociation(identity, "active", [("sha-256", identity.fingerprint)])
        transport = PeerTransport(connection_id, IceLiteAgent(Credentials(direction, "p" * 32), 0.0), dtls, 0.0)
        transport.srtp = SrtpSession(AES_128_GCM, KEY, KEY)
        address = ("::ffff:127.0.0.1", of.getsockname()[1], 0, 0)
        transport.agent.selected = address
        self.endpoint.add(transport)
        self.endpoint._by_address[address] = transport
        if self.endpoint._fan_in is not None:
            self.endpoint._fan_in.admit(address, transport)
        self.engine._connections[connection_id] = self  # type: ignore[assignment]

    def send(self) -> None:
        for _ in range(BURST):
            self.sequence += 1
            is_key = self.sequence == 1
            extension = b"\xbe\xde\0\1" + bytes([TWCC << 4 | 1]) + (self.sequence & 0xFFFF).to_bytes(2, "big") + b"\0"
            head = pack("!BBHII", 0x90, 96, self.sequence & 0xFFFF, self.sequence // BURST * 3000, SSRC) + extension
            packet = head + bytes([0x90, 0x80, 0x81, 0x01, 0x10 if is_key else 0x11]) + bytes(SIZE - 25)
            self._buffer.view[: len(packet)] = packet
            self.camera.send(self._buffer.view[: self.sending.protect(self._buffer, len(packet))])

    def read(self) -> None:
        """What the loop calls when there is something."""
        fan_in = self.endpoint._fan_in
        if fan_in is None:
            self.endpoint._udp._readable()
        else:
            self.endpoint._read_batch(fan_in, time.monotonic())

    def read_floor(self) -> None:
        """The same calls of the same C, with nothing between them: the last header goes out again and again."""
        fan_in, fan_out, route = self.endpoint._fan_in, self.endpoint._fan_out, self._route()
        assert fan_in is not None and fan_out is not None
        for place, (_, size, _) in enumerate(fan_in.read()):
            payload = bytes(fan_in.buffers[place].view[20:size])
            fan_out._spread(
                fan_out._address, route.address, route.count, fan_out._packet_address, payload, route.held_address
            )

    def _route(self) -> Route:
        (router,) = self.room._routers.values()
        route = router.streams[0].audience.route
        assert isinstance(route, Route)
        return route

    def drain(self) -> int:
        count = 0
        for screen in self.screens:
            try:
                while screen.recv(2048):
                    count += 1
            except BlockingIOError:
                pass
        return count

    def report(self) -> None:
        """Tell the camera what arrived, as happens every 100 ms."""
        for upward in self.room._upward.values():
            upward.feedback.build(1, SSRC)

    def close(self) -> None:
        self.engine._connections.clear()
        self.endpoint.close()
        for opened in (self.camera, *self.screens):
            opened.close()


def measure(meeting: Meeting, read: Callable[[], None], rounds: int) -> float:
    costs = []
    for number in range(rounds):
        meeting.send()
        begun = time.thread_time_ns()
        read()
        cost = time.thread_time_ns() - begun
        got = meeting.drain()
        assert got == BURST * len(meeting.screens), (got, number)
        costs.append(cost / 1000 / got)
        meeting.report()
    return statistics.median(costs)


async def main(options: argparse.Namespace) -> None:
    libraries = load_libraries()
    if libraries is None:
        sys.exit("What is in C is not compiled: make native.")
    print("| viewers | floor | engine | of the floor | python |")
    print("|---|---|---|---|---|")
    for viewers in options.viewers:
        plain, meeting = Meeting(viewers, None), Meeting(viewers, libraries)
        for warmed in (plain, meeting):
            measure(warmed, warmed.read, 20)
        python = measure(plain, plain.read, options.rounds)
        engine = measure(meeting, meeting.read, options.rounds)
        floor = measure(meeting, meeting.read_floor, options.rounds)
        print(f"| {viewers} | {floor:.2f} | {engine:.2f} | {engine / floor:.2f} | {python:.2f} |")
        for opened in (plain, meeting):
            opened.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, nargs="+", default=[7, 20, 50])
    parser.add_argument("--rounds", type=int, default=300)
    asyncio.run(main(parser.parse_args()))
