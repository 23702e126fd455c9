"""A founder leaves: who follows is agreed on by those who go on, and can be stopped; signatures fall by themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hub.actions.successions import SILENT_MS, settle_due
from storage.records import SchoolId, SuccessionId
from tests.hub.test_foundings import path, polish_service, propose, read, sign, signed, staff, teacher_of
from tests.hub.world import Answer, Person, World, make_person
from tests.hub.yjs_client import AUTHENTICATED, open_collab

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def opened(world: World) -> Any:
    founding = await propose(world)
    for person in (world.founder, world.teacher):
        await sign(person, founding)
    return await read(world.founder, founding)


async def colleague(world: World, letter: str = "a") -> Person:
    return await make_person(world.hub, world.founder.http, SchoolId(f"school-{letter}"), "teacher")


def id_of(person: Person) -> str:
    assert person.user is not None
    return person.user.id


async def suggest(by: Person, founding: Any, leaving: Person, successor: Person | str, **more: Any) -> Answer:
    named = successor if isinstance(successor, str) else id_of(successor)
    body = {"leaving_id": id_of(leaving), "successor": named, **more}
    return await by.call("POST", f"{path(founding)}/successions", body)


async def agree(person: Person, founding: Any, proposed: Any) -> Answer:
    return await person.call("POST", f"{path(founding)}/successions/{proposed['id']}/agreement", {})


async def end(person: Person, founding: Any, proposed: Any, reason: str = "") -> Answer:
    return await person.call("POST", f"{path(founding)}/successions/{proposed['id']}/end", {"reason": reason})


async def listed(person: Person) -> list[str]:
    return [each["id"] for each in (await person.get("/api/v1/successions"))["successions"]]


async def let_days_pass(world: World, proposed: Any) -> None:
    """As if nobody had said anything for three days."""
    context = world.hub.context
    later = replace(context)
    later.now_ms = lambda: proposed["proposed_at_ms"] + SILENT_MS
    await settle_due(later)


async def role_in(world: World, founding: Any, person: Person) -> str | None:
    members = await world.hub.context.storage.twinspaces.members(founding["twinspace_id"])
    return next((member.role for member in members if member.user_id == id_of(person)), None)


async def test_with_all_three_it_is_done_at_once_and_everybody_signs_anew(world: World) -> None:
    founding, eva = await opened(world), await colleague(world)
    assert signed(founding) == [True, True]
    assert (await eva.call("GET", path(founding))).status == 404
    made = await suggest(world.founder, founding, world.founder, eva)
    assert (made.status, made.body["state"], made.body["may_agree"]) == (201, "open", False), made
    assert await listed(eva) == await listed(world.teacher) == await listed(world.founder) == [made.body["id"]]
    asked = await read(eva, founding)
    assert asked["succession"]["may_agree"] and not asked["may_edit"], "who is asked reads what there is to sign"
    heard = await eva.socket()
    assert (await agree(world.teacher, founding, made.body)).body["state"] == "open"
    done = (await agree(eva, founding, made.body)).body
    assert done["state"] == "done" and not done["may_end"]
    assert (await heard.expect("founding:changed"))["twinspace_id"] == founding["twinspace_id"]
    roles = [await role_in(world, founding, person) for person in (world.founder, world.teacher, eva)]
    assert roles == ["teacher", "founder", "founder"]
    now = await read(eva, founding)
    assert now["agreement"] != founding["agreement"], "the parties are part of what is signed"
    assert now["state"] == "changed" and signed(now) == [False, False] and now["may_edit"]
    assert (await world.founder.call("GET", path(founding))).status == 404
    for person in (eva, world.teacher):
        assert (await sign(person, now)).status == 200
    assert (await read(eva, founding))["state"] == "open"
    async with open_collab(eva, founding["agreement_id"]) as document:
        assert (await document.sign_in(eva.token or ""))[0] == AUTHENTICATED
    journal = await eva.get(f"/api/v1/twinspaces/{founding['twinspace_id']}/journal")
    (followed,) = [entry for entry in journal["entries"] if entry["verb"] == "founder_followed"]
    assert world.founder.user is not None and eva.user is not None
    assert followed["details"]["leaving"] == world.founder.user.display_name
    told = (await world.founder.get("/api/v1/me/notices"))["notices"]
    assert ("succession", "founder_followed") in [(each["kind"], each["details"].get("step")) for each in told]


async def test_who_falls_ill_is_not_waited_for_longer_than_three_days(world: World) -> None:
    founding, eva = await opened(world), await teacher_of(world, "ES", "Ronda")
    made = (await suggest(world.teacher, founding, world.founder, eva, stays=False)).body
    assert (await agree(eva, founding, made)).body["state"] == "open"
    await settle_due(world.hub.context)
    assert await role_in(world, founding, eva) is None
    await let_days_pass(world, made)
    roles = [await role_in(world, founding, person) for person in (world.founder, world.teacher, eva)]
    assert roles == [None, "founder", "founder"]
    assert (await world.founder.call("GET", f"/api/v1/twinspaces/{founding['twinspace_id']}")).status == 404
    again = await agree(world.teacher, founding, made)
    assert (again.status, again.code) == (409, "conflict")


async def test_silence_of_the_successor_is_no_agreement(world: World) -> None:
    founding, eva = await opened(world), await colleague(world)
    made = (await suggest(world.teacher, founding, world.founder, eva)).body
    await let_days_pass(world, made)
    assert (await read(world.teacher, founding))["succession"]["state"] == "open"
    assert await role_in(world, founding, world.founder) == "founder"


async def test_each_of_the_three_can_say_no_and_nobody_else(world: World) -> None:
    founding = await opened(world)
    for number in range(3):
        eva = await colleague(world)
        made = (await suggest(world.teacher, founding, world.founder, eva)).body
        for person in (world.people["stranger"], world.pupil, await staff(world, "regional")):
            assert (await end(person, founding, made)).status == 404
            assert (await agree(person, founding, made)).status == 404
        says_no = (world.founder, world.teacher, eva)[number]
        ended = (await end(says_no, founding, made, "I stay." if number == 0 else "")).body
        assert (ended["state"], ended["reason"]) == ("declined", "I stay." if number == 0 else "")
        assert (await end(says_no, founding, made)).status == 409 == (await agree(eva, founding, made)).status
        assert await listed(eva) == []
    assert (await eva.call("GET", path(founding))).status == 404, "who is not asked any more sees nothing"


async def test_the_service_of_the_leaving_founders_country_sees_it_and_stops_it(world: World) -> None:
    founding, eva = await opened(world), await colleague(world)
    spanish, polish, central = (
        await staff(world, "national"),
        await polish_service(world),
        await staff(world, "central"),
    )
    made = (await suggest(world.teacher, founding, world.founder, eva)).body
    assert made["id"] in await listed(spanish) and made["id"] in await listed(central)
    assert made["id"] not in await listed(polish)
    waits = [(each["source"], each["twinspace_id"]) for each in (await spanish.get("/api/v1/me/desk"))["waiting"]]
    assert ("succession", founding["twinspace_id"]) in waits
    assert (await read(spanish, founding))["succession"]["may_end"]
    assert (await polish.call("GET", path(founding))).status == 404
    assert (await end(polish, founding, made, "No")).status == 404
    without = await end(spanish, founding, made)
    assert (without.status, without.body["field"]) == (400, "reason")
    stopped = (await end(spanish, founding, made, "She never taught there.")).body
    assert (stopped["state"], stopped["reason"]) == ("stopped", "She never taught there.")
    shown = (await read(world.teacher, founding))["succession"]
    assert (shown["state"], shown["reason"]) == ("stopped", "She never taught there.")
    assert (await spanish.call("GET", path(founding))).status == 404, "what was stopped is no affair of theirs any more"


async def test_who_does_not_fit_is_told_alike(world: World) -> None:
    founding, details = await opened(world), set()
    neighbour = await colleague(world, "b")
    for unfit in (world.pupil, neighbour, world.founder, world.teacher, await teacher_of(world, "FR"), "nobody-here"):
        answer = await suggest(world.teacher, founding, world.founder, unfit)
        assert (answer.status, answer.body.get("field")) == (400, "successor"), answer
        details.add(answer.body["detail"])
    assert len(details) == 1
    other = await suggest(world.teacher, founding, neighbour, await colleague(world))
    assert (other.status, other.body["field"]) == (400, "leaving_id")
    for person in (world.people["stranger"], world.pupil, await staff(world, "national")):
        assert (await suggest(person, founding, world.founder, await colleague(world))).status == 404


async def test_who_fits_no_more_does_not_follow(world: World) -> None:
    founding, eva = await opened(world), await colleague(world)
    made = (await suggest(world.teacher, founding, world.founder, eva)).body
    await agree(eva, founding, made)
    assert eva.user is not None
    await world.hub.context.storage.users.set_state(eva.user.id, "closed")
    await let_days_pass(world, made)
    assert (await read(world.founder, founding))["succession"]["state"] == "open"
    assert await role_in(world, founding, world.founder) == "founder"


async def test_two_proposals_at_the_same_instant_are_one(world: World) -> None:
    founding = await opened(world)
    eva, iris = await colleague(world), await colleague(world)
    answers = await asyncio.gather(
        suggest(world.teacher, founding, world.founder, eva), suggest(world.founder, founding, world.founder, iris)
    )
    assert sorted(answer.status for answer in answers) == [201, 409]
    made = next(answer.body for answer in answers if answer.status == 201)
    assert (await suggest(world.founder, founding, world.founder, eva)).status == 409
    assert (await end(world.teacher, founding, made)).status == 200
    assert (await suggest(world.teacher, founding, world.founder, iris)).status == 201


async def test_a_closed_project_keeps_its_founders_until_it_is_open_again(world: World) -> None:
    founding, eva = await opened(world), await colleague(world)
    made = (await suggest(world.teacher, founding, world.founder, eva)).body
    storage, phases = world.hub.context.storage, ("idea", "before", "during", "after", "closed")
    for former, phase in zip(phases, phases[1:], strict=False):
        await storage.phases.move(
            founding["twinspace_id"],
            former=former,  # type: ignore[arg-type]
            phase=phase,  # type: ignore[arg-type]
            moved_by=id_of(world.founder),  # type: ignore[arg-type]
            missing=[],
            at_ms=1,
        )
    for answer in (
        await agree(eva, founding, made),
        await agree(world.founder, founding, made),
        await suggest(world.founder, founding, world.founder, eva),
    ):
        assert (answer.status, answer.code) == (409, "conflict"), answer
    await let_days_pass(world, made)
    assert (await storage.successions.get(SuccessionId(made["id"]))).state == "open"
    assert (await end(world.founder, founding, made)).body["state"] == "declined"


async def test_before_it_opens_a_proposal_can_change_hands_too(world: World) -> None:
    founding, eva = await propose(world), await colleague(world)
    await sign(world.founder, founding)
    made = (await suggest(world.founder, founding, world.founder, eva, stays=False)).body
    await agree(world.teacher, founding, made)
    assert (await agree(eva, founding, made)).body["state"] == "done"
    assert (await world.founder.call("GET", path(founding))).status == 404
    now = await read(eva, founding)
    assert now["state"] == "writing" and signed(now) == [False, False]
    for person in (eva, world.teacher):
        await sign(person, founding)
    assert (await read(eva, founding))["state"] == "open"


async def test_nothing_is_asked_any_more_of_what_was_withdrawn(world: World) -> None:
    founding, eva = await propose(world), await colleague(world)
    made = (await suggest(world.teacher, founding, world.founder, eva)).body
    assert (await world.founder.call("DELETE", path(founding))).status == 204
    assert await listed(eva) == [] == await listed(world.teacher)
    assert (await agree(eva, founding, made)).status == 404 == (await end(eva, founding, made)).status
