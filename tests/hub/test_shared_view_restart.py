"""What everybody looks at together is still true after `kill -9`: what, by whom, where, who is large, and the timer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.hub.script import Script
from tests.hub.world import Socket
from tests.hub_process import HubProcess

pytestmark = pytest.mark.slow

ROOM = "demo-room"


async def ask(socket: Socket, event: str, **payload: Any) -> Any:
    reply = await socket.call(event, {"room_id": ROOM, **payload})
    assert reply["ok"], reply
    return reply


async def join(script: Script) -> Socket:
    socket = await Socket.connect(script.url, {"token": script.token})
    await socket.enter("demo-rivers")
    await ask(socket, "room:join")
    return socket


async def test_what_is_shared_and_by_whom_is_true_after_kill_9(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub, aiohttp.ClientSession() as http:
        ana, kuba = [Script(hub, http, await hub.token(name)) for name in ("teacher.es", "pupil.pl")]
        teacher, pupil = await join(ana), await join(kuba)
        await ask(teacher, "view:open", content_id="demo-wall")
        await ask(teacher, "view:spotlight", user_ids=["demo-teacher.es"])
        await ask(teacher, "view:timer", step="start", length_ms=3_600_000)
        await ask(teacher, "view:turn", content_id="demo-wall", place={"anchor": "card:seven", "offset": 0.5})
        before = await pupil.expect("room:view", lambda view: view["opened"] and view["opened"]["anchor"])
        await hub.kill()
        for socket in (teacher, pupil):
            await socket.close()

        await hub.start()
        # The pupil is back first: the presenter's place is followed although they are not there yet.
        pupil = await join(kuba)
        now = await pupil.expect("room:view")
        assert {name: now[name] for name in ("revision", "opened", "spotlight")} == {
            name: before[name] for name in ("revision", "opened", "spotlight")
        }
        assert now["timer"]["ends_at_ms"] == before["timer"]["ends_at_ms"]
        assert now["timer"]["left_ms"] < before["timer"]["left_ms"]
        teacher = await join(ana)
        await ask(teacher, "view:turn", content_id="demo-wall", place={"anchor": "card:eight"})
        turned = await pupil.expect("room:view", lambda view: view["revision"] > now["revision"])
        assert turned["opened"]["anchor"] == "card:eight"
        # Ended with the meeting, it is gone for the next one, also when the hub is killed right after.
        await ask(teacher, "room:end")
        await hub.kill()
        for socket in (teacher, pupil):
            await socket.close()
        await hub.start()
        teacher = await join(ana)
        view = await teacher.expect("room:view")
        assert (view["opened"], view["spotlight"], view["timer"]) == (None, [], None)
        await teacher.close()
