"""What the core wishes the shell to do: every call returns all its effects, to be run before the next call."""

from __future__ import annotations

from typing import NamedTuple

from webrtc.ids import ConnectionId, PeerId, TrackId


class SendRtp(NamedTuple):
    """Send `header + payload` to each connection: one packet fanned out, the seam where a batch could go to C."""

    payload: bytes
    headers: list[tuple[ConnectionId, bytes]]


class SendFeedback(NamedTuple):
    """Send one RTCP packet."""

    connection_id: ConnectionId
    packet: bytes


class TellLine(NamedTuple):
    """Tell a viewer what its line, or the size of the meeting, keeps from it."""

    connection_id: ConnectionId
    sound_only: bool
    """The line has room for no picture at all."""
    paused: tuple[TrackId, ...]
    """Pictures that it shows and does not get now."""


class TellSpeaker(NamedTuple):
    """Tell everybody who has the floor now; None: who had it has left."""

    connection_id: ConnectionId
    """Any one in the room."""
    peer_id: PeerId | None


class RecordFrame(NamedTuple):
    """Write one whole frame of a recorded track."""

    track_id: TrackId
    at_s: float
    """When it was captured, on the clock of `now`."""
    is_key: bool
    data: bytes
    size: tuple[int, int] | None
    """Width and height, as a key frame says them."""


Effect = SendRtp | SendFeedback | TellLine | TellSpeaker | RecordFrame
