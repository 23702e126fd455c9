"""Founding a project (story S1): proposed, written together, signed by both, approved where it has to be, and open."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from storage.ports import Conflict
from storage.records import School, SchoolId, Service
from storage.snapshots import verify
from tests.hub.cases.founding import CHANGED_PLAN, PLAN, partner_of
from tests.hub.test_access import UPDATES
from tests.hub.world import Answer, Person, World, make_person
from tests.hub.yjs_client import AUTHENTICATED, DENIED, open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUTLINE = ["What we bake", "Who does what"]
_numbers = itertools.count(1)


async def propose(world: World, **plan: Any) -> Any:
    answer = await world.founder.call("POST", "/api/v1/foundings", {**PLAN, "partner": partner_of(world), **plan})
    assert answer.status == 201, answer
    return answer.body


def path(founding: Any) -> str:
    return f"/api/v1/foundings/{founding['twinspace_id']}"


async def read(person: Person, founding: Any) -> Any:
    return await person.get(path(founding))


async def sign(person: Person, founding: Any, agreement: str | None = None) -> Answer:
    seen = agreement or (await read(person, founding))["agreement"]
    return await person.call("POST", f"{path(founding)}/signature", {"agreement": seen})


def signed(founding: Any) -> list[bool]:
    return [founder["signed_at_ms"] is not None for founder in founding["founders"]]


async def teacher_of(world: World, country: str, city: str = "A town") -> Person:
    school = School(SchoolId(f"founding-{next(_numbers)}"), "A school", city, country, "hexagon")
    await world.hub.context.storage.users.add_school(school)
    return await make_person(world.hub, world.founder.http, school.id, "teacher")


async def test_before_the_second_signature_there_is_no_twinspace(world: World) -> None:
    founding = await propose(world, outline=OUTLINE)
    base = f"/api/v1/twinspaces/{founding['twinspace_id']}"
    assert founding["state"] == "writing" and not founding["is_national"] and founding["may_edit"]
    assert [block["spans"][0]["text"] for block in founding["text"] if block["type"] == "heading"] == OUTLINE
    assert (await sign(world.founder, founding)).body["state"] == "writing"
    addresses = ["", "/contents", "/messages", "/journal", "/snapshots", "/rooms", "/life", "/consents"]
    for person in (world.founder, world.teacher, world.people["stranger"]):
        for address in addresses:
            answer = await person.call("GET", base + address)
            assert (answer.status, answer.code) == (404, "not_found"), address
        listed = (await person.get("/api/v1/twinspaces"))["twinspaces"]
        assert founding["twinspace_id"] not in [twinspace["id"] for twinspace in listed]
        assert (await person.call("GET", f"/api/v1/contents/{founding['agreement_id']}")).status == 404
    socket = await world.teacher.socket()
    entered = await socket.call("twinspace:enter", {"twinspace_id": founding["twinspace_id"]})
    assert entered["error"]["code"] == "not_found"
    assert (await world.people["stranger"].call("GET", path(founding))).status == 404


async def test_both_write_the_agreement_and_sign_the_same_text(world: World) -> None:
    founding = await propose(world)
    heard = await world.founder.socket()
    for person in (world.founder, world.teacher):
        async with open_collab(person, founding["agreement_id"]) as document:
            assert await document.sign_in(person.token or "") == (AUTHENTICATED, "read-write")
    async with open_collab(world.people["stranger"], founding["agreement_id"]) as document:
        assert await document.sign_in(world.people["stranger"].token or "") == (DENIED, "not_found")
    first = await sign(world.founder, founding)
    assert signed(first.body) == [True, False]
    async with open_collab(world.teacher, founding["agreement_id"]) as document:
        await document.sign_in(world.teacher.token or "")
        assert await document.update(UPDATES["document"])
    changed = await read(world.teacher, founding)
    assert changed["agreement"] != founding["agreement"] and "smuggled" in str(changed["text"])
    assert signed(changed) == [False, False] and changed["founders"][0]["signed_before"]
    stale = await sign(world.teacher, founding, founding["agreement"])
    assert (stale.status, stale.code, stale.body["field"]) == (409, "conflict", "agreement")
    assert (await sign(world.teacher, founding)).body["state"] == "writing"
    opened = await sign(world.founder, founding)
    assert opened.body["state"] == "open"
    assert await heard.expect("founding:changed") == {"twinspace_id": founding["twinspace_id"]}


async def test_the_twinspace_opens_with_the_signed_agreement_as_its_first_snapshot(world: World) -> None:
    founding = await propose(world)
    await sign(world.founder, founding)
    opened = (await sign(world.teacher, founding)).body
    assert opened["state"] == "open" and signed(opened) == [True, True]
    twinspace_id = opened["twinspace_id"]
    storage = world.hub.context.storage
    (first,) = await storage.snapshots.of_twinspace(twinspace_id)
    assert (first.seq, first.cause, first.title) == (1, "agreement", PLAN["title"])
    from json import loads

    tree = loads(await storage.blobs.get(first.tree))
    assert tree["agreement.json"] == opened["agreement"]
    kept = loads(await storage.blobs.get(opened["agreement"]))
    assert (kept["programme"], kept["text"]) == ("ka2", opened["text"])
    assert (await verify(storage, twinspace_id)).is_intact
    for person in (world.founder, world.teacher):
        shown = await person.get(f"/api/v1/twinspaces/{twinspace_id}")
        assert (shown["phase"], shown["role"], shown["rooms"][0]["title"]) == ("idea", "founder", PLAN["room_title"])
        assert "write" in shown["acts"] and "agree" in shown["acts"]
    verbs = [e["verb"] for e in (await world.founder.get(f"/api/v1/twinspaces/{twinspace_id}/journal"))["entries"]]
    assert verbs == ["twinspace_opened", "agreement_signed", "agreement_signed", "project_proposed"]


async def test_two_who_sign_at_the_same_instant_open_it_once(world: World) -> None:
    for _ in range(5):
        founding = await propose(world)
        answers = await asyncio.gather(*(sign(person, founding) for person in (world.founder, world.teacher)))
        assert [answer.status for answer in answers] == [200, 200]
        storage = world.hub.context.storage
        assert (await read(world.founder, founding))["state"] == "open"
        assert len(await storage.snapshots.of_twinspace(founding["twinspace_id"])) == 1
        assert [move.phase for move in await storage.phases.moves(founding["twinspace_id"])] == ["idea"]
        entries = await storage.journal.latest(founding["twinspace_id"], 20)
        assert [entry.verb for entry in entries].count("twinspace_opened") == 1


async def test_signing_again_is_signing_once(world: World) -> None:
    founding = await propose(world)
    for _ in range(2):
        answer = await sign(world.founder, founding)
        assert (answer.status, answer.body["state"]) == (200, "writing")
    assert len(await world.hub.context.storage.foundings.signatures(founding["twinspace_id"])) == 1


async def test_an_edit_after_the_opening_asks_both_again(world: World) -> None:
    founding = await propose(world)
    for person in (world.founder, world.teacher):
        await sign(person, founding)
    async with open_collab(world.founder, founding["agreement_id"]) as document:
        await document.sign_in(world.founder.token or "")
        assert await document.update(UPDATES["document"])
    changed = await read(world.teacher, founding)
    assert (changed["state"], signed(changed)) == ("changed", [False, False])
    for person in (world.founder, world.teacher):
        answer = await sign(person, founding)
    assert answer.body["state"] == "open"


async def test_a_member_who_is_no_founder_reads_the_agreement_and_can_not_write_it(world: World) -> None:
    founding = await propose(world)
    for person in (world.founder, world.teacher):
        await sign(person, founding)
    from storage.records import Member

    assert world.pupil.user is not None
    await world.hub.context.storage.twinspaces.add_member(
        Member(founding["twinspace_id"], world.pupil.user.id, "pupil", 1, 1)
    )
    async with open_collab(world.pupil, founding["agreement_id"]) as document:
        assert await document.sign_in(world.pupil.token or "") == (AUTHENTICATED, "readonly")
    assert (await world.pupil.call("GET", path(founding))).status == 404
    async with open_document(world.pupil, founding["agreement_id"]) as plain:
        await plain.update(UPDATES["document"])
        await plain.sync()
    assert "smuggled" not in str((await read(world.founder, founding))["text"])


async def test_changing_the_plan_asks_both_again_and_the_same_plan_does_not(world: World) -> None:
    founding = await propose(world)
    await sign(world.founder, founding)
    same = await world.teacher.call("PATCH", path(founding), CHANGED_PLAN)
    assert (same.status, signed(same.body)) == (200, [True, False])
    other = await world.teacher.call("PATCH", path(founding), {**CHANGED_PLAN, "ends_on": "2027-07-01"})
    assert signed(other.body) == [False, False] and other.body["ends_on"] == "2027-07-01"
    assert (await world.pupil.call("PATCH", path(founding), CHANGED_PLAN)).status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"programme": "ka9"}, "programme"),
        ({"stage": "university"}, "stage"),
        ({"subjects": []}, "subjects"),
        ({"subjects": ["x"] * 13}, "subjects"),
        ({"subjects": ["x" * 61]}, "subjects"),
        ({"languages": ["Spanish"]}, "languages"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"starts_on": "1/9/2026"}, "starts_on"),
        ({"ends_on": "2026-08-31"}, None),
        ({"ends_on": "2099-01-01"}, None),
        ({"partner": "nobody-here"}, "partner"),
        ({"partner": "nobody@school.example"}, "partner"),
    ],
)
async def test_a_plan_that_is_not_right_is_told_where(world: World, wrong: dict[str, Any], field: str | None) -> None:
    body = {**PLAN, "partner": partner_of(world), **wrong}
    answer = await world.founder.call("POST", "/api/v1/foundings", body)
    assert (answer.status, answer.code, answer.body.get("field")) == (400, "invalid", field), answer


async def test_a_pupil_a_colleague_and_nobody_are_no_partner_alike(world: World) -> None:
    colleague = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "teacher")
    details = set()
    for person in (world.pupil, colleague, None):
        partner = person.user.name if person is not None and person.user is not None else "nobody-here"
        answer = await world.founder.call("POST", "/api/v1/foundings", {**PLAN, "partner": partner})
        assert (answer.status, answer.body["field"]) == (400, "partner")
        details.add(answer.body["detail"])
    assert len(details) == 1


async def test_a_plus_country_needs_a_full_one_and_one_country_is_national(world: World) -> None:
    ukraine, tunisia, spain = [await teacher_of(world, code) for code in ("UA", "TN", "ES")]
    table = world.hub.context.countries.at(world.hub.context.now_ms())
    assert (table["UA"].status, table["TN"].status, table["ES"].status) == ("plus", "plus", "full")

    async def ask(one: Person, other: Person) -> Answer:
        assert other.user is not None
        return await one.call("POST", "/api/v1/foundings", {**PLAN, "partner": other.user.name})

    assert (await ask(ukraine, tunisia)).status == 400
    mixed = await ask(ukraine, world.founder)
    assert (mixed.status, mixed.body["is_national"]) == (201, False)
    national = await ask(spain, world.founder)
    assert (national.status, national.body["is_national"]) == (201, True)
    assert (await ask(await teacher_of(world, "US"), world.founder)).status == 400


@pytest.fixture
def approval_needed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = world.hub.context.settings.model_copy(update={"founding_approval": True})
    monkeypatch.setattr(world.hub.context, "settings", settings)


async def staff(world: World, service: str) -> Person:
    return await make_person(world.hub, world.founder.http, SchoolId(f"service-{service}"), "staff")


async def polish_service(world: World) -> Person:
    """A national service for the other country, beside the Spanish one that every world has."""
    service_id = SchoolId("service-poland")
    try:
        await world.hub.context.storage.users.add_school(School(service_id, "FRSE", "Warszawa", "PL", "star"))
        await world.hub.context.storage.services.add(Service(service_id, "national"))
    except Conflict:
        pass
    return await staff(world, "poland")


async def decide(person: Person, founding: Any, approved: bool, reason: str = "") -> Answer:
    body = {"agreement": founding["agreement"], "approved": approved, "reason": reason}
    return await person.call("POST", f"{path(founding)}/verdict", body)


@pytest.mark.usefixtures("approval_needed")
async def test_the_national_services_of_both_countries_approve_before_it_opens(world: World) -> None:
    spanish, polish, regional = (
        await staff(world, "national"),
        await polish_service(world),
        await staff(world, "regional"),
    )
    founding = await propose(world)
    await sign(world.founder, founding)
    assert (await spanish.call("GET", path(founding))).status == 404
    waiting = (await sign(world.teacher, founding)).body
    assert (waiting["state"], waiting["approvals_needed"]) == ("waiting", ["ES", "PL"])
    for person in (regional, world.people["stranger"], world.founder):
        assert (await decide(person, waiting, True)).status == 404
    listed = (await spanish.get("/api/v1/foundings"))["foundings"]
    assert founding["twinspace_id"] in [each["twinspace_id"] for each in listed]
    one = await decide(spanish, waiting, True)
    assert (one.body["state"], one.body["approvals_needed"]) == ("waiting", ["PL"])
    assert (await world.founder.call("GET", f"/api/v1/twinspaces/{founding['twinspace_id']}")).status == 404
    assert (await decide(polish, waiting, True)).body["state"] == "open"
    shown = await read(world.founder, founding)
    assert [(v["country"], v["approved"], v["current"]) for v in shown["verdicts"]] == [
        ("ES", True, True),
        ("PL", True, True),
    ]
    assert (await world.founder.get(f"/api/v1/twinspaces/{founding['twinspace_id']}"))["phase"] == "idea"


@pytest.mark.usefixtures("approval_needed")
async def test_what_is_sent_back_is_changed_signed_and_approved_again(world: World) -> None:
    spanish, central = await staff(world, "national"), await staff(world, "central")
    founding = await propose(world)
    await sign(world.founder, founding)
    waiting = (await sign(world.teacher, founding)).body
    without_reason = await decide(spanish, waiting, False)
    assert (without_reason.status, without_reason.code) == (400, "invalid")
    returned = (await decide(spanish, waiting, False, "The dates are last year's.")).body
    assert returned["state"] == "returned" and returned["verdicts"][0]["reason"] == "The dates are last year's."
    again = await world.teacher.call("PATCH", path(founding), {**CHANGED_PLAN, "starts_on": "2026-10-01"})
    assert (again.body["state"], signed(again.body)) == ("writing", [False, False])
    assert (await decide(spanish, waiting, True)).status == 404
    for person in (world.founder, world.teacher):
        await sign(person, founding)
    waiting = await read(world.founder, founding)
    assert waiting["state"] == "waiting" and [v["current"] for v in waiting["verdicts"]] == [False]
    stale = await decide(central, founding, True)
    assert stale.status == 409
    assert (await decide(central, waiting, True)).body["state"] == "open"


@pytest.mark.usefixtures("approval_needed")
async def test_a_national_service_sees_nothing_of_what_was_withdrawn(world: World) -> None:
    spanish = await staff(world, "national")
    founding = await propose(world)
    for person in (world.founder, world.teacher):
        await sign(person, founding)
    assert (await read(spanish, founding))["state"] == "waiting"
    assert (await world.founder.call("DELETE", path(founding))).status == 204
    assert (await spanish.call("GET", path(founding))).status == 404
    listed = (await spanish.get("/api/v1/foundings"))["foundings"]
    assert founding["twinspace_id"] not in [each["twinspace_id"] for each in listed]
