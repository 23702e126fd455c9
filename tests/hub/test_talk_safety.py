"""Forum and debates of a TwinSpace: what is hidden there is hidden on every way in, what is erased leaves no byte."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

import pytest

from storage.snapshots import verify
from tests.hub.cases.finding import made
from tests.hub.test_erasure import erase, keep, needle, places_of
from tests.hub.test_safety import blobs_of, hide, queue, show, tell
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def start_thread(person: Person, world: World, title: str, text: str) -> str:
    page = await made(person, "POST", f"{world.path}/threads", {"title": title, "text": text})
    return str(page["thread"]["id"])


async def answer(person: Person, thread_id: str, text: str) -> str:
    posted = await made(
        person, "POST", f"/api/v1/threads/{thread_id}/posts", {"client_post_id": token_hex(4), "text": text}
    )
    return f"{thread_id}:{posted['seq']}"


async def open_debate(world: World, motion: str) -> str:
    return str((await made(world.teacher, "POST", f"{world.path}/debates", {"motion": motion}))["id"])


async def hits(person: Person, word: str) -> list[Any]:
    groups = (await person.get(f"/api/v1/search?q={word}"))["groups"]
    return [group["kind"] for group in groups]


async def kept_now(world: World) -> str:
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Now"})
    blobs = await blobs_of(world, taken.body["tree"])
    return "\n".join(blob.decode(errors="replace") for blob in blobs)


async def test_a_hidden_answer_keeps_its_place_and_nothing_else(world: World) -> None:
    word = needle()
    thread_id = await start_thread(world.founder, world, "Bread", "Which one?")
    post = await answer(world.pupil, thread_id, f"You are {word}")
    assert (await tell(world.visitor, world, "post", post)).status == 201
    (report,) = (await queue(world.teacher, world))["reports"]
    assert (report["kind"], report["excerpt"]) == ("post", f"You are {word}")
    socket = await world.visitor.socket()
    await socket.enter(world.twinspace_id)
    await hide(world, "post", post)
    assert (await socket.expect("subject:changed"))["subject_id"] == post
    for person in (world.founder, world.pupil, world.visitor):
        shown = (await person.get(f"/api/v1/threads/{thread_id}"))["posts"]
        assert [(each["text"], each["is_hidden"]) for each in shown] == [("Which one?", False), ("", True)]
    await world.hub.context.search_index.settle()
    assert await hits(world.founder, word) == []
    assert word not in await kept_now(world)
    path = f"/api/v1/threads/{thread_id}/posts/2"
    for method, body in (("PATCH", {"text": "Sorry"}), ("DELETE", None)):
        assert (await world.pupil.call(method, path, body)).status == 404
    assert (await world.founder.call("GET", f"{path}/versions")).status == 404
    assert (await tell(world.visitor, world, "post", post)).status == 404
    await show(world, "post", post)
    assert await hits(world.founder, word) == ["thread"]
    assert word in await kept_now(world)


async def test_a_hidden_thread_is_not_there_with_all_its_answers(world: World) -> None:
    word, answered = needle(), needle()
    thread_id = await start_thread(world.pupil, world, f"Against {word}", "She smells")
    await answer(world.founder, thread_id, f"Stop it {answered}")
    assert (await tell(world.visitor, world, "post", f"{thread_id}:1")).status == 404
    assert (await tell(world.visitor, world, "thread", thread_id)).status == 201
    await hide(world, "thread", thread_id)
    await world.hub.context.search_index.settle()
    for person in (world.founder, world.pupil):
        assert (await person.call("GET", f"/api/v1/threads/{thread_id}")).status == 404
        for path in (f"{world.path}/threads", "/api/v1/me/threads"):
            assert thread_id not in str(await person.get(path))
        assert await hits(person, word) == await hits(person, answered) == []
    kept = await kept_now(world)
    assert word not in kept and answered not in kept
    await show(world, "thread", thread_id)
    assert len((await world.pupil.get(f"/api/v1/threads/{thread_id}"))["posts"]) == 2


async def test_a_hidden_debate_is_in_no_list_no_journal_and_no_search(world: World) -> None:
    word = needle()
    debate_id = await open_debate(world, f"Girls {word}")
    assert (await tell(world.pupil, world, "debate", debate_id)).status == 201
    await hide(world, "debate", debate_id)
    await world.hub.context.search_index.settle()
    for person in (world.teacher, world.pupil):
        assert (await person.call("GET", f"/api/v1/debates/{debate_id}")).status == 404
        for page in (f"{world.path}/debates", f"{world.path}/journal"):
            assert word not in str(await person.get(page)), page
        assert await hits(person, word) == []
    vote = await world.pupil.call("PUT", f"/api/v1/debates/{debate_id}/vote", {"ballot": "before", "choice": "for"})
    assert vote.status == 404
    assert word not in await kept_now(world)
    await show(world, "debate", debate_id)
    assert word in str(await world.pupil.get(f"{world.path}/journal"))
    assert sorted(await hits(world.pupil, word)) == ["debate", "journal"]


async def test_what_is_elsewhere_or_removed_cannot_be_reported(world: World) -> None:
    thread_id = await start_thread(world.founder, world, "Bread", "Which one?")
    post = await answer(world.pupil, thread_id, "Rye")
    assert (await world.pupil.call("DELETE", f"/api/v1/threads/{thread_id}/posts/2")).status == 204
    large = (await made(world.teacher, "POST", "/api/v1/threads", {"title": "Large", "text": "Hello"}))["thread"]["id"]
    for kind, subject_id in (
        ("post", post),
        ("post", f"{thread_id}:9"),
        ("post", f"{thread_id}:x"),
        ("post", "absent:2"),
        ("thread", large),
        ("thread", "absent"),
        ("debate", "absent"),
    ):
        assert (await tell(world.pupil, world, kind, subject_id)).code == "not_found", (kind, subject_id)


async def test_erased_answers_threads_and_motions_leave_no_byte_and_the_chain_verifies(world: World) -> None:
    words = [needle() for _ in range(5)]
    answered, former, title, inside, motion = words
    other = needle()
    kept_thread = await start_thread(world.founder, world, "Bread", other)
    post = await answer(world.pupil, kept_thread, former)
    edited = await world.pupil.call("PATCH", f"/api/v1/threads/{kept_thread}/posts/2", {"text": answered})
    assert edited.status == 200
    gone_thread = await start_thread(world.pupil, world, title, "She smells")
    reported = await answer(world.founder, gone_thread, inside)
    debate_id = await open_debate(world, motion)
    await tell(world.visitor, world, "post", post)
    await tell(world.visitor, world, "post", reported)
    await tell(world.visitor, world, "thread", gone_thread)
    await tell(world.visitor, world, "debate", debate_id)
    await keep(world)
    await world.hub.context.search_index.settle()
    assert all(places_of(world, word) for word in words)
    await erase(world, "post", post)
    await erase(world, "thread", gone_thread)
    await erase(world, "debate", debate_id)
    assert [word for word in words if places_of(world, word)] == []
    assert places_of(world, other)
    shown = (await world.pupil.get(f"/api/v1/threads/{kept_thread}"))["posts"]
    assert [each["text"] for each in shown] == [other, ""]
    report = await verify(world.hub.context.storage, world.twinspace_id)
    assert report.is_intact and report.redaction_count == 3
