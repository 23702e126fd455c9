"""The forum: threads, answers, what was changed, who may do what, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.cases.finding import made
from tests.hub.world import STRANGER, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def begin(person: Person, path: str, title: str = "Bread", text: str = "Which one?") -> str:
    return str((await made(person, "POST", path, {"title": title, "text": text}))["thread"]["id"])


async def answer(person: Person, thread_id: str, text: str, key: str = "a") -> Any:
    return await person.call("POST", f"/api/v1/threads/{thread_id}/posts", {"client_post_id": key, "text": text})


async def test_a_thread_grows_and_is_heard_of(world: World) -> None:
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    thread_id = await begin(world.founder, f"{world.path}/threads")
    assert (await socket.expect("thread:changed"))["thread_id"] == thread_id
    posted = await answer(world.pupil, thread_id, "Rye")
    assert posted.status == 201 and posted.body["seq"] == 2
    assert (await answer(world.pupil, thread_id, "Rye")).body == posted.body
    assert await socket.expect("thread:changed", lambda told: told["post_count"] == 2)
    page = await world.teacher.get(f"/api/v1/threads/{thread_id}")
    assert [post["text"] for post in page["posts"]] == ["Which one?", "Rye"]
    assert page["may_post"] and page["may_moderate"] and not page["thread"]["follows"]
    assert [(t["id"], t["unread"]) for t in (await world.founder.get("/api/v1/me/threads"))["threads"]][:1] == [
        (thread_id, 1)
    ]
    await world.founder.get(f"/api/v1/threads/{thread_id}")
    assert (await world.founder.get("/api/v1/me/threads"))["threads"][0]["unread"] == 0
    after = await world.teacher.get(f"/api/v1/threads/{thread_id}?after=1")
    assert [post["seq"] for post in after["posts"]] == [2]


async def test_a_post_is_edited_for_a_while_with_its_history(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    thread_id = await begin(world.founder, f"{world.path}/threads")
    await answer(world.pupil, thread_id, "Ry")
    post = f"/api/v1/threads/{thread_id}/posts/2"
    edited = await made(world.pupil, "PATCH", post, {"text": "Rye"})
    assert edited["edited_at_ms"] and edited["text"] == "Rye"
    assert (await world.teacher.call("PATCH", post, {"text": "Mine"})).status == 404
    for person in (world.pupil, world.teacher):
        assert [each["text"] for each in (await person.get(f"{post}/versions"))["versions"]] == ["Ry"]
    other = await world.add("pupil", "pupil", "b")
    assert (await other.call("GET", f"{post}/versions")).status == 404
    context = world.hub.context
    later_ms = context.now_ms() + 31 * 60_000
    monkeypatch.setattr(context, "now_ms", lambda: later_ms)
    late = await world.pupil.call("PATCH", post, {"text": "Wheat"})
    assert (late.status, late.code) == (409, "conflict")
    assert not (await world.pupil.get(f"/api/v1/threads/{thread_id}"))["posts"][1]["may_edit"]


async def test_teachers_pin_close_and_remove(world: World) -> None:
    first = await begin(world.founder, f"{world.path}/threads")
    second = await begin(world.founder, f"{world.path}/threads", "Milk")
    assert [t["id"] for t in (await world.pupil.get(f"{world.path}/threads"))["threads"]] == [second, first]
    assert (await world.pupil.call("PATCH", f"/api/v1/threads/{first}", {"is_pinned": True})).status == 404
    await made(world.teacher, "PATCH", f"/api/v1/threads/{first}", {"is_pinned": True, "is_closed": True})
    assert [t["id"] for t in (await world.pupil.get(f"{world.path}/threads"))["threads"]] == [first, second]
    assert (await answer(world.pupil, first, "Late")).status == 409
    await answer(world.pupil, second, "Quokka", "q")
    await world.hub.context.search_index.settle()
    assert (await world.pupil.get("/api/v1/search?q=quokka"))["groups"][0]["hits"][0]["place"] == second
    other = await world.add("pupil", "pupil", "b")
    assert (await other.call("DELETE", f"/api/v1/threads/{second}/posts/2")).status == 404
    assert (await world.teacher.call("DELETE", f"/api/v1/threads/{second}/posts/2")).status == 204
    gone = (await world.pupil.get(f"/api/v1/threads/{second}"))["posts"][1]
    assert (gone["text"], gone["is_removed"]) == ("", True)
    await world.hub.context.search_index.settle()
    assert (await world.pupil.get("/api/v1/search?q=quokka"))["groups"] == []
    own = await begin(world.pupil, f"{world.path}/threads", "Oats")
    await answer(world.founder, own, "Yes")
    assert (await world.pupil.call("DELETE", f"/api/v1/threads/{own}/posts/1")).status == 409
    assert (await world.founder.call("DELETE", f"/api/v1/threads/{own}/posts/1")).status == 204
    assert (await world.pupil.call("GET", f"/api/v1/threads/{own}")).status == 404


async def test_a_thread_is_closed_to_everybody_elsewhere(world: World) -> None:
    thread_id = await begin(world.founder, f"{world.path}/threads")
    path = f"/api/v1/threads/{thread_id}"
    family = await world.add("family")
    for person in (world.people[STRANGER], family):
        for method, more, body in (
            ("GET", "", None),
            ("PATCH", "", {"is_pinned": True}),
            ("PUT", "/follow", {"follows": True}),
            ("POST", "/posts", {"client_post_id": "x", "text": "x"}),
            ("PATCH", "/posts/1", {"text": "x"}),
            ("DELETE", "/posts/1", None),
            ("GET", "/posts/1/versions", None),
        ):
            refused = await person.call(method, path + more, body)
            absent = await person.call(method, "/api/v1/threads/absent" + more, body)
            assert (refused.status, refused.body) == (absent.status, absent.body), (method, more)
            assert refused.status == 404
    # Who may read and not chat.
    assert (await answer(world.visitor, thread_id, "Hello")).status == 404
    assert (await world.visitor.get(path))["may_post"] is False
    assert world.pupil.user
    await made(world.pupil, "POST", f"{path}/posts", {"client_post_id": "p", "text": "Mine"})
    await world.hub.context.storage.twinspaces.remove_member(world.twinspace_id, world.pupil.user.id)
    assert thread_id not in [t["id"] for t in (await world.pupil.get("/api/v1/me/threads"))["threads"]]


async def test_teachers_at_large_have_a_forum_without_pupils(world: World) -> None:
    thread_id = await begin(world.people[STRANGER], "/api/v1/threads", "Time zones")
    staff = await world.person_of("regional_staff")
    socket = await world.people[STRANGER].socket()
    assert (await answer(world.teacher, thread_id, "Use UTC")).status == 201
    assert (await socket.expect("thread:changed"))["post_count"] == 2
    for method, path, body in (
        ("GET", "/api/v1/threads", None),
        ("POST", "/api/v1/threads", {"title": "x", "text": "x"}),
        ("GET", f"/api/v1/threads/{thread_id}", None),
        ("POST", f"/api/v1/threads/{thread_id}/posts", {"client_post_id": "x", "text": "x"}),
    ):
        assert (await world.pupil.call(method, path, body)).status == 404
    assert (await world.teacher.call("PATCH", f"/api/v1/threads/{thread_id}", {"is_pinned": True})).status == 404
    assert (await made(staff, "PATCH", f"/api/v1/threads/{thread_id}", {"is_pinned": True}))["is_pinned"]
    assert (await staff.call("DELETE", f"/api/v1/threads/{thread_id}/posts/1")).status == 204
