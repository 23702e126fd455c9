"""The contract of polls, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Poll, PollId, PollVote, RoomId, TwinspaceId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, ROOM, SPACE, settle

POLL = Poll(PollId("p"), SPACE.id, "Rye or wheat?", ("Rye", "Wheat"), (0,), False, True, 30, "prepared", ANA.id, 10)


async def test_what_is_prepared_can_be_changed_and_removed_until_it_is_opened(storage: Storage) -> None:
    await settle(storage)
    polls = storage.polls
    await polls.add(POLL)
    later = replace(POLL, id=PollId("q"), created_at_ms=11, right=(), seconds=0)
    await polls.add(later)
    with pytest.raises(Conflict):
        await polls.add(POLL)
    with pytest.raises(NotFound):
        await polls.add(replace(POLL, id=PollId("x"), twinspace_id=TwinspaceId("absent")))
    assert await polls.of_twinspace(SPACE.id) == [later, POLL] and await polls.of_twinspace(OTHER_SPACE.id) == []
    changed = replace(POLL, question="Rye, wheat or spelt?", options=("Rye", "Wheat", "Spelt"), right=(2,))
    await polls.change(changed)
    assert await polls.get(POLL.id) == changed
    await polls.remove(later.id)
    for gone in (polls.get(later.id), polls.remove(later.id), polls.open(later.id, ROOM.id, 1)):
        with pytest.raises(NotFound):
            await gone
    with pytest.raises(NotFound):
        await polls.open(POLL.id, RoomId("absent"), 100)
    opened = await polls.open(POLL.id, ROOM.id, 100)
    assert opened == replace(changed, state="open", room_id=ROOM.id, opened_at_ms=100, ends_at_ms=30_100)
    for late in (polls.change(POLL), polls.remove(POLL.id), polls.open(POLL.id, ROOM.id, 101)):
        with pytest.raises(Conflict):
            await late


async def test_each_has_one_vote_while_it_is_open(storage: Storage) -> None:
    await settle(storage)
    polls = storage.polls
    await polls.add(POLL)
    vote = PollVote(POLL.id, LUCIA.id, (1, 0), 1, 200)
    with pytest.raises(Conflict):
        await polls.vote(vote)
    await polls.open(POLL.id, ROOM.id, 100)
    await polls.vote(vote)
    await polls.vote(replace(vote, counts=(0, 1), at_ms=30_099))
    await polls.vote(replace(vote, user_id=ANA.id, counts=(1, 0)))
    both = [replace(vote, user_id=ANA.id), replace(vote, counts=(0, 1), at_ms=30_099)]
    assert await polls.votes(POLL.id) == both
    # Its time is over, though nobody has ended it.
    with pytest.raises(Conflict):
        await polls.vote(replace(vote, at_ms=30_100))
    with pytest.raises(Conflict):
        await polls.end(POLL.id, 30_100)
    assert await polls.votes(POLL.id) == both
    with pytest.raises(NotFound):
        await polls.vote(replace(vote, poll_id=PollId("absent")))


async def test_an_end_before_its_time_is_the_end(storage: Storage) -> None:
    await settle(storage)
    polls = storage.polls
    await polls.add(replace(POLL, seconds=0))
    await polls.open(POLL.id, ROOM.id, 100)
    ended = await polls.end(POLL.id, 500)
    assert (ended.state, ended.ends_at_ms) == ("ended", 500)
    for late in (polls.end(POLL.id, 501), polls.vote(PollVote(POLL.id, LUCIA.id, (1, 0), 1, 400))):
        with pytest.raises(Conflict):
            await late
