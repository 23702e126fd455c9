"""The stock npm clients, in one Node process, as Python objects."""

from __future__ import annotations

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent
ANSWER_TIMEOUT_S = 60
LINE_LIMIT_BYTES = 64 << 20


class StockClients:
    """`async with StockClients() as clients:`; `await clients.y_websocket(url, …)` opens one."""

    def __init__(self) -> None:
        self._seq = itertools.count(1)
        self._names = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._answers[0] = asyncio.get_running_loop().create_future()
        self._process = await asyncio.create_subprocess_exec(
            "node",
            "--import",
            (HERE / "web_client_modules.mjs").as_uri(),
            str(HERE / "yjs_clients.mjs"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT_BYTES,
        )
        self._reading = asyncio.create_task(self._read())
        await asyncio.wait_for(self._answers[0], ANSWER_TIMEOUT_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None and self._process.stdin is not None and self._reading is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        async for line in self._process.stdout:
            answer = json.loads(line)
            future = self._answers.pop(answer["seq"])
            if "error" in answer:
                future.set_exception(AssertionError(answer["error"]))
            else:
                future.set_result(answer["result"])

    async def tell(self, verb: str, **options: Any) -> Any:
        assert self._process is not None and self._process.stdin is not None
        seq = next(self._seq)
        self._answers[seq] = asyncio.get_running_loop().create_future()
        self._process.stdin.write((json.dumps({"seq": seq, "do": verb, **options}) + "\n").encode())
        return await asyncio.wait_for(self._answers[seq], ANSWER_TIMEOUT_S)

    async def y_websocket(self, url: str, name: str, **params: str) -> StockClient:
        """`url` is the hub's address; the content id becomes the room name, as the package's README does it."""
        return await self._open("y-websocket", url=f"{url}/yjs".replace("http", "ws", 1), name=name, params=params)

    async def hocuspocus(self, url: str, name: str, *, query: str = "", **options: Any) -> StockClient:
        address = f"{url}/collab{query}".replace("http", "ws", 1)
        return await self._open("hocuspocus", url=address, name=name, **options)

    async def open(self, protocol: str, url: str, name: str, token: str) -> StockClient:
        if protocol == "hocuspocus":
            return await self.hocuspocus(url, name, token=token)
        return await self.y_websocket(url, name, token=token)

    async def _open(self, protocol: str, **options: Any) -> StockClient:
        client = StockClient(self, f"{protocol}-{next(self._names)}", protocol)
        client.yjs_id = await client.tell("open", protocol=protocol, **options)
        return client


class StockClient:
    def __init__(self, clients: StockClients, name: str, protocol: str) -> None:
        self.protocol = protocol
        self.yjs_id = 0
        self._clients = clients
        self._name = name

    async def tell(self, verb: str, **options: Any) -> Any:
        return await self._clients.tell(verb, client=self._name, **options)

    async def until(self, what: str, value: Any = None, **options: Any) -> Any:
        """Wait until the client sees this; fails with what it saw instead."""
        wanted = {"what": what} if value is None else {"what": what, "value": value}
        return await self.tell("until", **wanted, **options)

    async def until_event(self, word: str) -> list[Any]:
        return list(await self.tell("until", what="event", word=word))

    async def insert(self, text: str, index: int | None = None) -> None:
        await self.tell("insert", text=text, index=index)

    async def events(self, word: str) -> list[list[Any]]:
        return [event for event in await self.tell("events") if event[0] == word]
