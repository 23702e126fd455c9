"""The contracts of forum and debates, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Debate, DebateId, PostVersion, Thread, ThreadId, TwinspaceId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, SPACE, settle

THREAD = Thread(ThreadId("one"), SPACE.id, "Bread", ANA.id, 10, 10, 1)
AT_LARGE = replace(THREAD, id=ThreadId("large"), twinspace_id=None)
DEBATE = Debate(DebateId("d"), SPACE.id, "Phones belong in school", 120, "before", ANA.id, 10)


async def test_threads_are_listed_by_life_and_pinned_first(storage: Storage) -> None:
    await settle(storage)
    forum = storage.forum
    await forum.add_thread(THREAD, "First!")
    second = replace(THREAD, id=ThreadId("two"), latest_at_ms=11, created_at_ms=11)
    await forum.add_thread(second, "Second")
    await forum.add_thread(AT_LARGE, "Elsewhere")
    with pytest.raises(Conflict):
        await forum.add_thread(THREAD, "Again")
    with pytest.raises(NotFound):
        await forum.add_thread(replace(THREAD, id=ThreadId("x"), twinspace_id=TwinspaceId("absent")), "")

    async def ids(limit: int = 9, offset: int = 0) -> list[str]:
        return [thread.id for thread in await forum.threads(SPACE.id, limit, offset)]

    assert await ids() == ["two", "one"]
    assert (await forum.set_thread(THREAD.id, is_pinned=True)).is_pinned
    assert (await ids(), await ids(1, 1)) == (["one", "two"], ["two"])
    assert [thread.id for thread in await forum.threads(None, 9)] == ["large"]
    assert await forum.threads(OTHER_SPACE.id, 9) == []
    await forum.remove_thread(THREAD.id)
    for gone in (forum.thread(THREAD.id), forum.remove_thread(THREAD.id), forum.set_thread(THREAD.id, is_closed=True)):
        with pytest.raises(NotFound):
            await gone
    assert await forum.posts(THREAD.id, 0, 9) == [] and await forum.followers(THREAD.id) == []


async def test_posts_are_added_once_edited_with_history_and_removed(storage: Storage) -> None:
    await settle(storage)
    forum = storage.forum
    await forum.add_thread(THREAD, "First!")
    post, is_new = await forum.add_post(THREAD.id, client_post_id="a", user_id=LUCIA.id, text="Rye", at_ms=20)
    assert (post.seq, is_new) == (2, True)
    same, is_new = await forum.add_post(THREAD.id, client_post_id="a", user_id=LUCIA.id, text="Rye", at_ms=21)
    assert (same, is_new) == (post, False)
    thread = await forum.thread(THREAD.id)
    assert (thread.post_count, thread.latest_at_ms) == (2, 20)
    assert [each.text for each in await forum.posts(THREAD.id, 0, 9)] == ["First!", "Rye"]
    assert [each.text for each in await forum.posts(THREAD.id, 1, 9)] == ["Rye"]
    await forum.edit_post(THREAD.id, 2, "Rye bread", 30)
    edited = await forum.edit_post(THREAD.id, 2, "Dark rye bread", 40)
    assert edited == replace(post, text="Dark rye bread", edited_at_ms=40)
    assert await forum.versions(THREAD.id, 2) == [PostVersion("Rye", 20), PostVersion("Rye bread", 30)]
    removed = await forum.remove_post(THREAD.id, 2)
    assert (removed.text, removed.is_removed, await forum.versions(THREAD.id, 2)) == ("", True, [])
    for gone in (forum.edit_post(THREAD.id, 2, "x", 1), forum.post(THREAD.id, 3), forum.remove_post(THREAD.id, 3)):
        with pytest.raises(NotFound):
            await gone
    await forum.set_thread(THREAD.id, is_closed=True)
    with pytest.raises(Conflict):
        await forum.add_post(THREAD.id, client_post_id="b", user_id=LUCIA.id, text="Late", at_ms=50)


async def test_followers_know_how_far_they_have_read(storage: Storage) -> None:
    await settle(storage)
    forum = storage.forum
    await forum.add_thread(THREAD, "First!")
    await forum.follow(THREAD.id, LUCIA.id, True)
    await forum.follow(THREAD.id, LUCIA.id, True)
    assert await forum.followers(THREAD.id) == [ANA.id, LUCIA.id]
    await forum.add_post(THREAD.id, client_post_id="a", user_id=LUCIA.id, text="Rye", at_ms=20)

    async def read() -> list[list[int]]:
        return [[one.read_seq for one in await forum.followed(user.id)] for user in (ANA, LUCIA)]

    assert await read() == [[1], [2]]
    await forum.mark_read(THREAD.id, ANA.id, 99)
    await forum.mark_read(THREAD.id, ANA.id, 1)
    assert await read() == [[2], [2]]
    await forum.follow(THREAD.id, ANA.id, False)
    await forum.mark_read(THREAD.id, ANA.id, 2)
    assert await read() == [[], [2]]


async def test_a_debate_goes_its_way(storage: Storage) -> None:
    await settle(storage)
    debates = storage.debates
    await debates.add(DEBATE)
    assert await debates.of_twinspace(SPACE.id) == [DEBATE] and await debates.of_twinspace(OTHER_SPACE.id) == []
    await debates.vote(DEBATE.id, "before", ANA.id, "for")
    await debates.vote(DEBATE.id, "before", ANA.id, "against")
    await debates.vote(DEBATE.id, "before", LUCIA.id, "against")
    assert await debates.tally(DEBATE.id, "before") == {"against": 2}
    assert await debates.choice(DEBATE.id, "before", ANA.id) == "against"
    assert await debates.choice(DEBATE.id, "after", ANA.id) is None
    for early in (
        debates.vote(DEBATE.id, "after", ANA.id, "for"),
        debates.ask_turn(DEBATE.id, ANA.id, "for", 1),
        debates.move(DEBATE.id, "speaking", "after", 1),
    ):
        with pytest.raises(Conflict):
            await early
    assert (await debates.move(DEBATE.id, "before", "speaking", 20)).state == "speaking"
    with pytest.raises(Conflict):
        await debates.vote(DEBATE.id, "before", ANA.id, "for")
    assert (await debates.ask_turn(DEBATE.id, ANA.id, "for", 21)).seq == 1
    assert (await debates.ask_turn(DEBATE.id, LUCIA.id, "against", 22)).seq == 2
    with pytest.raises(Conflict):
        await debates.ask_turn(DEBATE.id, ANA.id, "for", 23)
    assert (await debates.start_turn(DEBATE.id, 1, 30)).started_at_ms == 30
    with pytest.raises(Conflict):
        await debates.start_turn(DEBATE.id, 2, 31)
    for wrong in (debates.drop_turn(DEBATE.id, 1), debates.end_turn(DEBATE.id, 2, 1), debates.drop_turn(DEBATE.id, 9)):
        with pytest.raises(NotFound):
            await wrong
    assert (await debates.end_turn(DEBATE.id, 1, 40)).ended_at_ms == 40
    with pytest.raises(NotFound):
        await debates.start_turn(DEBATE.id, 1, 41)
    await debates.start_turn(DEBATE.id, 2, 50)
    await debates.ask_turn(DEBATE.id, ANA.id, "for", 51)
    await debates.move(DEBATE.id, "speaking", "after", 60)
    assert [(turn.seq, turn.ended_at_ms) for turn in await debates.turns(DEBATE.id)] == [(1, 40), (2, 60)]
    closed = await debates.move(DEBATE.id, "after", "closed", 70)
    assert closed == replace(DEBATE, state="closed", closed_at_ms=70) == await debates.get(DEBATE.id)
    with pytest.raises(NotFound):
        await debates.get(DebateId("absent"))
