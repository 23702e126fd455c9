"""Meetings: rooms, who is in them, what they publish, and the SDP that goes to and fro."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hub.lesson.powers import Hold
from hub.payloads.fields import Id, Payload, Reply
from hub.payloads.recordings import RecordingState
from hub.payloads.room_keys import PublicKey

Source = Literal["microphone", "camera", "screen", "screen_audio", "interpreter"]
Sdp = Annotated[str, StringConstraints(min_length=1, max_length=65_536)]
Mid = Annotated[str, StringConstraints(min_length=1, max_length=16)]

MOST_NAMED = 2_000
"""More than any class: so that who names too many is told how many a class seat has."""
MOST_TRACKS = 64
"""As many m-lines as one session description may have."""


class Room(Reply):
    id: str
    twinspace_id: str
    title: str
    peer_count: int
    is_recorded: bool
    """Who comes in now comes into a recording, as far as they agree to it."""
    is_encrypted: bool
    """End to end: only browsers that bring a key are let in, and the hub can neither hear nor record."""


class Rooms(Reply):
    rooms: list[Room]


class Track(Reply):
    track_id: str
    kind: Literal["audio", "video"]
    source: Source
    muted: bool
    """Nothing of it is passed on, whoever wished it so."""
    hold: Hold | None = None
    """Why its owner can't change that: the room's lock, a teacher's hand, or no adult being there."""
    for_staff: bool = False
    """Only the schools' adults, and its owner, are told of it."""
    language: str = ""
    """Of an interpreter: into which they interpret."""


class Peer(Reply):
    peer_id: str
    user_id: str
    display_name: str
    school_id: str
    tracks: list[Track]
    public_key: str | None
    """Where the meeting is encrypted end to end."""
    listens: bool = False
    """A teacher who hears and sees this room from outside and sends nothing."""
    class_size: int | None = None
    """A class seat: so many pupils sit before this device."""
    class_name: str = ""
    """Of a class seat, when all of them are of one class."""
    leads: bool = False
    """May moderate."""
    is_renamed: bool = False
    """A teacher corrected the name, for this room."""


class Peers(Reply):
    peers: list[Peer]


class LineFigures(Reply):
    """One direction of a peer's line, as the hub sees it."""

    bits_per_s: int
    loss: float
    """0–1; of the worst stream."""
    jitter_ms: int | None
    """Upward only."""
    round_trip_ms: int | None
    """Downward, where the browser reports arrivals."""
    budget_bits_per_s: int | None
    """Downward: what the line is believed to carry; None: it has shown no end."""
    is_weak: bool

    @classmethod
    def of(cls, figures: dict[str, Any]) -> LineFigures:
        """From what the media process says."""

        def whole(name: str, factor: int = 1) -> int | None:
            value = figures.get(name)
            return None if value is None else round(value * factor)

        return cls(
            bits_per_s=round(figures["rate_bps"]),
            loss=round(figures["loss"], 3),
            jitter_ms=whole("jitter_s", 1000),
            round_trip_ms=whole("round_trip_s", 1000),
            budget_bits_per_s=whole("budget_bps"),
            is_weak=figures["is_weak"],
        )


class ShownPicture(Reply):
    """One picture that a peer shows, and why it does not get a larger one."""

    track_id: str
    height: int | None
    """Pixels of the layer it gets; None: it gets nothing, or the stream has one layer of unknown size."""
    largest_height: int | None
    """Of what its sender sends."""
    reason: Literal["all", "size", "line", "speakers", "sender", "starting"]

    @classmethod
    def of(cls, figures: dict[str, Any]) -> ShownPicture:
        """From what the media process says."""
        return cls.model_validate({name: value for name, value in figures.items() if name != "peer_id"})


class PeerLine(Reply):
    peer_id: str
    up: LineFigures | None
    """None: nothing is sent that way."""
    down: LineFigures | None
    pictures: list[ShownPicture]
    """Those of others that it shows."""


class PeerLines(Reply):
    lines: list[PeerLine]


class RoomRef(Payload):
    room_id: Id


class JoinRoom(Payload):
    room_id: Id
    peer_id: Id | None = None
    """The former one, after a lost connection."""
    meeting: Annotated[str, StringConstraints(max_length=200)] | None = None
    """The one that one was in last, as it was told with the former joining. Of this room, or of one that it is divided
    into, it is the one to come back to; None, or of another room: whichever is held, or begins."""
    pupil_ids: Annotated[list[Id], Field(max_length=MOST_NAMED)] | None = None
    """This device is the seat of these pupils of one's own school: 2 to 60 of them."""
    public_key: PublicKey | None = None
    """Needed where the meeting is encrypted end to end, and refused elsewhere."""


class IceServer(Reply):
    """An RTCIceServer of the browser; of use for an hour."""

    urls: list[str]
    username: str
    credential: str


class Joined(Reply):
    peer_id: str
    meeting: str
    """To be named when coming back: if a teacher has ended it meanwhile, the answer is `room_ended`."""
    peers: list[Peer]
    ice_servers: list[IceServer]
    may_send: list[Literal["audio", "video"]]
    """What there is consent for; the rest of an offer is answered with inactive m-lines."""
    recording: RecordingState


class PublishedMedia(Payload):
    mid: Mid
    source: Source
    muted: bool = False


class Publish(Payload):
    room_id: Id
    sdp: Sdp
    tracks: Annotated[list[PublishedMedia], Field(max_length=MOST_TRACKS)]


class NamedTrack(Reply):
    mid: str
    track_id: str


class Published(Reply):
    sdp: str
    tracks: list[NamedTrack]


class WantedTrack(Payload):
    mid: Mid
    track_id: Id


class Subscribe(Payload):
    room_id: Id
    sdp: Sdp
    tracks: Annotated[list[WantedTrack], Field(max_length=MOST_TRACKS)]


class Subscribed(Reply):
    sdp: str
    undecodable: list[str]
    """Tracks whose codec is not among those offered: their m-lines are inactive, and the person should be told."""


class TrackPreference(Payload):
    track_id: Id
    max_height: Annotated[int, Field(ge=1, le=8_192)] | None = None
    """Pixels of the place it is shown in; None: as large as there is."""
    visible: bool = True
    pinned: bool = False
    """Wanted whoever speaks, and before others on a narrow line."""


class Prefer(Payload):
    room_id: Id
    tracks: Annotated[list[TrackPreference], Field(max_length=MOST_TRACKS)]


class Mute(Payload):
    room_id: Id
    track_id: Id
    muted: bool


class PeerJoined(Reply):
    room_id: str
    peer: Peer


class PeerLeft(Reply):
    room_id: str
    peer_id: str


class TrackAnnounced(Reply):
    """Announced: published, unpublished or muted."""

    room_id: str
    peer_id: str
    track: Track


class RoomCounted(Reply):
    """Announced to the TwinSpace: how many are in a room now."""

    room_id: str
    twinspace_id: str
    peer_count: int


class LineTold(Reply):
    """Announced to one viewer: what its line, or the size of the meeting, keeps from it now."""

    room_id: str
    sound_only: bool
    """The line has room for no picture at all."""
    paused: list[str]
    """Tracks that it shows and does not get."""
    narrowed: bool
    """Because of its line it gets pictures smaller than it shows them, or not at all."""


class SpeakerTold(Reply):
    """Announced: who has the floor now; null when who had it has left."""

    room_id: str
    peer_id: str | None


class RoomClosing(Reply):
    """Announced: the hub ends, perhaps to begin again at once."""

    room_id: str


class RoomReset(Reply):
    room_id: str


class WhipOffer(Payload):
    room_id: Id
    sdp: Sdp
    name: Id | None = None
    """Becomes the peer's id."""


class WhipRef(Payload):
    room_id: Id
    peer_id: Id


class WhepOffer(Payload):
    room_id: Id
    peer_id: Id
    sdp: Sdp
    names: Annotated[str, StringConstraints(max_length=4_096, pattern=r"^[A-Za-z0-9_.:,-]*$")] = ""
    """Comma-separated peers instead of the one in the address: m-lines of a kind take them in this order."""


class WhepRef(Payload):
    room_id: Id
    peer_id: Id
    viewer_id: Id


IfMatch = Annotated[str, StringConstraints(max_length=1_024)]


class WhipPatch(WhipRef):
    sdp: Sdp
    if_match: IfMatch | None = None


class WhepPatch(WhepRef):
    sdp: Sdp
    if_match: IfMatch | None = None


class SdpAnswer(Reply):
    sdp: str
    location: str
    etag: str
    """Names the ICE session."""
    ice_servers: list[IceServer]


class IceChanged(Reply):
    """After a restart the hub's new credentials; None: candidates were taken, which needs no answer."""

    sdp: str | None
    etag: str | None
