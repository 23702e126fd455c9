"""The composition root: opens everything a hub is made of, in order, and closes it in the opposite order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial
from typing import Any

from aiohttp import web

from crdt_docs.content import KINDS
from crdt_docs.limits import Limits
from hub import erasure_work, openapi, retention, succession_watch
from hub.actions.contents import tell_changed
from hub.actions.recordings import note_recording
from hub.agreements import keep_agreement
from hub.announcements import BusAnnouncer
from hub.auth import Auth, read_class_card_key
from hub.consent_watch import ConsentWatch
from hub.consents import may_record
from hub.content_changes import ContentChanges
from hub.context import Context
from hub.countries import read_countries
from hub.data_folder import hold_data_dir
from hub.demo import fill_with_demo
from hub.doc_access import access_doc, access_doc_again
from hub.http_peers import HttpPeers
from hub.http_server import build_app
from hub.identity_providers import IdentityProviders, read_providers
from hub.line_tests import LineTests
from hub.live_breakouts import LiveBreakouts
from hub.live_docs import LiveDocs
from hub.live_meetings import LiveMeetings
from hub.live_recordings import LiveRecordings
from hub.live_rooms import LiveRooms
from hub.mail import open_mailer
from hub.media_process import MediaProcess
from hub.meeting_journal import MeetingJournal
from hub.membership_watch import MembershipWatch
from hub.metrics import HubFigures, shown, watch_loop_lag
from hub.names import outward_all
from hub.outgoing_http import OutgoingHttp
from hub.postman import Postman
from hub.presence import Presence
from hub.previews import Previews
from hub.protocol import EVENTS, ROUTES
from hub.room_powers import RoomPowers
from hub.search_index import SearchIndex
from hub.settings import Settings
from hub.socket_limits import SocketLimits
from hub.socket_server import SocketServer
from hub.turn import TurnServers
from hub.uploads import Uploads
from hub.web_push import WebPush, read_push_key
from hub.yjs_server import YjsServer
from storage import open_storage
from storage.ports import Storage
from storage.records import Content, ContentId, RoomId, User

logger = logging.getLogger(__name__)

IDLE_CONNECTION_S = 10
"""aiohttp keeps silent connections for an hour unless told otherwise."""
LAST_ANSWERS_S = 2
"""Requests that run when the hub is told to stop have this long to end."""


@dataclass(frozen=True, slots=True)
class RunningHub:
    context: Context
    url: str
    """Where programs on this machine reach it."""
    _closing: AsyncExitStack

    async def stop(self) -> None:
        """Take no more requests, end the sockets, write what is not written, close everything."""
        await self._closing.aclose()


async def start(settings: Settings) -> RunningHub:
    """Return once the hub answers. Raise storage's Unavailable or OSError when it can't be opened."""
    closing = AsyncExitStack()
    try:
        storage = await _open_storage(settings, closing)
        context, announcer = await _open_context(settings, storage, closing)
        if settings.demo:
            await fill_with_demo(context)
        sockets = SocketServer(context, EVENTS)
        announcer.sockets = sockets
        meetings = MeetingJournal(context)

        def note_room(room_id: RoomId, users: list[User]) -> None:
            meetings.note(room_id, users)
            context.live_breakouts.note_room(room_id, users)
            context.live_meetings.note_room(room_id, users)

        def note_speaker(room_id: RoomId) -> None:
            context.live_breakouts.note_speaker(room_id)
            context.live_meetings.note_speaker(room_id)

        context.live_meetings = LiveMeetings(context)
        context.live_rooms.on_occupancy = note_room
        context.live_rooms.on_speaker = note_speaker
        await context.live_breakouts.start()
        await context.live_meetings.start()
        await context.live_recordings.open()
        closing.push_async_callback(meetings.close)
        closing.push_async_callback(context.live_meetings.close)
        watches = (
            sockets.watch(),
            MembershipWatch(context).run(),
            ConsentWatch(context).run(),
            watch_loop_lag(),
        )
        postman = Postman(context, context.web_push)
        _keep_running(closing, context.search_index.run(), announcer.run(), meetings.run(), postman.run(), *watches)
        _keep_running(closing, retention.watch(context), succession_watch.watch(context), erasure_work.run(context))
        _keep_running(closing, context.live_breakouts.run(), context.live_meetings.run())
        port = await _listen(context, sockets, closing)
        closing.push_async_callback(context.live_rooms.drain)
    except BaseException:
        await closing.aclose()
        raise
    context.settings = settings.model_copy(update={"port": port})
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "localhost") else settings.host
    return RunningHub(context, f"http://{f'[{host}]' if ':' in host else host}:{port}", closing)


async def _open_storage(settings: Settings, closing: AsyncExitStack) -> Storage:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not settings.redis_url:
        closing.enter_context(hold_data_dir(settings.data_dir))
    storage = await open_storage(
        data_dir=settings.data_dir, database_url=settings.database_url, redis_url=settings.redis_url
    )
    closing.push_async_callback(storage.close)
    return storage


async def _open_context(settings: Settings, storage: Storage, closing: AsyncExitStack) -> tuple[Context, BusAnnouncer]:
    providers = read_providers(settings.identity_providers_file)
    outgoing_http = await closing.enter_async_context(OutgoingHttp())
    auth = Auth(read_class_card_key(settings.data_dir))
    closing.callback(auth.close)
    presence = Presence()
    announcer = BusAnnouncer(storage.bus, presence, time.monotonic)
    turn = TurnServers(settings.turn_urls, settings.turn_secret.get_secret_value(), time.time)
    media = MediaProcess(
        port=settings.media_port,
        tcp_port=settings.media_tcp_port,
        addresses=settings.media_address,
        compiled=settings.compiled,
        most_cameras=settings.room_cameras,
    )
    search_index = SearchIndex(
        storage, lambda content: live_docs.read(content.id, content.kind, KINDS[content.kind].blocks)
    )
    content_changes = ContentChanges(
        storage.contents,
        lambda content: _note_written(context, content),
        _now_ms,
        on_written=search_index.note_content,
    )
    closing.push_async_callback(content_changes.close)

    def note_change(content_id: ContentId) -> None:
        content_changes.note(content_id)
        live_breakouts.note_content(content_id)

    live_docs = LiveDocs(
        storage.doc_log,
        storage.bus,
        _now_ms,
        _doc_limits(settings),
        reauthorise=lambda held: access_doc_again(context, held),
        on_change=note_change,
        on_let_go=content_changes.note_let_go,
    )
    live_rooms = LiveRooms(
        media,
        announcer.to_session,
        capacity=settings.room_capacity,
        ice_servers=turn.ice_servers,
        packets_per_s=settings.media_packets_per_s,
        most_cameras=settings.room_cameras,
    )
    live_breakouts = LiveBreakouts(storage, live_rooms, announcer, _now_ms, lambda users: outward_all(context, users))
    room_powers = RoomPowers(storage, live_rooms, _now_ms)
    live_recordings = LiveRecordings(
        storage,
        live_rooms,
        media,
        settings.data_dir / "recordings",
        _now_ms,
        may_record=lambda user_id: may_record(context, user_id),
        told=lambda twinspace_id, state: announcer.to_twinspace(twinspace_id, "room:recording", state),
        kept=lambda recording: note_recording(context, recording),
        limit_s=settings.recording_limit_minutes * 60,
        min_free_bytes=settings.recording_reserve_bytes,
    )
    context = Context(
        settings=settings,
        storage=storage,
        live_docs=live_docs,
        content_changes=content_changes,
        live_rooms=live_rooms,
        live_breakouts=live_breakouts,
        room_powers=room_powers,
        http_peers=HttpPeers(live_rooms, media),
        line_tests=LineTests(media, live_rooms.require_capacity),
        live_recordings=live_recordings,
        search_index=search_index,
        announce=announcer,
        now_ms=_now_ms,
        auth=auth,
        presence=presence,
        countries=read_countries(settings.countries_file),
        mailer=open_mailer(settings.smtp_url, settings.mail_from, settings.data_dir),
        uploads=Uploads(settings.data_dir / "uploads", _now_ms),
        previews=Previews(),
        web_push=WebPush(read_push_key(settings.data_dir), settings.push_services, _contact(settings)),
        identity_providers=IdentityProviders(providers, outgoing_http, _now_ms),
        write_openapi=openapi.write,
    )
    closing.push_async_callback(live_docs.close)
    closing.push_async_callback(context.copies.close)
    closing.push_async_callback(context.form_news.close)
    await live_docs.start()
    closing.push_async_callback(search_index.close)
    closing.enter_context(shown(HubFigures(live_docs.counts, lambda: len(presence.twinspaces()))))
    closing.push_async_callback(context.live_rooms.close)
    closing.push_async_callback(context.line_tests.close)
    closing.push_async_callback(room_powers.close)
    await context.live_rooms.start()
    closing.push_async_callback(live_recordings.close)
    return context, announcer


async def _note_written(context: Context, content: Content) -> None:
    await keep_agreement(context, content)
    await tell_changed(context, content)


def _doc_limits(settings: Settings) -> Limits:
    return Limits(
        update_bytes=settings.document_update_limit_bytes,
        document_warn_bytes=settings.document_warn_bytes,
        document_bytes=settings.document_limit_bytes,
        awareness_per_s=settings.document_awareness_per_s,
        awareness_state_bytes=settings.document_awareness_limit_bytes,
        tick_ms=float(settings.document_tick_ms),
        busy_tick_ms=float(settings.document_busy_tick_ms),
    )


def _contact(settings: Settings) -> str:
    """Whom a push service writes to about this hub."""
    return f"mailto:{parseaddr(settings.mail_from)[1]}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _keep_running(closing: AsyncExitStack, *work: Coroutine[Any, Any, None]) -> None:
    """Run until the hub closes. These never end by themselves, so an end is a fault and is logged."""
    tasks = [asyncio.create_task(coroutine) for coroutine in work]

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            logger.error("a task of the hub ended", exc_info=task.exception())

    async def cancel() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    for task in tasks:
        task.add_done_callback(ended)
    closing.push_async_callback(cancel)


async def _listen(context: Context, sockets: SocketServer, closing: AsyncExitStack) -> int:
    app = build_app(context, ROUTES)
    sockets.attach(app)
    pace = SocketLimits(
        messages_per_s=context.settings.document_updates_per_s,
        messages_burst=context.settings.document_updates_burst,
    )
    documents = YjsServer(context.live_docs, partial(access_doc, context), pace)
    app.add_routes(documents.routes())

    async def end_sockets(app: web.Application) -> None:
        await sockets.close()
        await documents.close()

    app.on_shutdown.append(end_sockets)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=IDLE_CONNECTION_S, shutdown_timeout=LAST_ANSWERS_S)
    await runner.setup()
    closing.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, context.settings.host, context.settings.port)
    await site.start()
    return int(runner.addresses[0][1])
