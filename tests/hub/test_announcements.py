"""What everybody in a TwinSpace hears of what somebody did, and who does not hear it."""

from __future__ import annotations

import pytest

from tests.hub.world import STRANGER, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_entering_tells_who_is_online_and_the_newest_message(world: World) -> None:
    await world.founder.call("POST", f"{world.path}/messages", {"text": "Hello"})
    first = await world.founder.socket()
    assert await first.enter(world.twinspace_id) == {"ok": True, "online": [world.founder.user.id], "latest_seq": 1}
    second = await world.pupil.socket()
    entered = await second.enter(world.twinspace_id)
    assert sorted(entered["online"]) == sorted([world.founder.user.id, world.pupil.user.id])
    came = await first.expect("member:online", lambda data: data["user_id"] == world.pupil.user.id)
    assert came == {"twinspace_id": world.twinspace_id, "user_id": world.pupil.user.id}


async def test_a_user_with_two_tabs_goes_offline_with_the_last_one(world: World) -> None:
    watcher = await world.founder.socket()
    await watcher.enter(world.twinspace_id)
    tabs = [await world.pupil.socket(), await world.pupil.socket()]
    for tab in tabs:
        await tab.enter(world.twinspace_id)
    await tabs[0].close()
    detail = await world.founder.get(world.path)
    assert {m["user_id"]: m["online"] for m in detail["members"]}[world.pupil.user.id]
    await tabs[1].call("twinspace:leave", {"twinspace_id": world.twinspace_id})
    await watcher.expect("member:offline", lambda data: data["user_id"] == world.pupil.user.id)
    heard = [name for name, _ in watcher.heard()]
    assert "member:offline" not in heard


async def test_a_chat_message_reaches_everybody_who_entered_and_nobody_else(world: World) -> None:
    inside = [await world.people[name].socket() for name in ("founder", "teacher", "visitor")]
    for socket in inside:
        await socket.enter(world.twinspace_id)
    outside = await world.people[STRANGER].socket()
    not_entered = await world.pupil.socket()
    said = await inside[0].call(
        "chat:post", {"twinspace_id": world.twinspace_id, "client_message_id": "m1", "text": "Dzień dobry"}
    )
    assert said["ok"] and said["display_name"] == world.founder.user.display_name
    for socket in inside:
        posted = await socket.expect("chat:posted")
        assert posted == {key: value for key, value in said.items() if key != "ok"}
    assert outside.heard() == [] and not_entered.heard() == []


async def test_the_same_message_sent_again_is_stored_and_announced_once(world: World) -> None:
    listener = await world.teacher.socket()
    await listener.enter(world.twinspace_id)
    socket = await world.pupil.socket()
    payload = {"twinspace_id": world.twinspace_id, "client_message_id": "same", "text": "Once"}
    assert await socket.call("chat:post", payload) == await socket.call("chat:post", payload)
    await socket.call("chat:post", {**payload, "client_message_id": "end", "text": "End"})
    assert (await listener.expect("chat:posted"))["text"] == "Once"
    assert (await listener.expect("chat:posted"))["text"] == "End"
    since = await socket.call("chat:since", {"twinspace_id": world.twinspace_id, "seq": 0})
    assert [m["text"] for m in since["messages"]] == ["Once", "End"]


async def test_messages_of_one_session_keep_their_order(world: World) -> None:
    socket = await world.pupil.socket()
    texts = [f"Line {n}" for n in range(20)]
    for number, text in enumerate(texts):
        await socket.client.emit(
            "chat:post", {"twinspace_id": world.twinspace_id, "client_message_id": f"line-{number}", "text": text}
        )
    since = await socket.call("chat:since", {"twinspace_id": world.twinspace_id, "seq": 0})
    assert [m["text"] for m in since["messages"]] == texts


async def test_a_new_content_and_its_new_title_are_announced_and_written_into_the_journal(world: World) -> None:
    socket = await world.visitor.socket()
    await socket.enter(world.twinspace_id)
    content_id = await world.create("document", "Old title")
    assert (await socket.expect("content:created"))["title"] == "Old title"
    recorded = await socket.expect("journal:recorded")
    assert recorded["verb"] == "content_created" and recorded["twinspace_id"] == world.twinspace_id
    await world.teacher.call("PATCH", f"/api/v1/contents/{content_id}", {"title": "New title"})
    assert (await socket.expect("content:changed"))["title"] == "New title"
    journal = await world.visitor.get(f"{world.path}/journal")
    assert [entry["verb"] for entry in journal["entries"]] == ["content_renamed", "content_created"]
    assert journal["entries"][0]["display_name"] == world.teacher.user.display_name
    older = await world.visitor.get(f"{world.path}/journal?before={journal['entries'][0]['seq']}&limit=1")
    assert [entry["verb"] for entry in older["entries"]] == ["content_created"]


async def test_chat_can_be_read_backwards_and_forwards(world: World) -> None:
    for number in range(5):
        await world.pupil.call("POST", f"{world.path}/messages", {"text": f"{number}"})
    read = world.visitor.get

    async def texts(query: str) -> list[str]:
        return [m["text"] for m in (await read(f"{world.path}/messages{query}"))["messages"]]

    assert await texts("") == ["0", "1", "2", "3", "4"]
    assert await texts("?limit=2") == ["3", "4"]
    assert await texts("?before=4&limit=2") == ["1", "2"]
    assert await texts("?since=3") == ["3", "4"]
