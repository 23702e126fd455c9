"""Many real sockets read together: nothing is lost, and a connection that ends is given back to its transport."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from hub.reading_rounds import ReadingRounds

WAIT_S = 20.0
BUSY = 3


class Member:
    def __init__(self, rounds: ReadingRounds, log: list[str]) -> None:
        self.theirs, self.ours = socket.socketpair()
        self.ours.setblocking(False)
        self.data = b""
        self.rounds_seen: list[int] = []
        self.handed_back = asyncio.Event()
        self.came = asyncio.Event()
        self._rounds = rounds
        self._log = log
        rounds.enter(self.ours.fileno(), self)

    def received(self, data: bytes) -> None:
        assert self._rounds.is_reading
        self.data += data
        self._log.append("read")
        self._rounds.at_end(self._rounds, lambda: self._log.append("end"))
        self.came.set()

    def hand_back(self) -> None:
        self.handed_back.set()

    def close(self) -> None:
        self._rounds.leave(self.ours.fileno(), self)
        self.ours.close()
        self.theirs.close()


@pytest.fixture
async def rounds() -> AsyncIterator[ReadingRounds]:
    rounds = ReadingRounds(0.01, BUSY)
    yield rounds
    rounds.close()


@pytest.fixture
async def log() -> list[str]:
    return []


@pytest.fixture
async def members(rounds: ReadingRounds, log: list[str]) -> AsyncIterator[list[Member]]:
    members = [Member(rounds, log) for _ in range(BUSY)]
    yield members
    for member in members:
        member.close()


async def wait_for(event: asyncio.Event) -> None:
    async with asyncio.timeout(WAIT_S):
        await event.wait()
    event.clear()


async def test_SH8_all_that_came_is_read_in_one_round(members: list[Member], log: list[str]) -> None:
    for number, member in enumerate(members):
        member.theirs.send(b"%d" % number)
    await wait_for(members[-1].came)
    assert [member.data for member in members] == [b"0", b"1", b"2"]
    assert log == ["read", "read", "read", "end"]
    for more in (b"a", b"b", b"c"):
        members[0].came.clear()
        members[0].theirs.send(more)
        await wait_for(members[0].came)
    assert members[0].data == b"0abc"


async def test_SH8_after_a_quiet_round_each_message_is_read_when_it_comes(
    members: list[Member], log: list[str]
) -> None:
    members[0].theirs.send(b"1")
    await wait_for(members[0].came)
    # More than a round, in which nothing comes.
    await asyncio.sleep(0.05)
    members[0].theirs.send(b"2")
    await wait_for(members[0].came)
    assert members[0].data == b"12" and log == ["read", "end"] * 2


async def test_SH8_more_than_one_read_takes_comes_in_the_next_rounds(members: list[Member]) -> None:
    data = bytes(range(256)) * 500
    sender = asyncio.create_task(asyncio.to_thread(members[1].theirs.sendall, data))
    async with asyncio.timeout(WAIT_S):
        while len(members[1].data) < len(data):
            members[1].came.clear()
            await members[1].came.wait()
        await sender
    assert members[1].data == data


async def test_an_end_is_left_to_the_transport(members: list[Member], rounds: ReadingRounds) -> None:
    members[1].theirs.send(b"last words")
    members[1].theirs.shutdown(socket.SHUT_WR)
    await wait_for(members[1].handed_back)
    assert members[1].data == b"last words"
    members[0].theirs.send(b"x")
    await wait_for(members[0].came)


async def test_who_left_is_not_read_and_a_reused_number_is_the_new_ones(
    members: list[Member], rounds: ReadingRounds, log: list[str]
) -> None:
    old = members[2]
    number = old.ours.fileno()
    old.ours.close()
    old.theirs.close()
    new = Member(rounds, log)
    spare = []
    while new.ours.fileno() != number:
        spare.append(new)
        new = Member(rounds, log)
    rounds.leave(number, old)
    new.theirs.send(b"mine")
    await wait_for(new.came)
    assert new.data == b"mine" and old.data == b""
    rounds.leave(number, new)
    new.theirs.send(b"unread")
    members[0].theirs.send(b"x")
    await wait_for(members[0].came)
    assert new.data == b"mine"
    members[2] = new
    for member in spare:
        member.close()
