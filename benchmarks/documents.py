"""Typing in one document: the hub beside Hocuspocus, on the same machine, in one run. Prints a table and JSON lines.

    python benchmarks/documents.py --client PROGRAM [--clients 30 100 300] [--seconds 20] [--rounds 3]

PROGRAM is a load client that speaks both protocols and prints one JSON line (docs/benchmarks.md says which figures).
Server and client are each pinned to a core of their own. Each round runs every server once, in turn, so that a slow
minute of the machine hits all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from servers import (
    CLIENT_CORE,
    Server,
    hocuspocus,
    hub,
    install_peers,
    memory_mb,
    pinned,
    pycrdt_websocket,
    y_websocket,
)

SERVERS: dict[str, Server] = {
    "hub /collab": lambda folder: hub("collab", folder),
    "hub /yjs": lambda folder: hub("yjs", folder),
    "Hocuspocus": lambda folder: hocuspocus(0, folder),
    "Hocuspocus, 20 ms flush": lambda folder: hocuspocus(20, folder),
    "Hocuspocus, 50 ms flush": lambda folder: hocuspocus(50, folder),
    "Hocuspocus, 30 ms flush": lambda folder: hocuspocus(30, folder),
    "y-websocket": y_websocket,
    "pycrdt-websocket": pycrdt_websocket,
}
USUAL = ["hub /collab", "hub /yjs", "Hocuspocus", "Hocuspocus, 20 ms flush", "Hocuspocus, 30 ms flush"]
"""The others fall over from about a hundred on: ask for them by name."""


async def measure(name: str, clients: int, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        async with SERVERS[name](Path(folder)) as target:
            client = await asyncio.create_subprocess_exec(
                *(*pinned(CLIENT_CORE), options.client, *target.arguments, "--clients", str(clients)),
                *("--rate", "5", "--duration", str(options.seconds)),
                *(argument for pid in target.pids for argument in ("--pid", str(pid))),
                stdout=asyncio.subprocess.PIPE,
            )
            output, _ = await client.communicate()
            held_mb = memory_mb(target.serving)
    figures: dict[str, Any] = json.loads(output.splitlines()[-1])
    if figures["delivered"] != figures["expected"] or figures["server_missing"]:
        print(f"{name}, {clients}: delivered {figures['delivered']} of {figures['expected']}", file=sys.stderr)
    return {"server": name, "clients": clients, "held_mb": held_mb, **figures}


def row(runs: list[dict[str, Any]], base: float) -> str:
    core = statistics.median(run["server_core_pct"] for run in runs)
    p50 = statistics.median(run["lat_ms"]["p50"] for run in runs)
    p99 = statistics.median(run["lat_ms"]["p99"] for run in runs)
    rss = statistics.median(run["held_mb"] for run in runs)
    sent = statistics.median(run["bytes"] / run["clients"] / run["typing_s"] for run in runs)
    cells = [runs[0]["clients"], runs[0]["server"], f"{core:.1f}", f"{core / base:.2f}", f"{p50:.0f} / {p99:.0f}"]
    return "| " + " | ".join(map(str, [*cells, f"{sent:.0f}", f"{rss:.0f}"])) + " |"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", required=True, help="the load client")
    parser.add_argument("--clients", type=int, nargs="+", default=[30, 100, 300])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--servers", nargs="+", default=USUAL, choices=list(SERVERS))
    options = parser.parse_args()
    if shutil.which("taskset") is None or (os.cpu_count() or 1) < 2:
        sys.exit("Needs taskset and two cores.")
    print("| clients | server | % of a core | of Hocuspocus 20 ms | p50 / p99 ms | bytes/s per client | MB |")
    print("|---|---|---|---|---|---|---|")
    for clients in options.clients:
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in options.servers}
        for _ in range(options.rounds):
            for name in options.servers:
                figures = await measure(name, clients, options)
                runs[name].append(figures)
                print(json.dumps(figures), file=sys.stderr)
        against = runs.get("Hocuspocus, 20 ms flush") or next(iter(runs.values()))
        base = statistics.median(run["server_core_pct"] for run in against)
        for name in options.servers:
            print(row(runs[name], base), flush=True)


if __name__ == "__main__":
    install_peers()
    asyncio.run(main())
