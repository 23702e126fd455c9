"""Trying one's line before a meeting. Whoever is signed in may; nobody else hears or sees anything of it."""

from __future__ import annotations

from hub.context import Context, Session
from hub.line_tests import LASTS_S
from hub.payloads.fields import Nothing
from hub.payloads.line_tests import LineTestBegun, LineTestPublished, LineTestSubscribed, PublishTest, SubscribeTest
from hub.payloads.rooms import NamedTrack


async def begin(context: Context, session: Session, payload: Nothing) -> LineTestBegun:
    name = await context.line_tests.begin(session.id)
    udp_port, tcp_port = context.line_tests.ports
    return LineTestBegun(
        udp_port=udp_port,
        tcp_port=tcp_port,
        ice_servers=context.live_rooms.ice_servers(name),
        lasts_ms=round(LASTS_S * 1000),
    )


async def publish(context: Context, session: Session, payload: PublishTest) -> LineTestPublished:
    sdp, ids = await context.line_tests.publish(session.id, payload.path, payload.sdp, payload.tracks)
    return LineTestPublished(sdp=sdp, tracks=[NamedTrack(mid=mid, track_id=track_id) for mid, track_id in ids.items()])


async def subscribe(context: Context, session: Session, payload: SubscribeTest) -> LineTestSubscribed:
    return LineTestSubscribed(
        sdp=await context.line_tests.subscribe(session.id, payload.path, payload.sdp, payload.tracks)
    )


async def end(context: Context, session: Session, payload: Nothing) -> None:
    await context.line_tests.end(session.id)
