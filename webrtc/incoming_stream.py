"""One stream of packets that a publisher sends: a whole track, or one simulcast layer of it.

Rule: whatever is counted per SSRC is here and starts anew with it; the track's viewers outlive it.
"""

from __future__ import annotations

from webrtc import rtcp
from webrtc.alarm import Alarm
from webrtc.audience import Audience
from webrtc.forwarder import Forwarder
from webrtc.ids import Kind, Ssrc
from webrtc.keyframes import KeyframeRequests
from webrtc.retransmission import CachedPacket, LossDetector, PacketCache
from webrtc.rtp_header import unwrap

_CACHE_SIZE: dict[Kind, int] = {"video": 512, "audio": 128}
"""About two seconds of either at school rates: what a viewer may still ask for is younger."""

_RECENT = 32
"""Packets whose absence the cache can tell."""

_FIRST_PICTURE = 1 << 15
_LEAST_MEASURE_S = 0.2
OVERHEAD_BYTES = 44
"""SRTP tag, UDP and IPv4 header: what a packet costs a line beside itself."""


class Arrivals:
    """What receiver reports say of one stream: jitter and loss (RFC 3550 sections 6.4 and A.8)."""

    __slots__ = ("_expected_before", "_received_before", "jitter", "last_report", "last_report_at", "loss", "transit")

    def __init__(self) -> None:
        self.jitter = 0.0
        self.loss = 0.0
        """Share that was missing at the last report."""
        self.transit: float | None = None
        """Arrival minus timestamp, in units of the stream's clock."""
        self._expected_before = 0
        self._received_before = 0
        self.last_report = 0
        self.last_report_at = 0.0

    def receive(self, timestamp: int, clock_rate: int, now: float) -> None:
        transit = now * clock_rate - timestamp
        if self.transit is not None:
            # A wrapped or restarted clock makes one absurd difference; it says nothing about jitter.
            difference = abs(transit - self.transit)
            if difference < clock_rate:
                self.jitter += (difference - self.jitter) / 16
        self.transit = transit

    def report(self, ssrc: int, loss: LossDetector, now: float) -> rtcp.LossReport:
        expected = loss.highest - loss.expected_from + 1
        lost = expected - loss.received
        expected_since = expected - self._expected_before
        lost_since = expected_since - (loss.received - self._received_before)
        self._expected_before, self._received_before = expected, loss.received
        fraction = min(255, lost_since * 256 // expected_since) if expected_since > 0 and lost_since > 0 else 0
        self.loss = fraction / 256
        delay = round((now - self.last_report_at) * 65536) & 0xFFFFFFFF if self.last_report else 0
        cumulative = max(-0x800000, min(0x7FFFFF, lost))
        highest = loss.highest & 0xFFFFFFFF
        return rtcp.LossReport(ssrc, fraction, cumulative, highest, int(self.jitter), self.last_report, delay)


class IncomingStream:
    __slots__ = (
        "_alarm",
        "_counted_at",
        "_kind",
        "_picture",
        "_sent_clock",
        "arrivals",
        "audience",
        "cache",
        "fir_command",
        "forwarders",
        "height",
        "is_flowing",
        "keyframes",
        "last_at",
        "loss",
        "octets",
        "rate_bps",
        "rid",
        "since",
        "ssrc",
    )

    def __init__(self, kind: Kind, rid: str | None, alarm: Alarm) -> None:
        """Call `start` before anything else."""
        self._alarm = alarm
        self._kind = kind
        self.rid = rid
        """None: the track has only this stream."""
        self.forwarders: list[Forwarder] = []
        """Who may want a packet of this stream: watches it, or is about to."""
        self.audience = Audience()
        """Those of them who get it."""
        self.keyframes = KeyframeRequests()
        self.fir_command = 0

    def start(self, ssrc: Ssrc | None, wants_nack: bool) -> None:
        """From now on the packets carry this SSRC; numbers and clock start anew. Nobody gets any before a new start."""
        assert not self.audience.members
        self.audience.highest = -1
        self.ssrc = ssrc
        # The cache goes too: a kept packet would be sent again under an old number with another content.
        self.loss = LossDetector(wants_nack, self._alarm)
        self.cache = PacketCache(_CACHE_SIZE[self._kind])
        self.arrivals = Arrivals()
        self.height = 0
        """Of its last key frame; 0 while unknown."""
        self.is_flowing = False
        self.since = 0.0
        """When it began to flow."""
        self.last_at = 0.0
        self.octets = 0
        self.rate_bps = 0.0
        self._counted_at = 0.0
        self._picture = _FIRST_PICTURE
        self._sent_clock: float | None = None

    def lacks(self, sequence: int) -> bool:
        """Whether a packet of this number never came, though later or earlier ones did."""
        highest = self.loss.highest
        if highest < 0:
            return False
        extended = unwrap(sequence, highest, 16)
        return self.loss.expected_from < extended and highest - extended < _RECENT and self.cache.get(extended) is None

    def begin(self, now: float) -> None:
        """The first packet since the start, or since the publisher stopped this layer."""
        self.is_flowing = True
        self.since = self._counted_at = now
        self.octets = 0

    def start_waiting(self, packet: CachedPacket, now: float) -> None:
        """This packet is one to start with: whoever is attached and gets nothing yet gets all from now on."""
        if len(self.audience.members) == len(self.forwarders):
            return
        for forwarder in self.forwarders:
            if forwarder.audience is None:
                forwarder.start(packet, self.audience, now)

    def detach(self, forwarder: Forwarder) -> None:
        if forwarder in self.forwarders:
            self.forwarders.remove(forwarder)
        if forwarder.audience is self.audience:
            forwarder.leave()

    def extend_picture(self, picture_id: int, bits: int) -> int:
        """The picture id without its wrap."""
        picture = unwrap(picture_id, self._picture, bits)
        self._picture = max(self._picture, picture)
        return picture

    def note_report(self, report: rtcp.SenderReport, clock_rate: int) -> None:
        self._sent_clock = report.ntp_timestamp / 2**32 * clock_rate - report.rtp_timestamp

    def clock_ahead_of(self, other: IncomingStream) -> int:
        """What to add to a timestamp of this stream to get the other's for the same moment.

        Sender reports say it exactly (RFC 3550 section 6.4.1); until both streams have one, arrival says it nearly.
        """
        if self._sent_clock is not None and other._sent_clock is not None:
            return round(self._sent_clock - other._sent_clock)
        return round((self.arrivals.transit or 0.0) - (other.arrivals.transit or 0.0))

    def measure(self, now: float) -> None:
        """Take the rate since the last call; smoothed, so that a key frame is not a trend."""
        elapsed = now - self._counted_at
        if elapsed < _LEAST_MEASURE_S:
            return
        rate_bps = self.octets * 8 / elapsed
        self.rate_bps = rate_bps if not self.rate_bps else self.rate_bps + (rate_bps - self.rate_bps) / 8
        self.octets = 0
        self._counted_at = now
