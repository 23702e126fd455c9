"""What teachers do among each other: partners, conversations, shelf, help desk. Pupils are never part of it."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from hub.actions import conversations
from hub.protocol import ROUTES
from storage.records import Registration
from tests.hub.cases.finding import IDEA, PROFILE, RESOURCE, made
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def id_of(person: Person) -> str:
    assert person.user is not None
    return person.user.id


async def write_to(person: Person, other: Person, text: str = "Hello") -> Any:
    body = {"user_ids": [id_of(other)], "client_message_id": secrets.token_hex(4), "text": text}
    return await person.call("POST", "/api/v1/conversations", body)


async def test_a_teacher_is_found_by_what_they_tell_and_only_if_they_want(world: World) -> None:
    ana, marek = world.founder, world.teacher
    told = PROFILE | {"about": f"Ríos y puentes {world.twinspace_id}", "subjects": ["Computer science"]}
    await made(ana, "PUT", "/api/v1/me/profile", told)

    async def found(query: str) -> list[str]:
        answer = await marek.get(f"/api/v1/profiles?{query}")
        return [profile["user_id"] for profile in answer["profiles"]]

    words = f"q=rios+{world.twinspace_id}"
    for query in ("", "&country=ES", "&language=es", "&stage=primary", "&subject=computer%20SCIENCE"):
        assert await found(words + query) == [id_of(ana)], query
    for query in ("&country=PL", "&language=pl", "&stage=early", "&subject=science"):
        assert await found(words + query) == [], query
    page = await marek.get(f"/api/v1/profiles/{id_of(ana)}")
    assert (page["school"]["country"], page["subjects"], page["ideas"]) == ("ES", ["Computer science"], [])
    await made(ana, "PUT", "/api/v1/me/profile", told | {"is_listed": False})
    assert await found(words) == []
    assert (await marek.call("GET", f"/api/v1/profiles/{id_of(ana)}")).status == 404
    assert (await ana.get("/api/v1/me/profile"))["about"] == told["about"]


async def test_an_idea_is_found_until_its_last_day_and_leads_to_a_founding(world: World) -> None:
    ana, marek = world.founder, world.teacher
    title = f"Breads {secrets.token_hex(4)}"
    idea = await made(ana, "POST", "/api/v1/ideas", IDEA | {"title": title, "countries": ["PL"]})
    assert (idea["is_open"], idea["is_mine"], idea["school"]["country"]) == (True, True, "ES")

    async def found() -> list[str]:
        return [each["id"] for each in (await marek.get(f"/api/v1/ideas?q={title}&stage=primary"))["ideas"]]

    assert await found() == [idea["id"]]
    assert [each["id"] for each in (await marek.get(f"/api/v1/profiles/{id_of(ana)}"))["ideas"]] == [idea["id"]]
    # The founding is prefilled with the author's id.
    plan = {
        "title": title,
        "programme": "ka2",
        "stage": "primary",
        "subjects": ["Cooking"],
        "languages": ["en"],
        "starts_on": "2026-09-01",
        "ends_on": "2027-06-30",
        "room_title": "Our room",
    }
    proposed = await marek.call("POST", "/api/v1/foundings", plan | {"partner": idea["user_id"]})
    assert proposed.status == 201 and {f["user_id"] for f in proposed.body["founders"]} == {id_of(ana), id_of(marek)}
    path = f"/api/v1/ideas/{idea['id']}"
    for method, body in (("PUT", IDEA), ("DELETE", None)):
        assert (await marek.call(method, path, body)).status == 404
    over = await made(ana, "PUT", path, IDEA | {"title": title, "open_until": "2020-01-01"})
    assert over["is_open"] is False and await found() == []
    assert idea["id"] in [each["id"] for each in (await ana.get("/api/v1/me/ideas"))["ideas"]]
    assert (await ana.call("DELETE", path)).status == 204
    assert (await ana.call("GET", path)).status == 404
    wrong = await ana.call("POST", "/api/v1/ideas", IDEA | {"ages_from": 12, "ages_to": 8})
    assert wrong.code == "invalid"


async def test_pupils_are_on_no_route_and_use_none(world: World) -> None:
    """Neither found, nor read, nor written to, and every route of the teachers is closed to them."""
    pupil = await world.add("pupil", "pupil", "b")
    assert pupil.user is not None
    guest = await world.add("visitor", "guest", "a")
    for person in (pupil, guest):
        name = person.user.display_name if person.user else ""
        for path in ("/api/v1/profiles", "/api/v1/ideas", "/api/v1/search"):
            assert id_of(person) not in str(await world.founder.get(f"{path}?q={name}")), path
        assert (await world.founder.call("GET", f"/api/v1/profiles/{id_of(person)}")).status == 404
        assert (await world.founder.call("PUT", f"/api/v1/me/blocks/{id_of(person)}")).status == 404
        answer = await write_to(world.founder, person)
        absent = await world.founder.call(
            "POST", "/api/v1/conversations", {"user_ids": ["absent"], "client_message_id": "x", "text": "Hello"}
        )
        assert (answer.status, answer.body) == (absent.status, absent.body) == (404, absent.body)
        plan = {"partner": id_of(person), "title": "T", "programme": "ka2", "stage": "primary", "subjects": ["S"]}
        plan |= {"languages": ["en"], "starts_on": "2026-09-01", "ends_on": "2027-06-30", "room_title": "R"}
        assert (await world.founder.call("POST", "/api/v1/foundings", plan)).code == "invalid"
    for route in ROUTES:
        if route.method == "GET" and route.act is not None and route.act.value in ("network", "support"):
            path = route.path.replace("{user_id}", id_of(world.founder))
            if "{" not in path:
                assert (await pupil.call("GET", path)).status == 404, path


async def test_two_teachers_write_to_each_other_live(world: World) -> None:
    ana, marek = world.founder, world.teacher
    socket = await marek.socket()
    started = await write_to(ana, marek, "Cześć!")
    assert started.status == 201 and started.body["is_pair"] and started.body["unread"] == 0
    heard = await socket.expect("conversation:posted")
    assert (heard["text"], heard["user_id"], heard["seq"]) == ("Cześć!", id_of(ana), 1)
    conversation = f"/api/v1/conversations/{started.body['id']}"
    again = await write_to(marek, ana, "Hola")
    assert again.body["id"] == started.body["id"]
    mine = await ana.get("/api/v1/conversations")
    assert mine["unread"] >= 1 and mine["conversations"][0]["latest"]["text"] == "Hola"
    sent = {"client_message_id": "same", "text": "Once"}
    first, second = [await marek.call("POST", f"{conversation}/messages", sent) for _ in range(2)]
    assert (first.status, first.body) == (second.status, second.body)
    read = await ana.get(f"{conversation}/messages")
    assert [message["text"] for message in read["messages"]] == ["Cześć!", "Hola", "Once"]
    assert read["conversation"]["people"][0]["school"]["country"] == "PL"
    other_window = await ana.socket()
    assert (await ana.call("PUT", f"{conversation}/read", {"seq": 3})).status == 204
    assert (await other_window.expect("conversation:changed"))["unread"] == 0
    stranger = world.people["stranger"]
    for method, path in (("GET", f"{conversation}/messages"), ("DELETE", conversation)):
        assert (await stranger.call(method, path)).status == 404
    assert (await ana.call("DELETE", conversation)).status == 204
    assert (await ana.call("GET", f"{conversation}/messages")).status == 404


async def test_who_is_blocked_is_not_told_and_reaches_nobody(world: World) -> None:
    ana, marek = world.founder, world.teacher
    started = (await write_to(marek, ana)).body
    group = {"user_ids": [id_of(ana), id_of(world.people["stranger"])], "title": "Bakers"}
    group_id = (await made(marek, "POST", "/api/v1/conversations", group | {"client_message_id": "g", "text": "Hi"}))[
        "id"
    ]
    assert (await ana.call("PUT", f"/api/v1/me/blocks/{id_of(marek)}")).status == 204
    blocked = (await ana.get("/api/v1/me/blocks"))["people"]
    assert [person["user_id"] for person in blocked] == [id_of(marek)]
    message = {"client_message_id": "late", "text": "Please!"}
    assert (await marek.call("POST", f"/api/v1/conversations/{started['id']}/messages", message)).status == 404
    assert (await write_to(marek, ana)).status == 404
    assert (await write_to(ana, marek)).status == 404
    socket = await ana.socket()
    await made(marek, "POST", f"/api/v1/conversations/{group_id}/messages", message)
    stranger = world.people["stranger"]
    await made(stranger, "POST", f"/api/v1/conversations/{group_id}/messages", {**message, "text": "Me too"})
    assert (await socket.expect("conversation:posted"))["text"] == "Me too"
    seen = await ana.get(f"/api/v1/conversations/{group_id}/messages")
    assert [each["text"] for each in seen["messages"]] == ["Me too"]
    assert (await ana.call("DELETE", f"/api/v1/me/blocks/{id_of(marek)}")).status == 204
    assert (await write_to(marek, ana)).status == 201


async def test_newcomers_begin_few_conversations_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context = world.hub.context
    newcomer = await world.add("teacher", "teacher", "a")
    assert newcomer.user is not None
    others = [await world.add("teacher", "teacher", "b") for _ in range(6)]
    registration = Registration(newcomer.user.id, "", 1, "accepted", newcomer.user.id, context.now_ms())

    async def registered(user_id: str) -> Registration:
        assert user_id == newcomer.user.id if newcomer.user else False
        return registration

    monkeypatch.setattr(context.storage.services, "registration", registered)
    statuses = [(await write_to(newcomer, other)).status for other in others]
    assert statuses == [201] * conversations.STARTS_A_DAY_OF_NEWCOMERS + [429]


async def test_a_resource_is_looked_at_then_found_and_rated(world: World) -> None:
    ana, marek = world.founder, world.teacher
    staff = await world.person_of("regional_staff")
    title = f"Sourdough {secrets.token_hex(4)}"
    offered = await made(ana, "POST", "/api/v1/resources", RESOURCE | {"title": title, "subjects": ["Cooking"]})
    path = f"/api/v1/resources/{offered['id']}"

    async def found(more: str = "") -> list[str]:
        return [each["id"] for each in (await marek.get(f"/api/v1/resources?q={title}{more}"))["resources"]]

    assert offered["state"] == "waiting" and await found() == []
    assert (await marek.call("GET", path)).status == 404
    assert offered["id"] in [each["id"] for each in (await staff.get("/api/v1/resources_waiting"))["resources"]]
    assert (await marek.call("POST", f"{path}/decision", {"decision": "listed"})).status == 404
    assert (await staff.call("POST", f"{path}/decision", {"decision": "refused"})).code == "invalid"
    await made(staff, "POST", f"{path}/decision", {"decision": "listed"})
    assert await found() == [offered["id"]]
    assert await found("&sort=article&language=en&subject=cooking") == [offered["id"]]
    assert await found("&sort=tool") == await found("&language=pl") == []
    assert (await ana.call("PUT", f"{path}/useful", {"is_useful": True})).code == "invalid"
    rated = await made(marek, "PUT", f"{path}/useful", {"is_useful": True})
    assert (rated["useful_count"], rated["i_find_it_useful"]) == (1, True)
    assert (await made(marek, "PUT", f"{path}/useful", {"is_useful": False}))["useful_count"] == 0
    await made(staff, "POST", f"{path}/decision", {"decision": "refused", "reason": "Not free."})
    assert await found() == [] and (await ana.get(path))["reason"] == "Not free."
    for missing in ("licence", "language"):
        body = {name: value for name, value in RESOURCE.items() if name != missing}
        assert (await ana.call("POST", "/api/v1/resources", body)).body["field"] == missing
    assert (await ana.call("POST", "/api/v1/resources", RESOURCE | {"link": "javascript:alert(1)"})).code == "invalid"
    assert (await marek.call("DELETE", path)).status == 404
    assert (await ana.call("DELETE", path)).status == 204


async def test_a_question_is_taken_by_one_answered_and_shown_to_everybody(world: World) -> None:
    ana, marek = world.founder, world.teacher
    staff, colleague = await world.person_of("national_staff"), await world.person_of("central_staff")
    word = secrets.token_hex(4)
    asked = await made(ana, "POST", "/api/v1/help/questions", {"title": f"Cards {word}", "text": "How do I print?"})
    path = f"/api/v1/help/questions/{asked['id']}"
    assert (asked["state"], asked["country"], asked["may_answer"]) == ("open", "ES", False)
    assert (await marek.call("GET", path)).status == 404
    assert (await staff.call("POST", f"{path}/notes", {"text": "So.", "answers": True})).status == 409
    taken = await made(staff, "PUT", f"{path}/owner", {})
    assert (taken["state"], taken["owner_id"]) == ("taken", id_of(staff))
    assert (await colleague.call("PUT", f"{path}/owner", {})).status == 409
    assert (await staff.call("PUT", f"{path}/frequent", {"is_faq": True})).code == "invalid"
    socket = await ana.socket()
    await made(staff, "POST", f"{path}/notes", {"text": "Press the button.", "answers": True})
    assert (await socket.expect("help:changed"))["question_id"] == asked["id"]
    answered = await ana.get(path)
    assert (answered["state"], answered["answer"]) == ("answered", "Press the button.")
    assert (await ana.call("POST", f"{path}/notes", {"text": "Which?", "answers": True})).code == "invalid"
    assert (await made(ana, "POST", f"{path}/notes", {"text": "Which one?"}))["state"] == "taken"
    await made(staff, "PUT", f"{path}/frequent", {"is_faq": True})
    shown = [each for each in (await marek.get("/api/v1/help/frequent"))["questions"] if each["id"] == asked["id"]]
    assert shown[0]["answer"] == "Press the button." and id_of(ana) not in str(shown)
    groups = (await marek.get(f"/api/v1/search?q={word}"))["groups"]
    assert [group["kind"] for group in groups] == ["question"]
    await made(staff, "PUT", f"{path}/frequent", {"is_faq": False})
    assert (await marek.get(f"/api/v1/search?q={word}"))["groups"] == []
