"""Rules LI1–LI4 of webrtc/SPEC.md: what a line carries is found out, over simulated lines with fixed seeds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.lines import Bottleneck, Reporter
from webrtc.congestion import FLOOR_BPS, SILENT_AFTER_S, START_BPS, Line
from webrtc.sent_packets import HISTORY, stamp
from webrtc.transport_feedback import Arrivals, read_arrivals

SOUND_S, FRAME_S, STEP_S = 0.02, 0.04, 0.005


class Stream:
    """A voice and a picture that uses what the estimate allows, up to a limit."""

    def __init__(self, bottleneck: Bottleneck, most_bps: float = 2_000_000, report_loss: float = 0.0) -> None:
        self.line = Line()
        self.bottleneck = bottleneck
        self.most_bps = most_bps
        self.now = 0.0
        self.voice_delays: list[tuple[float, float]] = []
        self.rates: list[tuple[float, float]] = []
        self._reporter = Reporter(bottleneck, report_loss)

    def run(self, seconds: float, meanwhile: Callable[[float], None] = lambda now: None) -> None:
        for _ in range(round(seconds / STEP_S)):
            before, self.now = self.now, round(self.now + STEP_S, 6)
            meanwhile(self.now)
            if before // SOUND_S != self.now // SOUND_S:
                self._send(80)
            if before // FRAME_S != self.now // FRAME_S:
                left = min(self.most_bps, self.line.budget_bps(self.now) - 60_000) * FRAME_S / 8
                while left > 0:
                    self._send(int(min(1_100, left)))
                    left -= 1_100
            for at, sent_at, packet in self.bottleneck.arrived(self.now):
                self._reporter.receive(int.from_bytes(packet[:8], "big"), at)
                if len(packet) == 100:
                    self.voice_delays.append((self.now, at - sent_at))
            for report in self._reporter.reports(self.now):
                self.line.receive_arrivals(read_arrivals(report[4:]), self.now)
            self.rates.append((self.now, self.line.rate_bps))

    def _send(self, size: int) -> None:
        number = self.line.number_packet(stamp(self.now, size))
        self.bottleneck.send(number.to_bytes(8, "big") + bytes(max(0, size + 12)), self.now)

    def mean_rate(self, since: float) -> float:
        rates = [rate for at, rate in self.rates if at >= since]
        return sum(rates) / len(rates)

    def worst_delay(self, since: float) -> float:
        """Of 99 in 100 packets of sound."""
        delays = sorted(delay for at, delay in self.voice_delays if at >= since)
        return delays[len(delays) * 99 // 100]


@pytest.mark.parametrize("rate_bps", [150_000, 300_000, 600_000, 1_000_000])
@pytest.mark.parametrize("queue_s", [0.1, 0.3, 2.0])
def test_LI2_a_full_line_is_used_and_its_queue_stays_short(rate_bps: float, queue_s: float) -> None:
    stream = Stream(Bottleneck(rate_bps, queue_s))
    stream.run(40)
    assert 0.7 * rate_bps < stream.mean_rate(15) < 1.1 * rate_bps
    assert stream.worst_delay(15) < 0.25


@pytest.mark.parametrize("seed", range(4))
def test_LI2_a_line_that_becomes_narrow_and_wide_again_is_followed(seed: int) -> None:
    stream = Stream(Bottleneck(1_000_000, random=Random(seed)))
    stream.run(15)
    stream.bottleneck.rate_bps = 300_000
    stream.run(15)
    assert 200_000 < stream.mean_rate(22) < 330_000
    assert stream.worst_delay(22) < 0.25
    stream.bottleneck.rate_bps = 1_000_000
    stream.run(30)
    assert stream.mean_rate(55) > 600_000


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("loss", "jitter_s"), [(0.05, 0.0), (0.0, 0.2), (0.03, 0.1)], ids=["loss", "jitter", "both"])
def test_LI2_loss_and_jitter_that_are_not_of_our_making_change_little(seed: int, loss: float, jitter_s: float) -> None:
    stream = Stream(Bottleneck(3_000_000, loss=loss, jitter_s=jitter_s, random=Random(seed)), 600_000)
    stream.run(60)
    assert min(rate for at, rate in stream.rates if at > 2) > 0.55 * START_BPS
    assert stream.mean_rate(10) > 0.75 * START_BPS


@pytest.mark.parametrize("seed", range(4))
def test_LI2_what_lost_reports_would_have_told_is_not_counted_as_lost(seed: int) -> None:
    """A line loses as much on the way back; what a lost report was about is not known."""
    stream = Stream(Bottleneck(3_000_000, loss=0.06, random=Random(seed)), 600_000, report_loss=0.06)
    told: list[float] = []
    stream.run(60, lambda now: told.append(stream.line.lost_fraction))
    assert 0.03 < sum(told[1_000:]) / len(told[1_000:]) < 0.08
    assert min(rate for at, rate in stream.rates if at > 2) > 0.55 * START_BPS


def test_LI2_much_loss_is_a_full_line_without_a_queue() -> None:
    stream = Stream(Bottleneck(400_000, queue_s=0.01))
    stream.run(30)
    assert stream.mean_rate(15) < 520_000


@pytest.mark.parametrize("seed", range(4))
def test_LI3_an_outage_is_no_full_line(seed: int) -> None:
    bottleneck = Bottleneck(2_000_000, random=Random(seed))
    stream = Stream(bottleneck, 800_000)
    stream.run(15)
    before = stream.line.rate_bps
    bottleneck.is_down = True
    stream.run(3)
    bottleneck.is_down = False
    stream.run(5)
    assert min(rate for at, rate in stream.rates if at > 15) >= 0.9 * before


def test_LI3_a_longer_way_is_no_queue_for_long() -> None:
    stream = Stream(Bottleneck(2_000_000), 800_000)
    stream.run(15)
    stream.bottleneck.delay_s = 0.3
    stream.run(30)
    assert stream.mean_rate(35) > 500_000


def probe(line: Line, bottleneck: Bottleneck, rate_bps: float) -> float:
    """Send 200 ms at this rate, report, and return the estimate."""
    reporter, now = Reporter(bottleneck), 0.0
    for step in range(60):
        now = step * STEP_S
        if step == 10:
            line.begin_probe(rate_bps, 0.2, now)
        if step == 50:
            line.end_probe(now)
        size = 200
        for _ in range(max(1, round(rate_bps * STEP_S / 8 / (size + 60))) if 10 <= step < 50 else 1):
            number = line.number_packet(stamp(now, size))
            bottleneck.send(number.to_bytes(8, "big") + bytes(size + 8), now)
    for _ in range(100):
        now += STEP_S
        for at, _, packet in bottleneck.arrived(now):
            reporter.receive(int.from_bytes(packet[:8], "big"), at)
        for report in reporter.reports(now):
            line.receive_arrivals(read_arrivals(report[4:]), now)
    assert not line.is_probing
    return line.rate_bps


def test_LI4_a_probe_finds_a_wide_line() -> None:
    line = Line()
    assert 1_600_000 < probe(line, Bottleneck(10_000_000), 2_000_000) < 2_400_000
    assert not line.is_limited


def test_LI4_a_probe_finds_where_a_line_ends() -> None:
    line = Line()
    assert 600_000 < probe(line, Bottleneck(900_000), 2_000_000) < 950_000
    assert line.is_limited


def test_LI2_who_does_not_report_as_promised_is_not_held_back() -> None:
    line = Line()
    assert line.budget_bps(1.0) == START_BPS
    assert line.budget_bps(1.0 + SILENT_AFTER_S) == float("inf")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 0xFFFF),
            st.integers(0, 1 << 32),
            st.lists(st.none() | st.integers(-100, 1 << 33), max_size=50),
        ),
        max_size=20,
    )
)
def test_LI2_no_report_makes_the_estimate_absurd(reports: list[tuple[int, int, list[int | None]]]) -> None:
    line = Line()
    for sent in range(300):
        line.number_packet(stamp(sent / 100, 500))
    for index, (base, reference, ticks) in enumerate(reports):
        first = (HISTORY + base % 300) & 0xFFFF if index % 2 else base
        line.receive_arrivals(Arrivals(first, reference, ticks), 3 + index / 10)
        assert FLOOR_BPS <= line.rate_bps <= 30_000_000
