"""Something goes wrong: reports reach the teachers, hidden means hidden on every way in, muted means muted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crdt_docs.content import KINDS
from storage.moderation_log import broken_at, read_chain
from storage.records import TwinspaceId
from tests.hub.world import Answer, Person, World
from tests.hub.yjs_client import REFUSED, open_document
from tests.webrtc.clients import client

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def post(person: Person, world: World, text: str) -> str:
    answer = await person.call("POST", f"{world.path}/messages", {"text": text})
    assert answer.status == 201, answer
    return str(answer.body["seq"])


async def tell(person: Person, world: World, kind: str, subject_id: str, words: str = "") -> Answer:
    body = {"kind": kind, "subject_id": subject_id, "reason": "mean", "words": words}
    return await person.call("POST", f"{world.path}/reports", body)


async def hide(world: World, kind: str, subject_id: str) -> None:
    body = {"kind": kind, "subject_id": subject_id, "reason": "mean"}
    answer = await world.teacher.call("POST", f"{world.path}/hidden", body)
    assert answer.status == 204, answer


async def show(world: World, kind: str, subject_id: str) -> None:
    answer = await world.founder.call("DELETE", f"{world.path}/hidden/{kind}/{subject_id}")
    assert answer.status == 204, answer


async def mute(world: World, person: Person, *parts: str, minutes: int | None = None) -> Answer:
    assert person.user is not None
    body = {"parts": [*parts], "minutes": minutes, "reason": "mean"}
    return await world.teacher.call("PUT", f"{world.path}/members/{person.user.id}/mute", body)


async def queue(person: Person, world: World) -> Any:
    return await person.get(f"{world.path}/moderation")


async def test_a_report_reaches_the_teachers_of_both_schools_at_once_and_is_handled_by_one(world: World) -> None:
    author = await world.add("pupil", "pupil", "b")
    seq = await post(author, world, "You are stupid")
    sockets = [await person.socket() for person in (world.founder, world.teacher, world.pupil, author)]
    for socket in sockets:
        await socket.enter(world.twinspace_id)
    told = await tell(world.pupil, world, "message", seq, "He always does")
    assert told.status == 201, told
    for socket in sockets[:2]:
        heard = await socket.expect("report:changed")
        assert (heard["report_id"], heard["state"]) == (told.body["report_id"], "open")
    again = await tell(world.pupil, world, "message", seq)
    assert again.body == told.body
    (report,) = (await queue(world.teacher, world))["reports"]
    assert (report["excerpt"], report["words"], report["reason"]) == ("You are stupid", "He always does", "mean")
    assert report["reporter_name"] == world.pupil.user.display_name  # type: ignore[union-attr]
    (open_here,) = (await world.founder.get("/api/v1/me/open_reports"))["twinspaces"]
    assert (open_here["twinspace_id"], open_here["count"]) == (world.twinspace_id, 1)
    path = f"{world.path}/reports/{report['id']}"
    assert (await world.teacher.call("POST", f"{path}/claim", {})).status == 200
    assert (await sockets[0].expect("report:changed"))["state"] == "claimed"
    late = await world.founder.call("POST", f"{path}/claim", {})
    assert (late.status, late.code) == (409, "conflict")
    assert (await world.founder.call("POST", f"{path}/answer", {"answer": "We talked"})).status == 200
    assert (await sockets[2].expect("report:answered"))["report_id"] == report["id"]
    assert (await world.teacher.call("POST", f"{path}/answer", {})).status == 409
    (answered,) = (await queue(world.founder, world))["reports"]
    assert (answered["state"], answered["answer"]) == ("answered", "We talked")
    assert not (await world.founder.get("/api/v1/me/open_reports"))["twinspaces"]
    # Pupils hear nothing of who told what, and the author nothing at all.
    for socket in sockets[2:]:
        assert not [name for name, _ in socket.heard() if name in ("report:changed", "report:answered")]


async def test_a_report_about_a_teacher_is_for_the_other_teachers(world: World) -> None:
    assert world.teacher.user is not None
    reported = await world.teacher.socket()
    other = await world.founder.socket()
    told = await tell(world.pupil, world, "member", world.teacher.user.id, "He shouts")
    assert (await other.expect("report:changed"))["report_id"] == told.body["report_id"]
    assert len((await queue(world.founder, world))["reports"]) == 1
    assert not (await queue(world.teacher, world))["reports"]
    assert not (await world.teacher.get("/api/v1/me/open_reports"))["twinspaces"]
    assert not (await world.teacher.get(f"{world.path}/moderation/log"))["entries"]
    answer = await world.teacher.call("POST", f"{world.path}/reports/{told.body['report_id']}/answer", {})
    assert (answer.status, answer.code) == (404, "not_found")
    assert not [name for name, _ in reported.heard() if name == "report:changed"]


async def test_what_is_not_there_or_not_mine_to_see_cannot_be_reported(world: World) -> None:
    wall_id = await world.create("wall")
    absent = (
        ("message", "99"),
        ("message", "x"),
        ("message", "0"),
        ("content", "absent"),
        ("card", f"{wall_id}:absent"),
        ("card", "absent:absent"),
        ("member", "absent"),
        ("recording", "absent"),
    )
    for kind, subject_id in absent:
        answer = await tell(world.pupil, world, kind, subject_id)
        assert (answer.status, answer.code) == (404, "not_found"), (kind, answer)
    wrong = await world.pupil.call(
        "POST", f"{world.path}/reports", {"kind": "member", "subject_id": "x", "reason": "bored"}
    )
    assert (wrong.status, wrong.body["field"]) == (400, "reason")


async def test_a_hidden_message_is_in_no_history_and_comes_back(world: World) -> None:
    seq = await post(world.pupil, world, "A secret word")
    socket = await world.visitor.socket()
    await socket.enter(world.twinspace_id)
    await hide(world, "message", seq)
    heard = await socket.expect("subject:changed")
    assert (heard["kind"], heard["subject_id"], heard["is_hidden"]) == ("message", seq, True)
    everything = [
        await world.pupil.get(f"{world.path}/messages"),
        await world.founder.get(f"{world.path}/messages?since=0"),
        await socket.call("chat:since", {"twinspace_id": world.twinspace_id, "seq": 0}),
    ]
    for page in everything:
        (message,) = page["messages"]
        assert (message["text"], message["is_hidden"]) == ("", True)
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Now"})
    tree = await world.hub.context.storage.blobs.get(taken.body["tree"])
    assert b"A secret word" not in b"".join([tree, *await blobs_of(world, taken.body["tree"])])
    (kept,) = (await queue(world.founder, world))["hidden"]
    assert (kept["excerpt"], kept["subject_id"]) == ("A secret word", seq)
    await show(world, "message", seq)
    (message,) = (await world.visitor.get(f"{world.path}/messages"))["messages"]
    assert (message["text"], message["is_hidden"]) == ("A secret word", False)
    assert not (await queue(world.founder, world))["hidden"]


async def blobs_of(world: World, tree: str) -> list[bytes]:
    import json

    blobs = world.hub.context.storage.blobs
    return [await blobs.get(blob) for blob in json.loads(await blobs.get(tree)).values()]


async def test_a_hidden_card_leaves_the_wall_and_its_snapshots_and_comes_back_as_it_was(world: World) -> None:
    wall_id = await world.create("wall")
    for card_id in ("one", "two", "three"):
        await world.pin(world.pupil, wall_id, card_id, title=f"Card {card_id}", tint=3)
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Before"})
    await hide(world, "card", f"{wall_id}:two")
    kept = f"/api/v1/snapshots/{taken.body['id']}/contents/{wall_id}"
    assert await titles(world, wall_id) == ["Card one", "Card three"]
    # What a newcomer is given has no byte of it.
    assert b"Card two" not in await world.hub.context.live_docs.state(wall_id)
    assert [block["title"] for block in (await world.visitor.get(kept))["blocks"]] == ["Card one", "Card three"]
    assert (await tell(world.pupil, world, "card", f"{wall_id}:two")).status == 404
    await show(world, "card", f"{wall_id}:two")
    assert await titles(world, wall_id) == ["Card one", "Card two", "Card three"]
    assert len((await world.visitor.get(kept))["blocks"]) == 3


async def titles(world: World, wall_id: Any) -> list[str]:
    blocks = await world.hub.context.live_docs.read(wall_id, "wall", KINDS["wall"].blocks)
    return [block["title"] for block in blocks]


async def test_a_hidden_document_is_not_there_on_any_way_in(world: World) -> None:
    content_id = await world.create("document", "A mean title")
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Before"})
    snapshot = f"/api/v1/snapshots/{taken.body['id']}"
    ways = (
        f"/api/v1/contents/{content_id}",
        f"/api/v1/contents/{content_id}/authorship",
        f"{snapshot}/contents/{content_id}",
    )
    pages = (f"{world.path}/contents", f"{world.path}/journal", snapshot)
    async with open_document(world.pupil, content_id) as document:
        assert await document.sync()
        await hide(world, "content", content_id)
        assert await document.ended() in REFUSED
    for person in (world.pupil, world.founder):
        for way in ways:
            assert (await person.call("GET", way)).code == "not_found", way
        for page in pages:
            assert "A mean title" not in str(await person.get(page)), page
        async with open_document(person, content_id) as document:
            assert await document.ended() in REFUSED
    assert (await world.founder.call("PATCH", ways[0], {"title": "New"})).code == "not_found"
    later = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "After"})
    assert later.body["content_count"] == 0
    await show(world, "content", content_id)
    for way in ways:
        assert (await world.pupil.call("GET", way)).status == 200, way
    for page in pages:
        assert "A mean title" in str(await world.pupil.get(page)), page


async def test_a_muted_pupil_can_neither_chat_nor_write_on_what_is_open_until_it_is_lifted(world: World) -> None:
    document_id, wall_id = await world.create("document"), await world.create("wall")
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    say = {"twinspace_id": world.twinspace_id, "client_message_id": "one", "text": "Hello"}
    async with open_document(world.pupil, document_id) as document:
        assert await document.sync()
        assert (await mute(world, world.pupil, "chat", "write")).status == 204
        await document.update(words_update("from a muted pupil"))
        await document.sync()
        assert (await socket.call("chat:post", say))["error"]["code"] == "not_found"
        assert (await world.pupil.call("POST", f"{world.path}/messages", {"text": "Hello"})).code == "not_found"
        card = {"client_card_id": "one", "title": "Hello"}
        assert (await world.pupil.call("POST", f"/api/v1/walls/{wall_id}/cards", card)).code == "not_found"
    assert "from a muted pupil" not in str(await blocks(world, document_id))
    mine = await world.pupil.get(f"{world.path}/my_mute")
    assert mine == {"parts": ["chat", "write"], "until_ms": None}
    acts = (await world.pupil.get(world.path))["acts"]
    assert "read" in acts and "meet" in acts and not {"chat", "write"} & {*acts}
    (muted,) = (await queue(world.founder, world))["muted"]
    assert muted["parts"] == ["chat", "write"]
    assert world.pupil.user is not None
    path = f"{world.path}/members/{world.pupil.user.id}/mute"
    assert (await world.founder.call("DELETE", path)).status == 204
    assert (await socket.call("chat:post", say))["ok"]
    async with open_document(world.pupil, document_id) as document:
        await document.update(words_update("after the mute"))
        assert await document.sync()
    assert "after the mute" in str(await blocks(world, document_id))


def words_update(words: str) -> bytes:
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText

    doc: Doc[Any] = Doc()
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph", None, [XmlText(words)]))
    return doc.get_update()


async def blocks(world: World, content_id: Any) -> Any:
    return await world.hub.context.live_docs.read(content_id, "document", KINDS["document"].blocks)


async def test_a_mute_ends_by_itself_and_what_is_open_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context = world.hub.context
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    assert (await mute(world, world.pupil, "chat", minutes=10)).status == 204
    assert (await world.pupil.call("POST", f"{world.path}/messages", {"text": "Hello"})).code == "not_found"
    await socket.expect("member:changed")
    now_ms = context.now_ms
    monkeypatch.setattr(context, "now_ms", lambda: now_ms() + 11 * 60_000)
    assert (await world.pupil.call("POST", f"{world.path}/messages", {"text": "Hello"})).status == 201
    # The membership watch lifts it and raises the epoch, so that every open thing asks again.
    await socket.expect("member:changed")
    assert world.pupil.user is not None
    assert not (await context.storage.twinspaces.get_member(world.twinspace_id, world.pupil.user.id)).muted


async def test_a_muted_pupil_sends_no_voice_and_no_picture_and_still_hears(world: World) -> None:
    publish = [{"mid": "0", "source": "microphone"}, {"mid": "1", "source": "camera"}]
    socket = await world.pupil.socket()
    async with client() as browser:
        joined = await socket.call("room:join", {"room_id": world.room_id})
        assert joined["may_send"] == ["audio", "video"]
        offer = {"room_id": world.room_id, "sdp": await browser.offer_media(), "tracks": publish}
        published = await socket.call("room:publish", offer)
        assert published["ok"], published
        assert (await mute(world, world.pupil, "speak")).status == 204
        ended = {(await socket.expect("room:unpublished"))["track"]["track_id"] for _ in range(2)}
        assert ended == {track["track_id"] for track in published["tracks"]}
        again = await socket.call("room:join", {"room_id": world.room_id, "peer_id": joined["peer_id"]})
        assert again["ok"] and again["may_send"] == []
        peers = (await world.founder.get(f"/api/v1/rooms/{world.room_id}/peers"))["peers"]
        assert peers == []


async def test_whom_one_may_mute_and_remove(world: World) -> None:
    teacher, founder, head = world.teacher, world.founder, await world.add("head_teacher")

    async def remove(by: Person, whom: Person) -> Answer:
        assert whom.user is not None
        return await by.call("POST", f"{world.path}/members/{whom.user.id}/removal", {"reason": "other"})

    assert (await remove(teacher, founder)).code == "invalid" and (await remove(teacher, teacher)).code == "invalid"
    other = await world.add("teacher", school="b")
    refused = await remove(teacher, other)
    assert (refused.code, refused.body["field"]) == ("invalid", "user_id")
    assert (await remove(founder, other)).status == 204
    assert (await remove(teacher, head)).status == 204
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    # Of the other school: who does harm is sent out by whoever is there.
    assert (await remove(teacher, world.pupil)).status == 204
    assert (await socket.expect("session:ended"))["reason"] == "removed"
    assert (await world.pupil.call("GET", world.path)).code == "not_found"
    assert (await remove(teacher, world.pupil)).code == "not_found"


async def test_the_log_holds_everything_done_with_authority_and_nothing_that_was_said(world: World) -> None:
    assert world.pupil.user is not None
    seq = await post(world.pupil, world, "Something mean")
    told = await tell(world.pupil, world, "message", seq, "My own words")
    await hide(world, "message", seq)
    await show(world, "message", seq)
    await mute(world, world.pupil, "chat", minutes=5)
    pupil = f"{world.path}/members/{world.pupil.user.id}"
    await world.founder.call("DELETE", f"{pupil}/mute")
    await world.founder.call("POST", f"{world.path}/reports/{told.body['report_id']}/answer", {"answer": "Settled"})
    await world.founder.call("POST", f"{pupil}/removal", {"reason": "mean"})
    entries = (await world.founder.get(f"{world.path}/moderation/log"))["entries"]
    done = ["reported", "hidden", "shown", "muted", "unmuted", "answered", "removed"]
    assert [entry["action"] for entry in reversed(entries)] == done
    assert not {"Something mean", "My own words", "Settled", world.pupil.user.display_name} & {
        *map(str, (value for entry in entries for key, value in entry.items() if key != "display_name"))
    }
    page = (await world.teacher.get(f"{world.path}/moderation/log?limit=2&before=4"))["entries"]
    assert [entry["action"] for entry in page] == ["shown", "hidden"]
    chain = await read_chain(world.hub.context.storage, TwinspaceId(world.twinspace_id))
    assert broken_at(chain) is None


async def test_two_teachers_hide_the_same_thing_at_once(world: World) -> None:
    wall_id = await world.create("wall")
    await world.pin(world.pupil, wall_id, "one", title="One")
    body = {"kind": "card", "subject_id": f"{wall_id}:one", "reason": "mean"}
    answers = await asyncio.gather(
        *(person.call("POST", f"{world.path}/hidden", body) for person in (world.founder, world.teacher))
    )
    assert {answer.status for answer in answers} <= {204, 404}
    assert await titles(world, wall_id) == []
    await show(world, "card", f"{wall_id}:one")
    assert await titles(world, wall_id) == ["One"]
