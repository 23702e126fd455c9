"""A real `hub serve` in its own process, for tests that kill it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Self

import aiohttp

ROOT = Path(__file__).parent.parent
START_TIMEOUT_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class HubProcess:
    """`async with HubProcess(folder) as hub:`; its port and its data outlive `kill()` and `start()`."""

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int = 0,
        command: tuple[str, ...] = (sys.executable, "-m", "hub"),
        folder: Path = ROOT,
        **environment: str,
    ) -> None:
        self.data_dir = data_dir
        self._command = command
        self._folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self._environment = {
            **os.environ,
            "HUB_HOST": "127.0.0.1",
            "HUB_PORT": str(self.port),
            "HUB_DATA_DIR": str(data_dir),
            "HUB_DEMO": "1",
            **environment,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Return once `/readyz` says that the hub can serve."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, "serve", cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await self._until_ready(self._process)
        except TimeoutError:
            raise AssertionError(f"the hub was not ready in {START_TIMEOUT_S} s:\n{self.log.read_text()}") from None

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        exited = asyncio.ensure_future(process.wait())
        try:
            async with aiohttp.ClientSession() as http:
                while True:
                    if exited.done():
                        raise AssertionError(f"the hub ended with {exited.result()}:\n{self.log.read_text()}")
                    try:
                        async with http.get(f"{self.url}/readyz") as reply:
                            if reply.status == 200:
                                return
                    except aiohttp.ClientError:
                        pass
                    # Nothing announces an open port; a failed connection answers at once.
                    await asyncio.wait([exited], timeout=0.05)
        finally:
            exited.cancel()

    async def kill(self) -> None:
        """SIGKILL: no chance to flush anything."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, by: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.send_signal(by)
        await process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None, "the hub does not run"
        return self._process.pid

    async def run(self, *arguments: str) -> str:
        """What `hub ARGUMENTS` prints, on this hub's data."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *arguments,
            cwd=self._folder,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        if process.returncode != 0:
            raise AssertionError(f"hub {' '.join(arguments)} ended with {process.returncode}: {errors.decode()}")
        return output.decode().strip()

    async def token(self, name: str) -> str:
        return await self.run("token", name)
