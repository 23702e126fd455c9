"""What the core wishes the shell to do: every call returns all its effects, to be run before the next call."""

from __future__ import annotations

from typing import NamedTuple

from webrtc.ids import ConnectionId, TrackId


class SendRtp(NamedTuple):
    """Send `header + payload` to each connection: one packet fanned out, the seam where a batch could go to C."""

    payload: bytes
    headers: list[tuple[ConnectionId, bytes]]


class SendFeedback(NamedTuple):
    """Send one RTCP packet."""

    connection_id: ConnectionId
    packet: bytes


class RecordFrame(NamedTuple):
    """Write one whole frame of a recorded track."""

    track_id: TrackId
    at_s: float
    """When it was captured, on the clock of `now`."""
    is_key: bool
    data: bytes
    size: tuple[int, int] | None
    """Width and height, as a key frame says them."""


Effect = SendRtp | SendFeedback | RecordFrame
