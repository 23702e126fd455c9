"""Reactions in a meeting: few kinds, few at a time, told together, and closed like any other part."""

from __future__ import annotations

import pytest

from tests.hub.test_room_powers import ask, id_of, join, tracks_peer
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_there_are_a_few_and_nobody_sends_many_at_once(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, pupil, "room:react", reaction="clap")
    told = (await teacher.expect("room:reacted"))["reactions"]
    assert told == [{"peer_id": tracks_peer(world, world.pupil), "reaction": "clap"}]
    bad = await pupil.call("room:react", {"room_id": world.room_id, "reaction": "boo"})
    assert bad["error"]["code"] == "invalid"
    codes = [
        (await pupil.call("room:react", {"room_id": world.room_id, "reaction": "clap"})).get("error", {}).get("code")
        for _ in range(8)
    ]
    assert "too_many" in codes


async def test_reactions_of_a_moment_are_told_together_each_once_and_can_be_closed(world: World) -> None:
    await world.person_of("pupil_editor")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    other = await join(world, world.pupil_editor)
    reactions = world.hub.context.room_powers.reactions
    peers = [tracks_peer(world, each) for each in (world.pupil, world.pupil_editor)]
    for _ in range(50):
        for peer_id in peers:
            reactions.note(world.room_id, peer_id, "clap")
    told = (await teacher.expect("room:reacted"))["reactions"]
    assert told == [{"peer_id": peer_id, "reaction": "clap"} for peer_id in peers], "a hundred make one announcement"
    await ask(world, teacher, "room:lock", part="reactions", locked=True)
    refused = await pupil.call("room:react", {"room_id": world.room_id, "reaction": "heart"})
    assert refused["error"]["code"] == "part_locked"
    await ask(world, teacher, "room:except", part="reactions", user_id=id_of(world.pupil_editor))
    await ask(world, other, "room:react", reaction="heart")
    assert [each["reaction"] for each in (await teacher.expect("room:reacted"))["reactions"]] == ["heart"]
    await ask(world, teacher, "room:lock", part="reactions", locked=False)
    await ask(world, teacher, "room:hold", user_id=id_of(world.pupil), part="reactions", held=True)
    held = await pupil.call("room:react", {"room_id": world.room_id, "reaction": "wow"})
    assert held["error"]["code"] == "part_locked"
