"""Who is in a room, and what they send, as `live_rooms` keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from hub.capacity import packets_of
from hub.lesson.powers import Hold, Standpoint
from hub.payloads import rooms as payloads
from hub.payloads.rooms import Source
from storage.records import LoginId, User

Door = Literal["socket", "whip", "whep"]
Kind = Literal["audio", "video"]

KINDS: dict[Source, Kind] = {
    "microphone": "audio",
    "camera": "video",
    "screen": "video",
    "screen_audio": "audio",
    "interpreter": "audio",
}


@dataclass(slots=True)
class PublishedTrack:
    track_id: str
    kind: Kind
    source: Source
    own_muted: bool
    """As its owner wishes it."""
    hold: Hold | None = None
    """Why nothing of it is passed on, whatever its owner wishes."""
    for_staff: bool = False
    """It is passed on to the schools' adults alone, and nobody else is told of it."""
    language: str = ""
    """Of an interpreter's voice."""

    @property
    def muted(self) -> bool:
        return self.own_muted or self.hold is not None

    def shown(self) -> payloads.Track:
        return payloads.Track(
            track_id=self.track_id,
            kind=self.kind,
            source=self.source,
            muted=self.muted,
            hold=self.hold,
            for_staff=self.for_staff,
            language=self.language,
        )


@dataclass(slots=True)
class RoomPeer:
    peer_id: str
    user: User
    login_id: LoginId | None
    """With what it was opened; whoever ends that login ends this too."""
    door: Door
    session_id: str | None
    """The socket it hears through; None over HTTP, and while a broken connection is waited for."""
    public_key: str | None = None
    """In a room that is encrypted end to end: for what the others send to this one alone."""
    listens: bool = False
    """A teacher who is elsewhere and only hears and sees; everybody in the room is told so."""
    tracks: dict[str, PublishedTrack] = field(default_factory=dict)
    leaving: asyncio.TimerHandle | None = None
    line: payloads.LineTold | None = None
    """What it was told last of its line; None: nothing yet, so all is well."""
    leads: bool = False
    """No lock is meant for them."""
    guards: bool = False
    """An adult of one of the schools: pupils are not alone with them."""
    shown_name: str = ""
    """As a teacher corrected it; empty: the account's."""
    class_size: int | None = None
    """This device is the seat of so many pupils; None: of one person."""
    class_name: str = ""
    """Of all of them, when they are of one class."""

    @property
    def standpoint(self) -> Standpoint:
        return Standpoint(self.user.id, self.leads, self.guards, self.user.kind == "pupil")

    def is_told_of(self, peer: RoomPeer, track: PublishedTrack) -> bool:
        return not track.for_staff or self.guards or peer is self

    def shown(self, to: RoomPeer | None = None) -> payloads.Peer:
        """As that peer may see it; None: as staff may."""
        tracks = [track for track in self.tracks.values() if to is None or to.is_told_of(self, track)]
        return payloads.Peer(
            peer_id=self.peer_id,
            user_id=self.user.id,
            display_name=self.shown_name or self.user.display_name,
            school_id=self.user.school_id,
            tracks=[track.shown() for track in tracks],
            public_key=self.public_key,
            listens=self.listens,
            class_size=self.class_size,
            class_name=self.class_name,
            leads=self.leads,
            is_renamed=bool(self.shown_name),
        )

    def track_of(self, kind: Kind) -> str | None:
        """The first of its kind: voice and camera are published before the screen."""
        return next((track.track_id for track in self.tracks.values() if track.kind == kind), None)


def sounding(peers: Iterable[RoomPeer], but: RoomPeer | None = None) -> list[Kind]:
    """The kinds of all their tracks that are not muted."""
    return [track.kind for peer in peers if peer is not but for track in peer.tracks.values() if not track.muted]


def packets_added(
    peers: list[RoomPeer], kinds: list[Kind], most_cameras: int, publisher: RoomPeer | None = None
) -> float:
    """How much more is forwarded to all these viewers, per second, when `publisher` sends tracks of these kinds."""
    viewers = sum(peer.door != "whip" and peer is not publisher for peer in peers)
    after = packets_of(sounding(peers, but=publisher) + kinds, most_cameras)
    return (after - packets_of(sounding(peers), most_cameras)) * viewers
