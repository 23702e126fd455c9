"""A peer of benchmarks/documents.py: pycrdt-websocket under uvicorn; documents stay in memory. Argument: port."""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn
from pycrdt.websocket import ASGIServer, WebsocketServer


class Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print("ready", flush=True)


async def main(port: int) -> None:
    documents = WebsocketServer()
    async with documents:
        config = uvicorn.Config(ASGIServer(documents), "127.0.0.1", port, log_level="error", lifespan="off")
        await Server(config).serve()


asyncio.run(main(int(sys.argv[1])))
