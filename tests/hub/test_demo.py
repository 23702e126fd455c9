"""The demo project: complete at the first start, untouched at the next one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import RunningHub, start
from hub.demo import CARD_WORDS, PASSWORD
from hub.settings import Settings
from storage.records import TwinspaceId, UserId
from storage.snapshots import verify
from tests.hub.world import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATH = "/api/v1/twinspaces/demo-rivers"


async def start_demo(folder: Path) -> RunningHub:
    return await start(Settings(data_dir=folder, port=0, host="127.0.0.1", demo=True))


async def sign_in(hub: RunningHub, http: aiohttp.ClientSession, **body: str) -> Person:
    answer = await Person(hub, http).call("POST", "/api/v1/login", body)
    assert answer.status == 200, answer
    return Person(hub, http, token=answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0])


async def look(person: Person) -> Any:
    form = await person.get("/api/v1/forms/demo-form")
    return {
        "contents": await person.get(f"{PATH}/contents"),
        "messages": await person.get(f"{PATH}/messages"),
        "snapshots": await person.get(f"{PATH}/snapshots"),
        "journal": await person.get(f"{PATH}/journal"),
        "rooms": await person.get(f"{PATH}/rooms"),
        "form": form,
    }


async def test_the_demo_is_complete_and_stays_as_people_leave_it(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    hub = await start_demo(tmp_path)
    teacher = await sign_in(hub, http, name="teacher.es", password=PASSWORD)
    await sign_in(hub, http, name="teacher.pl", password=PASSWORD)
    pupil = await sign_in(hub, http, class_key=CARD_WORDS["pupil.es"])
    await sign_in(hub, http, class_key=CARD_WORDS["pupil.pl"])
    seen = await look(teacher)
    assert sorted(content["kind"] for content in seen["contents"]["contents"]) == ["document", "form", "wall"]
    assert len({question["type"] for question in seen["form"]["questions"]}) == 6
    assert seen["rooms"]["rooms"] and seen["messages"]["messages"] and seen["journal"]["entries"]
    snapshot = seen["snapshots"]["snapshots"][0]
    document = await pupil.get(f"/api/v1/snapshots/{snapshot['id']}/contents/demo-document")
    assert {block["type"] for block in document["blocks"]} >= {"heading", "paragraph", "list"}
    wall = await pupil.get(f"/api/v1/snapshots/{snapshot['id']}/contents/demo-wall")
    assert len(wall["blocks"]) == 5 and len({card["author_id"] for card in wall["blocks"]}) == 4
    assert (await verify(hub.context.storage)).is_intact
    await pupil.call("POST", f"{PATH}/messages", {"text": "I was here"})
    await hub.context.storage.twinspaces.remove_member(TwinspaceId("demo-rivers"), UserId("demo-pupil.pl"))
    before = await look(teacher)
    await hub.stop()

    hub = await start_demo(tmp_path)
    teacher.hub = hub
    assert await look(teacher) == before
    members = (await teacher.get(PATH))["members"]
    assert len(members) == 3
    await hub.stop()
