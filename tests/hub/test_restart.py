"""What the hub acknowledged is there after `kill -9`, in the store, before any client comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.hub.script import Script, post_until_killed, write
from tests.hub.world import Socket
from tests.hub_process import HubProcess

pytestmark = pytest.mark.slow

TWINSPACE = "/api/v1/twinspaces/demo-rivers"


async def test_everything_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub, aiohttp.ClientSession() as http:
        teacher = Script(hub, http, await hub.token("teacher.es"))
        pupil = Script(hub, http, await hub.token("pupil.pl"))
        said: list[str] = []
        posting = asyncio.create_task(post_until_killed(hub, pupil.token, said))
        card = await pupil.call(
            "POST", "/api/v1/walls/demo-wall/cards", {"client_card_id": "kept", "title": "Before the end"}
        )
        answers = {"mood": 3, "heard": 2, "language": "pl", "word": "koniec"}
        await pupil.call("PUT", "/api/v1/forms/demo-form/response", {"version": 1, "answers": answers})
        content = await teacher.call("POST", f"{TWINSPACE}/contents", {"kind": "document", "title": "Kept"})
        await write(hub, http, teacher.token, content["id"], "typed just before")
        taken = await teacher.call("POST", f"{TWINSPACE}/snapshots", {"title": "Just before"})
        while len(said) < 20:
            await asyncio.wait([posting], timeout=0.02)
        await hub.kill()
        await posting
        assert "0 damaged" in await hub.run("verify")

        await hub.start()
        kept = {m["text"] for m in (await teacher.call("GET", f"{TWINSPACE}/messages?since=0&limit=200"))["messages"]}
        assert set(said) <= kept
        snapshots = (await teacher.call("GET", f"{TWINSPACE}/snapshots"))["snapshots"]
        assert snapshots[0] == taken
        assert (await pupil.call("GET", "/api/v1/forms/demo-form"))["my_answers"] == answers
        again = await pupil.call(
            "POST", "/api/v1/walls/demo-wall/cards", {"client_card_id": "kept", "title": "Before the end"}
        )
        assert again == card
        after = await teacher.call("POST", f"{TWINSPACE}/snapshots", {"title": "After"})
        document = await teacher.call("GET", f"/api/v1/snapshots/{after['id']}/contents/{content['id']}")
        assert "typed just before" in str(document["blocks"])


async def test_a_crash_leaves_a_meeting_without_an_end_and_a_stop_ends_it(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub, aiohttp.ClientSession() as http:
        teacher = Script(hub, http, await hub.token("teacher.es"))
        for end in (hub.kill, hub.stop):
            socket = await Socket.connect(hub.url, {"token": teacher.token})
            await socket.enter("demo-rivers")
            assert (await socket.call("room:join", {"room_id": "demo-room"}))["ok"]
            await socket.expect("journal:recorded", lambda entry: entry["verb"] == "meeting_started")
            await end()
            await socket.close()
            await hub.start()
        entries = (await teacher.call("GET", f"{TWINSPACE}/journal"))["entries"]
        meetings = [entry for entry in entries if entry["verb"].startswith("meeting_")]
        assert [entry["verb"] for entry in meetings] == ["meeting_ended", "meeting_started", "meeting_started"]
        assert meetings[0]["details"]["user_ids"] == [meetings[1]["user_id"]]
        (shown,) = (await teacher.call("GET", f"{TWINSPACE}/rooms"))["rooms"]
        assert shown["peer_count"] == 0
