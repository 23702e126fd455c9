"""Forwarding voice and pictures: the hub beside Janus, on one machine, in one run. Prints a table and JSON lines.

    python benchmarks/media.py --tools FOLDER [--cases 1x20 1x50 8x8] [--seconds 10] [--rounds 3] [--turns 2]
    python benchmarks/media.py --tools FOLDER --typing PROGRAM --cases 1x100

FOLDER holds the load client's package `rtcload` (docs/benchmarks.md says what it does). Needs Linux, root, Debian's
`janus`, and two cores: server and client are each pinned to one, in the real-time class, so that other work on the
machine preempts neither. Everything runs in a network namespace of its own with one address, 192.0.2.2, because Janus
gathers no candidates on a loopback interface. Each turn runs every server once, so that a slow minute hits all of them.

With `--typing`, 300 people type in a document of the hub meanwhile; PROGRAM is the load client of documents.py, on the
core of the other client. The hub's processes are then in the usual class and before other work by their niceness alone:
in the real-time class none of them would give way to another.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hub_process import HubProcess  # noqa: E402
from webrtc.compiled import load_libraries  # noqa: E402

ADDRESS = "192.0.2.2"
SERVER_CORE, CLIENT_CORE = "0", "1"
JANUS_START_S = 20
USERS = ["teacher.es", "teacher.pl", "pupil.es", "pupil.pl"]
"""Joins are limited per user; a hundred of one user in five seconds would be refused."""

# The load client asks for lost packets in the stream itself, without RTX; the hub numbers packets only for viewers that
# report arrivals, and what is numbered can be sent again only through RTX.
CASES: dict[str, list[str]] = {
    "1x20": ["--viewers", "20"],
    "1x50": ["--viewers", "50"],
    "8x8": ["--publishers", "8", "--mesh"],
    "1x20 simulcast": ["--viewers", "20", "--simulcast"],
    "1x50 2 % loss": ["--viewers", "50", "--drop", "0.02", "--no-transport-cc"],
    "1x100": ["--viewers", "100"],
    "100 join in 5 s": ["--viewers", "100", "--join-over", "5"],
    "60 join in 10 s": ["--viewers", "60", "--join-over", "10"],
}


@dataclass(frozen=True)
class Target:
    """A server that runs now: what of it is measured, and how the load client reaches it."""

    pids: list[int]
    arguments: list[str]
    document: list[str] | None = None
    """How the load client for documents reaches one; None: this server has none."""


def pinned(core: str) -> list[str]:
    return ["taskset", "-c", core, "chrt", "--fifo", "1"]


TYPISTS, TYPED_PER_S, TYPING_BEFORE_S = 300, 5, 25
"""Five characters a second each; they begin before the viewers join, and go on until those have been measured."""

USUAL_CLASS = ("setsid", "sh", "-c", 'echo -20 > /proc/self/autogroup; exec nice -n -9 "$@"', "sh", "taskset", "-c")
"""Before other work on the machine, and with room for the media process to go before the hub."""


@asynccontextmanager
async def hub(compiled: bool, folder: Path, *, usual_class: bool = False) -> AsyncIterator[Target]:
    if compiled and load_libraries() is None:
        sys.exit("What is in C is not compiled: make native.")
    place = [*USUAL_CLASS, SERVER_CORE] if usual_class else pinned(SERVER_CORE)
    command = (*place, sys.executable, "-m", "hub")
    settings = {"HUB_MEDIA_ADDRESS": ADDRESS, "HUB_COMPILED": str(compiled)}
    async with HubProcess(folder / "data", command=command, **settings) as process:
        tokens = [await process.token(name) for name in USERS]
        media = [pid for pid in children(process.pid) if is_media(pid)]
        reach = [
            "--signal",
            "http",
            "--url",
            process.url,
            "--room",
            "demo-room",
            *(f"--token={token}" for token in tokens),
        ]
        door = ["--path", "/collab", "--hocuspocus", "demo-document", "--token", tokens[0]]
        yield Target(media, reach, ["--port", str(process.port), *door, "--pid", str(process.pid)])


@asynccontextmanager
async def janus(event_loops: int, folder: Path) -> AsyncIterator[Target]:
    """Debian's configuration as it is installed, but for the number of event loops and the log."""
    configuration = folder / "janus"
    shutil.copytree("/etc/janus", configuration)
    general = (configuration / "janus.jcfg").read_text()
    if event_loops:
        general = general.replace("general: {", f"general: {{\n\tevent_loops = {event_loops}", 1)
    (configuration / "janus.jcfg").write_text(general)
    port = 8188
    with (folder / "janus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *pinned(SERVER_CORE), "janus", "-F", str(configuration), "-d", "2", stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(JANUS_START_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.1)
                else:
                    writer.close()
                    break
        yield Target([process.pid], ["--signal", "janus", "--url", f"ws://127.0.0.1:{port}/"])
    finally:
        process.terminate()
        await process.wait()


def is_media(pid: int) -> bool:
    return b"webrtc.media_process" in Path(f"/proc/{pid}/cmdline").read_bytes()


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


SERVERS = {
    "hub": lambda folder: hub(True, folder),
    "hub, Python alone": lambda folder: hub(False, folder),
    "Janus": lambda folder: janus(0, folder),
    "Janus, one event loop": lambda folder: janus(1, folder),
}
BASE = "Janus"


async def measure(server: str, case: str, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        running = hub(True, Path(folder), usual_class=True) if options.typing else SERVERS[server](Path(folder))
        async with running as target:
            typists = await start_typing(target, options) if options.typing else None
            client = await asyncio.create_subprocess_exec(
                *pinned(CLIENT_CORE),
                *(options.python, str(ROOT / "benchmarks" / "media_load.py"), "--tools", options.tools),
                *("--bind", ADDRESS, "--seconds", str(options.seconds), "--rounds", str(options.rounds)),
                *("--pid", *map(str, target.pids)),
                *target.arguments,
                *CASES[case],
                stdout=asyncio.subprocess.PIPE,
            )
            output, _ = await client.communicate()
            typed = None if typists is None else json.loads((await typists.communicate())[0].splitlines()[-1])
    if client.returncode != 0:
        sys.exit(f"{server}, {case}: the load client failed; nothing is left out of a table in silence")
    if typed is not None:
        case = f"{case}, {TYPISTS} typing"
        if typed["delivered"] != typed["expected"]:
            sys.exit(f"{case}: of {typed['expected']} updates {typed['delivered']} were delivered")
    figures = json.loads(output.splitlines()[-1])
    return {"server": server, "case": case, "load": os.getloadavg()[0], "typing": typed, **figures}


async def start_typing(target: Target, options: argparse.Namespace) -> asyncio.subprocess.Process:
    assert target.document is not None
    seconds = TYPING_BEFORE_S + options.seconds * options.rounds
    return await asyncio.create_subprocess_exec(
        *(*pinned(CLIENT_CORE), options.typing, *target.document, "--clients", str(TYPISTS)),
        *("--rate", str(TYPED_PER_S), "--duration", f"{seconds:.0f}"),
        stdout=asyncio.subprocess.PIPE,
    )


def row(runs: list[dict[str, Any]], base_us: float | None) -> str:
    entries = [entry for run in runs for entry in run["rounds"]]
    us = statistics.median(entry["us_per_packet"] for entry in entries)
    spread = f"{min(e['us_per_packet'] for e in entries):.1f}–{max(e['us_per_packet'] for e in entries):.1f}"
    p50 = statistics.median(entry["delay_ms"]["p50"] for entry in entries)
    p99 = statistics.median(entry["delay_ms"]["p99"] for entry in entries)
    packet = [statistics.median(run["first_packet_ms"][name] for run in runs) for name in ("p50", "p100")]
    picture = [statistics.median(run["first_picture_ms"][name] for run in runs) for name in ("p50", "p100")]
    cells = [
        runs[0]["case"],
        runs[0]["server"],
        f"{us:.1f} ({spread})",
        "–" if base_us is None else f"{us / base_us:.2f}",
        f"{p50:.1f} / {p99:.1f}",
        f"{statistics.median(run['kb_per_viewer'] for run in runs):.0f}",
        f"{packet[0]:.0f} / {packet[1]:.0f}",
        f"{picture[0]:.0f} / {picture[1]:.0f}",
        sum(entry["lost"] for entry in entries),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


async def main(options: argparse.Namespace) -> None:
    print("| case | server | CPU µs per packet | of Janus | delay p50 / p99 ms | KB per viewer |", end="")
    print(" first packet p50 / max ms | first picture p50 / max ms | lost |")
    print("|---|---|---|---|---|---|---|---|---|")
    for case in options.cases:
        runs: dict[str, list[dict[str, Any]]] = {server: [] for server in options.servers}
        for _ in range(options.turns):
            for server in options.servers:
                figures = await measure(server, case, options)
                runs[server].append(figures)
                print(json.dumps(figures), file=sys.stderr, flush=True)
        base = [entry["us_per_packet"] for run in runs.get(BASE, []) for entry in run["rounds"]]
        for server in options.servers:
            print(row(runs[server], statistics.median(base) if base else None), flush=True)


def enter_namespace() -> None:
    """Begin again in a network namespace of our own; its one interface answers to ADDRESS."""
    if os.environ.get("HUB_BENCHMARK_NAMESPACE") == "1":
        return
    missing = [tool for tool in ("unshare", "ip", "taskset", "chrt", "janus") if shutil.which(tool) is None]
    if missing or os.geteuid() != 0 or (os.cpu_count() or 1) < 2:
        sys.exit(f"Needs root, two cores, and these programs: {', '.join(missing) or 'all there'}.")
    links = "ip link set lo up; ip link add hub0 type veth peer name hub1; ip addr add {}/24 dev hub0; "
    links += 'ip link set hub0 up; ip link set hub1 up; exec "$@"'
    command = ["unshare", "--net", "sh", "-ec", links.format(ADDRESS), "sh", sys.executable, *sys.argv]
    sys.exit(subprocess.run(command, env={**os.environ, "HUB_BENCHMARK_NAMESPACE": "1"}).returncode)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", required=True, help="folder with the load client's package")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has the load client's packages")
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES))
    parser.add_argument("--servers", nargs="+", default=list(SERVERS), choices=list(SERVERS))
    parser.add_argument("--typing", help="load client for documents: 300 people type meanwhile; the hub alone")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.typing:
        arguments.servers = ["hub"]
    enter_namespace()
    asyncio.run(main(arguments))
