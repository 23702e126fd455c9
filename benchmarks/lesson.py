"""What a lesson waits for: a teacher who is called, letters of real-time text, the pause when the last adult has gone.

    python benchmarks/lesson.py [--calls 100] [--letters 600] [--pauses 10]

A hub of its own with SQLite, and people with sockets, who speak Socket.IO 5. Timed from before something is sent until
its announcement has been read at the other end. Letters are typed in a meeting of 31, and in one of 60 in whose chat 20
messages a second are said. The pause comes two seconds after the last adult by rule (`hub/lesson/never_alone.py`), so
that a page can be loaded again. Server and load have a core each. Prints a table and the load of the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from servers import CLIENT_CORE, SERVER_CORE, pinned

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hub_process import HubProcess  # noqa: E402

SPACE, ROOM = "demo-rivers", "demo-room"
SMALL, LARGE = 31, 60
LETTERS_PER_S = 8.0
"""More than a quick typist."""
CHAT_PER_S = 20.0
CALLS_PER_S = 1.5
LINE_LETTERS = 60
WAIT_S = 30.0
Hear = Callable[[str, Any], None]


class Seat:
    """One Socket.IO client over one WebSocket; `hear` is given what the hub announces, as it is read."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._reading: asyncio.Task[None] | None = None
        self.hear: Hear = lambda event, payload: None

    @classmethod
    async def take(cls, http: aiohttp.ClientSession, hub: HubProcess, token: str) -> Seat:
        url = f"{hub.url}/socket.io/?EIO=4&transport=websocket"
        seat = cls(await http.ws_connect(url, compress=0))
        await seat._socket.receive_str()  # Engine.IO's handshake
        await seat._socket.send_str("40" + json.dumps({"token": token}))
        answer = await seat._socket.receive_str()
        if not answer.startswith("40"):
            raise RuntimeError(f"not let in: {answer}")
        seat._reading = asyncio.create_task(seat._read())
        await seat.ask("twinspace:enter", twinspace_id=SPACE)
        return seat

    async def ask(self, event: str, **payload: Any) -> Any:
        """The answer; what the hub refuses ends the benchmark."""
        self._number += 1
        asked = self._asked[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(f"42{self._number}{json.dumps([event, payload])}")
        async with asyncio.timeout(WAIT_S):
            answer = await asked
        if not answer["ok"]:
            raise RuntimeError(f"{event}: {answer['error']}")
        return answer

    async def leave(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading
        await self._socket.close()

    async def _read(self) -> None:
        async for message in self._socket:
            data: str = message.data
            if data == "2":
                await self._socket.send_str("3")
            elif data.startswith("43"):
                place = data.index("[")
                self._asked.pop(int(data[2:place])).set_result(json.loads(data[place:])[0])
            elif data.startswith("42"):
                self.hear(*json.loads(data[2:]))


def ms_since(began_s: float) -> float:
    return (time.perf_counter() - began_s) * 1_000


async def time_calls(teacher: Seat, pupil: Seat, plan: dict[str, Any], calls: int) -> list[float]:
    """From a group's call until a teacher, who is in another room, has read it."""
    delays: list[float] = []
    room_id = plan["groups"][0]["room_id"]
    for _ in range(calls):
        called = asyncio.Event()

        def hear(
            event: str, payload: Any, began_s: float = time.perf_counter(), called: asyncio.Event = called
        ) -> None:
            if event == "breakouts:called" and payload["note"]["answered_by"] is None:
                delays.append(ms_since(began_s))
                called.set()

        teacher.hear = hear
        note = await pupil.ask("breakouts:call", room_id=room_id)
        async with asyncio.timeout(WAIT_S):
            await called.wait()
        await teacher.ask("breakouts:answer", breakouts_id=plan["id"], note_id=note["id"])
        await asyncio.sleep(1 / CALLS_PER_S)
    return delays


async def time_letters(writer: Seat, readers: list[Seat], letters: int, name: str) -> list[float]:
    """From a letter until each of the readers has read it."""
    began: dict[tuple[str, int], float] = {}
    delays: list[float] = []
    read = asyncio.Event()

    def hear(event: str, payload: Any) -> None:
        if event == "text:typed":
            delays.append(ms_since(began[payload["line_id"], payload["revision"]]))
            if len(delays) == letters * len(readers):
                read.set()

    for reader in readers:
        reader.hear = hear
    start_s = time.perf_counter()
    for number in range(letters):
        line_id, place = f"{name}-{number // LINE_LETTERS}", number % LINE_LETTERS
        began[line_id, place + 1] = time.perf_counter()
        edit = {"line_id": line_id, "revision": place + 1, "at": place, "removed": 0, "inserted": "a"}
        await writer.ask("text:type", room_id=ROOM, **edit)
        if place == LINE_LETTERS - 1:
            await writer.ask("text:end", room_id=ROOM, line_id=line_id, text="a" * LINE_LETTERS)
        await asyncio.sleep(max(0.0, start_s + (number + 1) / LETTERS_PER_S - time.perf_counter()))
    async with asyncio.timeout(WAIT_S):
        await read.wait()
    return delays


async def talk(people: list[Seat], name: str) -> None:
    """In the meeting's chat, one after the other, until cancelled."""
    number, start_s = 0, time.perf_counter()
    while True:
        said = {"client_message_id": f"{name}-{number}", "text": f"Message {number} of a lively lesson"}
        await people[number % len(people)].ask("chat:post", twinspace_id=SPACE, lane=f"room:{ROOM}", **said)
        number += 1
        await asyncio.sleep(max(0.0, start_s + number / CHAT_PER_S - time.perf_counter()))


class Pause:
    """One adult who comes and goes, as all pupils hear of it."""

    def __init__(self, pupils: list[Seat], *, is_there: bool = False) -> None:
        self.began_s = float("inf")
        self.delays: list[float] = []
        self.has_opened, self.has_paused = asyncio.Event(), asyncio.Event()
        self._open = set(pupils) if is_there else set()
        self._count = len(pupils)
        for pupil in pupils:
            pupil.hear = partial(self._hear, pupil)

    def _hear(self, pupil: Seat, event: str, payload: Any) -> None:
        if event != "room:rules":
            return
        if not payload["is_paused"]:
            self._open.add(pupil)
            if len(self._open) == self._count:
                self.has_opened.set()
        elif pupil in self._open:
            self._open.remove(pupil)
            self.delays.append(ms_since(self.began_s))
            if not self._open:
                self.has_paused.set()


async def time_pauses(come: Callable[[], Any], pupils: list[Seat], pauses: int, *, cleanly: bool) -> list[float]:
    """From the last adult's going until each pupil has read that voices, pictures and chat pause."""
    delays: list[float] = []
    for _ in range(pauses):
        pause, adult = Pause(pupils), await come()
        async with asyncio.timeout(WAIT_S):
            await adult.ask("room:join", room_id=ROOM)
            await pause.has_opened.wait()
        pause.began_s = time.perf_counter()
        if cleanly:
            await adult.ask("room:leave", room_id=ROOM)
        else:
            await adult.leave()
        async with asyncio.timeout(WAIT_S):
            await pause.has_paused.wait()
        if cleanly:
            await adult.leave()
        delays += pause.delays
    return delays


def row(what: str, delays: list[float]) -> str:
    ordered = sorted(delays)
    p50, p99 = statistics.median(ordered), ordered[len(ordered) * 99 // 100]
    return f"| {what} | {len(ordered)} | {p50:.0f} | {p99:.0f} | {ordered[-1]:.0f} |"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--letters", type=int, default=600)
    parser.add_argument("--pauses", type=int, default=10)
    options = parser.parse_args()
    os.sched_setaffinity(0, {int(CLIENT_CORE)})
    load_before = os.getloadavg()[0]
    rows: list[str] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        command = (*pinned(SERVER_CORE), sys.executable, "-m", "hub")
        process = HubProcess(folder / "data", command=command, HUB_SESSIONS_PER_USER="200")
        hub = await stack.enter_async_context(process)
        teacher_token, pupil_token = [await hub.token(name) for name in ("teacher.es", "pupil.es")]
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))

        async def come(token: str, *, joins: bool = True) -> Seat:
            seat = await Seat.take(http, hub, token)
            stack.push_async_callback(seat.leave)
            if joins:
                await seat.ask("room:join", room_id=ROOM)
            return seat

        # Letters: 31 in the meeting, then 60 who chat as well.
        writer = await come(teacher_token)
        people = [await come(pupil_token) for _ in range(SMALL - 1)]
        rows.append(
            row(f"a letter, at {SMALL - 1} others", await time_letters(writer, people, options.letters, "small"))
        )
        people += [await come(pupil_token) for _ in range(LARGE - SMALL)]
        chatting = asyncio.create_task(talk(people, "benchmark"))
        found = await time_letters(writer, people[: SMALL - 1], options.letters, "large")
        chatting.cancel()
        with suppress(asyncio.CancelledError):
            await chatting
        rows.append(row(f"a letter, at 30 of {LARGE}, {CHAT_PER_S:.0f} messages a second", found))

        # A group calls a teacher, who is with everybody else.
        group = {"title": "Group", "user_ids": [(await me(http, hub, pupil_token))]}
        headers = {"Authorization": f"Bearer {teacher_token}"}
        body = {"room_id": ROOM, "title": "Benchmark", "groups": [group]}
        path = f"{hub.url}/api/v1/twinspaces/{SPACE}/breakouts"
        async with http.post(path, json=body, headers=headers) as answer:
            plan = await answer.json()
        await writer.ask("breakouts:open", breakouts_id=plan["id"])
        pupil = await come(pupil_token, joins=False)
        await pupil.ask("room:join", room_id=plan["groups"][0]["room_id"])
        rows.insert(0, row("a teacher is called", await time_calls(writer, pupil, plan, options.calls)))
        await writer.ask("breakouts:close", breakouts_id=plan["id"], in_s=0)

        # The last adult goes.
        last = Pause(people, is_there=True)
        await writer.leave()
        async with asyncio.timeout(WAIT_S):
            await last.has_paused.wait()
        for words, cleanly in (("leaves", True), ("closes the page", False)):
            delays = await time_pauses(
                lambda: come(teacher_token, joins=False), people, options.pauses, cleanly=cleanly
            )
            rows.append(row(f"the last adult {words}: pause at {len(people)} pupils", delays))
    print(f"load average {load_before:.1f} before, {os.getloadavg()[0]:.1f} after\n")
    print("| ms until | times | p50 | p99 | longest |\n|---|---|---|---|---|\n" + "\n".join(rows))


async def me(http: aiohttp.ClientSession, hub: HubProcess, token: str) -> str:
    async with http.get(f"{hub.url}/api/v1/me", headers={"Authorization": f"Bearer {token}"}) as answer:
        return str((await answer.json())["id"])


if __name__ == "__main__":
    asyncio.run(main())
