"""Opening documents: the hub beside its peers, on the same machine, in one run. Prints a table.

    python benchmarks/opening.py --client PROGRAM --trace TRACE [--rounds 3] [--documents 1000]

PROGRAM is the load client of benchmarks/documents.py, TRACE a recorded editing trace (docs/benchmarks.md). Each round
stores the traced document, and restarts the server: one client opens it; after another restart a hundred open it at
once, and again while the server runs. Then one socket opens many small documents, where the protocol lets it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
from servers import CLIENT_CORE, PEERS, Server, Target, hocuspocus, hub, install_peers, memory_mb, pinned

from crdt_docs.encoding import encode_string
from storage import open_storage
from storage.records import Content, ContentId

SERVERS: dict[str, Server] = {
    "hub /collab": lambda folder: hub("collab", folder),
    "hub /yjs": lambda folder: hub("yjs", folder),
    "Hocuspocus": lambda folder: hocuspocus(0, folder),
}
MANY: dict[str, Server] = {"hub": SERVERS["hub /collab"], "Hocuspocus": SERVERS["Hocuspocus"]}
HERD = 100
BATCH = 50
"""Hocuspocus refuses more than 100 documents that wait for their token to be checked."""


async def run_client(target: Target, options: argparse.Namespace, *arguments: str) -> dict[str, Any]:
    pids = [argument for pid in target.pids for argument in ("--pid", str(pid))]
    client = await asyncio.create_subprocess_exec(
        *(*pinned(CLIENT_CORE), options.client, *target.arguments, *arguments, *pids), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await client.communicate()
    figures: dict[str, Any] = json.loads(output.splitlines()[-1])
    return figures


async def open_large(server: Server, update: Path, options: argparse.Namespace) -> dict[str, float]:
    """Milliseconds until all clients have the whole document, and the server's memory then."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with server(folder) as target:
            # Long enough for a peer that stores later to have stored.
            stored = await run_client(target, options, "--mode", "put", "--put", str(update), "--idle-ms", "5000")
        async with server(folder) as target:
            alone = await run_client(target, options, "--mode", "open", "--clients", "1")
        async with server(folder) as target:
            cold = await run_client(target, options, "--mode", "open", "--clients", str(HERD))
            warm = await run_client(target, options, "--mode", "open", "--clients", str(HERD))
            held_mb = memory_mb(target.serving)
    for figures in (alone, cold, warm):
        if figures["fails"] or figures["step2_bytes"] < stored["readback_step2"] // 2:
            raise RuntimeError(f"not everybody got the document: {figures}")
    times = {"alone": alone["all_synced_ms"], "cold": cold["all_synced_ms"], "warm": warm["all_synced_ms"]}
    return {**times, "cpu_ms": warm["server_cpu_s"] * 1000, "mb": held_mb}


async def open_many(name: str, count: int) -> dict[str, float]:
    names = [f"document-{number}" for number in range(count)]
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        if name == "hub":
            async with MANY[name](folder):
                pass
            await add_documents(folder / "data", names)
        async with MANY[name](folder) as target:
            before_mb = memory_mb(target.serving)
            address = f"http://127.0.0.1:{target.port}/{'collab' if name == 'hub' else ''}"
            async with aiohttp.ClientSession() as http, http.ws_connect(address, max_msg_size=0) as socket:
                began = time.perf_counter()
                for start in range(0, count, BATCH):
                    waiting = set()
                    for document in names[start : start + BATCH]:
                        key = encode_string(document)
                        token = b"\x02\x00" + encode_string(target.token) + encode_string("4.7.0")
                        await socket.send_bytes(key + token)
                        await socket.send_bytes(key + b"\x00\x00\x01\x00")
                        waiting.add(key + b"\x00\x01")
                    while waiting:
                        data = (await asyncio.wait_for(socket.receive(), 60)).data
                        waiting.discard(data[: data[0] + 3])
                took_ms = (time.perf_counter() - began) * 1000
                return {
                    "ms": took_ms,
                    "before_mb": before_mb,
                    "kb": (memory_mb(target.serving) - before_mb) * 1024 / count,
                }


async def add_documents(data_dir: Path, names: list[str]) -> None:
    storage = await open_storage(data_dir=data_dir)
    try:
        demo = await storage.contents.get(ContentId("demo-document"))
        for name in names:
            content_id = ContentId(name)
            await storage.contents.add(
                Content(content_id, demo.twinspace_id, "document", name, demo.created_by, demo.created_at_ms, 1)
            )
    finally:
        await storage.close()


async def compare(update: Path, options: argparse.Namespace) -> None:
    large: dict[str, list[dict[str, float]]] = {name: [] for name in SERVERS}
    for _ in range(options.rounds):
        for name, server in SERVERS.items():
            large[name].append(await open_large(server, update, options))
    print(f"| server | one client ms | {HERD} cold ms | {HERD} warm ms | CPU warm ms | MB |\n|---|---|---|---|---|---|")
    for name, runs in large.items():
        print(row(name, runs, ("alone", "cold", "warm", "cpu_ms", "mb")), flush=True)
    many: dict[str, list[dict[str, float]]] = {name: [] for name in MANY}
    for _ in range(options.rounds):
        for name in MANY:
            many[name].append(await open_many(name, options.documents))
    print(f"\n| server | {options.documents} documents ms | MB before | KB per document |\n|---|---|---|---|")
    for name, runs in many.items():
        print(row(name, runs, ("ms", "before_mb", "kb")), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", required=True, help="the load client")
    parser.add_argument("--trace", required=True, help="a recorded editing trace")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        update = Path(folder) / "document.yjs"
        subprocess.run(["node", str(PEERS / "trace.mjs"), options.trace, str(update)], check=True)
        asyncio.run(compare(update, options))


def row(name: str, runs: list[dict[str, float]], columns: tuple[str, ...]) -> str:
    return (
        f"| {name} | "
        + " | ".join(f"{statistics.median(run[column] for run in runs):.0f}" for column in columns)
        + " |"
    )


if __name__ == "__main__":
    install_peers()
    main()
