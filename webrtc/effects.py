"""What the core wishes the shell to do: every call returns all its effects, to be run before the next call."""

from __future__ import annotations

from typing import NamedTuple

from webrtc.ids import ConnectionId


class SendRtp(NamedTuple):
    """Send `header + payload` to each connection: one packet fanned out, the seam where a batch could go to C."""

    payload: bytes
    headers: list[tuple[ConnectionId, bytes]]


class SendFeedback(NamedTuple):
    """Send one RTCP packet."""

    connection_id: ConnectionId
    packet: bytes


Effect = SendRtp | SendFeedback
