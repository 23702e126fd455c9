"""The Announcer: hands events to this process's sockets and, over the bus, to those of the hub's other processes.

The bus carries and never keeps. When it is down the sockets here still hear everything; those elsewhere ask for what
they missed when they come back.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from pydantic import BaseModel

from hub.metrics import ANNOUNCEMENTS
from hub.presence import Entered, Presence
from storage import ports
from storage.ports import Bus
from storage.records import LoginId, TwinspaceId, UserId

logger = logging.getLogger(__name__)

CHANNEL = "hub.announcements"
WAITING_LIMIT = 10_000
"""Announcements that wait for a slow bus; beyond it the oldest goes, and those behind the bus resume by number."""
PRESENCE_EVERY_S = 5
PRESENCE_EXPIRES_S = 15
BUS_RETRY_S = 1


class Sockets(Protocol):
    """This process's sockets, as the announcer needs them."""

    def of_user(self, user_id: UserId) -> list[str]: ...
    async def emit(self, session_ids: Iterable[str], event: str, data: str) -> None:
        """`data`: JSON, as the announcer made it for all."""
        ...

    async def end_user(self, user_id: UserId, reason: str) -> None: ...
    async def end_login(self, login_id: LoginId, reason: str) -> None: ...


class BusAnnouncer:
    """`run()` must be running for other processes to be heard and told."""

    def __init__(self, bus: Bus, presence: Presence, seconds: Callable[[], float]) -> None:
        self.sockets: Sockets | None = None
        self._bus = bus
        self._presence = presence
        self._seconds = seconds
        self._process_id = secrets.token_hex(6)
        self._waiting: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._heard_at_s: dict[str, float] = {}

    async def to_twinspace(self, twinspace_id: TwinspaceId, event: str, payload: Any) -> None:
        await self._announce({"to": "twinspace", "id": twinspace_id, "event": event}, payload)

    async def to_members(
        self, twinspace_id: TwinspaceId, user_ids: Collection[UserId], event: str, payload: Any
    ) -> None:
        await self._announce({"to": "members", "id": twinspace_id, "users": sorted(user_ids), "event": event}, payload)

    async def to_user(self, user_id: UserId, event: str, payload: Any) -> None:
        await self._announce({"to": "user", "id": user_id, "event": event}, payload)

    async def to_session(self, session_id: str, event: str, payload: Any) -> None:
        await self._announce({"to": "session", "id": session_id, "event": event}, payload)

    async def disconnect_user(self, user_id: UserId, reason: str) -> None:
        await self._announce({"to": "end_user", "id": user_id, "reason": reason})

    async def disconnect_login(self, login_id: LoginId, reason: str) -> None:
        await self._announce({"to": "end_login", "id": login_id, "reason": reason})

    async def _announce(self, message: dict[str, Any], payload: Any = None) -> None:
        data = _encoded(payload)
        self._tell_others(message, data)
        await self._deliver(message, data)

    def _tell_others(self, message: dict[str, Any], data: str) -> None:
        if not self._bus.has_others(CHANNEL):
            return
        if self._waiting.qsize() >= WAITING_LIMIT:
            self._waiting.get_nowait()
            logger.warning("the bus is too slow: dropped an announcement for other processes")
        head = json.dumps({**message, "from": self._process_id})
        self._waiting.put_nowait((message.get("event", "an end"), f'{head[:-1]}, "data": {data}}}'))

    async def _deliver(self, message: dict[str, Any], data: str) -> None:
        if self.sockets is None:
            return
        match message:
            case {"to": "twinspace", "id": twinspace_id, "event": event}:
                sessions = self._presence.sessions(twinspace_id)
            case {"to": "members", "id": twinspace_id, "users": user_ids, "event": event}:
                sessions = self._presence.sessions(twinspace_id, user_ids)
            case {"to": "user", "id": user_id, "event": event}:
                sessions = self.sockets.of_user(user_id)
            case {"to": "session", "id": session_id, "event": event}:
                sessions = [session_id]
            case {"to": "end_user", "id": user_id, "reason": reason}:
                await self.sockets.end_user(user_id, reason)
                return
            case {"to": "end_login", "id": login_id, "reason": reason}:
                await self.sockets.end_login(login_id, reason)
                return
            case _:
                logger.warning("an announcement of unknown form came over the bus")
                return
        ANNOUNCEMENTS.labels(event).inc(len(sessions))
        await self.sockets.emit(sessions, event, data)

    async def run(self) -> None:
        """Carry announcements and presence over the bus until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send())
            tasks.create_task(self._receive())
            tasks.create_task(self._keep_presence())

    async def _send(self) -> None:
        while True:
            event, message = await self._waiting.get()
            try:
                await self._bus.publish(CHANNEL, message.encode())
            except (ports.Unavailable, ValueError) as error:
                logger.warning("other processes were not told of %s: %s", event, error)

    async def _receive(self) -> None:
        while True:
            try:
                async for data in self._bus.subscribe(CHANNEL):
                    await self._hear(data)
            except (ports.Missed, ports.Unavailable) as error:
                logger.warning("announcements of other processes may have been missed: %s", error)
            await asyncio.sleep(BUS_RETRY_S)

    async def _hear(self, data: bytes) -> None:
        try:
            message = json.loads(data)
            if message["from"] == self._process_id:
                return
            if message.get("to") == "presence":
                self._note_presence(message)
            else:
                self._note_member(message)
                await self._deliver(message, json.dumps(message.get("data")))
        except Exception:
            # Another version of the hub may speak another way; what it says after this is heard all the same.
            logger.exception("an announcement of another process could not be delivered")

    def tell_presence(self) -> None:
        """Tell the other processes who is here; `run` does it every few seconds."""
        here = [[place.twinspace_id, place.user_id] for place in self._presence.entered_here()]
        self._tell_others({"to": "presence", "here": here}, "null")

    async def _keep_presence(self) -> None:
        while True:
            self.tell_presence()
            await asyncio.sleep(PRESENCE_EVERY_S)
            await self.forget_silent()

    async def forget_silent(self) -> None:
        """A process that says nothing any more is gone, and so are those who were there and have not come here."""
        for process_id, heard_at_s in list(self._heard_at_s.items()):
            if self._seconds() - heard_at_s > PRESENCE_EXPIRES_S:
                del self._heard_at_s[process_id]
                for place in self._presence.replace_elsewhere(process_id, set()):
                    left = {"twinspace_id": place.twinspace_id, "user_id": place.user_id}
                    # Every process that is left finds out by itself.
                    message = {"to": "twinspace", "id": place.twinspace_id, "event": "member:offline"}
                    await self._deliver(message, json.dumps(left))

    def _note_member(self, message: dict[str, Any]) -> None:
        """Who comes and goes elsewhere is known before that process says again who is there."""
        if message.get("event") in ("member:online", "member:offline"):
            place = Entered(TwinspaceId(message["data"]["twinspace_id"]), UserId(message["data"]["user_id"]))
            self._heard_at_s[message["from"]] = self._seconds()
            self._presence.note_elsewhere(message["from"], place, is_here=message["event"] == "member:online")

    def _note_presence(self, message: dict[str, Any]) -> None:
        self._heard_at_s[message["from"]] = self._seconds()
        places = {Entered(TwinspaceId(twinspace), UserId(user)) for twinspace, user in message["here"]}
        self._presence.replace_elsewhere(message["from"], places)


def _encoded(payload: Any) -> str:
    return payload.model_dump_json() if isinstance(payload, BaseModel) else json.dumps(payload, separators=(",", ":"))
