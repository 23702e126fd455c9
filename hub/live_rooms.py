"""Keeps the rooms in which people meet: who is in, what they publish, who hears of it.

Packets are the media process's business; here is who may be told what. State changes happen between awaits, and
announcements leave in the order of the changes, through one queue.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from hub.capacity import Capacity, packets_of
from hub.errors import Conflict, EncryptionDiffers, HubFull, NotFound, RoomFull, Unavailable
from hub.media_process import MediaProcess
from hub.metrics import REFUSED_FOR_LOAD
from hub.payloads import rooms as payloads
from hub.payloads.room_keys import KeyFor, KeyTold
from hub.room_lines import lines_of
from hub.room_news import RoomNews
from hub.room_peers import KINDS, RoomPeer, packets_added, sounding
from hub.room_roster import Announce, RoomRoster
from hub.room_tracks import RoomTracks
from storage.records import LoginId, RoomId, User, UserId

logger = logging.getLogger(__name__)

REJOIN_S = 10.0
"""How long the place of somebody whose connection broke is kept."""
DRAIN_TIMEOUT_S = 2.0


class LiveRooms:
    """Every method raises a HubError when it can't be done; then nothing was changed."""

    def __init__(
        self,
        media: MediaProcess,
        announce: Announce,
        *,
        capacity: int,
        rejoin_s: float = REJOIN_S,
        ice_servers: Callable[[str], list[payloads.IceServer]] = lambda peer_id: [],
        packets_per_s: int = 0,
        most_cameras: int = 16,
    ) -> None:
        """`capacity`: peers of one room. `packets_per_s`: what all rooms may have forwarded, 0 to find out.

        `most_cameras`: as the media process was told.
        """
        self.most_cameras = most_cameras
        self.ice_servers = ice_servers
        """What the peer of this id can use to get through to the media process."""
        self._media = media
        self._capacity = capacity
        self._media_capacity = Capacity(packets_per_s, time.monotonic)
        self._draining = False
        self._rejoin_s = rejoin_s
        self.roster = RoomRoster(announce, lambda room_id, users: self.on_occupancy(room_id, users))
        self._news = RoomNews(self.roster)
        self.tracks = RoomTracks(self.roster, media)
        """What of them is passed on; its `gate` says by which rules."""
        self._switching: set[RoomId] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_occupancy: Callable[[RoomId, list[User]], None] = lambda room_id, users: None
        """Told who is in a room, once per peer, whenever somebody has come or gone. It may not raise."""
        self.on_speaker: Callable[[RoomId], None] = lambda room_id: None
        """Told where somebody else has the floor. It may not raise."""
        media.on_event = self._receive_event
        media.on_reset = self._reset

    async def start(self) -> None:
        self._spawn(self.roster.run())
        await self._media.start()

    async def drain(self) -> None:
        """Let nobody in any more, and tell those who are in that the hub goes; return when they were told."""
        self._draining = True
        for room_id in self.roster.room_ids():
            self.roster.tell(room_id, "room:closing", payloads.RoomClosing(room_id=room_id))
        try:
            async with asyncio.timeout(DRAIN_TIMEOUT_S):
                await self.roster.until_told()
        except TimeoutError:
            logger.warning("not everybody in a meeting could be told that the hub goes")

    async def close(self) -> None:
        for _, peer in self.roster.everybody():
            if peer.leaving is not None:
                peer.leaving.cancel()
        await self._media.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def ready(self) -> bool:
        return self._media.ready and not self._draining

    def peer_count(self, room_id: RoomId) -> int:
        return len(self.roster.peers(room_id))

    def peers(self, room_id: RoomId, to: RoomPeer | None = None) -> list[payloads.Peer]:
        """Everybody in the room, watchers over WHEP too: who can see and hear is no secret to those who are seen.

        As `to` may know of them; None: as staff may.
        """
        return [peer.shown(to) for peer in self.roster.peers(room_id)]

    def speaker(self, room_id: RoomId) -> str | None:
        """The peer who has the floor."""
        return self._news.speaker(room_id)

    async def lines(self, room_id: RoomId) -> list[payloads.PeerLine]:
        """How the lines of all peers are, for who has to help. Raise Unavailable while the media process is away."""
        measured, pictures = await self._media.lines(room_id)
        return lines_of(self.roster.peers(room_id), measured, pictures)

    async def stats(self) -> dict[str, int]:
        """What the media process counts, and what it can do. Raise Unavailable while it is away."""
        capacity = self._media_capacity
        return {
            **await self._media.stats(),
            "forwarded_packets_per_s": round(capacity.packets_per_s),
            "limit_packets_per_s": round(capacity.limit_packets_per_s),
            "busy_percent": round(capacity.busy * 100),
        }

    def join(
        self,
        room_id: RoomId,
        session_id: str,
        user: User,
        former_peer_id: str | None,
        *,
        login_id: LoginId | None = None,
        public_key: str | None = None,
        listens: bool = False,
        leads: bool = False,
        guards: bool = False,
        shown_name: str = "",
        class_size: int | None = None,
        class_name: str = "",
    ) -> str:
        """Come in, or take one's former place again; returns the peer's id.

        `public_key`: of who comes into a room that is encrypted end to end; whether it is, the caller knows. `listens`:
        only to hear and see; who comes in properly afterwards stays the same peer. The rest: what RoomPeer keeps.
        """
        if room_id in self._switching:
            raise EncryptionDiffers
        shown = dict(listens=listens, public_key=public_key, class_size=class_size, class_name=class_name)
        present = self.roster.find_session(room_id, session_id)
        if present is not None:
            self._note(room_id, present, **shown)
            return present.peer_id
        former = self.roster.get(room_id, former_peer_id)
        if former is not None and former.user.id == user.id and former.door == "socket":
            if former.leaving is not None:
                former.leaving.cancel()
                former.leaving = None
            former.session_id, former.login_id = session_id, login_id
            former.leads, former.guards = leads, guards
            self._note(room_id, former, **shown)
            self._news.tell_again(room_id, former)
            self.tracks.gate.note_presence(room_id)
            return former.peer_id
        peer_id = former_peer_id if former_peer_id is not None and former is None else new_id()
        watched = packets_of(sounding(self.roster.peers(room_id)), self.most_cameras)
        coming = RoomPeer(peer_id, user, login_id, "socket", session_id, public_key, listens)
        coming.leads, coming.guards, coming.shown_name = leads, guards, shown_name
        coming.class_size, coming.class_name = class_size, class_name
        added = self.add(room_id, coming, watched)
        self._news.tell_again(room_id, added)
        self.roster.tell_occupancy(room_id)
        return peer_id

    def rename(self, user: User) -> None:
        """Whoever is in a meeting here is called otherwise from now on."""
        for room_id, peer in self.roster.everybody():
            if peer.user.id == user.id and peer.user.display_name != user.display_name:
                peer.user = user
                self.roster.tell_joined(room_id, peer)

    @contextmanager
    def switching_encryption(self, room_id: RoomId) -> Iterator[None]:
        """Nobody is in the room, and nobody comes in until this ends. Raise Conflict when somebody is."""
        if self.peer_count(room_id) or room_id in self._switching:
            raise Conflict("Somebody is in this meeting. Its encryption can be switched when everybody has left.")
        self._switching.add(room_id)
        try:
            yield
        finally:
            self._switching.discard(room_id)

    def send_keys(self, room_id: RoomId, session_id: str, keys: list[KeyFor]) -> None:
        """Pass each on to the peer it is for, unread; who is gone meanwhile is passed over."""
        sender = self.roster.require_session(room_id, session_id)
        for key in keys:
            peer = self.roster.get(room_id, key.peer_id)
            if peer is not None and peer is not sender:
                told = KeyTold(room_id=room_id, peer_id=sender.peer_id, sealed=key.sealed)
                self.roster.tell_peer(peer, "room:key", told)

    def seat(self, room_id: RoomId, session_id: str, class_size: int, class_name: str) -> None:
        """The device that this socket belongs to is the seat of so many pupils from now on, if it is still here."""
        peer = self.roster.find_session(room_id, session_id)
        if peer is not None:
            self._note(room_id, peer, class_size=class_size, class_name=class_name)

    async def leave(self, room_id: RoomId, session_id: str) -> None:
        peer = self.roster.find_session(room_id, session_id)
        if peer is not None:
            await self.remove(room_id, peer)

    async def disconnect(self, session_id: str) -> None:
        """The socket is gone: keep its places for a while."""
        loop = asyncio.get_running_loop()
        for room_id, peer in self.roster.everybody():
            if peer.session_id == session_id:
                peer.session_id = None
                self.tracks.gate.note_presence(room_id)
                peer.leaving = loop.call_later(self._rejoin_s, self._give_up, room_id, peer)

    async def end_session(self, session_id: str) -> None:
        """The hub ends this socket: it will not come back, so its places are given up at once."""
        for room_id in self.roster.room_ids():
            await self.leave(room_id, session_id)

    async def revoke_login(self, login_id: LoginId) -> None:
        """End everything that was opened with this login, over whatever door, now."""
        for room_id, peer in self.roster.everybody():
            if peer.login_id == login_id:
                await self.remove(room_id, peer)

    async def revoke(self, user_id: UserId, room_ids: Iterable[RoomId] | None = None) -> None:
        """End everything the user has in these rooms (None: in all), now."""
        for room_id in self.roster.room_ids() if room_ids is None else room_ids:
            for peer in self.roster.peers(room_id):
                if peer.user.id == user_id:
                    await self.remove(room_id, peer)

    def sending(self) -> list[tuple[User, Literal["audio", "video"]]]:
        """Who publishes which kinds of tracks, over whatever door."""
        peers = [peer for _, peer in self.roster.everybody()]
        return [(peer.user, kind) for peer in peers for kind in sorted({track.kind for track in peer.tracks.values()})]

    async def publish(
        self, room_id: RoomId, session_id: str, sdp: str, tracks: list[payloads.PublishedMedia]
    ) -> tuple[str, dict[str, str]]:
        """Replace what the peer publishes. Returns the answer and the track id of each m-line."""
        peer = self.roster.require_session(room_id, session_id)
        if peer.listens:
            raise NotFound("You only listen to this room. Go in to speak.")
        wishes = {track.mid: self.tracks.wish(room_id, peer, track.source, muted=track.muted) for track in tracks}
        open_kinds = [KINDS[track.source] for track in tracks if not track.muted]
        self.require_capacity(packets_added(self.roster.peers(room_id), open_kinds, self.most_cameras, peer))
        answer, published = await self._media.publish(room_id, peer.peer_id, sdp, wishes)
        await self.require_present(room_id, peer)
        by_mid = {track.mid: track for track in tracks}
        found = [(entry["track_id"], by_mid[entry["mid"]]) for entry in published]
        await self.tracks.adopt(room_id, peer, [(id, media.source, media.muted) for id, media in found])
        return answer, {entry["mid"]: entry["track_id"] for entry in published}

    async def subscribe(
        self, room_id: RoomId, session_id: str, sdp: str, tracks: list[payloads.WantedTrack]
    ) -> tuple[str, list[str]]:
        """Replace what the peer watches. Returns the answer, and the tracks whose codec the peer does not offer."""
        peer = self.roster.require_session(room_id, session_id)
        wanted = {track.mid: track.track_id for track in tracks}
        answer, undecodable = await self._media.subscribe(room_id, peer.peer_id, sdp, wanted, trusted=peer.guards)
        await self.require_present(room_id, peer)
        return answer, undecodable

    async def prefer(self, room_id: RoomId, session_id: str, tracks: list[payloads.TrackPreference]) -> None:
        """Say how large the peer shows the tracks it watches; one that is gone meanwhile is passed over."""
        peer = self.roster.require_session(room_id, session_id)
        await self._media.prefer(room_id, peer.peer_id, [track.model_dump() for track in tracks])

    async def mute(self, room_id: RoomId, session_id: str, track_id: str, muted: bool) -> None:
        """Mute or unmute one's own track. Raise PartLocked when the room holds it, NotFound when it isn't one's own."""
        if not await self.tracks.mute(room_id, session_id, track_id, muted):
            raise NotFound

    async def trust(self, room_id: RoomId, peer: RoomPeer) -> None:
        """What is for staff goes to this viewer, or no longer, as `peer.guards` says now."""
        try:
            await self._media.trust(room_id, peer.peer_id, peer.guards)
        except Unavailable:
            pass  # it comes back empty, and everybody subscribes again

    def _note(self, room_id: RoomId, peer: RoomPeer, **now: Any) -> None:
        """These of its fields are otherwise now: everybody is told, once. Who is in does not become a listener."""
        now["listens"] = peer.listens and now.get("listens", True)
        if any(getattr(peer, name) != value for name, value in now.items()):
            for name, value in now.items():
                setattr(peer, name, value)
            self.roster.tell_joined(room_id, peer)

    def add(self, room_id: RoomId, peer: RoomPeer, packets_per_s: float) -> RoomPeer:
        """`packets_per_s`: what this peer adds to what is forwarded."""
        if not self.ready:
            raise Unavailable("Meetings are starting again; try in a moment.")
        if self.peer_count(room_id) >= self._capacity:
            raise RoomFull
        self.require_capacity(packets_per_s)
        self.roster.add(room_id, peer)
        self.tracks.gate.note_presence(room_id)
        return peer

    def require_capacity(self, packets_per_s: float) -> None:
        if packets_per_s > 0 and not self._media_capacity.admit(packets_per_s):
            REFUSED_FOR_LOAD.inc()
            raise HubFull

    async def remove(self, room_id: RoomId, peer: RoomPeer) -> None:
        if self._forget(room_id, peer):
            try:
                await self._media.leave(room_id, peer.peer_id)
            except Unavailable:
                pass  # the process that held its connections is gone, and they with it

    def _forget(self, room_id: RoomId, peer: RoomPeer) -> bool:
        was_there = self.roster.remove(room_id, peer)
        if not self.peer_count(room_id):
            self._news.forget_room(room_id)
        if was_there:
            self.tracks.gate.note_presence(room_id)
        return was_there

    def _give_up(self, room_id: RoomId, peer: RoomPeer) -> None:
        self._spawn(self.remove(room_id, peer))

    async def require_present(self, room_id: RoomId, peer: RoomPeer) -> None:
        """While the media process answered, the peer may have left: then what was just opened must end too."""
        present = self.roster.get(room_id, peer.peer_id)
        if present is not peer:
            if present is None:
                await self._media.leave(room_id, peer.peer_id)
            raise NotFound("You are not in this meeting any more.")

    def _receive_event(self, event: dict[str, Any]) -> None:
        """How busy the process is, what a viewer's line carries, who speaks, which connection ended by itself.

        It was closed, fell silent for 30 s, or never came to life.
        """
        if event["event"] == "load":
            self._media_capacity.note(event["busy"], event["packets_per_s"])
            return
        room_id = RoomId(event["room_id"])
        if not self.roster.peers(room_id):
            return  # somebody tries their line, or whom it is about has just left
        peer = self.roster.get(room_id, event["peer_id"])
        if event["event"] == "speaker":
            self._news.note_speaker(room_id, event["peer_id"])
            self.on_speaker(room_id)
            return
        if event["event"] == "voice":
            self.tracks.gate.note_voice(room_id, peer)
            return
        if peer is None:
            return
        if event["event"] == "line":
            self._news.note_line(room_id, peer, event)
            return
        if event["event"] != "ended":
            return
        if peer.door != "socket":
            self._spawn(self.remove(room_id, peer))
        elif event["direction"] == "up":
            self.roster.replace_tracks(room_id, peer, {})

    def _reset(self) -> None:
        """The media process came back empty: whoever has a socket is told to begin again, the others are gone."""
        self._media_capacity.forget()
        self._news.forget_all()
        for room_id in self.roster.room_ids():
            for peer in self.roster.peers(room_id):
                peer.tracks = {}
                if peer.door != "socket":
                    self._forget(room_id, peer)
            self.roster.tell(room_id, "room:reset", payloads.RoomReset(room_id=room_id))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def new_id() -> str:
    return secrets.token_urlsafe(9)
