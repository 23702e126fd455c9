"""A report that no teacher of the TwinSpace may see goes to the support service, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.test_foundings import polish_service
from tests.hub.test_names import Named, make_named
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def report(person: Person, world: World, subject_id: str, **more: Any) -> str:
    body = {"kind": "member", "subject_id": subject_id, "reason": "mean", "words": "They laugh at us.", **more}
    answer = await person.call("POST", f"{world.path}/reports", body)
    assert answer.status == 201, answer
    return str(answer.body["report_id"])


async def waiting(person: Person) -> list[str]:
    return [each["id"] for each in (await person.get("/api/v1/help/queue"))["questions"]]


async def test_a_report_that_means_the_teachers_goes_past_them_to_the_own_countrys_service(world: World) -> None:
    named: Named = await make_named(world)
    assert world.founder.user is not None
    spanish, polish = await world.person_of("national_staff"), await polish_service(world)
    before = len((await world.founder.get(f"{world.path}/moderation"))["reports"])
    heard = await world.founder.socket()
    question = await report(named.pupil, world, world.founder.user.id, about_teachers=True)
    assert question in await waiting(spanish) and question not in await waiting(polish)
    shown = await spanish.get(f"/api/v1/help/questions/{question}")
    assert "They laugh at us." in shown["text"] and world.founder.user.id in shown["text"]
    assert "A TwinSpace" in shown["title"]
    assert (shown["asked_by"], shown["display_name"]) == (named.user.id, named.pseudonym)
    assert len((await world.founder.get(f"{world.path}/moderation"))["reports"]) == before
    log = (await world.founder.get(f"{world.path}/moderation/log"))["entries"]
    assert question not in str(log)
    assert [name for name, _ in heard.heard() if name in ("report:changed", "notice:added")] == []
    for person in (world.founder, world.teacher, world.people["stranger"], named.pupil):
        assert (await person.call("GET", f"/api/v1/help/questions/{question}")).status == 404


async def test_a_report_about_the_only_teacher_who_is_left_goes_there_by_itself(world: World) -> None:
    assert world.teacher.user is not None and world.founder.user is not None
    spanish = await world.person_of("national_staff")
    storage = world.hub.context.storage
    before = await waiting(spanish)
    for member in await storage.twinspaces.members(world.twinspace_id):
        if member.user_id not in (world.teacher.user.id, world.pupil.user.id):  # type: ignore[union-attr]
            await storage.twinspaces.remove_member(world.twinspace_id, member.user_id)
    await report(world.pupil, world, world.teacher.user.id)
    assert len(await waiting(spanish)) == len(before) + 1
    assert (await world.teacher.get(f"{world.path}/moderation"))["reports"] == []


async def test_an_ordinary_report_goes_to_the_teachers_alone(world: World) -> None:
    assert world.visitor.user is not None
    spanish = await world.person_of("national_staff")
    before = await waiting(spanish)
    await report(world.pupil, world, world.visitor.user.id)
    assert await waiting(spanish) == before
    assert len((await world.teacher.get(f"{world.path}/moderation"))["reports"]) == 1
