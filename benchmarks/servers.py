"""The servers that the document benchmarks run: the hub and its peers, each pinned to one core."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hub_process import HubProcess, free_port  # noqa: E402

SERVER_CORE, CLIENT_CORE = "0", "1"
PEERS = ROOT / "benchmarks" / "peers"
PEERS_PYTHON = PEERS / "python"
"""A virtual environment of their own: what they need is not what the hub is locked to."""
AHEAD = ("setsid", "sh", "-c", 'echo -20 > /proc/self/autogroup; exec nice -n -20 "$@"', "sh")
"""Puts a program before all else on the machine: figures on one that is shared come near those on a quiet one."""


def pinned(core: str) -> tuple[str, ...]:
    """What stands before a program's name: its core, and with `BENCHMARK_AHEAD=1` its precedence (needs root)."""
    return (*(AHEAD if os.environ.get("BENCHMARK_AHEAD") else ()), "taskset", "-c", core)


@dataclass(frozen=True)
class Target:
    """A server that runs now and how the load client reaches one of its documents."""

    pids: list[int]
    port: int
    arguments: list[str]
    token: str = "x"

    @property
    def serving(self) -> list[int]:
        """The process that serves documents: of the hub, without the one that serves media."""
        return self.pids[:1]


Server = Callable[[Path], AbstractAsyncContextManager[Target]]
"""Runs in a folder; what it stored there is there when it runs again."""


def descendants(pid: int) -> list[int]:
    """The process and all its children: what one server costs in all."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += descendants(int(child))
    return found


@asynccontextmanager
async def hub(door: str, folder: Path) -> AsyncIterator[Target]:
    command = (*pinned(SERVER_CORE), sys.executable, "-m", "hub")
    # Large enough for a whole document in one message, which is how the load client stores one.
    async with HubProcess(folder / "data", command=command, HUB_DOCUMENT_UPDATE_LIMIT_BYTES=str(1 << 20)) as process:
        token = await process.token("teacher.es")
        reach = (
            ["--path", f"/yjs/demo-document?token={token}"]
            if door == "yjs"
            else ["--path", "/collab", "--hocuspocus", "demo-document", "--token", token]
        )
        yield Target(descendants(process.pid), process.port, ["--port", str(process.port), *reach], token)


@asynccontextmanager
async def hocuspocus(flush_delay_ms: int, folder: Path) -> AsyncIterator[Target]:
    port = free_port()
    program = ("node", str(PEERS / "hocuspocus.mjs"), str(port), str(folder / "peer.sqlite"), str(flush_delay_ms))
    async with peer(program) as pid:
        reach = ["--port", str(port), "--path", "/", "--hocuspocus", "benchmark", "--token", "x"]
        yield Target(descendants(pid), port, reach)


@asynccontextmanager
async def y_websocket(folder: Path) -> AsyncIterator[Target]:
    port = free_port()
    async with peer(("node", str(PEERS / "y_websocket.mjs"), str(port))) as pid:
        yield Target(descendants(pid), port, ["--port", str(port), "--path", "/benchmark"])


@asynccontextmanager
async def pycrdt_websocket(folder: Path) -> AsyncIterator[Target]:
    port = free_port()
    async with peer((str(PEERS_PYTHON / "bin" / "python"), str(PEERS / "pycrdt_websocket.py"), str(port))) as pid:
        yield Target(descendants(pid), port, ["--port", str(port), "--path", "/benchmark"])


@asynccontextmanager
async def peer(program: tuple[str, ...]) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(*pinned(SERVER_CORE), *program, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        if (await process.stdout.readline()).strip() != b"ready":
            raise RuntimeError("the peer did not start: npm install in benchmarks/peers")
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


def memory_mb(pids: list[int]) -> float:
    """What these processes hold in memory now."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def install_peers() -> None:
    if not PEERS_PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS_PYTHON], check=True)
        packages = ("pycrdt-websocket==0.16.5", "uvicorn", "websockets")
        subprocess.run([PEERS_PYTHON / "bin" / "pip", "install", "--quiet", *packages], check=True)
    if not (PEERS / "node_modules" / "socket.io").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=PEERS, check=True)
