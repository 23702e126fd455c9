"""A network namespace behind a line whose quality a test decides: delay, jitter, loss, bandwidth, silence, a firewall.

The line is two TUN devices, one in this namespace and one in the other, and this program between them: it carries each
packet, later or never. So it needs root, but no queueing discipline of the kernel, and a seed repeats its dice.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
import signal
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any, Self

_TUNSETIFF = 0x400454CA
_IFF_TUN_WITHOUT_HEADER = 0x0001 | 0x1000
_MTU = 1500
_PACKETS_PER_WAKE = 64
_numbers = count(1)

UDP, TCP = 17, 6


@dataclass(frozen=True)
class Quality:
    """Of one direction."""

    delay_s: float = 0.0
    jitter_s: float = 0.0
    """Up to so much longer, packet by packet; the order stays."""
    loss: float = 0.0
    """Share of packets that vanish."""
    bits_per_s: float | None = None
    queue_s: float = 0.3
    """What the bottleneck holds back before it drops; home routers hold about as much."""
    blocked: frozenset[int] = frozenset()
    """IP protocols that a firewall drops."""


@dataclass
class Direction:
    """Carries packets from one device to the other."""

    source: int
    target: int
    dice: random.Random
    quality: Quality = field(default_factory=Quality)
    is_silent: bool = False
    carried: int = 0
    lost: int = 0
    _free_at: float = 0.0
    _last_at: float = 0.0

    def forward(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(_PACKETS_PER_WAKE):
            try:
                packet = os.read(self.source, _MTU + 4)
            except BlockingIOError:
                return
            now = loop.time()
            arrives_at = self._arrival(packet, now)
            if arrives_at is None:
                self.lost += 1
            elif arrives_at <= now:
                self._deliver(packet)
            else:
                loop.call_at(arrives_at, self._deliver, packet)

    def _arrival(self, packet: bytes, now: float) -> float | None:
        quality = self.quality
        if self.is_silent or _protocol(packet) in quality.blocked or self.dice.random() < quality.loss:
            return None
        sent_at = now
        if quality.bits_per_s is not None:
            starts_at = max(now, self._free_at)
            if starts_at - now > quality.queue_s:
                return None
            sent_at = self._free_at = starts_at + len(packet) * 8 / quality.bits_per_s
        arrives_at = sent_at + quality.delay_s + quality.jitter_s * self.dice.random()
        self._last_at = max(arrives_at, self._last_at)
        return self._last_at

    def _deliver(self, packet: bytes) -> None:
        if self.is_silent:
            self.lost += 1
            return
        try:
            os.write(self.target, packet)
        except OSError:
            self.lost += 1  # that end has no such address any more, or is going down
            return
        self.carried += 1


def _protocol(packet: bytes) -> int:
    return packet[9] if packet[0] >> 4 == 4 else packet[6]


class Link:
    """`async with Link() as link:`; run programs behind it with `link.command(…)`; this side is `link.near`."""

    def __init__(self, seed: int = 1) -> None:
        assert os.geteuid() == 0, "tests behind a shaped line make network namespaces, so they need root"
        number = next(_numbers)
        self.namespace = f"line-{os.getpid()}-{number}"
        self._near_device, self._far_device = f"n{os.getpid()}.{number}", f"f{os.getpid()}.{number}"
        # Runs at the same time on one machine must not share a network.
        network = IPv4Address("10.0.0.0") + (((os.getpid() * 16 + number) % 65_000) << 8)
        self.near, self.far = str(network + 1), str(network + 2)
        self._moves = count(3)
        self._network = network
        self._dice = random.Random(seed)
        self.to_far: Direction
        self.to_near: Direction

    async def __aenter__(self) -> Self:
        near, far = _open_tun(self._near_device), _open_tun(self._far_device)
        self.to_far = Direction(near, far, self._dice)
        self.to_near = Direction(far, near, self._dice)
        try:
            _ip("netns", "add", self.namespace)
            _ip("link", "set", self._far_device, "netns", self.namespace)
            _ip("address", "add", f"{self.near}/24", "dev", self._near_device)
            _ip("link", "set", self._near_device, "up")
            _ip("-n", self.namespace, "link", "set", "lo", "up")
            self._settle()
        except BaseException:
            self._close()
            raise
        loop = asyncio.get_running_loop()
        for direction in (self.to_far, self.to_near):
            loop.add_reader(direction.source, direction.forward)
        return self

    async def __aexit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for direction in (self.to_far, self.to_near):
            loop.remove_reader(direction.source)
        self._close()

    def _settle(self) -> None:
        _ip("-n", self.namespace, "address", "add", f"{self.far}/24", "dev", self._far_device)
        _ip("-n", self.namespace, "link", "set", self._far_device, "up")
        _ip("-n", self.namespace, "route", "replace", "default", "dev", self._far_device)

    def _close(self) -> None:
        for direction in (self.to_far, self.to_near):
            os.close(direction.source)
        subprocess.run(["ip", "netns", "delete", self.namespace], capture_output=True, check=False)

    def shape(self, **quality: Any) -> None:
        """Set the quality of both directions; what is not named becomes perfect."""
        self.to_far.quality = self.to_near.quality = Quality(**quality)

    def block(self, *protocols: int) -> None:
        """A firewall drops these IP protocols from now on, and no others."""
        for direction in (self.to_far, self.to_near):
            direction.quality = replace(direction.quality, blocked=frozenset(protocols))

    async def black_out(self, seconds: float) -> None:
        """Carry nothing for so long, and lose what is on the way."""
        for direction in (self.to_far, self.to_near):
            direction.is_silent = True
        await asyncio.sleep(seconds)
        for direction in (self.to_far, self.to_near):
            direction.is_silent = False

    def move(self) -> None:
        """The far side gets another address, as a laptop that changes its network; the old one is gone."""
        former, self.far = self.far, str(self._network + next(self._moves))
        _ip("-n", self.namespace, "address", "delete", f"{former}/24", "dev", self._far_device)
        self._settle()

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Every process on the far side stands still, as those of a laptop with its lid shut."""
        listed = subprocess.run(["ip", "netns", "pids", self.namespace], capture_output=True, check=True, text=True)
        stopped = [int(number) for number in listed.stdout.split()]
        assert stopped
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(stopped):
                os.kill(pid, signal.SIGCONT)

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line that runs a program behind the line."""
        return ["ip", "netns", "exec", self.namespace, program, *arguments]

    def wrap(self, program: str, folder: Path) -> Path:
        """A script that does the same, for what wants one file to start."""
        script = folder / f"{Path(program).name}-{self.namespace}"
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.command(program))} "$@"\n')
        script.chmod(0o755)
        return script


def _open_tun(name: str) -> int:
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN_WITHOUT_HEADER))
    return descriptor


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
