"""Many documents over one socket: it is asked once who asks, and no answer stays that access has overtaken."""

from __future__ import annotations

import asyncio

import pytest

from hub.doc_access import RECENT_MS, Recent


class Asked:
    """What Recent knows of a hub: a clock, and a revision that grows when anybody's access changes."""

    def __init__(self) -> None:
        self.at_ms = 1_000
        self.revision = 0
        self.live_docs = self
        self.questions = 0

    def now_ms(self) -> int:
        return self.at_ms

    async def answer(self) -> int:
        self.questions += 1
        question = self.questions
        await asyncio.sleep(0)
        return question

    async def refuse(self) -> int:
        self.questions += 1
        await asyncio.sleep(0)
        raise LookupError


@pytest.fixture
async def hub() -> Asked:
    return Asked()


@pytest.fixture
async def recent(hub: Asked) -> Recent:
    return Recent(hub)  # type: ignore[arg-type]


async def test_who_asks_at_the_same_time_or_a_moment_later_shares_an_answer(hub: Asked, recent: Recent) -> None:
    assert await asyncio.gather(*(recent.ask("access", "t", hub.answer) for _ in range(3))) == [1, 1, 1]
    hub.at_ms += RECENT_MS - 1
    assert await recent.ask("access", "t", hub.answer) == 1
    assert await recent.ask("access", "u", hub.answer) == 2
    hub.at_ms += 1
    assert await recent.ask("access", "t", hub.answer) == 3


async def test_nothing_is_remembered_when_access_has_changed(hub: Asked, recent: Recent) -> None:
    assert await recent.ask("access", "t", hub.answer) == 1
    hub.revision += 1
    assert await recent.ask("access", "t", hub.answer) == 2


async def test_a_refusal_reaches_all_who_asked_and_no_other(hub: Asked, recent: Recent) -> None:
    refused = await asyncio.gather(*(recent.ask("access", "t", hub.refuse) for _ in range(2)), return_exceptions=True)
    assert [type(error) for error in refused] == [LookupError, LookupError] and hub.questions == 1
    asked = asyncio.ensure_future(recent.ask("access", "u", hub.answer))
    other = asyncio.ensure_future(recent.ask("access", "u", hub.answer))
    await asyncio.sleep(0)
    asked.cancel()
    assert await other == 2
