"""Token buckets and growing delays: numbers in, a waiting time out. The caller brings the clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

MAX_TRACKED = 10_000
"""Buckets kept at once. Beyond it the fullest half goes: those callers lose nothing but the memory of being quiet."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_ms: int


@dataclass(slots=True)
class RateLimiter:
    """One token bucket per key."""

    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)

    def take(self, key: str, area: str, *, per_minute: int, burst: int, now_ms: int) -> int:
        """Take one token; return 0, or the milliseconds until there is one."""
        bucket = self._buckets.get((key, area))
        if bucket is None:
            self._make_room()
            bucket = self._buckets[(key, area)] = _Bucket(float(burst), now_ms)
        per_ms = per_minute / 60_000
        bucket.tokens = min(float(burst), bucket.tokens + max(0, now_ms - bucket.at_ms) * per_ms)
        bucket.at_ms = now_ms
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, int((1 - bucket.tokens) / per_ms))

    def forget(self, key: str) -> None:
        for found in [pair for pair in self._buckets if pair[0] == key]:
            del self._buckets[found]

    def _make_room(self) -> None:
        if len(self._buckets) >= MAX_TRACKED:
            fullest = sorted(self._buckets, key=lambda pair: self._buckets[pair].tokens, reverse=True)
            for pair in fullest[: MAX_TRACKED // 2]:
                del self._buckets[pair]


FREE_TRIES = 5
FIRST_DELAY_MS = 1_000
LONGEST_DELAY_MS = 60_000
TRIES_FORGOTTEN_AFTER_MS = 10 * 60_000


@dataclass(slots=True)
class _Tries:
    count: int
    last_at_ms: int


@dataclass(slots=True)
class SignInDelays:
    """After some wrong tries for one name each further one has to wait, twice as long each time, never for ever."""

    _tries: dict[str, _Tries] = field(default_factory=dict)

    def wait_ms(self, name: str, now_ms: int) -> int:
        """0 when the name may try now, otherwise how long it has to wait."""
        tries = self._tries.get(name)
        if tries is None or tries.count < FREE_TRIES or now_ms - tries.last_at_ms > TRIES_FORGOTTEN_AFTER_MS:
            return 0
        delay_ms = min(LONGEST_DELAY_MS, FIRST_DELAY_MS << min(tries.count - FREE_TRIES, 16))
        return max(0, tries.last_at_ms + delay_ms - now_ms)

    def failed(self, name: str, now_ms: int) -> None:
        for old in [n for n, t in self._tries.items() if now_ms - t.last_at_ms > TRIES_FORGOTTEN_AFTER_MS]:
            del self._tries[old]
        tries = self._tries.setdefault(name, _Tries(0, now_ms))
        tries.count += 1
        tries.last_at_ms = now_ms

    def succeeded(self, name: str) -> None:
        self._tries.pop(name, None)


@dataclass(slots=True)
class WrongTries:
    """How many tries went wrong lately, whoever made them."""

    _at_ms: deque[int] = field(default_factory=lambda: deque(maxlen=1_000))

    def add(self, now_ms: int) -> None:
        self._at_ms.append(now_ms)

    def count(self, now_ms: int) -> int:
        while self._at_ms and now_ms - self._at_ms[0] > TRIES_FORGOTTEN_AFTER_MS:
            self._at_ms.popleft()
        return len(self._at_ms)
