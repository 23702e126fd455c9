"""What a viewer asks for, m-line by m-line, and the forwarder that serves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from webrtc.alarm import Alarm
from webrtc.congestion import Line
from webrtc.downward import Downward
from webrtc.forwarder import Forwarder
from webrtc.ids import Mid, TrackId
from webrtc.layered_forwarder import LayeredForwarder
from webrtc.retransmission import RtxStream
from webrtc.router import Router
from webrtc.svc_forwarder import SvcForwarder


class Subscription(NamedTuple):
    mid: Mid
    track_id: TrackId
    payload_type: int
    transport_sequence: int | None = None
    """The id of the header extension that the viewer's packets are to be numbered with, over all streams."""
    rtx_payload_type: int | None = None
    red_payload_type: int | None = None
    dependency_id: int | None = None


def new_forwarder(
    downward: Downward, router: Router, subscription: Subscription, random_bits: Callable[[int], int], alarm: Alarm
) -> Forwarder:
    """For a track that this viewer has not watched in this m-line before; the caller adds it to the router."""
    mid, track_id = subscription.mid, subscription.track_id
    source, svc = router.source, router.svc
    forwarder_class: Callable[..., Forwarder] = LayeredForwarder if source.rids else Forwarder
    if svc is not None:
        forwarder_class = partial(SvcForwarder, selection=svc.select())
    ssrc, rtx_ssrc = downward.ssrcs_of(mid, track_id, random_bits)
    forwarder = forwarder_class(
        downward.connection_id,
        mid,
        track_id,
        ssrc,
        subscription.payload_type,
        clock_rate=source.clock_rate,
        needs_keyframe=source.kind == "video",
        first_sequence=random_bits(15),
        first_timestamp=random_bits(32),
    )
    forwarder.rtx = RtxStream(rtx_ssrc, random_bits(15))
    if subscription.transport_sequence is not None:
        downward.line = downward.line or Line(alarm)
        forwarder.number_packets(downward.line, subscription.transport_sequence)
    return forwarder


def renegotiate(forwarder: Forwarder, subscription: Subscription) -> None:
    """Take the numbers of a new offer for what is forwarded already."""
    forwarder.renegotiate(subscription.payload_type, subscription.red_payload_type, subscription.rtx_payload_type)
    if isinstance(forwarder, SvcForwarder):
        forwarder.dependency_id = subscription.dependency_id
