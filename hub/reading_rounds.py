"""Reads the sockets of those who type together, once a round, instead of waking up for each of their messages.

A change waits for the next tick of its document anyway; read just before that tick, a class costs one wake-up, one
broadcast and one commit a round. While few type, or nobody, every message is read when it comes.
"""

from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Callable
from typing import Protocol

_READ_BYTES = 16 << 10
"""Some keystrokes of one client. What is left is read in the next round."""


class Member(Protocol):
    """A socket that is read here. The methods neither block nor raise."""

    def received(self, data: bytes) -> None: ...

    def hand_back(self) -> None:
        """Its connection ended or broke: read it by the transport again, which knows what to do then."""
        ...


class ReadingRounds:
    """`enter` and `leave` sockets; `close` it before the loop ends. Needs epoll; `available()` tells."""

    def __init__(self, round_s: float, busy_members: int) -> None:
        """From `busy_members` on they are read once in `round_s`."""
        self.is_reading = False
        """A round is being read: more messages may follow at this moment, and `at_end` calls come when all are."""
        self._round_s = round_s
        self._busy_members = busy_members
        self._members: dict[int, Member] = {}
        self._at_end: dict[object, Callable[[], None]] = {}
        self._epoll: select.epoll | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next: asyncio.TimerHandle | None = None

    @staticmethod
    def available() -> bool:
        return hasattr(select, "epoll")

    def enter(self, fd: int, member: Member) -> None:
        """Read this socket from now on. Whoever read it before has stopped."""
        if self._epoll is None:
            self._epoll = select.epoll()
            self._loop = asyncio.get_running_loop()
            self._watch()
        self._epoll.register(fd, select.EPOLLIN | select.EPOLLRDHUP)
        self._members[fd] = member

    def leave(self, fd: int, member: Member) -> None:
        """Call it before or right after the socket is closed: another one may have its number then."""
        if self._members.get(fd) is not member:
            return
        del self._members[fd]
        if self._epoll is not None:
            try:
                self._epoll.unregister(fd)
            except OSError:
                # It was closed, which took it out.
                return

    def at_end(self, key: object, call: Callable[[], None]) -> None:
        """Call once when this round is read; the key stands for the call."""
        self._at_end[key] = call

    def close(self) -> None:
        if self._next is not None:
            self._next.cancel()
        if self._epoll is not None and self._loop is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()
            self._epoll = None
        self._members.clear()

    # Inside

    def _watch(self) -> None:
        assert self._epoll is not None and self._loop is not None
        self._loop.add_reader(self._epoll.fileno(), self._ready)

    def _ready(self) -> None:
        if self._read() and len(self._members) >= self._busy_members and self._epoll is not None:
            assert self._loop is not None
            self._loop.remove_reader(self._epoll.fileno())
            self._next = self._loop.call_later(self._round_s, self._round)

    def _round(self) -> None:
        self._next = None
        if self._epoll is None or self._loop is None:
            return
        began_s = self._loop.time()
        if self._read():
            self._next = self._loop.call_at(began_s + self._round_s, self._round)
        else:
            self._watch()

    def _read(self) -> bool:
        """Read what came; whether anything did."""
        assert self._epoll is not None
        ready = self._epoll.poll(0, max(len(self._members), 1))
        self.is_reading = True
        try:
            for fd, _ in ready:
                member = self._members.get(fd)
                if member is None:
                    continue
                try:
                    data = os.read(fd, _READ_BYTES)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                if data:
                    member.received(data)
                else:
                    self.leave(fd, member)
                    member.hand_back()
        finally:
            self.is_reading = False
            calls, self._at_end = self._at_end, {}
            for call in calls.values():
                call()
        return bool(ready)
