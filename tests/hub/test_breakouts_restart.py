"""S4 without a browser: eight groups of two schools, and the hub is killed a second before their rooms close."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.hub.script import Script, write
from tests.hub.world import Socket
from tests.hub_process import HubProcess

pytestmark = pytest.mark.slow

TWINSPACE = "/api/v1/twinspaces/demo-rivers"
GROUPS = 8


async def ask(socket: Socket, event: str, **payload: Any) -> Any:
    reply = await socket.call(event, payload)
    assert reply["ok"], reply
    return reply


async def enter(script: Script) -> Socket:
    socket = await Socket.connect(script.url, {"token": script.token})
    await socket.enter("demo-rivers")
    return socket


async def test_killed_a_second_before_the_rooms_close(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub, aiohttp.ClientSession() as http:
        names = ("teacher.es", "teacher.pl", "pupil.es", "pupil.pl")
        ana, marek, lucia, kuba = [Script(hub, http, await hub.token(name)) for name in names]
        pupils = {(await each.call("GET", "/api/v1/me"))["id"]: each for each in (lucia, kuba)}
        groups = [{"title": f"Bread {number}", "user_ids": []} for number in range(GROUPS - 2)]
        groups += [{"title": f"Bread of {user_id}", "user_ids": [user_id]} for user_id in pupils]
        body = {"room_id": "demo-room", "title": "Bread", "minutes": 30, "groups": groups}
        planned = await ana.call("POST", f"{TWINSPACE}/breakouts", body)

        teacher = await enter(ana)
        await ask(teacher, "room:join", room_id="demo-room")
        running = await ask(teacher, "breakouts:open", breakouts_id=planned["id"])
        sockets = [teacher]
        for user_id, pupil in pupils.items():
            socket = await enter(pupil)
            sockets.append(socket)
            place = (await ask(socket, "breakouts:place", room_id="demo-room"))["place"]
            joined = await ask(socket, "room:join", room_id=place["room_id"])
            await write(hub, http, pupil.token, place["document_id"], f"Written by {user_id}")
        for place, group in enumerate(running["groups"][: GROUPS - 2]):
            await write(hub, http, (ana, marek)[place % 2].token, group["document_id"], f"Recipe {place}")
        card = {"client_card_id": "flour", "title": "Flour", "text": "500 g", "tint": 1}
        await ana.call("POST", f"/api/v1/walls/{running['groups'][0]['wall_id']}/cards", card)
        call = await ask(sockets[1], "breakouts:call", room_id=running["groups"][-2]["room_id"])
        closing = await ask(teacher, "breakouts:close", breakouts_id=planned["id"], in_s=3)
        wait_s = closing["closes_at_ms"] / 1000 - time.time() - 1
        await write(hub, http, kuba.token, running["groups"][-1]["document_id"], "The last words")
        await asyncio.wait([asyncio.ensure_future(sockets[0].disconnected.wait())], timeout=max(wait_s, 0))
        await hub.kill()
        for socket in sockets:
            await socket.close()
        assert "0 damaged" in await hub.run("verify")

        await hub.start()
        # Every document is in the TwinSpace with its authors.
        contents = {each["id"]: each for each in (await marek.call("GET", f"{TWINSPACE}/contents"))["contents"]}
        for place, group in enumerate(running["groups"]):
            assert contents[group["wall_id"]]["kind"] == "wall"
            assert contents[group["board_id"]]["kind"] == "whiteboard"
            found = await marek.call("GET", f"/api/v1/contents/{group['document_id']}/authorship")
            text = "".join(run["text"] for run in found["runs"])
            if place < GROUPS - 2:
                assert f"Recipe {place}" in text
            else:
                (user_id,) = group["user_ids"]
                assert f"Written by {user_id}" in text
                assert {run["user_id"] for run in found["runs"]} == {user_id}
        assert "The last words" in text
        # The clock has closed the rooms, or does so now; everybody is in the divided room again.
        socket = await enter(lucia)
        async with asyncio.timeout(30):
            while (found := await ask(socket, "breakouts:place", room_id="demo-room"))["place"] is not None:
                await socket.expect("breakouts:changed", lambda told: told["state"] == "closed")
        refused = await socket.call("room:join", {"room_id": running["groups"][-2]["room_id"]})
        assert refused["error"]["code"] == "not_found"
        await ask(socket, "room:join", room_id="demo-room")
        (kept,) = (await ana.call("GET", f"{TWINSPACE}/breakouts"))["breakouts"]
        assert (kept["state"], kept["closes_at_ms"]) == ("closed", closing["closes_at_ms"])
        # The meeting goes on where it was: one record, with everybody who was there before and after.
        teacher = await enter(ana)
        await ask(teacher, "room:join", room_id="demo-room")
        answered = await ask(teacher, "breakouts:answer", breakouts_id=planned["id"], note_id=call["id"])
        assert answered["answered_by"] is not None
        await ask(teacher, "room:end", room_id="demo-room")
        (meeting,) = (await ana.call("GET", f"{TWINSPACE}/held-meetings"))["meetings"]
        people = (await ana.call("GET", f"{TWINSPACE}/held-meetings/{meeting['id']}/attendance"))["people"]
        assert len(people) == 3
        assert {each["breaks"] for each in people} == {0}
        record = await kuba.call("GET", f"{TWINSPACE}/held-meetings/{meeting['id']}")
        documents = {group["document_id"] for group in record["breakouts"][0]["groups"]}
        assert documents == {group["document_id"] for group in running["groups"]}
        for each in (socket, teacher):
            await each.close()
        # That it has ended is known to a hub that is killed, too: who comes back begins no other meeting.
        await hub.kill()
        await hub.start()
        socket = await enter(kuba)
        back = {"room_id": "demo-room", "meeting": joined["meeting"]}
        assert (await socket.call("room:join", back))["error"]["code"] == "room_ended"
        await socket.close()
        assert len((await ana.call("GET", f"{TWINSPACE}/held-meetings"))["meetings"]) == 1
