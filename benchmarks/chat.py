"""A chat of 300 people, 50 messages a second: the hub beside npm's socket.io, on one machine, in one run.

    python benchmarks/chat.py [--people 300] [--per-second 50] [--seconds 10] [--rounds 3]

Every person has a WebSocket and speaks Socket.IO 5 to both alike. What is posted is timed from before it is sent until
one person in ten has it; all are counted. The hub stores each message durably before it tells anybody, and asks who may
post; the peer (benchmarks/peers/socket_io.mjs) does neither. Server and load have a core each; each round runs both.
Prints a table.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from servers import CLIENT_CORE, PEERS, SERVER_CORE, descendants, free_port, install_peers, peer, pinned

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hub_process import HubProcess  # noqa: E402

TIMED_OF = 10
CONNECTING_AT_ONCE = 20
TWINSPACE = "demo"
POSTED = '"chat:posted"'
MARK = "sent at "


@dataclass
class Chat:
    """What arrived."""

    received: int = 0
    delays_ms: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Person:
    """One Socket.IO client over one WebSocket, and nothing that a client does beside."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, chat: Chat, *, is_timed: bool) -> None:
        self._socket = socket
        self._chat = chat
        self._is_timed = is_timed
        self._number = 0
        self._entered = asyncio.Event()

    async def begin(self, token: str, twinspace_id: str) -> asyncio.Task[None]:
        await self._socket.receive_str()  # Engine.IO's handshake
        await self._socket.send_str("40" + json.dumps({"token": token}))
        answer = await self._socket.receive_str()
        if not answer.startswith("40"):
            raise RuntimeError(f"not let in: {answer}")
        await self._send("twinspace:enter", {"twinspace_id": twinspace_id})
        hearing = asyncio.create_task(self._hear())
        await self._entered.wait()
        return hearing

    async def post(self, twinspace_id: str, number: int) -> None:
        text = f"message {number}, {MARK}{time.perf_counter():.6f}; and what a pupil would say beside it"
        await self._send(
            "chat:post", {"twinspace_id": twinspace_id, "client_message_id": f"benchmark-{number}", "text": text}
        )

    async def _send(self, event: str, payload: dict[str, Any]) -> None:
        self._number += 1
        await self._socket.send_str(f"42{self._number}{json.dumps([event, payload])}")

    async def _hear(self) -> None:
        async for message in self._socket:
            data: str = message.data
            if data == "2":
                await self._socket.send_str("3")
            elif data.startswith("43"):
                self._entered.set()
                if '"ok":false' in data:
                    self._chat.refused.append(data)
            elif POSTED in data[:20]:
                self._chat.received += 1
                if self._is_timed:
                    at = data.index(MARK) + len(MARK)
                    sent_s = float(data[at : data.index(";", at)])
                    self._chat.delays_ms.append((time.perf_counter() - sent_s) * 1_000)


@dataclass(frozen=True)
class Server:
    port: int
    pid: int
    token: str
    twinspace_id: str


@asynccontextmanager
async def hub(folder: Path, people: int) -> AsyncIterator[Server]:
    command = (*pinned(SERVER_CORE), sys.executable, "-m", "hub")
    async with HubProcess(folder / "data", command=command, HUB_SESSIONS_PER_USER=str(people)) as process:
        token = await process.token("teacher.es")
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:
            async with http.get(f"{process.url}/api/v1/twinspaces") as reply:
                (found, *_) = (await reply.json())["twinspaces"]
        yield Server(process.port, process.pid, token, found["id"])


@asynccontextmanager
async def socket_io(folder: Path, people: int) -> AsyncIterator[Server]:
    port = free_port()
    async with peer(("node", str(PEERS / "socket_io.mjs"), str(port))) as pid:
        yield Server(port, pid, "", TWINSPACE)


SERVERS = {"hub": hub, "socket.io": socket_io}


def cpu_s(pid: int) -> float:
    """Of the process that serves, with its threads; for the hub without the one for media."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(name: str, options: argparse.Namespace) -> dict[str, Any]:
    chat, hearing = Chat(), []
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(SERVERS[name](Path(folder), options.people))
            connector = aiohttp.TCPConnector(limit=0)
            http = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            gate = asyncio.Semaphore(CONNECTING_AT_ONCE)

            async def come(number: int) -> Person:
                async with gate:
                    url = f"http://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
                    # Browsers compress nothing that is this small any better than not at all.
                    socket = await stack.enter_async_context(http.ws_connect(url, compress=0))
                    person = Person(socket, chat, is_timed=number % TIMED_OF == 0)
                    hearing.append(await person.begin(server.token, server.twinspace_id))
                    return person

            people = await asyncio.gather(*(come(number) for number in range(options.people)))
            pids = descendants(server.pid)[:1]
            gc.collect()
            gc.freeze()
            before_s, began_s = sum(map(cpu_s, pids)), time.perf_counter()
            posted = options.per_second * options.seconds
            for number in range(posted):
                await people[number % len(people)].post(server.twinspace_id, number)
                due_s = began_s + (number + 1) / options.per_second
                await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
            async with asyncio.timeout(60):
                # Nothing is told when the last one arrives, and a waiting event would be set 15,000 times a second.
                while chat.received < posted * options.people and not chat.refused:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            took_s, used_s = time.perf_counter() - began_s, sum(map(cpu_s, pids)) - before_s
            for task in hearing:
                task.cancel()
    delays = sorted(chat.delays_ms)
    return {
        "server": name,
        "core_percent": 100 * used_s / took_s,
        "us_per_delivery": 1e6 * used_s / (posted * options.people),
        "p50_ms": delays[len(delays) // 2],
        "p99_ms": delays[len(delays) * 99 // 100],
        "delivered": chat.received,
        "expected": posted * options.people,
        "refused": len(chat.refused),
        "load": round(os.getloadavg()[0], 1),
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--per-second", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.sched_setaffinity(0, {int(CLIENT_CORE)})
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in SERVERS}
    for _ in range(options.rounds):
        for name in SERVERS:
            figures = await measure(name, options)
            runs[name].append(figures)
            print(json.dumps(figures), file=sys.stderr)
    base = statistics.median(run["core_percent"] for run in runs["socket.io"])
    print("| server | % of a core | of socket.io | µs per delivery | p50 / p99 ms |\n|---|---|---|---|---|")
    for name, found in runs.items():
        core, cost, p50, p99 = (
            statistics.median(run[key] for run in found)
            for key in ("core_percent", "us_per_delivery", "p50_ms", "p99_ms")
        )
        print(f"| {name} | {core:.1f} | {core / base:.2f} | {cost:.1f} | {p50:.0f} / {p99:.0f} |")


if __name__ == "__main__":
    install_peers()
    asyncio.run(main())
