"""Whole classes in a story: a few people at browsers, all others by stock Socket.IO clients."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.browser.person import Person
from tests.hub.script import write
from tests.hub.world import Socket
from tests.hub_process import HubProcess

SPACE = "demo-rivers"
ROOM = "demo-room"
SPANISH = ("Nerea", "Iker", "Vega", "Hugo", "Alba", "Leo", "Noa", "Saúl", "Inés", "Gael")
POLISH = ("Zofia", "Jan", "Hania", "Filip", "Maja", "Antek", "Pola", "Szymon", "Iga", "Olek")

MAKE = """async body => {
  const reply = await fetch('/api/v1/pupils', {
    method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
  return (await reply.json()).cards;
}"""


@dataclass
class Pupil:
    """Somebody of a class, without a browser."""

    user_id: str
    name: str
    token: str
    socket: Socket

    async def ask(self, event: str, **payload: Any) -> Any:
        reply = await self.socket.call(event, payload)
        assert reply["ok"], (self.name, event, reply)
        return reply


async def make_class(teacher: Person, names: tuple[str, ...]) -> list[dict[str, str]]:
    """New accounts of the teacher's school, members of the TwinSpace: their class cards."""
    body = {"class_name": "1A", "first_names": names, "language": teacher.language, "twinspace_id": SPACE}
    cards: list[dict[str, str]] = await teacher.page.evaluate(MAKE, body)
    return cards


async def sign_in(hub: HubProcess, http: aiohttp.ClientSession, cards: list[dict[str, str]]) -> list[Pupil]:
    return list(await asyncio.gather(*(_sign_in(hub, http, card) for card in cards)))


async def _sign_in(hub: HubProcess, http: aiohttp.ClientSession, card: dict[str, str]) -> Pupil:
    async with http.post(f"{hub.url}/api/v1/login", json={"class_key": card["words"]}) as reply:
        assert reply.status == 200, await reply.text()
        token = reply.cookies["hub_login"].value
    return await come_back(hub, Pupil(card["user_id"], card["display_name"], token, Socket()))


async def come_back(hub: HubProcess, pupil: Pupil) -> Pupil:
    """With a new socket, in the TwinSpace."""
    pupil.socket = await Socket.connect(hub.url, {"token": pupil.token})
    await pupil.socket.enter(SPACE)
    return pupil


async def say(pupil: Pupil, text: str) -> None:
    """In the meeting's chat."""
    line = {"twinspace_id": SPACE, "client_message_id": f"{pupil.user_id}-{len(text)}", "text": text}
    await pupil.ask("chat:post", **line, lane=f"room:{ROOM}")


async def write_into(hub: HubProcess, http: aiohttp.ClientSession, pupil: Pupil, document_id: str, text: str) -> None:
    await write(hub, http, pupil.token, document_id, text)
