"""What of a room's tracks is passed on: their owners' wish, and what the room's rules hold back.

A rule is obeyed by the media process, not by a page: a track that is held passes nothing, whatever its sender sends.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, Protocol

from hub.errors import NotFound, PartLocked, Unavailable
from hub.lesson.powers import Hold
from hub.media_process import MediaProcess
from hub.payloads.rooms import Source
from hub.room_peers import KINDS, Kind, PublishedTrack, RoomPeer
from hub.room_roster import RoomRoster
from storage.records import RoomId, UserId


class Gate(Protocol):
    """What the rules of a room say now; nothing here waits."""

    def hold_of(self, room_id: RoomId, peer: RoomPeer, source: Source) -> Hold | None: ...
    def is_for_staff(self, room_id: RoomId, peer: RoomPeer, kind: Kind) -> bool: ...
    def channel_of(self, room_id: RoomId, user_id: UserId) -> str:
        """The language into which this person interprets; empty: none."""
        ...

    def note_presence(self, room_id: RoomId) -> None:
        """Somebody came, went, or lost their socket."""
        ...

    def note_voice(self, room_id: RoomId, peer: RoomPeer | None) -> None:
        """Who speaks now."""
        ...


class OpenGate:
    """No rules at all."""

    def hold_of(self, room_id: RoomId, peer: RoomPeer, source: Source) -> Hold | None:
        return None

    def is_for_staff(self, room_id: RoomId, peer: RoomPeer, kind: Kind) -> bool:
        return False

    def channel_of(self, room_id: RoomId, user_id: UserId) -> str:
        return ""

    def note_presence(self, room_id: RoomId) -> None:
        pass

    def note_voice(self, room_id: RoomId, peer: RoomPeer | None) -> None:
        pass


class RoomTracks:
    """A state is changed before anything is waited for, and what is sent is what holds when it is sent."""

    def __init__(self, roster: RoomRoster, media: MediaProcess) -> None:
        self._roster = roster
        self._media = media
        self.gate: Gate = OpenGate()

    def wish(self, room_id: RoomId, peer: RoomPeer, source: Source, *, muted: bool = False) -> dict[str, Any]:
        """How the media process is to publish such a track."""
        return {
            "muted": muted or self.gate.hold_of(room_id, peer, source) is not None,
            "kind": KINDS[source],
            "follows_voice": source == "camera",
            "for_staff": self.gate.is_for_staff(room_id, peer, KINDS[source]),
            "aside": source == "interpreter",
        }

    async def adopt(self, room_id: RoomId, peer: RoomPeer, published: Collection[tuple[str, Source, bool]]) -> None:
        """`(track_id, source, muted)` of all that the peer publishes now, as wishes said; rules may have changed since.

        Whoever publishes while the room holds it finds it muted when the hold ends: no voice opens unawares.
        """
        found = {}
        for track_id, source, muted in published:
            hold = self.gate.hold_of(room_id, peer, source)
            for_staff = self.gate.is_for_staff(room_id, peer, KINDS[source])
            own_muted = muted or hold in ("locked", "muted")
            language = self._language_of(room_id, peer, source)
            found[track_id] = PublishedTrack(track_id, KINDS[source], source, own_muted, hold, for_staff, language)
        self._roster.replace_tracks(room_id, peer, found)
        for track in found.values():
            await self._media.mute(room_id, track.track_id, track.muted)
            await self._media.restrict(room_id, track.track_id, track.for_staff)

    async def review(self, room_id: RoomId, user_id: UserId | None = None) -> None:
        """The room's rules changed, for this user or for all: bring what is passed on along."""
        for peer in self._roster.peers(room_id):
            if user_id is None or peer.user.id == user_id:
                for track in list(peer.tracks.values()):
                    await self._bring(room_id, peer, track)

    async def mute(self, room_id: RoomId, session_id: str, track_id: str, muted: bool) -> bool:
        """Mute or unmute one's own track; whether it is one's own. Raise PartLocked when the room holds it."""
        peer = self._roster.require_session(room_id, session_id)
        track = peer.tracks.get(track_id)
        if track is None:
            return False
        hold = self.gate.hold_of(room_id, peer, track.source)
        if not muted and hold in ("locked", "muted"):
            raise PartLocked
        was_muted, former = track.muted, track.own_muted
        track.own_muted = muted
        try:
            await self._media.mute(room_id, track_id, track.muted)
        except Unavailable:
            track.own_muted = former
            raise
        if track.muted != was_muted and peer.tracks.get(track_id) is track:
            self._roster.tell_track(room_id, "room:muted", peer, track)
        return True

    def owner_of(self, room_id: RoomId, track_id: str) -> tuple[RoomPeer, PublishedTrack]:
        """Raise NotFound when nobody in the room publishes it."""
        for peer in self._roster.peers(room_id):
            if track_id in peer.tracks:
                return peer, peer.tracks[track_id]
        raise NotFound

    async def _bring(self, room_id: RoomId, peer: RoomPeer, track: PublishedTrack) -> None:
        hold = self.gate.hold_of(room_id, peer, track.source)
        for_staff = self.gate.is_for_staff(room_id, peer, track.kind)
        before = track.muted, track.hold, track.language
        goes_over = for_staff != track.for_staff
        track.hold, track.for_staff = hold, for_staff
        track.language = self._language_of(room_id, peer, track.source)
        # What a teacher closed opens by its owner's hand; what only paused goes on by itself.
        if hold in ("locked", "muted"):
            track.own_muted = True
        try:
            if track.muted != before[0]:
                await self._media.mute(room_id, track.track_id, track.muted)
            if goes_over:
                await self._media.restrict(room_id, track.track_id, track.for_staff)
        except Unavailable:
            return  # With the process everything is gone that it passed on; whoever publishes again is asked again.
        if peer.tracks.get(track.track_id) is not track:
            return
        if goes_over:
            self._roster.tell_audience(room_id, peer, track)
        if (track.muted, track.hold, track.language) != before:
            self._roster.tell_track(room_id, "room:muted", peer, track)

    def _language_of(self, room_id: RoomId, peer: RoomPeer, source: Source) -> str:
        return self.gate.channel_of(room_id, peer.user.id) if source == "interpreter" else ""

    async def withhold(
        self, user_id: UserId, kind: Literal["audio", "video"], room_ids: Collection[RoomId] | None = None
    ) -> None:
        """End what the user sends of this kind in these rooms (None: in all), now.

        That it is not published again is the caller's.
        """
        for room_id, peer in self._roster.everybody():
            if room_ids is not None and room_id not in room_ids:
                continue
            for track in [track for track in peer.tracks.values() if peer.user.id == user_id and track.kind == kind]:
                # A muted track passes nothing, whatever its publisher sends; without an entry nobody can unmute it.
                await self._media.mute(room_id, track.track_id, True)
                if peer.tracks.pop(track.track_id, None) is not None:
                    self._roster.tell_track(room_id, "room:unpublished", peer, track)
