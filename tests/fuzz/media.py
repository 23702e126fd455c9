"""The parsers of media, and a room behind them, for broken input.

python -m tests.fuzz.media [--seconds 3600] [--seed 1] [--target rtcp]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.fuzzing import Target, main
from tests.webrtc import simulcast
from tests.webrtc.packets import DOWN, UP, open_room, rtp
from tests.webrtc.scalable import DEPENDENCY_ID, Av1Camera, ScalableCamera, Vp9Camera
from tests.webrtc.test_stun import check
from webrtc import rtcp
from webrtc.dependency_descriptor import parse_descriptor as parse_dependencies
from webrtc.dtls import DtlsAssociation, DtlsIdentity
from webrtc.errors import NegotiationError, ProtocolError
from webrtc.ice_lite import Credentials
from webrtc.ids import TrackId
from webrtc.negotiation import Candidate, LocalTransport, answer_publish, answer_subscribe, receiving_mids, sending_mids
from webrtc.payload_formats import PAYLOAD_FORMATS
from webrtc.recorded_frames import FRAME_FORMATS
from webrtc.redundant_audio import parse_redundant, relabel
from webrtc.rtp_header import parse_rtp_header, read_extension
from webrtc.sdp import parse_offer
from webrtc.stream_framing import Deframer, frame
from webrtc.stun import Address, build_success, parse_binding_request, verify_integrity
from webrtc.transport_feedback import TransportFeedback, read_arrivals
from webrtc.trickle import build_fragment, parse_fragment

VECTORS = Path(__file__).parent.parent / "webrtc" / "vectors"
OFFERS = [path.read_bytes() for path in sorted(VECTORS.glob("*.sdp"))]
LOCAL = LocalTransport(Credentials("hubufrag", "p" * 32), "AA:BB", "active", (Candidate("udp", "192.0.2.2", 1),), 1)
HOME: Address = ("192.0.2.7", 4000)


def read_check(data: bytes) -> None:
    request = parse_binding_request(data)
    verify_integrity(data, request, "p" * 32)
    assert len(build_success(request, HOME, "p" * 32)) <= 2 * len(data)


def read_stream(data: bytes) -> None:
    """The first byte says how the stream is cut."""
    whole, pieces = Deframer(1500), Deframer(1500)
    rng = random.Random(data[:1])
    rest, found = data[1:], list[bytes]()
    while rest:
        size = rng.randrange(1, len(rest) + 1)
        found += pieces.receive(rest[:size])
        rest = rest[size:]
    assert found == whole.receive(data[1:])


def read_packet(data: bytes) -> None:
    header = parse_rtp_header(data)
    assert 12 <= header.payload_offset <= len(data)
    for number in range(16):
        read_extension(data, number)


def read_report(data: bytes) -> None:
    assert len(rtcp.parse_feedback(data)) <= len(data)


def read_redundant(data: bytes) -> None:
    blocks = parse_redundant(data)
    assert sum(len(block.payload) for block in blocks) < len(data)
    assert [block.payload for block in parse_redundant(relabel(data, 5))] == [block.payload for block in blocks]


def read_payload(name: str, data: bytes) -> None:
    known = PAYLOAD_FORMATS[name]
    known.starts_keyframe(data, 0)
    layer = known.read_layer(data, 0)
    assert layer.descriptor.size <= len(data)
    layer.descriptor.rewritten(40_000, 300)


def read_recorded(data: bytes) -> None:
    """The first byte says which codec, the second where one payload ends and the next begins."""
    names = sorted(FRAME_FORMATS)
    known, cut = FRAME_FORMATS[names[data[0] % len(names)]] if data else FRAME_FORMATS["vp8"], data[1:2] or b"\0"
    payloads = [payload for payload in (data[2 : 2 + cut[0]], data[2 + cut[0] :]) if payload]
    if payloads:
        known.starts_frame(payloads[0])
        frame_ = known.join(payloads)
        assert len(frame_) <= 6 * len(data) + 64
        known.head_of(frame_)


def read_dependencies(data: bytes) -> None:
    first = parse_dependencies(data, None)
    parse_dependencies(data, first.structure)


def negotiate(data: bytes) -> None:
    """An offer to publish and to watch; whatever is taken has an answer that is a session description too."""
    offer = parse_offer(data.decode("utf-8", "replace"))
    tracks = {mid: TrackId(f"track{mid}") for mid in sending_mids(offer)}
    receiving_mids(offer, "audio")
    text = answer_publish(offer, tracks, LOCAL)[0] if tracks else answer_subscribe(offer, {}, LOCAL)[0]
    assert sum(line.startswith("m=") for line in text.split("\r\n")) == len(offer.sections)
    assert all(line[1:2] == "=" for line in text.split("\r\n")[:-1])


def trickle(data: bytes) -> None:
    text = build_fragment(parse_fragment(data.decode("utf-8", "replace")), LOCAL)
    assert parse_fragment(text).ufrag == "hubufrag"


IDENTITY = DtlsIdentity()


def shake(data: bytes) -> None:
    """The first byte says whether we began."""
    association = DtlsAssociation(IDENTITY, "active" if data[:1] > b"\x7f" else "passive", [("sha-256", "AA")])
    association.start()
    association.receive(data[1:])
    association.receive(data[1:])
    assert association.srtp is None
    association.close()


def _first_flight() -> bytes:
    return DtlsAssociation(IDENTITY, "active", [("sha-256", "AA")]).start()[0]


def meet_plain(data: bytes) -> None:
    """A room with a camera and a viewer takes the packet from either, twice, and goes on."""
    room = open_room(DOWN)
    for number in range(3):
        room.receive_rtp(UP, rtp(number, number * 3000, key=number == 0), number / 30)
    _disturb(room, data)
    assert room.receive_rtp(UP, rtp(3, 9000, key=True), 2.0) is not None


def meet_layered(data: bytes) -> None:
    room = simulcast.open_room()
    simulcast.watch(room)
    for packet in simulcast.LayerSender("l", Random(1)).frame(0.0):
        room.receive_rtp(UP, packet, 0.0)
    _disturb(room, data)


def meet_scalable(camera: type[ScalableCamera], data: bytes) -> None:
    from tests.webrtc.test_svc import Meeting

    meeting = Meeting(camera())
    for packet in meeting.camera.picture(0.0):
        meeting.room.receive_rtp(UP, packet, 0.0)
    _disturb(meeting.room, data)


def _disturb(room: Any, data: bytes) -> None:
    for now in (0.1, 0.2):
        for receive, sender in (
            (room.receive_rtp, UP),
            (room.receive_rtp, DOWN),
            (room.receive_feedback, UP),
            (room.receive_feedback, DOWN),
        ):
            try:
                receive(sender, data, now)
            except ProtocolError:
                pass
        room.handle_deadline(now + 0.05)
    room.handle_deadline(1.5)


def _reports() -> list[bytes]:
    feedback = TransportFeedback()
    for number in (1, 2, 4, 9):
        feedback.receive(number, number / 50)
    arrivals = feedback.build(1, 2)
    assert arrivals is not None
    block = rtcp.LossReport(1000, 25, 100, 70_000, 3, 5, 6)
    return [
        arrivals,
        rtcp.build_receiver_report(1, [block]) + rtcp.build_description(1, "hub"),
        rtcp.build_nack(1, 1000, [1, 2, 30]),
        rtcp.build_pli(1, 1000),
        rtcp.build_fir(1, 1000, 3),
    ]


def _pictures(camera: ScalableCamera) -> list[bytes]:
    return [packet for number in range(6) for packet in camera.picture(number / 20)]


def _layers() -> list[bytes]:
    senders = [simulcast.LayerSender(rid, Random(2)) for rid in simulcast.RIDS]
    return [packet for number in range(3) for sender in senders for packet in sender.frame(number / 30)]


def _payloads(packets: list[bytes]) -> list[bytes]:
    return [packet[parse_rtp_header(packet).payload_offset :] for packet in packets]


def _dependencies() -> list[bytes]:
    found = [read_extension(packet, DEPENDENCY_ID) for packet in _pictures(Av1Camera())]
    return [extension for extension in found if extension is not None]


def parser(parse: Callable[[bytes], Any], corpus: list[bytes], *, measures_memory: bool = True) -> Target:
    return Target(parse, corpus, (ProtocolError, NegotiationError), measures_memory)


PLAIN = [rtp(number, number * 3000, key=number % 2 == 0, payload=b"x" * number, mid="1") for number in range(6)]
REDUNDANT = [bytes([0x80 | 111, 0x0F, 0x00, 3, 111]) + b"abc" + b"own", bytes([111]) + b"alone"]
H264 = [bytes([0x65]) + bytes(30), bytes([0x78, 0, 8, 0x67, 0x42, 0xC0, 0x1F, 0x8C, 0x8D, 0x40, 0x50, 0, 2, 0x68, 1])]
FRAGMENT = (
    b"a=ice-ufrag:abcd\r\na=ice-pwd:"
    + b"p" * 24
    + b"\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 h 1\r\n"
)

TARGETS: dict[str, Target] = {
    "stun": parser(read_check, [check(), check(nominate=True), check(controlled=True)]),
    "stream_framing": parser(read_stream, [b"\x07" + b"".join(frame(bytes(size)) for size in (1, 20, 300))]),
    "rtp_header": parser(read_packet, PLAIN + _layers() + _pictures(Av1Camera())),
    "rtcp": parser(read_report, _reports()),
    "arrivals": parser(read_arrivals, [_reports()[0][4:]]),
    "redundant_audio": parser(read_redundant, REDUNDANT),
    "vp8": parser(partial(read_payload, "vp8"), _payloads(_layers())),
    "vp9": parser(partial(read_payload, "vp9"), _payloads(_pictures(Vp9Camera()))),
    "av1": parser(partial(read_payload, "av1"), _payloads(_pictures(Av1Camera()))),
    "h264": parser(partial(read_payload, "h264"), H264),
    "recorded_frames": parser(
        read_recorded,
        [bytes([n, cut]) + payload for n in range(4) for cut in (0, 40) for payload in _payloads(_layers())[:2] + H264],
    ),
    "dependency_descriptor": parser(read_dependencies, _dependencies()),
    "sdp": parser(negotiate, OFFERS),
    "sdp_fragment": parser(trickle, [FRAGMENT]),
    "dtls": parser(shake, [first + _first_flight() for first in (b"\x00", b"\xff")], measures_memory=False),
    "room": parser(meet_plain, PLAIN + _reports(), measures_memory=False),
    "layered_room": parser(meet_layered, _layers() + _reports(), measures_memory=False),
    "vp9_room": parser(partial(meet_scalable, Vp9Camera), _pictures(Vp9Camera()), measures_memory=False),
    "av1_room": parser(partial(meet_scalable, Av1Camera), _pictures(Av1Camera()), measures_memory=False),
}

if __name__ == "__main__":
    sys.exit(main(TARGETS, __doc__))
