"""Debian's coturn with the configuration that `deploy/` gives to operators."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.hub_process import ROOT

SECRET = "a secret for this test only"
CONFIGURATION = ROOT / "deploy" / "coturn" / "turnserver.conf"


@asynccontextmanager
async def turn_server(address: str, port: int, folder: Path, *, allowed: tuple[str, ...]) -> AsyncIterator[Path]:
    """Listens at `address` and `port`, UDP and TCP, and relays to `allowed`; gives the file of its log."""
    program = shutil.which("turnserver")
    assert program, "The tests need coturn: sh tests/install_services.sh"
    log = folder / "turnserver.log"
    own = [
        f"--static-auth-secret={SECRET}",
        f"--listening-ip={address}",
        f"--relay-ip={address}",
        f"--listening-port={port}",
        "--no-tls",
        "--no-dtls",
        f"--pidfile={folder / 'turnserver.pid'}",
        f"--db={folder / 'turndb'}",
        *(f"--allowed-peer-ip={peer}" for peer in allowed),
    ]
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            program, "-c", str(CONFIGURATION), *own, stdout=output, stderr=output, cwd=folder
        )
    try:
        await _until_listening(process, address, port, log)
        yield log
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _until_listening(process: asyncio.subprocess.Process, address: str, port: int, log: Path) -> None:
    exited = asyncio.ensure_future(process.wait())
    try:
        async with asyncio.timeout(20):
            while not exited.done():
                try:
                    _, writer = await asyncio.open_connection(address, port)
                except OSError:
                    await asyncio.wait([exited], timeout=0.05)
                else:
                    writer.close()
                    return
        raise AssertionError(_last_words(log))
    finally:
        exited.cancel()


def _last_words(log: Path) -> str:
    return f"coturn ended:\n{log.read_text()}"
