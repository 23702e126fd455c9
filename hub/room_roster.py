"""Who is in which room and what they send; who has to hear of a change hears of it, in the order of the changes.

Nothing here waits: a state and what is told of it belong to the same moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from pydantic import BaseModel

from hub.errors import NotFound
from hub.metrics import OPEN_ROOMS, PEERS
from hub.payloads import rooms as payloads
from hub.room_peers import Door, PublishedTrack, RoomPeer
from storage.records import RoomId, User, UserId

logger = logging.getLogger(__name__)

Announce = Callable[[str, str, BaseModel], Awaitable[None]]
"""`await announce(session_id, event, payload)`"""


class RoomRoster:
    """`run()` it, else nobody hears of anything."""

    def __init__(self, announce: Announce, on_occupancy: Callable[[RoomId, list[User]], None]) -> None:
        self._announce = announce
        self._on_occupancy = on_occupancy
        self._rooms: dict[RoomId, dict[str, RoomPeer]] = {}
        self._outbox: asyncio.Queue[tuple[str, str, BaseModel]] = asyncio.Queue()

    async def run(self) -> None:
        """Until cancelled: send what was told."""
        while True:
            session_id, event, payload = await self._outbox.get()
            try:
                await self._announce(session_id, event, payload)
            except Exception:
                # One session's trouble must not silence the room for all others.
                logger.exception("announcing %s failed", event)
            finally:
                self._outbox.task_done()

    async def until_told(self) -> None:
        await self._outbox.join()

    def room_ids(self) -> list[RoomId]:
        return list(self._rooms)

    def peers(self, room_id: RoomId) -> list[RoomPeer]:
        return list(self._rooms.get(room_id, {}).values())

    def everybody(self) -> list[tuple[RoomId, RoomPeer]]:
        return [(room_id, peer) for room_id, peers in self._rooms.items() for peer in peers.values()]

    def user_ids(self, room_id: RoomId) -> frozenset[UserId]:
        """Who is in the room, over whatever door."""
        return frozenset(peer.user.id for peer in self.peers(room_id))

    def places(self) -> set[tuple[RoomId, UserId]]:
        """Who is in which room, over whatever door."""
        return {(room_id, peer.user.id) for room_id, peer in self.everybody()}

    def get(self, room_id: RoomId, peer_id: str | None) -> RoomPeer | None:
        return None if peer_id is None else self._rooms.get(room_id, {}).get(peer_id)

    def find_session(self, room_id: RoomId, session_id: str) -> RoomPeer | None:
        return next((peer for peer in self.peers(room_id) if peer.session_id == session_id), None)

    def require_session(self, room_id: RoomId, session_id: str) -> RoomPeer:
        peer = self.find_session(room_id, session_id)
        if peer is None:
            raise NotFound("You are not in this meeting. Join it first.")
        return peer

    def require_door(self, room_id: RoomId, user_id: UserId, peer_id: str, door: Door) -> RoomPeer:
        """Raise NotFound when this is not what the user opened over this door."""
        peer = self.get(room_id, peer_id)
        if peer is None or peer.user.id != user_id or peer.door != door:
            raise NotFound
        return peer

    def add(self, room_id: RoomId, peer: RoomPeer) -> None:
        self._rooms.setdefault(room_id, {})[peer.peer_id] = peer
        self.tell_joined(room_id, peer)
        self._count()

    def remove(self, room_id: RoomId, peer: RoomPeer) -> bool:
        """Whether the peer was there; what the media process holds of it is the caller's to end."""
        peers = self._rooms.get(room_id, {})
        if peers.get(peer.peer_id) is not peer:
            return False
        del peers[peer.peer_id]
        if not peers:
            del self._rooms[room_id]
        if peer.leaving is not None:
            peer.leaving.cancel()
        self.tell(room_id, "room:peer_left", payloads.PeerLeft(room_id=room_id, peer_id=peer.peer_id), but=peer)
        self._count()
        self.tell_occupancy(room_id)
        return True

    def replace_tracks(self, room_id: RoomId, peer: RoomPeer, found: dict[str, PublishedTrack]) -> None:
        before, peer.tracks = peer.tracks, found
        for track in before.values():
            if track.track_id not in found:
                self.tell_track(room_id, "room:unpublished", peer, track)
        for track in found.values():
            former = before.get(track.track_id)
            if former is None:
                self.tell_track(room_id, "room:published", peer, track)
            elif (former.muted, former.hold) != (track.muted, track.hold):
                self.tell_track(room_id, "room:muted", peer, track)

    def tell_joined(self, room_id: RoomId, peer: RoomPeer) -> None:
        for other in self.peers(room_id):
            if other is not peer:
                joined = payloads.PeerJoined(room_id=room_id, peer=peer.shown(other))
                self.tell_peer(other, "room:peer_joined", joined)

    def tell_track(self, room_id: RoomId, event: str, peer: RoomPeer, track: PublishedTrack) -> None:
        announced = payloads.TrackAnnounced(room_id=room_id, peer_id=peer.peer_id, track=track.shown())
        for other in self.peers(room_id):
            if other.is_told_of(peer, track):
                self.tell_peer(other, event, announced)

    def tell_audience(self, room_id: RoomId, peer: RoomPeer, track: PublishedTrack) -> None:
        """The track went over to staff alone, or back to all: for the others it ends, or begins."""
        announced = payloads.TrackAnnounced(room_id=room_id, peer_id=peer.peer_id, track=track.shown())
        for other in self.peers(room_id):
            if other is not peer and not other.guards:
                self.tell_peer(other, "room:unpublished" if track.for_staff else "room:published", announced)

    def tell(self, room_id: RoomId, event: str, payload: BaseModel, *, but: RoomPeer | None = None) -> None:
        """Announce it to everybody in the room, after what was announced before."""
        for peer in self.peers(room_id):
            if peer is not but:
                self.tell_peer(peer, event, payload)

    def tell_peer(self, peer: RoomPeer, event: str, payload: BaseModel) -> None:
        if peer.session_id is not None:
            self._outbox.put_nowait((peer.session_id, event, payload))

    def tell_occupancy(self, room_id: RoomId) -> None:
        self._on_occupancy(room_id, [peer.user for peer in self.peers(room_id)])

    def _count(self) -> None:
        OPEN_ROOMS.set(len(self._rooms))
        PEERS.set(sum(map(len, self._rooms.values())))
