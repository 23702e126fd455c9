"""Assessing by a sealed rubric: hidden until all are in, then side by side; and nowhere else, for nobody else."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio
from pycrdt import XmlElement, XmlFragment, XmlText

from crdt_docs.content import document
from hub.about_person import gather
from hub.erasure import erase_content
from hub.protocol import ROUTES
from storage.records import AssessmentId, ContentId, Rating, UserId
from tests.hub.cases import ROUTES as CASES
from tests.hub.cases import in_order, prepare
from tests.hub.cases.rubrics import seal_rubric, write_rubric
from tests.hub.test_materials import upload
from tests.hub.world import NOBODY, STRANGER, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALL_THERE = {"sources": "there", "voice": "begun"}
SECRET = "Quietly-spoken-words"


def id_of(person: Person) -> str:
    assert person.user is not None
    return person.user.id


@dataclass
class Class:
    world: World
    rubric_id: ContentId
    lucia: Person
    peers: list[Person]

    async def begin(self, **more: Any) -> str:
        """Lucía's talk, assessed by herself, two classmates of both schools, and Ana."""
        body = {
            "title": "Lucía's talk",
            "subject": {"kind": "member", "id": id_of(self.lucia)},
            "assessed_ids": [id_of(self.lucia)],
            "assessor_ids": [id_of(each) for each in (self.lucia, *self.peers, self.world.founder)],
            **more,
        }
        made = await self.world.founder.call("POST", f"/api/v1/rubrics/{self.rubric_id}/assessments", body)
        assert made.status == 201, made
        return f"/api/v1/assessments/{made.body['id']}"


@pytest_asyncio.fixture(loop_scope="session")
async def school(world: World) -> Class:
    peers = [await world.add("pupil", "pupil", "a"), await world.add("pupil", "pupil", "b")]
    return Class(world, await seal_rubric(world), world.pupil, peers)


async def say(person: Person, path: str, text: str = "", *, send: bool = True, **more: Any) -> Any:
    body = {"levels": ALL_THERE, "words": {"voice": text} if text else {}, "send": send, **more}
    return await person.call("PUT", f"{path}/rating", body)


async def test_each_sees_their_own_alone_until_all_are_in_and_then_side_by_side(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    path = await school.begin()
    assert (await say(mate, path, "Still thinking", send=False)).status == 200
    for person, words in ((school.lucia, "I was nervous"), (mate, "Well said"), (world.founder, SECRET)):
        sent = await say(person, path, words)
        assert sent.status == 200 and sent.body["given"] == [] and sent.body["mine"]["words"] == {"voice": words}
    before = await world.founder.get(path)
    assert (before["is_shown"], before["given"]) == (False, [])
    missing = {each["by"]: (each["sent"], each["of"], each["missing"]) for each in before["progress"]}
    assert missing["peer"] == (1, 2, [other.user and other.user.display_name])
    seen = await school.lucia.get(path)
    assert SECRET not in json.dumps(seen) and [each["missing"] for each in seen["progress"]] == [[], [], []]
    # Until all are in, one's own may still be changed.
    assert (await say(mate, path, "Very well said")).status == 200
    last = await say(other, path, "Clear")
    assert last.body["is_shown"] and last.body["given"] == []

    seen = await school.lucia.get(path)
    by = [(each["by"], each["is_mine"], each["display_name"]) for each in seen["given"]]
    ana = world.founder.user and world.founder.user.display_name
    assert sorted(by, key=str) == sorted(
        [("self", True, school.lucia.user and school.lucia.user.display_name), ("teacher", False, ana)]
        + [("peer", False, None)] * 2,
        key=str,
    )
    nameless = [each for each in seen["given"] if each["by"] == "peer"]
    assert {each["words"]["voice"] for each in nameless} == {"Very well said", "Clear"}
    assert all(each["user_id"] is None and each["school_id"] is None for each in nameless)
    assert id_of(mate) not in json.dumps(seen["given"])
    teachers = await world.founder.get(path)
    everybody = {id_of(each) for each in (school.lucia, mate, other, world.founder)}
    assert {each["user_id"] for each in teachers["given"]} == everybody
    # Who only assessed goes on seeing their own; nobody changes anything any more.
    assert (await mate.get(path))["given"] == []
    late = await say(mate, path, "Something else")
    assert (late.status, late.code) == (409, "conflict")


async def test_the_day_shows_what_is_in_and_drafts_stay_ones_own(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    path = await school.begin(reveal_at_ms=world.hub.context.now_ms() + 3_600_000)
    assert (await say(mate, path, "Well said")).status == 200
    assert (await say(other, path, "Half a thought", send=False)).status == 200
    assessment = (await world.hub.context.storage.assessments.of_twinspace(world.twinspace_id))[-1]
    # The day comes.
    await world.hub.context.storage.assessments.remove(assessment.id)
    kept = replace(assessment, reveal_at_ms=world.hub.context.now_ms() - 1)
    await world.hub.context.storage.assessments.add(kept)
    for person, words, sent in ((mate, "Well said", 1), (other, "Half a thought", None)):
        rating = Rating(kept.id, UserId(id_of(person)), ALL_THERE, {"voice": words}, [], 1, sent)
        await world.hub.context.storage.assessments.rate(rating)
    seen = await school.lucia.get(path)
    assert seen["is_shown"] and [each["words"] for each in seen["given"]] == [{"voice": "Well said"}]
    assert (await other.get(path))["mine"]["words"] == {"voice": "Half a thought"}
    assert (await say(other, path)).status == 409


async def test_nobody_waits_for_who_has_left(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    path = await school.begin()
    for person in (school.lucia, mate, world.founder):
        assert (await say(person, path)).status == 200
    gone = await world.teacher.call("DELETE", f"{world.path}/members/{id_of(other)}")
    assert gone.status == 204
    seen = await school.lucia.get(path)
    assert seen["is_shown"] and len(seen["given"]) == 3


async def test_what_is_said_has_to_fit_the_rubric(school: Class) -> None:
    path = await school.begin()
    mate = school.peers[0]
    for wrong, field in (
        ({"levels": {"voice": "perfect"}}, "voice"),
        ({"levels": {"charm": "there"}}, "charm"),
        ({"words": {"charm": "much"}}, "charm"),
        ({"levels": {"voice": "there"}}, "sources"),
        ({"evidence": [{"criterion_id": "voice", "kind": "content", "id": "absent"}]}, "evidence"),
    ):
        refused = await say(mate, path, **wrong)
        assert (refused.status, refused.body["field"]) == (400, field), wrong
    # Once it is sent it stays whole.
    assert (await say(mate, path)).status == 200
    assert (await say(mate, path, send=False, levels={})).body["field"] == "sources"


async def test_an_assessment_needs_a_sealed_rubric_and_people_who_are_here(school: Class) -> None:
    world = school.world
    draft = replace(school, rubric_id=await write_rubric(world))
    lucia = id_of(school.lucia)
    body: dict[str, Any] = {
        "title": "A talk",
        "subject": {"kind": "member", "id": lucia},
        "assessed_ids": [lucia],
        "assessor_ids": [lucia],
    }
    unsealed = await world.founder.call("POST", f"/api/v1/rubrics/{draft.rubric_id}/assessments", body)
    assert (unsealed.status, unsealed.code) == (409, "conflict")
    path = f"/api/v1/rubrics/{school.rubric_id}/assessments"
    for wrong, field in (
        ({"assessor_ids": [id_of(world.people[STRANGER])]}, "assessor_ids"),
        ({"assessor_ids": [id_of(world.visitor)]}, "assessor_ids"),
        ({"subject": {"kind": "content", "id": "absent"}}, "subject"),
        ({"subject": {"kind": "content", "id": school.rubric_id}, "assessed_ids": ["nobody"]}, "assessed_ids"),
    ):
        refused = await world.founder.call("POST", path, {**body, **wrong})
        assert (refused.status, refused.body["field"]) == (400, field), wrong
    other = await world.founder.call("POST", path, {**body, "assessed_ids": [id_of(school.peers[0])]})
    assert other.status == 400
    assert (await world.pupil.call("POST", path, body)).status == 404


async def test_evidence_opens_by_the_rights_of_who_reads(school: Class) -> None:
    world, mate = school.world, school.peers[0]
    open_to_all, wall_id = await world.create("document", "Our page"), await world.create("wall", "Our wall")
    among_teachers = await world.create("document", "Notes of the teachers")
    await world.founder.call("PUT", f"/api/v1/contents/{among_teachers}/visibility", {"visibility": "teachers"})
    await world.pin(world.founder, wall_id, "card-1", title="A heron")
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "In May"})
    file = await upload(world.founder, world, b"A poem about herons", filename="poem.txt", title="Our poem")
    pins = [
        {"criterion_id": "voice", "kind": "content", "id": open_to_all},
        {"criterion_id": "voice", "kind": "card", "id": wall_id, "part_id": "card-1"},
        {"criterion_id": "sources", "kind": "snapshot", "id": taken.body["id"], "part_id": open_to_all},
        {"criterion_id": "sources", "kind": "material", "id": file["id"]},
        {"criterion_id": "sources", "kind": "content", "id": among_teachers},
    ]
    path = await school.begin(assessor_ids=[id_of(mate), id_of(world.founder)])
    hidden = await say(mate, path, evidence=pins[4:])
    assert (hidden.status, hidden.body["field"]) == (400, "evidence")
    assert (await say(mate, path, evidence=pins[:2])).status == 200
    assert (await say(world.founder, path, evidence=pins)).status == 200
    of_ana = next(each for each in (await school.lucia.get(path))["given"] if each["by"] == "teacher")
    assert [pin["title"] for pin in of_ana["evidence"]] == [
        "Our page",
        "A heron",
        "Our page · In May",
        "Our poem",
        None,
    ]
    assert among_teachers not in json.dumps(of_ana) and of_ana["evidence"][4]["id"] is None
    await world.founder.call("PUT", f"/api/v1/contents/{open_to_all}/visibility", {"visibility": "teachers"})
    of_ana = next(each for each in (await school.lucia.get(path))["given"] if each["by"] == "teacher")
    assert [pin["title"] for pin in of_ana["evidence"]] == [None, "A heron", None, "Our poem", None]


async def write_page(world: World, text: str, page_id: ContentId | None = None) -> ContentId:
    """A document with this text alone in it."""
    content_id = page_id or await world.create("document", "Our page")

    def write(doc: Any) -> None:
        paragraphs = doc.get(document.FRAGMENT, type=XmlFragment).children
        while len(paragraphs):
            del paragraphs[0]
        paragraphs.append(XmlElement("paragraph", contents=[XmlText(text)]))

    await world.hub.context.live_docs.edit(content_id, "document", write, user_id=None)
    return content_id


async def test_a_passage_is_shown_as_it_was_until_its_words_are_erased(school: Class) -> None:
    world, mate = school.world, school.peers[0]
    page = await write_page(world, "The river rose. It came in May.")
    path = await school.begin(assessor_ids=[id_of(mate)])
    passage = {"start": "AAEC", "end": "AAED", "words": "It came  in May."}
    pin: dict[str, Any] = {"criterion_id": "voice", "kind": "content", "id": page, "passage": passage}
    for wrong in (
        {"passage": {**passage, "words": "It came in June."}},
        {"passage": {**passage, "start": "not base64!"}},
        {"kind": "material"},
        {"id": await world.create("wall", "Our wall")},
    ):
        assert (await say(mate, path, send=False, evidence=[{**pin, **wrong}])).status == 400, wrong
    kept = await say(mate, path, send=False, evidence=[pin])
    assert kept.body["mine"]["evidence"][0]["passage"] == {**passage, "is_there": True}
    await write_page(world, "The river rose.", page)
    # What is pinned already stays as it was kept, whatever is said of it now.
    again = await say(mate, path, evidence=[{**pin, "passage": {**passage, "words": "I was never there."}}])
    shown = (await school.lucia.get(path))["given"][0]["evidence"][0]
    assert again.status == 200 and shown["passage"] == {**passage, "is_there": False}
    content = await world.hub.context.storage.contents.get(page)
    await erase_content(world.hub.context, content, by=UserId(id_of(world.founder)))
    seen = json.dumps(await school.lucia.get(path))
    kept_rows = str(await world.hub.context.storage.assessments.ratings(AssessmentId(path.rpartition("/")[2])))
    assert "in May" not in seen and "in May" not in kept_rows


async def test_what_was_assessed_stands_nowhere_but_before_those_it_is_for(school: Class) -> None:
    """Every way to read there is, for everybody: members, strangers, and whoever holds a link from outside."""
    world, (mate, other) = school.world, school.peers
    prepared = await prepare(world, "founder")
    path = await school.begin()
    for person in (school.lucia, mate, other, world.founder):
        assert (await say(person, path, SECRET)).status == 200
    changed = {"visibility": "public"}
    opened = await world.founder.call("PUT", f"/api/v1/contents/{school.rubric_id}/visibility", changed)
    assert opened.status == 200, opened
    ids = {**prepared.ids, "assessment_id": path.rpartition("/")[2], "content_id": school.rubric_id}
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "With it"})
    ids["snapshot_id"] = taken.body["id"]
    journal = str(await world.hub.context.storage.journal.latest(world.twinspace_id, 200, None))
    assert SECRET not in journal and ids["assessment_id"] not in journal
    partner_teacher, uninvolved = world.teacher, await world.add("pupil", "pupil", "a")
    own = "GET /api/v1/assessments/{assessment_id}"
    for person in (uninvolved, partner_teacher, world.visitor, world.people[STRANGER], world.people[NOBODY], mate):
        for route in in_order(ROUTES):
            name = f"{route.method} {route.path}"
            if route.method != "GET" or route.body != "json" or (person is mate and name == own):
                continue
            case = CASES[name]
            path_of_it = case.path(route.path, replace(prepared, ids=ids))
            answer = await person.call(route.method, path_of_it, **case.request(route, ids))
            said = answer.body.decode(errors="replace") if isinstance(answer.body, bytes) else json.dumps(answer.body)
            assert SECRET not in said, (person.user, name)
    for audience in ("families", "inspection", "public"):
        made = await world.founder.call("POST", f"{world.path}/shares", {"audience": audience, "title": audience})
        secret = made.body["url"].replace("#secret=", "/").rpartition("/")[2]
        outside = await world.nobody.call("POST", "/api/v1/shared", {"secret": secret})
        # The rubric is there, to whom it is opened; what was said by it is not.
        assert school.rubric_id in [item["id"] for item in outside.body["items"]]
        assert SECRET not in json.dumps(outside.body) and ids["assessment_id"] not in json.dumps(outside.body)
    snapshot = await world.hub.context.storage.snapshots.get(taken.body["id"])
    tree = await world.hub.context.storage.blobs.get(snapshot.tree)
    assert b"assess" not in tree and ids["assessment_id"].encode() not in tree


async def test_ones_own_copy_holds_what_was_given_without_whose_it_is(school: Class) -> None:
    mate, other = school.peers
    path = await school.begin(assessor_ids=[id_of(mate), id_of(other)])
    assert (await say(mate, path, "Well said")).status == 200
    lucia = school.lucia.user
    assert lucia is not None
    name = "data/assessments_given.json"
    before = (await gather(school.world.hub.context, lucia, lambda done: None))[name]
    assert (await say(other, path, "Clear")).status == 200
    files = await gather(school.world.hub.context, lucia, lambda done: None)
    given = files[name]
    assert isinstance(before, bytes) and isinstance(given, bytes)
    assert json.loads(before) == []
    assert sorted(each["words"]["voice"] for each in json.loads(given)) == ["Clear", "Well said"]
    assert {each["by"] for each in json.loads(given)} == {"a classmate"} and id_of(mate).encode() not in given


async def test_the_announcement_says_nothing_and_goes_to_those_it_concerns(school: Class) -> None:
    world = school.world
    lucia, stranger = await school.lucia.socket(), await world.teacher.socket()
    await lucia.enter(world.twinspace_id)
    await stranger.enter(world.twinspace_id)
    alone = [*(id_of(each) for each in (school.peers[0], world.founder))]
    path = await school.begin(assessor_ids=alone)
    told = await lucia.expect("assessment:changed")
    assert told == {"twinspace_id": world.twinspace_id, "assessment_id": path.rpartition("/")[2]}
    await world.founder.call("POST", f"{world.path}/contents", {"kind": "document", "title": "Something else"})
    await stranger.expect("content:created")
    # The partner school's teacher neither assesses nor teaches whose work it is.
    assert "assessment:changed" not in [name for name, _ in stranger.heard()]
    listed = await world.teacher.get(f"{world.path}/assessments")
    assert listed["assessments"] == []
    assert len((await school.lucia.get(f"{world.path}/assessments"))["assessments"]) == 1


async def test_all_send_at_once_and_it_is_shown_once(school: Class) -> None:
    path = await school.begin()
    people = [school.lucia, *school.peers, school.world.founder]
    answers = await asyncio.gather(*(say(person, path, "Now") for person in people))
    assert [answer.status for answer in answers] == [200] * 4
    assert len((await school.lucia.get(path))["given"]) == 4
    taken_back = await school.world.founder.call("DELETE", path)
    assert taken_back.status == 204 and (await school.lucia.call("GET", path)).status == 404
