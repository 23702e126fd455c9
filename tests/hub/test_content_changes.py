"""`changed_at_ms` follows live edits: seldom enough for a row and an announcement, and never stays behind for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hub.content_changes import ContentChanges
from storage import Storage, open_memory_storage, ports
from storage.records import Content, ContentId
from tests.hub.script import typed
from tests.hub.test_access import UPDATES
from tests.hub.world import WAIT_S, World
from tests.hub.yjs_client import open_document
from tests.interop.doc_server import TWINSPACE, fill

DOC = ContentId("doc")
HOUR_S = 3600.0


class Clock:
    def __init__(self) -> None:
        self.now_ms = 1000

    def __call__(self) -> int:
        self.now_ms += 1
        return self.now_ms


class Told:
    def __init__(self) -> None:
        self.heard: asyncio.Queue[Any] = asyncio.Queue()

    async def announce(self, content: Content) -> None:
        assert content.twinspace_id == TWINSPACE
        self.heard.put_nowait(content)

    async def next(self) -> Any:
        async with asyncio.timeout(WAIT_S):
            return await self.heard.get()


class MoodyContents:
    """The real rows, behind a database that is away while `is_away`."""

    def __init__(self, contents: ports.Contents) -> None:
        self.is_away = False
        self._contents = contents

    def __getattr__(self, name: str) -> Any:
        return getattr(self._contents, name)

    async def touch(self, content_id: ContentId, at_ms: int) -> None:
        if self.is_away:
            raise ports.Unavailable("away")
        await self._contents.touch(content_id, at_ms)


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    yield storage
    await storage.close()


async def changed_at_ms(storage: Storage) -> int:
    content: Content = await storage.contents.get(DOC)
    return content.changed_at_ms


async def test_the_first_change_is_told_at_once_and_the_next_ones_together_when_it_is_time(storage: Storage) -> None:
    told, clock = Told(), Clock()
    changes = ContentChanges(storage.contents, told.announce, clock, every_s=0.05)
    changes.note(DOC)
    assert (await told.next()).changed_at_ms == 1001
    for _ in range(5):
        changes.note(DOC)
    assert (await told.next()).changed_at_ms == 1006 == await changed_at_ms(storage)
    await changes.close()
    assert told.heard.empty()


async def test_what_is_not_told_yet_is_told_when_the_document_is_let_go(storage: Storage) -> None:
    told = Told()
    changes = ContentChanges(storage.contents, told.announce, Clock(), every_s=HOUR_S)
    changes.note(DOC)
    await told.next()
    changes.note_let_go(DOC)
    changes.note(DOC)
    changes.note_let_go(DOC)
    assert (await told.next()).changed_at_ms == 1002
    await changes.close()
    assert told.heard.empty()


async def test_nothing_is_left_when_the_hub_stops(storage: Storage) -> None:
    changes = ContentChanges(storage.contents, Told().announce, Clock(), every_s=HOUR_S)
    for _ in range(3):
        changes.note(DOC)
    await changes.close()
    assert await changed_at_ms(storage) == 1003


async def test_a_database_that_is_away_is_tried_again(storage: Storage) -> None:
    told, contents = Told(), MoodyContents(storage.contents)
    contents.is_away = True
    changes = ContentChanges(contents, told.announce, Clock(), every_s=0.02)
    changes.note(DOC)
    await changes.write(DOC)
    assert await changed_at_ms(storage) == 1
    contents.is_away = False
    assert (await told.next()).changed_at_ms == 1001
    await changes.close()


async def test_a_content_that_is_gone_troubles_nobody(storage: Storage) -> None:
    told = Told()
    changes = ContentChanges(storage.contents, told.announce, Clock())
    changes.note(ContentId("gone"))
    await changes.close()
    assert told.heard.empty()


@pytest.mark.asyncio(loop_scope="session")
async def test_live_edits_move_a_content_up_for_everybody(world: World) -> None:
    socket = await world.founder.socket()
    await socket.enter(world.twinspace_id)
    content_id = await world.create("document")
    made = await world.founder.get(f"/api/v1/contents/{content_id}")
    async with open_document(world.pupil, content_id) as document:
        await document.update(typed("one"))
        first = await socket.expect("content:changed")
        assert first["id"] == content_id and first["changed_at_ms"] >= made["changed_at_ms"]
        assert await world.founder.get(f"/api/v1/contents/{content_id}") == first
        await document.update(typed("two"))
        assert await document.sync()
        assert "content:changed" not in [name for name, _ in socket.heard()]
        await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Now"})
        second = await socket.expect("content:changed")
        assert second["changed_at_ms"] >= first["changed_at_ms"]


@pytest.mark.asyncio(loop_scope="session")
async def test_cards_and_questions_count_and_what_the_hub_writes_by_itself_does_not(world: World) -> None:
    socket = await world.founder.socket()
    await socket.enter(world.twinspace_id)
    form_id = await world.create_form()
    wall_id = await world.create("wall")
    await world.pin(world.pupil, wall_id, "a", title="A")
    assert (await socket.expect("content:changed"))["id"] == wall_id
    async with open_document(world.teacher, form_id) as form:
        await form.update(UPDATES["form"])
        assert (await socket.expect("content:changed"))["id"] == form_id
