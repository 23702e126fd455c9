"""Loss on both sides: the gaps in what a publisher sends, and the packets kept for viewers who lost some.

Rule: everything is counted in extended sequence numbers (no wrap) and bounded by number, not by trust.
"""

from __future__ import annotations

from typing import NamedTuple

from webrtc.alarm import Alarm
from webrtc.ids import Ssrc
from webrtc.payload_formats import Descriptor
from webrtc.rtp_header import HEADER, HEADER_SIZE, RtpHeader, unwrap

FIRST_SEQUENCE = 1 << 16
"""Extended numbers start one turn up, so that a packet older than the first has one too."""

REORDER_WAIT_S = 0.01
"""A gap younger than this is usually only disorder."""
RETRY_S = 0.06
"""Between two requests for one packet; a European round trip fits."""
MAX_TRIES = 6
MAX_GAP = 128
"""A jump beyond this is a pause or a new stream, not loss: a key frame is cheaper than the packets."""
MAX_MISSING = 256


class _Missing:
    __slots__ = ("next_at", "tries")

    def __init__(self, next_at: float) -> None:
        self.next_at = next_at
        self.tries = 0


def unwrap_rtx(packet: bytes | memoryview, header: RtpHeader, payload_type: int, ssrc: int) -> RtpHeader | None:
    """The header of what an RTX packet carries again (RFC 4588 section 4); None when it carries nothing.

    Its payload offset skips the original sequence number, so the packet itself stays where it is.
    """
    offset = header.payload_offset
    if header.is_padding_only(packet) or len(packet) < offset + 2:
        return None
    sequence = packet[offset] << 8 | packet[offset + 1]
    return header._replace(payload_type=payload_type, sequence=sequence, ssrc=ssrc, payload_offset=offset + 2)


class RtxStream:
    """The stream in which one viewer gets lost packets of one track again."""

    __slots__ = ("_sequence", "payload_type", "ssrc")

    def __init__(self, ssrc: Ssrc, first_sequence: int) -> None:
        self.ssrc = ssrc
        self.payload_type: int | None = None
        """None: not negotiated; then a packet comes again as it was."""
        # RFC 3711 section 3.3.1: a start in the lower half keeps the roll-over counter out of doubt.
        self._sequence = first_sequence & 0x7FFF

    def wrap(self, header: bytes) -> bytes:
        """The header to send it with, instead of the one it went out with; what follows stays the same."""
        if self.payload_type is None:
            return header
        first, second, timestamp = header[0], header[1], int.from_bytes(header[4:8], "big")
        end = HEADER_SIZE
        if first & 0x10:
            end += 4 + 4 * (header[HEADER_SIZE + 2] << 8 | header[HEADER_SIZE + 3])
        self._sequence = (self._sequence + 1) & 0xFFFF
        head: bytes = HEADER.pack(first, second & 0x80 | self.payload_type, self._sequence, timestamp, self.ssrc)
        return head + header[HEADER_SIZE:end] + header[2:4] + header[end:]

    def pad(self, timestamp: int) -> bytes:
        """The header of a packet of nothing but padding, to try out the line; call it only when negotiated."""
        assert self.payload_type is not None
        self._sequence = (self._sequence + 1) & 0xFFFF
        header: bytes = HEADER.pack(0xA0, self.payload_type, self._sequence, timestamp, self.ssrc)
        return header


class LossDetector:
    """Numbers the packets of one incoming stream and knows which are missing."""

    __slots__ = ("_alarm", "_missing", "expected_from", "given_up", "highest", "received", "wants_nack")

    def __init__(self, wants_nack: bool, alarm: Alarm) -> None:
        """`alarm` is brought forward to when `handle_deadline` has to be called for a missing packet."""
        self._alarm = alarm
        self.wants_nack = wants_nack
        self.highest = -1
        self.expected_from = 0
        self.received = 0
        self.given_up = False
        """Set when packets are lost for good; whoever asks for the key frame clears it."""
        self._missing: dict[int, _Missing] = {}

    def receive(self, sequence: int, now: float) -> int:
        """Take note of a packet and return its extended sequence number."""
        self.received += 1
        if self.highest < 0:
            self.highest = self.expected_from = FIRST_SEQUENCE + sequence
            return self.highest
        extended = unwrap(sequence, self.highest, 16)
        gap = extended - self.highest - 1
        if gap < 0:
            self._missing.pop(extended, None)
            return extended
        if gap:
            self._note_gap(gap, now)
        self.highest = extended
        return extended

    def is_missing(self, sequence: int) -> bool:
        """Whether this number is waited for; what is sent again unasked only tries out the line."""
        return self.highest >= 0 and unwrap(sequence, self.highest, 16) in self._missing

    def _note_gap(self, gap: int, now: float) -> None:
        if not self.wants_nack or gap > MAX_GAP or len(self._missing) + gap > MAX_MISSING:
            self._missing.clear()
            self.given_up = True
            return
        next_at = now + REORDER_WAIT_S
        self._alarm.bring_forward(next_at)
        for extended in range(self.highest + 1, self.highest + 1 + gap):
            self._missing[extended] = _Missing(next_at)

    def next_deadline(self) -> float | None:
        return min((missing.next_at for missing in self._missing.values()), default=None)

    def handle_deadline(self, now: float) -> list[int]:
        """The extended numbers to ask for now, oldest first."""
        due = [extended for extended, missing in self._missing.items() if missing.next_at <= now]
        asked = []
        for extended in due:
            missing = self._missing[extended]
            if missing.tries == MAX_TRIES:
                del self._missing[extended]
                self.given_up = True
                continue
            missing.tries += 1
            missing.next_at = now + RETRY_S
            asked.append(extended)
        return asked


class CachedPacket(NamedTuple):
    extended_sequence: int
    timestamp: int
    flags: int
    """Marker and padding bits, as RtpHeader holds them."""
    payload: bytes
    """Of a simulcast layer: without the descriptor, which each viewer gets with its own numbers."""
    descriptor: Descriptor | None = None
    picture: int = 0
    """The descriptor's picture id, or the number of the frame, without its wrap."""
    dependency: bytes = b""
    """The dependency descriptor, which goes on to viewers who agreed on it."""


class PacketCache:
    """The last packets of one track, one cache for all its viewers."""

    __slots__ = ("_mask", "_packets")

    def __init__(self, size: int) -> None:
        assert size & (size - 1) == 0
        self._mask = size - 1
        self._packets: list[CachedPacket | None] = [None] * size

    def put(self, packet: CachedPacket) -> None:
        self._packets[packet.extended_sequence & self._mask] = packet

    def get(self, extended_sequence: int) -> CachedPacket | None:
        packet = self._packets[extended_sequence & self._mask]
        return packet if packet is not None and packet.extended_sequence == extended_sequence else None


RESEND_GUARD_S = 0.1
"""A viewer repeats its request until the answer arrived; one answer per round trip is enough."""
MAX_RESENDS = 3
MAX_RESENDS_REMEMBERED = 512
RESEND_RATE = 300.0
"""Packets per second and viewer; beyond it, resending feeds the congestion that lost them."""


class ResendGuard:
    """Which resends one viewer still gets."""

    __slots__ = ("_sent", "_tokens", "_tokens_at")

    def __init__(self) -> None:
        self._sent: dict[int, tuple[float, int]] = {}
        self._tokens = RESEND_RATE
        self._tokens_at = 0.0

    def allow(self, extended_sequence: int, now: float) -> bool:
        sent_at, count = self._sent.get(extended_sequence, (float("-inf"), 0))
        if now - sent_at < RESEND_GUARD_S or count == MAX_RESENDS:
            return False
        self._tokens = min(RESEND_RATE, self._tokens + max(0.0, now - self._tokens_at) * RESEND_RATE)
        self._tokens_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        self._sent.pop(extended_sequence, None)
        self._sent[extended_sequence] = (now, count + 1)
        if len(self._sent) > MAX_RESENDS_REMEMBERED:
            del self._sent[next(iter(self._sent))]
        return True
