"""Locks of what is open for all in a meeting: they hold for whoever may not moderate, in the meeting or beside it."""

from __future__ import annotations

import pytest

from tests.hub.test_room_powers import ask, id_of, join
from tests.hub.test_whiteboards import draw, drawn, objects
from tests.hub.world import Person, World
from tests.hub.yjs_client import AUTHENTICATED, open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def may_write(person: Person, content_id: str) -> bool:
    async with open_collab(person, content_id) as document:
        answer, scope = await document.sign_in(person.token or "")
        assert answer == AUTHENTICATED
        return bool(scope == "read-write")


async def test_what_is_open_for_all_is_written_by_teachers_while_notes_are_locked(world: World) -> None:
    board_id, other_id = await world.create("whiteboard"), await world.create("document")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    async with open_collab(world.pupil, board_id) as document:
        await document.sign_in(world.pupil.token or "")
        assert await document.update(drawn(1, "before"))
        await ask(world, teacher, "view:open", content_id=board_id)
        await ask(world, teacher, "room:lock", part="notes", locked=True)
        told = await pupil.expect("room:rules", lambda each: "notes" in each["locked"])
        assert told["mine"]["notes"] == "locked"
        # The same socket, still open: whatever its page believes.
        assert not await document.update(drawn(1, "after"))
    await ask(world, pupil, "room:leave")
    assert not await may_write(world.pupil, board_id), "outside the meeting it is the same"
    assert await may_write(world.pupil, other_id), "what is not open for all is as it was"
    assert await draw(world.teacher, board_id, 2)
    assert await objects(world, board_id) == {"before", "by-2"}

    await ask(world, teacher, "room:except", part="notes", user_id=id_of(world.pupil))
    assert await may_write(world.pupil, board_id), "the one who may"
    await ask(world, teacher, "room:except", part="notes", user_id=None)
    assert not await may_write(world.pupil, board_id)
    await ask(world, teacher, "view:open", content_id=other_id)
    assert await may_write(world.pupil, board_id) and not await may_write(world.pupil, other_id)
    await ask(world, teacher, "view:close")
    assert await may_write(world.pupil, other_id)


async def test_one_pupil_is_kept_from_writing_until_the_meeting_ends(world: World) -> None:
    document_id, other = await world.create("document"), await world.add("pupil", "pupil", "b")
    teacher = await join(world, world.founder)
    await ask(world, teacher, "view:open", content_id=document_id)
    await ask(world, teacher, "room:hold", user_id=id_of(world.pupil), part="notes", held=True)
    assert not await may_write(world.pupil, document_id) and await may_write(other, document_id)
    await ask(world, teacher, "room:end")
    assert await may_write(world.pupil, document_id)


async def test_where_cursors_are_locked_pupils_see_teachers_and_are_not_seen(world: World) -> None:
    document_id = await world.create("document")
    teacher = await join(world, world.founder)

    async def seen() -> set[str]:
        async with open_document(world.teacher, document_id) as document:
            heard = await document.who_is_here()
        return {name for name, person in people.items() if id_of(person).encode() in heard}

    people = {"pupil": world.pupil, "teacher": world.founder}
    async with open_collab(world.pupil, document_id) as of_pupil, open_collab(world.founder, document_id) as of_teacher:
        for document, person, client_id in ((of_pupil, world.pupil, 7), (of_teacher, world.founder, 8)):
            await document.sign_in(person.token or "")
            await document.say_where(client_id, 1, {"user": {}, "caret": 3})
        assert await seen() == {"pupil", "teacher"}
        await ask(world, teacher, "view:open", content_id=document_id)
        await ask(world, teacher, "room:lock", part="cursors", locked=True)
        assert await seen() == {"teacher"}
        await of_pupil.say_where(7, 5, {"user": {}, "caret": 4})
        assert await seen() == {"teacher"}, "a page that goes on telling is not passed on"
        assert await may_write(world.pupil, document_id)
        await ask(world, teacher, "room:lock", part="cursors", locked=False)
        await of_pupil.say_where(7, 9, {"user": {}, "caret": 5})
        assert await seen() == {"pupil", "teacher"}
