"""What everybody in a room looks at together: the same on every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from hub.lesson.shared_view import add_time, close, open_content, spotlight
from storage import ports
from storage.ports import Storage
from storage.records import ContentId, Opening, RoomId, SharedView
from tests.storage.people import ANA, DOCUMENT, LUCIA, ROOM, settle


async def test_a_view_begins_empty_and_what_was_opened_is_remembered(storage: Storage) -> None:
    await settle(storage)
    views = storage.shared_views
    assert await views.get(ROOM.id) == SharedView(ROOM.id)
    unchanged = await views.change(ROOM.id, lambda view: view)
    assert unchanged.revision == 0
    opened = await views.change(ROOM.id, lambda view: open_content(view, DOCUMENT.id, ANA.id, 5, {"anchor": "a"}))
    assert (opened.opened_id, opened.place, opened.revision) == (DOCUMENT.id, {"anchor": "a"}, 1)
    taken_over = await views.change(ROOM.id, lambda view: open_content(view, DOCUMENT.id, LUCIA.id, 6, {}))
    assert await views.get(ROOM.id) == taken_over
    assert await views.showing(DOCUMENT.id) == [ROOM.id]
    await views.change(ROOM.id, close)
    assert await views.showing(DOCUMENT.id) == []
    await views.change(ROOM.id, lambda view: open_content(view, DOCUMENT.id, LUCIA.id, 9, {}))
    first, second = Opening(ROOM.id, DOCUMENT.id, ANA.id, 5), Opening(ROOM.id, DOCUMENT.id, LUCIA.id, 9)
    assert await views.openings(ROOM.id, 0, 9) == [first, second], "who goes on with it opens nothing new"
    assert await views.openings(ROOM.id, 6, 8) == []


async def test_changes_at_the_same_time_are_all_there(storage: Storage) -> None:
    await settle(storage)
    views = storage.shared_views
    await views.change(ROOM.id, lambda view: replace(view, timer_length_ms=1, timer_left_ms=1))
    await asyncio.gather(*(views.change(ROOM.id, partial(add_time, added_ms=1_000, now_ms=0)) for _ in range(5)))
    await views.change(ROOM.id, lambda view: spotlight(view, [LUCIA.id, ANA.id]))
    view = await views.get(ROOM.id)
    assert (view.timer_left_ms, view.spotlight, view.revision) == (5_001, (LUCIA.id, ANA.id), 7)


async def test_what_is_not_there_is_not_shared(storage: Storage) -> None:
    await settle(storage)
    views = storage.shared_views
    with pytest.raises(ports.NotFound):
        await views.change(RoomId("none"), lambda view: spotlight(view, [ANA.id]))
    with pytest.raises(ports.NotFound):
        await views.change(ROOM.id, lambda view: open_content(view, ContentId("none"), ANA.id, 5, {}))
    assert await views.get(ROOM.id) == SharedView(ROOM.id)
