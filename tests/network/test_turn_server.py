"""The TURN server as deploy/ configures it, asked by aioice: whom it lets in, and where it relays to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from aioice import stun, turn

from hub.turn import TurnServers
from tests.hub_process import free_port
from tests.network.link import Link
from tests.network.turn_server import SECRET, turn_server

HUB_PORT = 40_000


@pytest_asyncio.fixture(loop_scope="module")
async def server(tmp_path: Path) -> AsyncIterator[tuple[str, int]]:
    async with Link() as link:
        port = free_port()
        async with turn_server(link.near, port, tmp_path, allowed=(link.near,)):
            yield link.near, port


@asynccontextmanager
async def allocated(server: tuple[str, int], username: str, password: str) -> AsyncIterator[turn.TurnClientTcpProtocol]:
    """An allocation over TCP."""
    _, client = await asyncio.get_running_loop().create_connection(
        lambda: turn.TurnClientTcpProtocol(server, username, password, lifetime=600, channel_refresh_time=500), *server
    )
    try:
        await client.connect()
        yield client
        await client.delete()
    finally:
        client.transport.close()


def credentials(secret: str = SECRET, now_s: float | None = None) -> tuple[str, str]:
    (given,) = TurnServers("turn:server", secret, lambda: time.time() if now_s is None else now_s).ice_servers("peer")
    return given.username, given.credential


ELSEWHERE = ("10.255.255.1", "192.168.1.1", "172.16.0.1", "127.0.0.1", "169.254.169.254", "8.8.8.8")


async def test_it_takes_the_hubs_passwords_and_relays_to_the_hub_only(server: tuple[str, int]) -> None:
    async with allocated(server, *credentials()) as client:
        await client.channel_bind(0x4000, (server[0], HUB_PORT))
        for number, address in enumerate(ELSEWHERE, start=0x4001):
            with pytest.raises(stun.TransactionFailed) as refusal:
                await client.channel_bind(number, (address, 80))
            assert refusal.value.response.attributes["ERROR-CODE"][0] == 403, address


@pytest.mark.parametrize(
    "given",
    [credentials("another secret"), credentials(now_s=1_000_000.0), ("ana", "secret")],
    ids=["of another hub", "of long ago", "made up"],
)
async def test_it_takes_no_others(server: tuple[str, int], given: tuple[str, str]) -> None:
    with pytest.raises(stun.TransactionFailed) as refusal:
        async with allocated(server, *given):
            raise AssertionError("it was let in")
    assert refusal.value.response.attributes["ERROR-CODE"][0] == 401
