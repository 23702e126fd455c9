"""`python -m webrtc.media_process`: the process that owns the media socket (ARCHITECTURE.md, decision D3).

`hub.media_process` starts it and speaks JSON lines with it over an inherited Unix socket: `{id, verb, …}` is answered
by `{id, …}` or `{id, error: {code, detail}}`; `{event, …}` comes unasked. When that socket ends, so does this process.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from webrtc.admission import LoadMeter
from webrtc.compiled import load_libraries
from webrtc.connections import Ended, Key, Outdated, Overloaded
from webrtc.errors import NegotiationError
from webrtc.ids import Mid, PeerId, RoomId, TrackId
from webrtc.interfaces import find_addresses
from webrtc.layers import Preference
from webrtc.line_figures import UpwardFigures
from webrtc.media_engine import MediaEngine, Wish
from webrtc.room import MOST_CAMERAS
from webrtc.tcp_endpoint import raise_descriptor_limit

TICK_S = 0.02
"""Lost packets are asked for again and handshakes repeated at this grain."""

LOAD_INTERVAL_S = 1.0

MAX_LINE_BYTES = 1 << 20
"""An SDP of 64 KiB with every character escaped fits."""

NICENESS = -10
"""Before documents and everything else of its user: a voice can't wait, and a packet is soon done."""

log = logging.getLogger("webrtc")


class ControlChannel:
    """The hub's end asks, this end answers; requests are handled in the order they come."""

    def __init__(self, engine_of: Callable[[Callable[[dict[str, Any]], None]], MediaEngine]) -> None:
        self._engine_of = engine_of

    async def serve(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection, limit=MAX_LINE_BYTES)

        def send(message: dict[str, Any]) -> None:
            writer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

        engine = self._engine_of(send)
        ticks = _Ticks(engine)
        reporting = asyncio.create_task(_report_load(engine, send))
        send({"event": "ready", "port": engine.endpoint.port, "tcp_port": engine.endpoint.tcp_port})
        try:
            while line := await reader.readline():
                request = json.loads(line)
                send({"id": request["id"], **_answer(engine, request)})
                await writer.drain()
        except ConnectionError:
            pass  # the hub died: that is our end too
        finally:
            ticks.stop()
            reporting.cancel()
            engine.close()
            writer.close()


async def _report_load(engine: MediaEngine, send: Callable[[dict[str, Any]], None]) -> None:
    """Tell the hub once a second how busy this process is; it decides who may still come."""
    loop, endpoint = asyncio.get_running_loop(), engine.endpoint
    meter = LoadMeter(loop.time(), _cpu_s(), endpoint.sent_packets)
    while True:
        await asyncio.sleep(LOAD_INTERVAL_S)
        busy, packets_per_s = meter.measure(loop.time(), _cpu_s(), endpoint.sent_packets)
        send({"event": "load", "busy": round(busy, 4), "packets_per_s": round(packets_per_s, 1)})


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class _Ticks:
    """Has the engine handle its timers, until `stop`."""

    def __init__(self, engine: MediaEngine) -> None:
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(TICK_S, self._tick)

    def _tick(self) -> None:
        self._next = self._loop.call_later(TICK_S if not self._engine.is_idle else 10 * TICK_S, self._tick)
        self._engine.handle_timers()

    def stop(self) -> None:
        self._next.cancel()


def _answer(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return _VERBS[request["verb"]](engine, request)
    except NegotiationError as error:
        return {"error": {"code": "invalid", "detail": str(error)}}
    except Overloaded:
        return {"error": {"code": "too_many", "detail": "too many connections are being set up"}}
    except Outdated:
        return {"error": {"code": "outdated", "detail": "this ICE session was restarted since"}}
    except Ended:
        return {"error": {"code": "ended", "detail": "this peer connection is over; open a new one"}}
    except Exception:
        log.exception("request %s failed", request.get("verb"))
        return {"error": {"code": "internal", "detail": "the media process has a bug"}}


def _publish(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    tracks = request["tracks"]
    wishes = None if tracks is None else {Mid(mid): Wish(**wish) for mid, wish in tracks.items()}
    kinds = {kind: Wish(**wish) for kind, wish in request["kinds"].items()}
    room_id, peer_id = RoomId(request["room_id"]), PeerId(request["peer_id"])
    sdp, published = engine.publish(room_id, peer_id, request["sdp"], wishes, kinds)
    return {"sdp": sdp, "tracks": published}


def _subscribe(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    tracks = {Mid(mid): TrackId(track_id) for mid, track_id in request["tracks"].items()}
    room_id, peer_id = RoomId(request["room_id"]), PeerId(request["peer_id"])
    sdp, undecodable = engine.subscribe(room_id, peer_id, request["sdp"], tracks, trusted=request["trusted"])
    return {"sdp": sdp, "undecodable": undecodable}


def _view(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    room_id, viewer_id = RoomId(request["room_id"]), PeerId(request["peer_id"])
    trusted = request["trusted"]
    return {"sdp": engine.view(room_id, viewer_id, request["sdp"], request["tracks"], trusted=trusted)}


def _mute(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    engine.mute(RoomId(request["room_id"]), TrackId(request["track_id"]), request["muted"])
    return {}


def _restrict(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    engine.restrict(RoomId(request["room_id"]), TrackId(request["track_id"]), request["for_staff"])
    return {}


def _trust(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    engine.trust(RoomId(request["room_id"]), PeerId(request["peer_id"]), request["trusted"])
    return {}


def _prefer(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    preferences = {
        TrackId(track["track_id"]): Preference(track["max_height"], track["visible"], track["pinned"])
        for track in request["tracks"]
    }
    engine.prefer(RoomId(request["room_id"]), PeerId(request["peer_id"]), preferences)
    return {}


def _record(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    tracks = [TrackId(track_id) for track_id in request["tracks"]]
    stem, min_free_bytes = Path(request["stem"]), request["min_free_bytes"]
    return {"tracks": engine.record(RoomId(request["room_id"]), request["file_id"], stem, tracks, min_free_bytes)}


def _stop_recording(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    engine.stop_recording(RoomId(request["room_id"]), request["file_id"])
    return {}


def _trickle(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    key: Key = RoomId(request["room_id"]), PeerId(request["peer_id"]), request["direction"]
    return {"sdp": engine.trickle(key, request["sdp"], request["ice_sessions"])}


def _leave(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    engine.leave(RoomId(request["room_id"]), PeerId(request["peer_id"]))
    return {}


def _lines(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    lines = engine.lines(RoomId(request["room_id"]))
    return {
        "lines": [
            {"direction": "up" if isinstance(line, UpwardFigures) else "down", "is_weak": line.is_weak, **asdict(line)}
            for line in lines
        ],
        "pictures": [asdict(picture) for picture in engine.pictures(RoomId(request["room_id"]))],
    }


def _stats(engine: MediaEngine, request: dict[str, Any]) -> dict[str, Any]:
    return {"stats": engine.stats()}


_VERBS: dict[str, Callable[[MediaEngine, dict[str, Any]], dict[str, Any]]] = {
    "publish": _publish,
    "subscribe": _subscribe,
    "view": _view,
    "mute": _mute,
    "restrict": _restrict,
    "trust": _trust,
    "prefer": _prefer,
    "record": _record,
    "stop_recording": _stop_recording,
    "trickle": _trickle,
    "leave": _leave,
    "lines": _lines,
    "stats": _stats,
}


def _go_first() -> None:
    try:
        os.nice(NICENESS)
    except PermissionError:
        log.info("the system does not let this process go first (LimitNICE= of systemd would)")


async def _serve(
    control_fd: int, port: int, tcp_port: int, addresses: str, most_cameras: int, python_only: bool
) -> None:
    # Ctrl-C reaches the whole process group; the hub decides when media ends, by closing the socket.
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    find_addresses(addresses)
    raise_descriptor_limit()
    _go_first()
    libraries = None if python_only else load_libraries()
    log.info("packets are forwarded by %s", "Python alone" if libraries is None else "compiled code")
    connection = socket.socket(fileno=control_fd)
    connection.setblocking(False)
    channel = ControlChannel(
        lambda send: MediaEngine(port, lambda: find_addresses(addresses), send, tcp_port, most_cameras, libraries)
    )
    gc.freeze()
    await channel.serve(connection)


def main() -> None:
    parser = argparse.ArgumentParser(prog="webrtc.media_process")
    parser.add_argument("--control-fd", type=int, required=True, help="inherited Unix socket to the hub")
    parser.add_argument("--port", type=int, default=0, help="UDP port, 0 for a free one")
    parser.add_argument("--tcp-port", type=int, default=0, help="0: the UDP port's number or a free one, -1: none")
    parser.add_argument("--addresses", default="", help="comma-separated; empty for every interface's")
    parser.add_argument("--cameras", type=int, default=MOST_CAMERAS, help="of so many who spoke last a viewer gets it")
    parser.add_argument("--python-only", action="store_true", help="leave what was compiled from C alone")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="media: %(levelname)s %(message)s")
    serving = _serve(
        arguments.control_fd,
        arguments.port,
        arguments.tcp_port,
        arguments.addresses,
        arguments.cameras,
        arguments.python_only,
    )
    try:
        import uvloop
    except ImportError:
        asyncio.run(serving)
    else:
        uvloop.run(serving)


if __name__ == "__main__":
    main()
