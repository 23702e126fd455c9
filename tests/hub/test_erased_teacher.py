"""A teacher who is erased with their texts leaves none of them wherever teachers write: every byte is looked for."""

from __future__ import annotations

import secrets

import pytest

from hub.erasure import erase_person, leave_no_byte
from storage.snapshots import verify
from tests.hub.cases.finding import IDEA, PROFILE, RESOURCE, made
from tests.hub.test_at_large import question_of
from tests.hub.test_erasure import keep, needle, places_of
from tests.hub.test_staff_room import id_of, write_to
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def write_everywhere(world: World, person: Person) -> dict[str, str]:
    """A word nobody else says in each place where a teacher can write; by the place's name."""
    words = {
        place: needle()
        for place in (
            "profile",
            "idea",
            "thread",
            "post",
            "former_post",
            "own_thread_at_large",
            "debate",
            "letter",
            "group",
            "resource",
            "question",
            "note",
            "chat",
        )
    }
    await made(person, "PUT", "/api/v1/me/profile", PROFILE | {"about": words["profile"]})
    await made(person, "POST", "/api/v1/ideas", IDEA | {"title": words["idea"], "subjects": [words["idea"]]})
    start = {"title": words["thread"], "text": "Which one?"}
    thread = (await made(person, "POST", f"{world.path}/threads", start))["thread"]["id"]
    # Others' answers are found by the thread's title.
    await made(world.founder, "POST", f"/api/v1/threads/{thread}/posts", {"client_post_id": "a", "text": "Rye"})
    await made(person, "POST", f"/api/v1/threads/{thread}/posts", {"client_post_id": "b", "text": words["former_post"]})
    assert (await person.call("PATCH", f"/api/v1/threads/{thread}/posts/3", {"text": words["post"]})).status == 200
    at_large = {"title": words["own_thread_at_large"], "text": words["own_thread_at_large"]}
    large = (await made(person, "POST", "/api/v1/threads", at_large))["thread"]["id"]
    await made(world.founder, "POST", f"/api/v1/threads/{large}/posts", {"client_post_id": "a", "text": "Indeed"})
    debate = await made(person, "POST", f"{world.path}/debates", {"motion": words["debate"]})
    for former, state in (("before", "speaking"), ("speaking", "after"), ("after", "closed")):
        path = f"/api/v1/debates/{debate['id']}/state"
        await made(world.founder, "POST", path, {"former": former, "state": state})
    letter = (await write_to(person, world.founder, words["letter"])).body
    report = {"seq": letter["latest"]["seq"], "reason": "He is rude."}
    reported = await world.founder.call("POST", f"/api/v1/conversations/{letter['id']}/report", report)
    assert reported.status == 204
    group = {"user_ids": [id_of(world.founder), id_of(world.visitor)], "title": words["group"]}
    await made(person, "POST", "/api/v1/conversations", group | {"client_message_id": "g", "text": words["group"]})
    resource = RESOURCE | {"title": words["resource"], "subjects": [words["resource"]]}
    offered = await made(person, "POST", "/api/v1/resources", resource)
    central = await world.person_of("central_staff")
    await made(central, "POST", f"/api/v1/resources/{offered['id']}/decision", {"decision": "listed"})
    await made(person, "POST", "/api/v1/help/questions", {"title": words["question"], "text": words["question"]})
    question = await question_of(central, person)
    await made(person, "POST", f"{question}/notes", {"text": words["note"]})
    await made(central, "POST", f"{question}/notes", {"text": "Press the button.", "answers": True})
    await made(central, "PUT", f"{question}/frequent", {"is_faq": True})
    body = {"client_message_id": secrets.token_hex(4), "text": words["chat"]}
    assert (await person.call("POST", f"{world.path}/messages", body)).status == 201
    return words


async def test_no_byte_is_left_of_what_a_teacher_wrote_anywhere(world: World) -> None:
    person, context = world.teacher, world.hub.context
    assert person.user is not None
    words = await write_everywhere(world, person)
    await keep(world)
    await context.search_index.settle()
    assert [place for place, word in words.items() if not places_of(world, word)] == []
    await erase_person(context, person.user, texts=True)
    await leave_no_byte(context)
    left = {place: places_of(world, word) for place, word in words.items()}
    assert {place: found for place, found in left.items() if found} == {}
    report = await verify(context.storage, world.twinspace_id)
    assert report.is_intact
    # What others answered is there, and found by its own words.
    threads = (await world.founder.get(f"{world.path}/threads"))["threads"]
    assert [(thread["title"], thread["post_count"]) for thread in threads] == [("", 3)]
    await context.search_index.rebuild()
    assert {place: places_of(world, word) for place, word in words.items() if places_of(world, word)} == {}
