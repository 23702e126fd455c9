"""What watches the hub asks: does it live, can it serve, how is it doing. Open to anybody, so no names anywhere."""

from __future__ import annotations

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from hub.context import Caller, Context
from hub.errors import Unavailable
from hub.metrics import REGISTRY, show_media
from hub.payloads.fields import Nothing
from hub.payloads.operations import Health, Readiness, Text
from storage import ports


async def read_health(context: Context, caller: Caller, payload: Nothing) -> Health:
    return Health(status="ok")


async def read_readiness(context: Context, caller: Caller, payload: Nothing) -> Readiness:
    """Raise Unavailable while the hub can't store or the media process doesn't answer."""
    try:
        await context.storage.check()
    except ports.Unavailable:
        raise Unavailable from None
    if not context.live_rooms.ready:
        raise Unavailable("Meetings are not ready yet; everything else is.")
    return Readiness(status="ok", storage=True, media=True)


async def read_metrics(context: Context, caller: Caller, payload: Nothing) -> Text:
    try:
        show_media(await context.live_rooms.stats())
    except Unavailable:
        show_media(None)
    return Text(content_type=CONTENT_TYPE_LATEST, text=generate_latest(REGISTRY).decode())


async def read_openapi(context: Context, caller: Caller, payload: Nothing) -> Text:
    text = await asyncio.to_thread(context.write_openapi)
    return Text(content_type="application/json; charset=utf-8", text=text)
