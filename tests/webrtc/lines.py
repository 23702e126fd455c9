"""A viewer's line for simulations: a bottleneck with a queue, loss, jitter and outages, and a browser's reports."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from random import Random
from struct import unpack_from

from webrtc.transport_feedback import TransportFeedback

OVERHEAD_BYTES = 44
"""SRTP tag, UDP and IPv4 header."""
REPORT_S = 0.05
"""As often as Chromium reports."""


@dataclass
class Bottleneck:
    rate_bps: float
    queue_s: float = 0.3
    """What the slowest link keeps before it drops."""
    loss: float = 0.0
    jitter_s: float = 0.0
    delay_s: float = 0.03
    is_down: bool = False
    random: Random = field(default_factory=lambda: Random(1))
    _free_at: float = 0.0
    _count: int = 0
    _under_way: list[tuple[float, int, float, bytes]] = field(default_factory=list)

    def send(self, packet: bytes, now: float) -> None:
        if self.is_down or self._free_at - now > self.queue_s:
            return
        self._free_at = max(self._free_at, now) + (len(packet) + OVERHEAD_BYTES) * 8 / self.rate_bps
        if self.random.random() >= self.loss:
            self._count += 1
            at = self._free_at + self.delay_s + self.random.random() * self.jitter_s
            heapq.heappush(self._under_way, (at, self._count, now, packet))

    def arrived(self, now: float) -> list[tuple[float, float, bytes]]:
        """When it arrived, when it was sent, and what."""
        found = []
        while self._under_way and self._under_way[0][0] <= now:
            at, _, sent_at, packet = heapq.heappop(self._under_way)
            found.append((at, sent_at, packet))
        return found


class Reporter:
    """The viewer's side of transport-wide feedback, over a way back of the same length."""

    def __init__(self, line: Bottleneck, loss: float = 0.0) -> None:
        """`loss`: of the reports themselves, which nobody repeats."""
        self._line = line
        self._loss = loss
        self._feedback = TransportFeedback()
        self._report_at = 0.0
        self.count = 0
        self._under_way: list[tuple[float, bytes]] = []

    def receive(self, number: int, at: float) -> None:
        self._feedback.receive(number & 0xFFFF, at)

    def reports(self, now: float) -> list[bytes]:
        """What has come back by now."""
        if now >= self._report_at and not self._line.is_down:
            self._report_at = now + REPORT_S
            packet = self._feedback.build(1, 2)
            if packet is not None and (not self._loss or self._line.random.random() >= self._loss):
                self.count += 1
                self._under_way.append((now + self._line.delay_s, packet))
        found = [packet for at, packet in self._under_way if at <= now]
        self._under_way = [one for one in self._under_way if one[0] > now]
        return found


def number_of(packet: bytes) -> int | None:
    """The transport-wide number of a packet that the hub sent; None when it has none."""
    if not packet[0] & 0x10:
        return None
    assert packet[12:16] == b"\xbe\xde\0\1" and packet[16] & 0x0F == 1
    number: int = unpack_from("!H", packet, 17)[0]
    return number
