"""Trying a line before a meeting: on which paths media gets through, and how much of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.payloads.fields import Id, Payload, Reply
from hub.payloads.rooms import IceServer, Mid, NamedTrack, Sdp

Path = Literal["udp", "tcp", "relay"]
"""Straight to the hub over UDP or TCP, or by way of a TURN server. Who offers decides which; this keeps them apart."""
MOST_TESTED = 2


class LineTestBegun(Reply):
    udp_port: int | None
    tcp_port: int | None
    """None: the hub offers no media over TCP."""
    ice_servers: list[IceServer]
    """TURN servers; none: there is no such path."""
    lasts_ms: int
    """After it the test ends by itself."""


class TriedMedia(Payload):
    mid: Mid
    kind: Literal["audio", "video"]


class PublishTest(Payload):
    path: Path
    sdp: Sdp
    tracks: Annotated[list[TriedMedia], Field(max_length=MOST_TESTED)]


class LineTestPublished(Reply):
    sdp: str
    tracks: list[NamedTrack]


class WantedMedia(Payload):
    mid: Mid
    track_id: Id


class SubscribeTest(Payload):
    path: Path
    sdp: Sdp
    tracks: Annotated[list[WantedMedia], Field(max_length=MOST_TESTED)]


class LineTestSubscribed(Reply):
    sdp: str
