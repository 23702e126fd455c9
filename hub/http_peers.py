"""The doors of WHIP and WHEP into a room: who publishes or watches over HTTP, without a socket."""

from __future__ import annotations

from typing import Any, Literal

from hub.capacity import packets_of
from hub.errors import Conflict, NotFound
from hub.live_rooms import LiveRooms, new_id
from hub.media_process import MediaProcess
from hub.payloads.rooms import Source
from hub.room_peers import KINDS, Kind, RoomPeer, packets_added
from storage.records import LoginId, RoomId, User, UserId

SOURCES: dict[str, Source] = {"audio": "microphone", "video": "camera"}
"""What such a client sends, by kind: it can't say."""


class HttpPeers:
    """Every method raises a HubError when it can't be done; then nothing was changed."""

    def __init__(self, rooms: LiveRooms, media: MediaProcess) -> None:
        self._rooms = rooms
        self._media = media

    async def whip(
        self,
        room_id: RoomId,
        user: User,
        name: str | None,
        sdp: str,
        *,
        login_id: LoginId | None = None,
        leads: bool = False,
    ) -> tuple[str, str]:
        """Publish over HTTP (RFC 9725); returns the peer's id and the answer.

        The same user's next offer under the same name replaces the one before: an encoder that crashed comes back.
        """
        former = self._rooms.roster.get(room_id, name)
        if former is not None and (former.user.id != user.id or former.door != "whip"):
            raise Conflict("This name is taken in the room.")
        added = packets_added(self._rooms.roster.peers(room_id), ["audio", "video"], self._rooms.most_cameras)
        peer = former or self._rooms.add(
            room_id, RoomPeer(name or new_id(), user, login_id, "whip", None, leads=leads), added
        )
        kinds: dict[str, Any] = {
            KINDS[source]: self._rooms.tracks.wish(room_id, peer, source) for source in SOURCES.values()
        }
        try:
            answer, published = await self._media.publish(room_id, peer.peer_id, sdp, None, kinds)
        except BaseException:
            if former is None:
                await self._rooms.remove(room_id, peer)
            raise
        await self._rooms.require_present(room_id, peer)
        peer.login_id = login_id
        self._rooms.roster.tell_occupancy(room_id)
        found = [(entry["track_id"], SOURCES[entry["kind"]], False) for entry in published]
        await self._rooms.tracks.adopt(room_id, peer, found)
        return peer.peer_id, answer

    async def whep(
        self,
        room_id: RoomId,
        user: User,
        names: list[str],
        sdp: str,
        *,
        login_id: LoginId | None = None,
        guards: bool = False,
    ) -> tuple[str, str]:
        """Watch these peers over HTTP; returns the viewer's id and the answer. Raise NotFound for an unknown peer."""
        watched = [self._rooms.roster.get(room_id, name) for name in names]
        kinds: tuple[Kind, ...] = ("audio", "video")
        tracks = {kind: [None if peer is None else peer.track_of(kind) for peer in watched] for kind in kinds}
        found = [kind for kind in kinds for track_id in tracks[kind] if track_id is not None]
        packets_per_s = packets_of(found, self._rooms.most_cameras)
        if not packets_per_s:
            raise NotFound
        viewer = self._rooms.add(
            room_id, RoomPeer(new_id(), user, login_id, "whep", None, guards=guards), packets_per_s
        )
        wanted = {"audio": tracks["audio"], "video": tracks["video"]}
        try:
            answer = await self._media.view(room_id, viewer.peer_id, sdp, wanted, trusted=guards)
        except BaseException:
            await self._rooms.remove(room_id, viewer)
            raise
        await self._rooms.require_present(room_id, viewer)
        self._rooms.roster.tell_occupancy(room_id)
        return viewer.peer_id, answer

    async def end(self, room_id: RoomId, user_id: UserId, peer_id: str, door: Literal["whip", "whep"]) -> None:
        """End what `whip` or `whep` began. Raise NotFound when it is not this user's."""
        await self._rooms.remove(room_id, self._rooms.roster.require_door(room_id, user_id, peer_id, door))

    def holds(self, room_id: RoomId, user_id: UserId, peer_id: str, door: Literal["whip", "whep"]) -> bool:
        """Whether this user began that over HTTP, and it goes on."""
        peer = self._rooms.roster.get(room_id, peer_id)
        return peer is not None and peer.user.id == user_id and peer.door == door

    async def trickle(
        self,
        room_id: RoomId,
        user_id: UserId,
        peer_id: str,
        door: Literal["whip", "whep"],
        sdp: str,
        ice_sessions: list[str] | None,
    ) -> str | None:
        """Take an SDP fragment for one of these ICE sessions, or (None) for a restart: then the hub's side is returned.

        Raise NotFound when it is not this user's, Outdated when none of them is the present one.
        """
        peer = self._rooms.roster.require_door(room_id, user_id, peer_id, door)
        direction = "up" if door == "whip" else "down"
        return await self._media.trickle(room_id, peer.peer_id, direction, sdp, ice_sessions)
