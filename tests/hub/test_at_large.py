"""What teachers say outside TwinSpaces can be reported, hidden everywhere, shown again and erased by a service."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.hub.cases.finding import made
from tests.hub.test_erasure import needle, places_of, rewritten
from tests.hub.test_staff_room import id_of, write_to
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def question_of(staff: Person, reporter: Person) -> Any:
    """The newest one, taken by this person of the service."""
    waiting = (await staff.get("/api/v1/help/queue"))["questions"]
    path = f"/api/v1/help/questions/{[each['id'] for each in waiting if each['asked_by'] == id_of(reporter)][-1]}"
    await made(staff, "PUT", f"{path}/owner", {})
    return path


async def test_a_letter_is_hidden_shown_and_erased_by_the_service(world: World) -> None:
    ana, marek, word = world.founder, world.teacher, needle()
    started = (await write_to(marek, ana, f"You are a {word}.")).body
    conversation = f"/api/v1/conversations/{started['id']}"
    report = {"seq": 1, "reason": "He is rude."}
    assert (await ana.call("POST", f"{conversation}/report", report)).status == 204
    assert (await ana.call("POST", f"{conversation}/report", report | {"seq": 9})).status == 404
    staff = await world.person_of("national_staff")
    path = await question_of(staff, ana)
    told = await staff.get(path)
    assert (told["text"], told["brought"]["author_id"]) == ("He is rude.", id_of(marek))
    assert word in told["brought"]["excerpt"] and told["brought"]["is_hidden"] is False
    assert (await ana.call("PUT", f"{path}/brought", {"is_hidden": True})).status == 404

    socket = await marek.socket()
    assert (await made(staff, "PUT", f"{path}/brought", {"is_hidden": True}))["brought"]["is_hidden"]
    heard = await socket.expect("conversation:hidden")
    assert heard == {"conversation_id": started["id"], "seq": 1, "is_hidden": True}
    for person in (ana, marek):
        (message,) = (await person.get(f"{conversation}/messages"))["messages"]
        assert (message["text"], message["is_hidden"]) == ("", True)
        assert word not in str(await person.get("/api/v1/conversations"))
    assert (await ana.call("POST", f"{conversation}/report", report)).status == 404
    await made(staff, "PUT", f"{path}/brought", {"is_hidden": False})
    assert word in str(await ana.get(f"{conversation}/messages"))

    early = await staff.call("DELETE", f"{path}/brought")
    assert early.code == "conflict"
    await made(staff, "PUT", f"{path}/brought", {"is_hidden": True})
    assert places_of(world, word)
    assert (await staff.call("DELETE", f"{path}/brought")).body["brought"]["excerpt"] == ""
    await rewritten(world)
    assert places_of(world, word) == []
    (message,) = (await ana.get(f"{conversation}/messages"))["messages"]
    assert (message["text"], message["is_hidden"]) == ("", True)


async def test_posts_and_threads_of_the_teachers_forum_are_hidden_from_every_reader(world: World) -> None:
    ana, marek, word, other = world.founder, world.teacher, f"quince{secrets.token_hex(4)}", needle()
    thread = (await made(ana, "POST", "/api/v1/threads", {"title": f"Bread {word}", "text": "Which one?"}))["thread"]
    path = f"/api/v1/threads/{thread['id']}"
    await made(marek, "POST", f"{path}/posts", {"client_post_id": "a", "text": f"Not with you, {other}"})
    await world.hub.context.search_index.settle()
    assert (await ana.call("POST", f"{path}/posts/2/report", {"reason": "Rude."})).status == 204
    staff = await world.person_of("national_staff")
    question = await question_of(staff, ana)
    await made(staff, "PUT", f"{question}/brought", {"is_hidden": True})
    await world.hub.context.search_index.settle()
    shown = (await ana.get(path))["posts"]
    assert [(post["is_hidden"], post["text"]) for post in shown] == [(False, "Which one?"), (True, "")]
    assert not (await ana.get(f"/api/v1/search?q={other}"))["groups"]
    assert (await marek.call("PATCH", f"{path}/posts/2", {"text": "Again"})).status == 404
    assert (await marek.call("GET", f"{path}/posts/2/versions")).status == 404

    # With the first post goes the thread.
    assert (await marek.call("POST", f"{path}/posts/1/report", {"reason": "Off topic."})).status == 204
    central = await world.person_of("central_staff")
    whole = await question_of(central, marek)
    await made(central, "PUT", f"{whole}/brought", {"is_hidden": True})
    await world.hub.context.search_index.settle()
    assert (await ana.call("GET", path)).status == 404
    assert thread["id"] not in str(await ana.get("/api/v1/threads"))
    assert thread["id"] not in str(await ana.get("/api/v1/me/threads"))
    assert not (await marek.get(f"/api/v1/search?q={word}"))["groups"]
    await world.hub.context.search_index.rebuild()
    assert not (await marek.get(f"/api/v1/search?q={word}"))["groups"]
    await made(central, "PUT", f"{whole}/brought", {"is_hidden": False})
    await world.hub.context.search_index.settle()
    assert [group["kind"] for group in (await marek.get(f"/api/v1/search?q={word}"))["groups"]] == ["thread"]
    assert (await ana.get(path))["posts"][1]["is_hidden"]


async def test_nobody_of_a_service_decides_about_their_own_words(world: World) -> None:
    staff, ana = await world.person_of("national_staff"), world.founder
    thread = (await made(staff, "POST", "/api/v1/threads", {"title": "Rules", "text": "Read them."}))["thread"]
    report = await ana.call("POST", f"/api/v1/threads/{thread['id']}/posts/1/report", {"reason": "Rude."})
    assert report.status == 204
    waiting = [each for each in (await staff.get("/api/v1/help/queue"))["questions"] if each["asked_by"] == id_of(ana)]
    assert waiting == []
    central = await world.person_of("central_staff")
    question = await question_of(central, ana)
    assert (await staff.call("GET", question)).status == 404
    in_a_twinspace = await made(ana, "POST", f"{world.path}/threads", {"title": "Ours", "text": "Hello"})
    path = f"/api/v1/threads/{in_a_twinspace['thread']['id']}/posts/1/report"
    assert (await ana.call("POST", path, {"reason": "Rude."})).status == 404
