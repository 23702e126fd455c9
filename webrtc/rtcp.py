"""RTCP, read into our own feedback and written from it (RFC 3550, RFC 4585, RFC 5104, REMB draft).

Rule: every count and length is checked against the packet; what we do not know is skipped, not refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct

from webrtc.errors import ProtocolError
from webrtc.transport_feedback import Arrivals, read_arrivals

_SENDER_REPORT, _RECEIVER_REPORT, _DESCRIPTION = 200, 201, 202
_TRANSPORT_FEEDBACK, _PAYLOAD_FEEDBACK = 205, 206
_NACK, _PLI, _FIR, _APPLICATION, _ARRIVALS = 1, 1, 4, 15, 15

MAX_REPORTS = 32
"""Parts of one compound packet that are read; an MTU holds fewer that mean anything."""

MAX_NACKED = 512
"""Packets that one request may name: two seconds of video. Each is looked up, so their number is bounded."""
MAX_KEYFRAME_REQUESTS = 32
"""Streams that one FIR may name."""

_part_head = Struct("!BBH")
_sender_info = Struct("!IQIII")
_block = Struct("!IIIIII")
_feedback_head = Struct("!BBHII")
_nack_item = Struct("!HH")


@dataclass(frozen=True, slots=True)
class LossReport:
    """One report block: what a receiver says of one stream."""

    ssrc: int
    fraction_lost: int
    """Of 256, since the last report."""
    packets_lost: int
    highest_sequence: int
    jitter: int
    last_sender_report: int
    delay_since_sender_report: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    ssrc: int
    ntp_timestamp: int
    rtp_timestamp: int
    packet_count: int
    octet_count: int


@dataclass(frozen=True, slots=True)
class Nack:
    ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyframeRequest:
    """PLI or FIR; both mean the same to a forwarding unit."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class BitrateEstimate:
    """REMB: what the receiver believes its line can carry."""

    rate_bps: int


Feedback = LossReport | SenderReport | Nack | KeyframeRequest | BitrateEstimate | Arrivals


def parse_feedback(packet: bytes | memoryview) -> list[Feedback]:
    """Read a compound or reduced-size packet; raise ProtocolError when a part does not fit."""
    found: list[Feedback] = []
    size, position, parts = len(packet), 0, 0
    while position < size:
        parts += 1
        if position + 4 > size or parts > MAX_REPORTS:
            raise ProtocolError("a part of the RTCP packet is cut off, or there are too many")
        first, kind, words = _part_head.unpack_from(packet, position)
        end = position + 4 + 4 * words
        if first >> 6 != 2 or end > size:
            raise ProtocolError("a part of the RTCP packet does not fit")
        _read_part(bytes(packet[position + 4 : end]), kind, first & 0x1F, found)
        position = end
    return found


def _read_part(body: bytes, kind: int, count: int, found: list[Feedback]) -> None:
    if kind == _SENDER_REPORT:
        if len(body) < _sender_info.size:
            raise ProtocolError("a sender report is cut off")
        found.append(SenderReport(*_sender_info.unpack_from(body)))
        _read_blocks(body, _sender_info.size, count, found)
    elif kind == _RECEIVER_REPORT:
        if len(body) < 4:
            raise ProtocolError("a receiver report is cut off")
        _read_blocks(body, 4, count, found)
    elif kind in (_TRANSPORT_FEEDBACK, _PAYLOAD_FEEDBACK):
        if len(body) < 8:
            raise ProtocolError("feedback is cut off")
        media_ssrc = int.from_bytes(body[4:8], "big")
        if kind == _TRANSPORT_FEEDBACK and count == _NACK:
            sequences = tuple(_read_sequences(body))
            if len(sequences) > MAX_NACKED:
                raise ProtocolError(f"a NACK names more than {MAX_NACKED} packets")
            found.append(Nack(media_ssrc, sequences))
        elif kind == _TRANSPORT_FEEDBACK and count == _ARRIVALS:
            found.append(read_arrivals(body))
        elif kind == _PAYLOAD_FEEDBACK and count == _PLI:
            found.append(KeyframeRequest(media_ssrc))
        elif kind == _PAYLOAD_FEEDBACK and count == _FIR:
            if len(body) > 8 + 8 * MAX_KEYFRAME_REQUESTS:
                raise ProtocolError(f"a FIR names more than {MAX_KEYFRAME_REQUESTS} streams")
            for position in range(8, len(body) - 7, 8):
                found.append(KeyframeRequest(int.from_bytes(body[position : position + 4], "big")))
        elif kind == _PAYLOAD_FEEDBACK and count == _APPLICATION and body[8:12] == b"REMB" and len(body) >= 16:
            exponent_and_mantissa = int.from_bytes(body[13:16], "big")
            found.append(BitrateEstimate((exponent_and_mantissa & 0x3FFFF) << (exponent_and_mantissa >> 18)))


def _read_blocks(body: bytes, position: int, count: int, found: list[Feedback]) -> None:
    if position + count * _block.size > len(body):
        raise ProtocolError("a report block is cut off")
    for index in range(count):
        ssrc, lost, highest, jitter, last_report, delay = _block.unpack_from(body, position + index * _block.size)
        packets_lost = (lost & 0xFFFFFF) - ((lost & 0x800000) << 1)
        found.append(LossReport(ssrc, lost >> 24, packets_lost, highest, jitter, last_report, delay))


def _read_sequences(body: bytes) -> Iterable[int]:
    for position in range(8, len(body) - 3, 4):
        first, following = _nack_item.unpack_from(body, position)
        yield first
        for bit in range(16):
            if following >> bit & 1:
                yield (first + bit + 1) & 0xFFFF


def build_nack(sender_ssrc: int, media_ssrc: int, sequences: Iterable[int]) -> bytes:
    """RFC 4585 section 6.2.1; sequences in sending order."""
    items: list[list[int]] = []
    for sequence in sequences:
        distance = (sequence - items[-1][0]) & 0xFFFF if items else 0
        if items and 1 <= distance <= 16:
            items[-1][1] |= 1 << (distance - 1)
        else:
            items.append([sequence, 0])
    head = _feedback_head.pack(0x80 | _NACK, _TRANSPORT_FEEDBACK, 2 + len(items), sender_ssrc, media_ssrc)
    return head + b"".join(_nack_item.pack(*item) for item in items)


def build_pli(sender_ssrc: int, media_ssrc: int) -> bytes:
    return _feedback_head.pack(0x80 | _PLI, _PAYLOAD_FEEDBACK, 2, sender_ssrc, media_ssrc)


def build_fir(sender_ssrc: int, media_ssrc: int, command: int) -> bytes:
    """RFC 5104 section 4.3.1; `command` must differ from that of the request before."""
    head = _feedback_head.pack(0x80 | _FIR, _PAYLOAD_FEEDBACK, 4, sender_ssrc, 0)
    return head + media_ssrc.to_bytes(4, "big") + bytes((command & 0xFF, 0, 0, 0))


def build_sender_report(report: SenderReport) -> bytes:
    values = (report.ssrc, report.ntp_timestamp, report.rtp_timestamp, report.packet_count, report.octet_count)
    return _part_head.pack(0x80, _SENDER_REPORT, 6) + _sender_info.pack(*values)


def build_receiver_report(sender_ssrc: int, reports: list[LossReport]) -> bytes:
    """At most 31 reports (RFC 3550 section 6.4.2)."""
    assert len(reports) <= 31
    blocks = b"".join(
        _block.pack(
            report.ssrc,
            report.fraction_lost << 24 | report.packets_lost & 0xFFFFFF,
            report.highest_sequence,
            report.jitter,
            report.last_sender_report,
            report.delay_since_sender_report,
        )
        for report in reports
    )
    head = _part_head.pack(0x80 | len(reports), _RECEIVER_REPORT, 1 + len(blocks) // 4)
    return head + sender_ssrc.to_bytes(4, "big") + blocks


def build_description(ssrc: int, cname: str) -> bytes:
    """SDES with the canonical name, by which a receiver knows what belongs together (RFC 3550 section 6.5)."""
    name = cname.encode()[:255]
    chunk = ssrc.to_bytes(4, "big") + bytes((1, len(name))) + name + b"\0"
    chunk += bytes(-len(chunk) % 4)
    return _part_head.pack(0x81, _DESCRIPTION, len(chunk) // 4) + chunk
