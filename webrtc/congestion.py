"""How much one viewer's line carries: estimated from when its packets arrived, and which did not.

After Google congestion control (draft-ietf-rmcat-gcc-02), with a simpler filter: of every report only the fastest
packet counts, so that jitter falls out, and a queue is one whose growth stands out of what noise is left.
Rule: the estimate falls when a queue grows or much is lost, and rises only as far as packets proved that it may.
"""

from __future__ import annotations

from array import array
from collections import deque
from math import inf

from webrtc.alarm import Alarm
from webrtc.arrival_trend import count_in_outages, find_trend
from webrtc.pacing import Pacer
from webrtc.probe import OPEN, Probe
from webrtc.rtp_header import unwrap
from webrtc.sent_packets import HISTORY, HISTORY_MASK, IS_RESTING, NUMBER, Stamp
from webrtc.transport_feedback import TICK_S, Arrivals

START_BPS = 500_000.0
"""Before anything is known: nine small faces, or one large one, but not the burst that drowns a line."""
FLOOR_BPS = 30_000.0
"""A voice; whatever a line says, less is never assumed."""
CEILING_BPS = 30_000_000.0

SILENT_AFTER_S = 2.0
"""A viewer that promised to report and has not by then will not."""

_SAMPLES = 12
_SAMPLE_PACKETS = 4
_SAMPLE_WAIT_S = 0.1
_LEAST_RISE_S = 0.025
_NOISE_FACTOR = 4.0
"""Standard errors by which a rise must stand out: it is looked for twenty times a second."""
_STANDING_QUEUE_S = 0.2
_NOTABLE_QUEUE_S, _QUEUE_MEMORY_S = 0.08, 60.0
_CALM_AFTER_S = 5.0
_BASE_WINDOW_S = 10.0
_BACK_OFF = 0.85
_SETTLE_S = 0.3
_RATE_WINDOW_S = 0.5
_BURST_WINDOW_S = 0.14
_LOSS_WINDOW_S = 1.0
_LOSS_PACKETS = 50
_REORDER_S = 0.3
"""What is missing for shorter may only be late."""
_MUCH_LOSS, _SOME_LOSS, _LITTLE_LOSS = 0.10, 0.06, 0.02
_GROWTH_PER_S, _SLOW_GROWTH_PER_S = 0.08, 0.02
_PROVEN_FACTOR = 1.5
"""An estimate may be so much above what has arrived."""


class Line:
    """One viewer's connection. Who sends a packet numbers and remembers it, by `number_packet` or as that does."""

    __slots__ = (
        "_acknowledged",
        "_base",
        "_base_at",
        "_base_before",
        "_capacity_bps",
        "_count",
        "_fastest",
        "_increased_at",
        "_last_tick",
        "_loss",
        "_loss_at",
        "_loss_from",
        "_told_missing",
        "_probe",
        "_queue_at_backing_off",
        "_queued_at",
        "_recent",
        "_reports_since",
        "_round_trip_s",
        "_sampled_at",
        "_samples",
        "_settled_at",
        "_started_at",
        "is_limited",
        "lowered_at",
        "numbering",
        "pacer",
        "rate_bps",
        "sent_at",
        "sizes",
    )

    def __init__(self, alarm: Alarm | None = None) -> None:
        """`alarm` is brought forward when packets wait for their turn."""
        self.numbering = array("q", [HISTORY, 0])
        """The number of the next packet, without its wrap; and whether the line rests: then packets go unnumbered.

        This and the next two are in memory that compiled code reads and writes as well (fan_out.c).
        """
        self.sent_at = array("d", bytes(8 * HISTORY))
        """By the number's low bits."""
        self.sizes = array("H", bytes(2 * HISTORY))
        """Likewise; 0: arrived."""
        self.rate_bps = START_BPS
        self.is_limited = False
        """Whether the line has ever shown where it ends."""
        self.lowered_at = -inf
        self.pacer = Pacer(alarm)
        """Spreads the video of a narrow line; it is off on a wide one."""
        self._started_at: float | None = None
        self._reports_since: float | None = None
        self._round_trip_s = 0.2
        self._last_tick = 0
        self._fastest = inf
        self._count = 0
        self._sampled_at = 0.0
        self._samples: deque[tuple[float, float]] = deque(maxlen=_SAMPLES)
        self._base = self._base_before = inf
        self._base_at = 0.0
        self._queue_at_backing_off = 0.0
        self._queued_at = -inf
        self._recent: deque[tuple[float, int]] = deque()
        self._acknowledged = 0
        self._settled_at = 0.0
        self._increased_at = 0.0
        self._capacity_bps = inf
        self._loss = 0.0
        self._loss_at = 0.0
        self._loss_from = self.number
        self._told_missing: set[int] = set()
        """Numbers that a report covers without an arrival; what a lost report was about is not known."""
        self._probe: Probe | None = None

    @property
    def number(self) -> int:
        """Of the next packet, without its wrap."""
        return self.numbering[NUMBER]

    @property
    def is_resting(self) -> bool:
        return bool(self.numbering[IS_RESTING])

    def rest(self) -> None:
        """All is well, and packets go unnumbered for a while: every report costs as much as two packets."""
        self.numbering[IS_RESTING] = 1

    def number_packet(self, sent: Stamp) -> int:
        """The number of a packet that leaves now."""
        number = self.numbering[NUMBER]
        self.numbering[NUMBER] = number + 1
        place = number & HISTORY_MASK
        self.sent_at[place], self.sizes[place] = sent
        return number

    def budget_bps(self, now: float) -> float:
        """What may be sent; without bound when the viewer does not report."""
        if self._reports_since is None:
            if self._started_at is None:
                self._started_at = now
            if now - self._started_at >= SILENT_AFTER_S:
                return inf
        return self.rate_bps

    def is_calm(self, now: float) -> bool:
        """Neither a queue nor much loss of late, and nothing is tried out."""
        since = self._reports_since or self._started_at or now
        troubled_at = max(since, self._queued_at, self.lowered_at)
        return now - troubled_at > _CALM_AFTER_S and self._loss <= _LITTLE_LOSS and self._probe is None

    def wake(self) -> None:
        """Number packets again. What was measured before the rest is too old to be compared with."""
        self.numbering[IS_RESTING] = 0
        self._samples.clear()
        self._recent.clear()

    def is_narrow(self, now: float) -> bool:
        """Whether a burst makes others wait: the line has shown its end, or a queue of late."""
        return self.is_limited or now - self._queued_at < _QUEUE_MEMORY_S

    @property
    def reports(self) -> bool:
        return self._reports_since is not None

    @property
    def round_trip_s(self) -> float:
        """From a packet to the report on it, smoothed; the viewer reports a few times a second."""
        return self._round_trip_s

    @property
    def lost_fraction(self) -> float:
        """Smoothed over some seconds."""
        return self._loss

    @property
    def delivered_bps(self) -> float | None:
        """What arrived of late; None while too little is known."""
        if len(self._recent) < 3:
            return None
        span = self._recent[-1][0] - self._recent[0][0]
        if span < _RATE_WINDOW_S / 4:
            return None
        return (self._acknowledged - self._recent[0][1]) * 8 / span

    def _carried_bps(self) -> float | None:
        """What the line carries when it is full: a short burst fills it for a moment only."""
        delivered = self.delivered_bps
        recent = self._recent
        if delivered is None:
            return None
        end, octets = recent[-1]
        at, before = next((one for one in reversed(recent) if end - one[0] >= _BURST_WINDOW_S), recent[0])
        return max(delivered, (octets - before) * 8 / (end - at))

    def receive_arrivals(self, arrivals: Arrivals, now: float) -> None:
        """Take a viewer's report. Numbers that were never sent, or are long forgotten, are passed over."""
        sent_ats, sizes, mask = self.sent_at, self.sizes, HISTORY_MASK
        first = unwrap(arrivals.base, self.number, 16)
        if not self.number - HISTORY < first or first + len(arrivals.ticks) > self.number:
            return
        if self._reports_since is None:
            self._reports_since = self._loss_at = self._increased_at = self._base_at = now
            self._loss_from = first
        reference = (
            unwrap(arrivals.reference & 0xFFFFFFFF, self._last_tick, 32)
            if self._last_tick
            else (arrivals.reference & 0xFFFFFFFF) + (1 << 32)
        )
        shift = reference - arrivals.reference
        self._last_tick = reference
        octets, count, fastest, last_arrival, last_sent = 0, 0, self._fastest, 0.0, 0.0
        probe = self._probe
        number = first
        for tick in arrivals.ticks:
            if tick is not None:
                size = sizes[number & mask]
                if size:
                    sizes[number & mask] = 0
                    sent_at = sent_ats[number & mask]
                    arrived_at = (tick + shift) * TICK_S
                    delay = arrived_at - sent_at
                    if delay < fastest:
                        fastest = delay
                    if arrived_at > last_arrival:
                        last_arrival = arrived_at
                    last_sent = sent_at
                    octets += size
                    count += 1
                    if probe is not None and number >= probe.first:
                        probe.receive(number, sent_at, arrived_at, size)
            else:
                self._told_missing.add(number)
            number += 1
        if not count:
            return
        self._round_trip_s += (max(0.0, min(2.0, now - last_sent)) - self._round_trip_s) / 8
        self._acknowledged += octets
        recent = self._recent
        if not recent or last_arrival > recent[-1][0]:
            recent.append((last_arrival, self._acknowledged))
            while recent[-1][0] - recent[0][0] > _RATE_WINDOW_S and len(recent) > 3:
                recent.popleft()
        self._count += count
        self._fastest = fastest
        if self._count >= _SAMPLE_PACKETS or now - self._sampled_at >= _SAMPLE_WAIT_S:
            self._sample(last_sent, now)
        if now - self._loss_at >= _LOSS_WINDOW_S:
            self._judge_loss(now)
        if probe is not None and (number > probe.last or now >= probe.ends_at):
            self._judge_probe(probe)

    def _sample(self, sent_at: float, now: float) -> None:
        delay, self._fastest, self._count, self._sampled_at = self._fastest, inf, 0, now
        if now - self._base_at >= _BASE_WINDOW_S:
            self._base_before, self._base, self._base_at = self._base, inf, now
        self._base = min(self._base, delay)
        samples = self._samples
        samples.append((sent_at, delay))
        queue = delay - min(self._base, self._base_before)
        if queue > _NOTABLE_QUEUE_S:
            self._queued_at = now
        if now < self._settled_at:
            return
        rise, noise = find_trend(samples)
        standing = queue > _STANDING_QUEUE_S and rise > -_LEAST_RISE_S and noise < queue / 2
        if rise > _LEAST_RISE_S and rise > _NOISE_FACTOR * noise:
            self._back_off(queue, now)
        elif standing and len(samples) == _SAMPLES:
            if 0 < self._queue_at_backing_off * 0.8 < queue:
                # Sending less has not shortened it: the way has become longer, and there is no queue.
                self._base, self._base_before, self._queue_at_backing_off = delay, inf, 0.0
            else:
                self._back_off(queue, now)
        elif rise >= -_LEAST_RISE_S:
            self._increase(now)
        else:
            self._increased_at = now

    def _back_off(self, queue: float, now: float) -> None:
        seen = self._carried_bps()
        carried = self.rate_bps if seen is None else min(self.rate_bps, seen)
        self._capacity_bps = carried
        self._lower(_BACK_OFF * carried, now)
        self._queue_at_backing_off = queue
        self._samples.clear()
        self._probe = None

    def _lower(self, rate_bps: float, now: float) -> None:
        self.rate_bps = max(FLOOR_BPS, min(self.rate_bps, rate_bps))
        self.is_limited = True
        self.lowered_at = self._increased_at = now
        self._settled_at = now + self._round_trip_s + _SETTLE_S

    def _increase(self, now: float) -> None:
        elapsed, self._increased_at = min(1.0, now - self._increased_at), now
        delivered = self.delivered_bps
        if delivered is None or self._loss > _SOME_LOSS:
            return
        rate = self.rate_bps
        if self._loss > _LITTLE_LOSS or 0.8 * self._capacity_bps < rate < 1.1 * self._capacity_bps:
            # Near where the line ended last time, or with an unclear loss, one goes slowly.
            rate += rate * _SLOW_GROWTH_PER_S * elapsed
        else:
            rate += rate * _GROWTH_PER_S * elapsed
            if rate > 1.1 * self._capacity_bps:
                self._capacity_bps = inf
        # Where nobody loses the smallest layer, more may flow than was estimated; what arrives is proved.
        proven = 0.0 if self.is_limited else min(delivered, CEILING_BPS)
        growth = min(rate, CEILING_BPS, _PROVEN_FACTOR * delivered + FLOOR_BPS / 2)
        self.rate_bps = max(self.rate_bps, proven, growth)

    def _judge_loss(self, now: float) -> None:
        """Count what has not arrived of what was sent in the window before this one, and reported on."""
        sent_at, sizes, mask, told = self.sent_at, self.sizes, HISTORY_MASK, self._told_missing
        first = end = max(self._loss_from, self.number - HISTORY + 1)
        last = self.number
        missing: list[tuple[int, float]] = []
        unknown = 0
        while end < last:
            if sizes[end & mask]:
                at = sent_at[end & mask]
                if at > now - _REORDER_S - self._round_trip_s:
                    break
                missing.append((end, at))
                unknown += end not in told
            end += 1
        total = end - first - unknown
        if total < _LOSS_PACKETS:
            return
        lost = max(0, len(missing) - unknown - count_in_outages(missing))
        self._loss_from, self._loss_at = end, now
        self._told_missing = {number for number in told if number >= end}
        fraction = min(1.0, lost / total)
        self._loss += (fraction - self._loss) * 0.4
        if self._loss > _MUCH_LOSS and fraction > _MUCH_LOSS and now >= self._settled_at:
            delivered = self.delivered_bps
            carried = self.rate_bps if delivered is None else min(self.rate_bps, delivered / (1 - min(0.5, fraction)))
            self._lower(carried * (1 - fraction / 2), now)

    def begin_probe(self, rate_bps: float, duration_s: float, now: float) -> None:
        """From now on more is sent on purpose, at this rate for so long; what arrives of it raises the estimate."""
        self._probe = Probe(self.number, rate_bps, now + duration_s)
        # It may well fill a queue for a moment; that is its purpose and no news.
        self._settled_at = max(self._settled_at, now + duration_s + self._round_trip_s + _SETTLE_S)

    @property
    def is_probing(self) -> bool:
        """Until it is judged, or the line turned out to be full."""
        return self._probe is not None

    @property
    def probe_rate_bps(self) -> float:
        return 0.0 if self._probe is None else self._probe.rate_bps

    def end_probe(self, now: float) -> None:
        """All of it is sent; the reports to come judge it."""
        if self._probe is not None:
            self._probe.last = self.number - 1
            self._probe.ends_at = now + self._round_trip_s + _SETTLE_S

    def _judge_probe(self, probe: Probe) -> None:
        if probe.last == OPEN:
            return
        self._probe = None
        sending, arriving = probe.rates()
        if arriving is None or sending is None:
            return
        if arriving < 0.9 * sending:
            self.is_limited = True
            proven = 0.9 * arriving
        else:
            proven = min(sending, arriving)
        if proven > self.rate_bps:
            self.rate_bps = min(CEILING_BPS, proven)
            self._capacity_bps = inf
