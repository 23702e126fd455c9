"""Rooms, recordings, WHIP and WHEP."""

from __future__ import annotations

from storage.records import Recording, RecordingId
from tests.hub.cases.case import Case
from tests.hub.world import World

SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
"""Well-formed and empty: who may meet is told what is wrong with it, nobody else learns anything."""


async def keep_recording(world: World) -> str:
    """As if the meeting had been recorded."""
    storage, recording_id = world.hub.context.storage, RecordingId(f"recording-{world.twinspace_id}")
    assert world.founder.user is not None
    file = {
        "file_id": "a-file",
        "user_id": world.founder.user.id,
        "display_name": "A person",
        "source": "camera",
        "began_at_ms": 1,
        "size_bytes": 4,
        "blob": await storage.blobs.put(recording_id.encode()),
    }
    kept = Recording(recording_id, world.twinspace_id, world.room_id, world.founder.user.id, 1, 2, "stopped", [file])
    await storage.recordings.add(kept)
    return recording_id


async def prepare(world: World, author: str) -> dict[str, str]:
    return {
        "room_id": world.room_id,
        "recording_id": await keep_recording(world),
        "file_id": "a-file",
        "peer_id": "a-peer",
        "viewer_id": "a-viewer",
    }


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/rooms": Case(),
    "GET /api/v1/rooms/{room_id}/peers": Case(),
    "GET /api/v1/rooms/{room_id}/lines": Case(),
    "PATCH /api/v1/rooms/{room_id}": Case(lambda ids: {"is_encrypted": False}),
    # Nobody is in the meeting; tests/hub/test_recordings.py records a real one.
    "GET /api/v1/rooms/{room_id}/recording": Case(),
    "POST /api/v1/rooms/{room_id}/recording": Case(lambda ids: {}, succeeds=False),
    "DELETE /api/v1/rooms/{room_id}/recording": Case(succeeds=False),
    "PUT /api/v1/rooms/{room_id}/recording/me": Case(lambda ids: {"include_me": False}, succeeds=False),
    "GET /api/v1/twinspaces/{twinspace_id}/recordings": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/recordings/{recording_id}/files/{file_id}": Case(),
    "DELETE /api/v1/twinspaces/{twinspace_id}/recordings/{recording_id}": Case(),
    # Real offers are tests/hub/test_rooms.py's business; here it matters who gets as far as being told what is wrong.
    "POST /whip/{room_id}": Case(lambda ids: SDP, succeeds=False),
    "PATCH /whip/{room_id}/{peer_id}": Case(lambda ids: SDP, succeeds=False),
    "DELETE /whip/{room_id}/{peer_id}": Case(succeeds=False),
    "POST /whep/{room_id}/{peer_id}": Case(lambda ids: SDP, succeeds=False),
    "PATCH /whep/{room_id}/{peer_id}/{viewer_id}": Case(lambda ids: SDP, succeeds=False),
    "DELETE /whep/{room_id}/{peer_id}/{viewer_id}": Case(succeeds=False),
}

EVENTS: dict[str, Case] = {
    "room:join": Case(lambda ids: {"room_id": ids["room_id"]}),
    "room:leave": Case(lambda ids: {"room_id": ids["room_id"]}),
    "room:publish": Case(lambda ids: {"room_id": ids["room_id"], "sdp": SDP, "tracks": []}, succeeds=False),
    "room:subscribe": Case(lambda ids: {"room_id": ids["room_id"], "sdp": SDP, "tracks": []}, succeeds=False),
    "room:keys": Case(
        lambda ids: {"room_id": ids["room_id"], "keys": [{"peer_id": "a-peer", "sealed": None}]}, succeeds=False
    ),
    "room:prefer": Case(lambda ids: {"room_id": ids["room_id"], "tracks": []}, succeeds=False),
    "room:mute": Case(lambda ids: {"room_id": ids["room_id"], "track_id": "a-track", "muted": True}, succeeds=False),
}
