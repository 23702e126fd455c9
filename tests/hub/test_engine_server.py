"""A release of the Socket.IO libraries that renames what we rely on fails here, by name, and not in a lesson."""

from __future__ import annotations

import pytest
from engineio import async_socket
from engineio import packet as engine_packet
from socketio import packet

from hub.engine_server import RELIED_ON, CountingWebSocket, SocketIoServer

SERVER = SocketIoServer()
PLACES = {
    "socketio.AsyncServer": SERVER,
    "socketio.AsyncManager": SERVER.manager,
    "socketio.packet": packet,
    "engineio.AsyncServer": SERVER.eio,
    "engineio.AsyncSocket": async_socket.AsyncSocket(SERVER.eio, "an-id"),
    "engineio.aiohttp.WebSocket": CountingWebSocket(None, SERVER.eio),
    "engineio.packet": engine_packet,
}


@pytest.mark.parametrize("place", RELIED_ON)
def test_the_library_still_has_what_the_hub_relies_on(place: str) -> None:
    missing = [name for name in RELIED_ON[place] if not hasattr(PLACES[place], name)]
    assert not missing, f"{place} has no {', '.join(missing)} any more: see hub/engine_server.py"


def test_messages_come_to_the_hubs_own_handler() -> None:
    assert SERVER.eio.handlers["message"] == SERVER._handle_message
    assert type(SERVER.eio).create_queue is not type(SERVER.eio).__mro__[1].create_queue
