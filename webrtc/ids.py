"""The names of things in a meeting, as types of their own so that they can't be mixed up."""

from __future__ import annotations

from typing import Literal, NewType

RoomId = NewType("RoomId", str)
PeerId = NewType("PeerId", str)
TrackId = NewType("TrackId", str)
Mid = NewType("Mid", str)
"""Names one m-line of one session description (RFC 9143)."""
ConnectionId = NewType("ConnectionId", int)
"""One peer connection of one peer, upward or downward."""
Ssrc = NewType("Ssrc", int)

Kind = Literal["audio", "video"]
Direction = Literal["up", "down"]
