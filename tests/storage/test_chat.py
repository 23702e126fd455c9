"""Chat in lanes: numbers, edits, reactions and read marks of each."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import storage.migrations
from storage import Storage
from storage.ports import NotFound
from storage.records import FormerText, Reaction, UserId
from tests.storage.people import ANA, LUCIA, ROOM, SPACE, settle

STAFF = "staff"


async def say(storage: Storage, said: str, lane: str = "all", user: Any = ANA, **more: Any) -> int:
    message, _ = await storage.messages.append(
        SPACE.id, client_message_id=said, user_id=user.id, text=said, at_ms=9, lane=lane, **more
    )
    return message.seq


async def test_each_lane_is_numbered_by_itself(storage: Storage) -> None:
    await settle(storage)
    assert [await say(storage, "a"), await say(storage, "b", STAFF), await say(storage, "c")] == [1, 1, 2]
    # The same words of the same client in another lane are another message.
    assert await say(storage, "a", STAFF) == 2
    assert await say(storage, "a") == 1
    assert await storage.messages.lanes(SPACE.id) == {"all": 2, STAFF: 2}
    assert [m.text for m in await storage.messages.since(SPACE.id, 0, 9, STAFF)] == ["b", "a"]
    assert [m.text for m in await storage.messages.latest(SPACE.id, 9)] == ["a", "c"]
    numbers = await asyncio.gather(*(say(storage, f"m{n}", f"lane{n % 2}") for n in range(10)))
    assert sorted(numbers) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


async def test_messages_posted_at_once_are_answered_each_for_itself(storage: Storage) -> None:
    """They share a commit: one that can't be stored leaves no hole, and harms none of the others."""
    await settle(storage)
    nobody = replace(ANA, id=UserId("nobody"))
    answers = await asyncio.gather(
        say(storage, "a"),
        say(storage, "b", reply_to=9),
        say(storage, "c", user=nobody),
        say(storage, "half a sign \ud800"),
        say(storage, "a"),
        say(storage, "d", user=LUCIA, mentions=[ANA.id]),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [int, NotFound, NotFound, ValueError, int, int]
    assert answers[0] == answers[4]
    kept = await storage.messages.since(SPACE.id, 0, 9)
    assert [message.seq for message in kept] == [1, 2] and {message.text for message in kept} == {"a", "d"}
    assert {message.text: message.mentions for message in kept} == {"a": (), "d": (ANA.id,)}


async def test_a_reply_answers_something_of_its_own_lane(storage: Storage) -> None:
    await settle(storage)
    await say(storage, "a")
    await say(storage, "b", reply_to=1, mentions=[LUCIA.id], material_ids=["m"])
    stored = await storage.messages.get(SPACE.id, "all", 2)
    assert (stored.reply_to, stored.mentions, stored.material_ids) == (1, (LUCIA.id,), ("m",))
    for seq in (3, 0):
        with pytest.raises(NotFound):
            await say(storage, "c", reply_to=seq)
    with pytest.raises(NotFound):
        await say(storage, "d", STAFF, reply_to=1)


async def test_what_it_said_before_is_kept_and_erased_with_it(storage: Storage) -> None:
    await settle(storage)
    await say(storage, "frist")
    await storage.messages.edit(SPACE.id, "all", 1, "first", 20)
    edited = await storage.messages.edit(SPACE.id, "all", 1, "First", 30)
    assert (edited.text, edited.edited_at_ms) == ("First", 30)
    assert edited.versions == (FormerText("frist", 9), FormerText("first", 20))
    assert await storage.messages.get(SPACE.id, "all", 1) == edited
    for lane, seq in (("all", 2), (STAFF, 1)):
        with pytest.raises(NotFound):
            await storage.messages.edit(SPACE.id, lane, seq, "x", 30)
    with pytest.raises(NotFound):
        await storage.erasure.erase_message(SPACE.id, 1, STAFF)
    await storage.erasure.erase_message(SPACE.id, 1)
    gone = await storage.messages.get(SPACE.id, "all", 1)
    assert (gone.text, gone.versions) == ("", ())


async def test_one_sign_each(storage: Storage) -> None:
    await settle(storage)
    await say(storage, "a")
    await storage.messages.react(SPACE.id, "all", 1, ANA.id, "heart")
    await storage.messages.react(SPACE.id, "all", 1, ANA.id, "clap")
    await storage.messages.react(SPACE.id, "all", 1, LUCIA.id, "clap")
    felt = await storage.messages.reactions(SPACE.id, "all", [1, 2])
    assert sorted(felt, key=lambda each: each.user_id) == sorted(
        [Reaction(1, ANA.id, "clap"), Reaction(1, LUCIA.id, "clap")], key=lambda each: each.user_id
    )
    await storage.messages.react(SPACE.id, "all", 1, ANA.id, None)
    assert await storage.messages.reactions(SPACE.id, "all", [1]) == [Reaction(1, LUCIA.id, "clap")]
    assert await storage.messages.reactions(SPACE.id, STAFF, [1]) == []
    assert await storage.messages.reactions(SPACE.id, "all", []) == []
    with pytest.raises(NotFound):
        await storage.messages.react(SPACE.id, STAFF, 1, ANA.id, "clap")


async def test_what_is_unread_is_counted_lane_by_lane(storage: Storage) -> None:
    await settle(storage)
    for said in "abc":
        await say(storage, said)
    await say(storage, "d", STAFF)
    assert await storage.messages.unread(LUCIA.id, SPACE.id) == {"all": 3, STAFF: 1}
    assert await storage.messages.unread(ANA.id, SPACE.id) == {}
    assert await storage.messages.mark_read(LUCIA.id, SPACE.id, "all", 2)
    assert not await storage.messages.mark_read(LUCIA.id, SPACE.id, "all", 1)
    assert await storage.messages.mark_read(LUCIA.id, SPACE.id, STAFF, 1)
    assert await storage.messages.unread(LUCIA.id, SPACE.id) == {"all": 1}


def test_what_was_said_before_there_were_lanes_is_everybodys(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0024")
        for row in ("messages VALUES ('t', 1, 'c', 'u', 'Hello', 5)", "read_marks VALUES ('u', 't', 1)"):
            connection.execute(text(f"INSERT INTO {row}"))
        command.upgrade(config, "head")
        rows = connection.execute(text("SELECT lane, seq, text, versions FROM messages")).all()
        marks = connection.execute(text("SELECT lane, seq FROM read_marks")).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("all", 1, "Hello", "[]")]
    assert [tuple(row) for row in marks] == [("all", 1)]


async def caption(storage: Storage, key: str, language: str = "es", at_ms: int = 9) -> Any:
    return await storage.captions.append(
        ROOM.id,
        twinspace_id=SPACE.id,
        language=language,
        user_id=ANA.id,
        client_line_id=key,
        text=key,
        began_at_ms=at_ms,
        ended_at_ms=at_ms + 1,
    )


async def test_captions_are_numbered_in_their_room_and_read_by_language_and_time(storage: Storage) -> None:
    await settle(storage)
    first, is_new = await caption(storage, "a")
    assert is_new and first.seq == 1
    assert await caption(storage, "a") == (first, False)
    await caption(storage, "b", "pl", 20)
    await caption(storage, "c", "es", 30)
    stored = storage.captions
    assert [line.text for line in await stored.since(ROOM.id, 0, 9)] == ["a", "b", "c"]
    assert [line.text for line in await stored.since(ROOM.id, 1, 9, language="es")] == ["c"]
    assert [line.text for line in await stored.since(ROOM.id, 0, 9, from_ms=20, to_ms=30)] == ["b"]
    assert await stored.languages(ROOM.id) == {"es": 2, "pl": 1}
    assert await stored.languages(ROOM.id, 10, 30) == {"pl": 1}
    assert [line.text for line in await stored.newer(SPACE.id, 21, 9)] == ["b", "c"]
    assert [line.text for line in await stored.newer(SPACE.id, 0, 1, 1)] == ["b"]
    assert await stored.get(ROOM.id, 1) == first
    with pytest.raises(NotFound):
        await stored.get(ROOM.id, 4)
    await storage.erasure.erase_person(ANA.id, display_name="Gone", texts=True)
    assert [line.text for line in await stored.since(ROOM.id, 0, 9)] == ["", "", ""]
