"""What is said to a rubric while it is negotiated passes the gate, obeys the teachers, and is kept with it."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map

from crdt_docs.content import wall_talk
from hub import outside
from hub.erasure import erase_person
from hub.rubric_talk import begin_talk
from hub.sealing import digest_of
from storage.records import ContentId
from tests.hub.cases.rubrics import AGREED, seal_rubric, write_rubric
from tests.hub.world import Person, World
from tests.hub.yjs_client import open_collab

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def comment(person: Person, rubric_id: str, comment_id: str, text: str, **place: str) -> Any:
    body = {"client_comment_id": comment_id, "text": text, "criterion_id": "voice", **place}
    return await person.call("POST", f"/api/v1/rubrics/{rubric_id}/comments", body)


async def said(world: World, rubric_id: str) -> dict[str, str]:
    """What everybody sees: text → place."""
    seen = await world.founder.get(f"/api/v1/rubrics/{rubric_id}")
    read = world.hub.context.live_docs.read(ContentId(seen["talk_id"]), "rubric_talk", wall_talk.comments)
    return {each["text"]: each["card_id"] for each in await read}


async def held(person: Person, talk_id: str) -> list[Any]:
    return list((await person.get(f"/api/v1/walls/{talk_id}/held"))["held"])


async def decide(person: Person, thing: Any, how: str = "approval", **body: Any) -> Any:
    path = f"/api/v1/walls/{thing['content_id']}/held/comment/{thing['id']}/{how}"
    return await person.call("POST", path, {"revision": thing["revision"], **body})


async def test_CT1_a_pupils_comment_waits_for_their_own_teacher(world: World) -> None:
    rubric_id = await write_rubric(world)
    partner = await world.add("pupil", "pupil", "b")
    assert (await world.pupil.get(f"/api/v1/rubrics/{rubric_id}"))["talk_id"] is None
    listening = await partner.socket()
    await listening.enter(world.twinspace_id)
    mine = await comment(world.pupil, rubric_id, "c1", "Can one hear whispering?", level_id="there")
    assert (mine.status, mine.body["waits"]) == (201, True)
    talk_id = (await listening.expect("rubric:talk"))["talk_id"]
    assert await said(world, rubric_id) == {}
    (thing,) = await held(world.founder, talk_id)
    assert (thing["card"]["title"], thing["content_kind"]) == ("Voice · There", "rubric")
    assert await held(partner, talk_id) == [] and await held(world.teacher, talk_id) == []
    queue = (await world.founder.get(f"{world.path}/held"))["held"]
    assert [each["id"] for each in queue] == ["c1"]
    assert (await decide(world.teacher, thing)).status == 404
    assert (await decide(world.founder, thing)).status == 204
    assert await said(world, rubric_id) == {"Can one hear whispering?": "voice|there"}
    # A teacher's own is there at once; nobody else's words are anybody's to change.
    assert (await comment(world.teacher, rubric_id, "c2", "Good question")).status == 201
    assert len(await said(world, rubric_id)) == 2
    path = f"/api/v1/walls/{talk_id}/comments/c1"
    assert (await partner.call("PATCH", path, {"text": "Mine"})).status == 404
    changed = await world.pupil.call("PATCH", path, {"text": "Also whispering?"})
    assert (changed.status, changed.body["waits"]) == (200, True)
    assert "Can one hear whispering?" in await said(world, rubric_id)


async def test_CT1_a_client_of_ones_own_making_gains_nothing(world: World) -> None:
    rubric_id = await write_rubric(world)
    await comment(world.founder, rubric_id, "c1", "Ours")
    talk_id = (await world.pupil.get(f"/api/v1/rubrics/{rubric_id}"))["talk_id"]
    forged: Doc[Any] = Doc()
    forged.get("comments", type=Map)["c9"] = Map({"card_id": "voice", "text": "Not Ana's", "author_name": "Ana"})
    async with open_collab(world.pupil, talk_id) as door:
        assert (await door.sign_in(world.pupil.token or ""))[1] != "read-write"
        assert not await door.update(forged.get_update())
    assert await said(world, rubric_id) == {"Ours": "voice"}
    for place in ({"criterion_id": "nowhere"}, {"level_id": "nowhere"}):
        refused = await comment(world.pupil, rubric_id, "c3", "Where?", **place)
        assert (refused.status, refused.body["field"]) == (400, "criterion_id")
    twice = await comment(world.pupil, rubric_id, "c1", "Mine now")
    assert (twice.status, twice.body["field"]) == (400, "client_comment_id")
    # Its talk is no content to be made, listed or found by its title.
    made = await world.founder.call("POST", f"{world.path}/contents", {"kind": "rubric_talk", "title": "T"})
    assert made.status == 400
    assert talk_id not in str(await world.pupil.get(f"{world.path}/contents"))


async def test_CT2_with_the_seal_it_is_closed_and_what_waited_is_gone(world: World) -> None:
    rubric_id = await write_rubric(world)
    await comment(world.founder, rubric_id, "c1", "Agreed?")
    await comment(world.pupil, rubric_id, "c2", "Too late")
    talk_id = (await world.pupil.get(f"/api/v1/rubrics/{rubric_id}"))["talk_id"]
    (waiting,) = await held(world.founder, talk_id)
    for person in (world.founder, world.teacher):
        signing = {"digest": digest_of(AGREED)}
        assert (await person.call("PUT", f"/api/v1/rubrics/{rubric_id}/signature", signing)).status == 200
    assert await held(world.founder, talk_id) == []
    assert (await decide(world.founder, waiting)).status == 404
    assert (await comment(world.founder, rubric_id, "c3", "One more")).code == "conflict"
    changed = await world.founder.call("PATCH", f"/api/v1/walls/{talk_id}/comments/c1", {"text": "Never said"})
    assert changed.code == "conflict"
    assert await said(world, rubric_id) == {"Agreed?": "voice"}


async def test_CT3_it_is_kept_with_the_rubric_and_obeys_the_teachers_there_too(world: World) -> None:
    first_id = await seal_rubric(world)
    # A later version, whose id has a colon in it.
    rubric_id = (await world.founder.call("POST", f"/api/v1/rubrics/{first_id}/versions")).body["id"]
    await comment(world.founder, rubric_id, "c1", "Fair to all")
    await comment(world.teacher, rubric_id, "c:2", "Unkind words", level_id="begun")
    talk_id = (await world.pupil.get(f"/api/v1/rubrics/{rubric_id}"))["talk_id"]
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Kept"})
    path = f"/api/v1/snapshots/{taken.body['id']}/contents/{rubric_id}"

    async def kept() -> list[tuple[str, str | None]]:
        (block,) = (await world.pupil.get(path))["blocks"]
        return [(each["text"], each["level_id"]) for each in block["comments"]]

    assert await kept() == [("Fair to all", None), ("Unkind words", "begun")]
    about = {"kind": "comment", "subject_id": f"{talk_id}:c:2"}
    told = await world.pupil.call("POST", f"{world.path}/reports", {**about, "reason": "mean"})
    assert told.status == 201, told
    hidden = await world.founder.call("POST", f"{world.path}/hidden", {**about, "reason": "mean"})
    assert hidden.status in (200, 201, 204), hidden
    assert await said(world, rubric_id) == {"Fair to all": "voice"}
    assert await kept() == [("Fair to all", None)]
    shown = await world.founder.call("DELETE", f"{world.path}/hidden/comment/{talk_id}:c:2")
    assert shown.status == 204 and len(await kept()) == 2 == len(await said(world, rubric_id))
    # Who goes takes their words along, and nobody else's.
    assert world.teacher.user is not None
    await erase_person(world.hub.context, world.teacher.user, texts=True)
    assert await kept() == [("Fair to all", None)]
    assert await said(world, rubric_id) == {"Fair to all": "voice"}


async def test_nobody_outside_reads_it(world: World) -> None:
    rubric_id = await seal_rubric(world)
    content = await world.hub.context.storage.contents.get(rubric_id)
    talk, is_new = await begin_talk(world.hub.context, content)
    assert is_new

    def say(doc: Any) -> None:
        who = {"author_id": "a", "author_name": "Ana", "school_id": "school-a"}
        wall_talk.add_comment(doc, comment_id="c1", card_id="voice", text="Between us", at_ms=1, **who)

    await world.hub.context.live_docs.edit(talk.id, talk.kind, say, user_id=None)
    for each in (content, talk):
        await world.hub.context.storage.contents.set_visibility(each.id, "public", None)
    found = await outside.read_contents(world.hub.context, world.twinspace_id, "public")
    assert [each.id for each in found] == [rubric_id]
    assert "Between us" not in str(await outside.read_blocks(world.hub.context, content))
