"""Erased means that no byte is left: the whole data folder is searched, and the chain of snapshots proves itself."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText

from crdt_docs.content import KINDS, whiteboard
from hub.auth import open_login
from storage.records import Member, SchoolId, User, UserId
from storage.snapshots import verify
from tests.hub.cases.rubrics import seal_rubric
from tests.hub.form_steps import publish, settings
from tests.hub.test_safety import hide, post, tell
from tests.hub.world import Person, World, give_consents
from tests.hub.yjs_client import open_document

WAIT_S = 60
pytestmark = pytest.mark.asyncio(loop_scope="session")


def needle() -> str:
    """A word that nothing else holds, in letters that JSON may escape and files may not."""
    return f"zażółć{secrets.token_hex(6)}gęślą"


def places_of(world: World, text: str) -> list[str]:
    """The files below the data folder that hold the text, plainly or as JSON escapes it."""
    folder: Path = world.hub.context.settings.data_dir
    forms = (text.encode(), json.dumps(text)[1:-1].encode())
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


async def draw(person: Person, board_id: str, client_id: int, word: str) -> None:
    """A note on a whiteboard, with a word on it."""
    doc: Doc[Any] = Doc(client_id=client_id)
    look = {"type": "note", "tint": 1, "width": 20}
    doc.get("objects", type=Map)[secrets.token_hex(4)] = Map({"look": look, "box": [0, 0, 9, 9], "words": Text(word)})
    async with open_document(person, board_id) as document:
        await document.update(doc.get_update())
        assert await document.sync()


async def pupil_called(world: World, name: str) -> Person:
    context, now_ms = world.hub.context, world.hub.context.now_ms()
    user_id = UserId(f"pupil-{secrets.token_hex(4)}")
    user = User(user_id, f"pupil:{user_id}", name, "pupil", SchoolId("school-a"), "pl", now_ms, class_name="5B")
    await context.storage.users.add_user(user)
    await give_consents(world.hub, user.id, now_ms)
    await context.storage.twinspaces.add_member(Member(world.twinspace_id, user.id, "pupil", 1, now_ms))
    _, token = await open_login(context.storage, user, "token", days=1, now_ms=now_ms)
    person = world.people[name] = Person(world.hub, world.founder.http, user, token)
    return person


def editor(client_id: int, text: str) -> tuple[Doc[Any], bytes]:
    doc: Doc[Any] = Doc(client_id=client_id)
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph", None, [XmlText(text)]))
    return doc, doc.get_update()


async def write_into(person: Person, content_id: Any, client_id: int, text: str) -> None:
    _, update = editor(client_id, text)
    async with open_document(person, content_id) as document:
        await document.update(update)
        assert await document.sync()


async def hand_in_a_sheet(world: World, said: list[tuple[Person, str]]) -> str:
    """Each of them writes one answer of it; then both schools hand it in."""
    questions = [
        {"id": f"q{place}", "type": "short_text", "label": "Where?", "required": True} for place in range(len(said))
    ]
    form_id = await world.create_form(questions)
    await settings(world, form_id, mode="together")
    sheet_id = (await publish(world, form_id))["sheet_id"]
    for place, (person, word) in enumerate(said):
        doc: Doc[Any] = Doc(client_id=next(CLIENTS))
        doc.get(f"text:q{place}", type=Text).insert(0, word)
        async with open_document(person, sheet_id) as document:
            await document.update(doc.get_update())
            assert await document.sync()
    path = f"/api/v1/forms/{form_id}/sheet"
    for person in (world.founder, world.teacher):
        body = {"version": 1, "digest": (await person.get(path))["digest"]}
        assert (await person.call("PUT", f"{path}/signature", body)).status == 200
    return form_id


async def blocks(world: World, kind: str, content_id: Any) -> str:
    return str(await world.hub.context.live_docs.read(content_id, kind, KINDS[kind].blocks))


async def keep(world: World, title: str = "Kept") -> str:
    answer = await world.founder.call("POST", f"{world.path}/snapshots", {"title": title})
    assert answer.status == 201, answer
    return str(answer.body["id"])


async def erase(world: World, kind: str, subject_id: str) -> None:
    await hide(world, kind, subject_id)
    answer = await world.founder.call("DELETE", f"{world.path}/erased/{kind}/{subject_id}")
    assert answer.status == 204, answer
    await rewritten(world)


async def rewritten(world: World) -> None:
    """What was asked for is done, the files included."""
    async with asyncio.timeout(WAIT_S):
        await world.hub.context.erasing.until_idle()


def unique_clients() -> Iterator[int]:
    while True:
        yield secrets.randbelow(1 << 30) + 1


CLIENTS = unique_clients()


async def quote(world: World, content_id: str, words: str) -> str:
    """Ana assesses a classmate's talk, with these words of a document to show it. Returns where the assessment is."""
    rubric_id, about = await seal_rubric(world), world.pupil.user
    assert about is not None and world.founder.user is not None
    body = {
        "title": "A talk",
        "subject": {"kind": "member", "id": about.id},
        "assessed_ids": [about.id],
        "assessor_ids": [world.founder.user.id],
    }
    begun = await world.founder.call("POST", f"/api/v1/rubrics/{rubric_id}/assessments", body)
    path = f"/api/v1/assessments/{begun.body['id']}"
    passage = {"start": "AAEC", "end": "AAED", "words": words}
    pin = {"criterion_id": "voice", "kind": "content", "id": content_id, "passage": passage}
    said = {"levels": {"sources": "there", "voice": "there"}, "evidence": [pin], "send": True}
    sent = await world.founder.call("PUT", f"{path}/rating", said)
    assert sent.status == 200 and sent.body["mine"]["evidence"][0]["passage"]["words"] == words, sent
    return path


async def test_an_erased_message_leaves_no_byte_and_its_neighbours_stay(world: World) -> None:
    secret, other = needle(), needle()
    seq = await post(world.pupil, world, secret)
    await post(world.founder, world, other)
    await tell(world.visitor, world, "message", seq)
    await keep(world)
    await keep(world, "Again")
    assert places_of(world, secret)
    await erase(world, "message", seq)
    assert places_of(world, secret) == []
    assert places_of(world, other)
    page = (await world.pupil.get(f"{world.path}/messages"))["messages"]
    assert [message["text"] for message in page] == ["", other]
    report = await verify(world.hub.context.storage, world.twinspace_id)
    assert report.is_intact and report.redaction_count == 1
    shown = await world.founder.call("DELETE", f"{world.path}/hidden/message/{seq}")
    assert shown.code == "not_found"


async def test_only_what_is_hidden_can_be_erased(world: World) -> None:
    seq = await post(world.pupil, world, "Hello")
    answer = await world.founder.call("DELETE", f"{world.path}/erased/message/{seq}")
    assert answer.code == "not_found"
    assert (await world.pupil.get(f"{world.path}/messages"))["messages"][0]["text"] == "Hello"


async def test_an_erased_card_leaves_no_byte_on_the_wall_its_log_or_its_snapshots(world: World) -> None:
    secret, other = needle(), needle()
    wall_id = await world.create("wall")
    for card_id, text in (("one", secret), ("two", other)):
        await world.pin(world.pupil, wall_id, card_id, text=text)
    kept = await keep(world)
    await erase(world, "card", f"{wall_id}:one")
    assert places_of(world, secret) == []
    assert other in await blocks(world, "wall", wall_id)
    shown = await world.visitor.get(f"/api/v1/snapshots/{kept}/contents/{wall_id}")
    assert [block["text"] for block in shown["blocks"]] == [other]
    assert (await verify(world.hub.context.storage, world.twinspace_id)).is_intact


async def test_an_erased_document_leaves_nothing_but_its_place_in_the_chain(world: World) -> None:
    secret, title = needle(), needle()
    content_id = await world.create("document", title)
    await write_into(world.pupil, content_id, next(CLIENTS), secret)
    kept = await keep(world)
    await erase(world, "content", content_id)
    assert places_of(world, secret) == [] and places_of(world, title) == []
    detail = await world.founder.get(f"/api/v1/snapshots/{kept}")
    assert content_id not in [content["content_id"] for content in detail["contents"]]
    report = await verify(world.hub.context.storage, world.twinspace_id)
    assert report.is_intact and report.redaction_count == 2


async def test_an_erased_pupil_leaves_neither_name_nor_word_and_the_others_lose_none(world: World) -> None:
    name, secret, other = needle(), needle(), needle()
    pupil = await pupil_called(world, name)
    assert pupil.user is not None
    document_id, wall_id, form_id, board_id = (
        await world.create("document"),
        await world.create("wall"),
        await world.create_form(),
        await world.create("whiteboard"),
    )
    await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")
    for person, word in ((pupil, secret), (world.pupil, other)):
        await post(person, world, word)
        await write_into(person, document_id, next(CLIENTS), word)
        await draw(person, board_id, next(CLIENTS), word)
        await world.pin(person, wall_id, secrets.token_hex(4), text=word)
        answers = {"answers": {"one": "a", "long": word}, "version": 1}
        assert (await person.call("PUT", f"/api/v1/forms/{form_id}/response", answers)).status == 200
    await tell(pupil, world, "member", world.founder.user.id, secret)  # type: ignore[union-attr]
    assessment = await quote(world, document_id, secret)
    sheet_form_id = await hand_in_a_sheet(world, [(pupil, secret), (world.pupil, other)])
    kept = await keep(world)
    assert places_of(world, secret) and places_of(world, name)
    answer = await world.founder.call("POST", f"/api/v1/pupils/{pupil.user.id}/erasure", {"texts": True})
    assert answer.status == 202, answer
    await rewritten(world)
    assert places_of(world, secret) == []
    assert places_of(world, name) == []
    (pin,) = (await world.founder.get(assessment))["mine"]["evidence"]
    assert (pin["id"], pin["passage"]["words"], pin["passage"]["is_there"]) == (document_id, None, False)
    # Everybody else's is there, live and in the snapshot.
    assert other in await blocks(world, "document", document_id) and other in await blocks(world, "wall", wall_id)
    drawn = await world.hub.context.live_docs.read(board_id, "whiteboard", whiteboard.objects)
    assert [each.text for each in drawn] == [other]
    for content_id in (document_id, wall_id):
        assert other in str(await world.visitor.get(f"/api/v1/snapshots/{kept}/contents/{content_id}"))
    sheet = await world.founder.get(f"/api/v1/forms/{sheet_form_id}/sheet")
    assert sheet["submitted_at_ms"] and [*sheet["answers"].values()] == [other]
    assert all(signed["is_current"] for signed in sheet["signed"])
    assert other in str(await world.visitor.get(f"/api/v1/snapshots/{kept}/contents/{sheet_form_id}"))
    results = await world.founder.get(f"/api/v1/forms/{form_id}/results")
    assert results["response_count"] == 1 and other in str(results)
    assert (await pupil.call("GET", "/api/v1/me")).status == 401
    chat = (await world.pupil.get(f"{world.path}/messages"))["messages"]
    assert [(each["text"], each["display_name"]) for each in chat][0] == ("", "Ktoś z uczniów, dawniej School a")
    report = await verify(world.hub.context.storage, world.twinspace_id)
    assert report.is_intact and report.redaction_count >= 5
    # What they wrote offline before does not come back, and the document goes on.
    await write_into(world.pupil, document_id, next(CLIENTS), "It goes on")
    assert "It goes on" in await blocks(world, "document", document_id)


async def test_an_account_goes_and_the_work_stays_without_the_name(world: World) -> None:
    name, word = needle(), needle()
    pupil = await pupil_called(world, name)
    assert pupil.user is not None
    wall_id = await world.create("wall")
    await world.pin(pupil, wall_id, "one", title=word)
    await post(pupil, world, word)
    await keep(world)
    answer = await world.founder.call("POST", f"/api/v1/pupils/{pupil.user.id}/erasure", {"texts": False})
    assert answer.status == 202
    await rewritten(world)
    assert places_of(world, name) == []
    assert word in await blocks(world, "wall", wall_id)
    assert (await world.pupil.get(f"{world.path}/messages"))["messages"][0]["text"] == word
    assert (await verify(world.hub.context.storage, world.twinspace_id)).is_intact


async def test_only_ones_own_pupils_can_be_erased(world: World) -> None:
    assert world.pupil.user is not None
    path = f"/api/v1/pupils/{world.pupil.user.id}/erasure"
    for person in (world.teacher, world.pupil):
        assert (await person.call("POST", path, {})).code == "not_found"
    assert world.teacher.user is not None
    other = f"/api/v1/pupils/{world.teacher.user.id}/erasure"
    assert (await world.founder.call("POST", other, {})).code == "not_found"
