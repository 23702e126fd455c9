"""The rooms of one media process: turns requests into negotiations, and effects into datagrams.

Synchronous throughout: the loop of `media_process` calls it, nothing in it waits.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from webrtc.codecs import Format
from webrtc.compiled import Libraries
from webrtc.connections import Connection, Connections, Ended, Key, Outdated, new_credentials
from webrtc.effects import Effect, RecordFrame, SendFeedback, Sending, TellLine, TellSpeaker, TellVoice
from webrtc.endpoint import Endpoint
from webrtc.engine_figures import engine_figures
from webrtc.errors import NegotiationError, ProtocolError
from webrtc.ids import ConnectionId, Direction, Kind, Mid, PeerId, RoomId, TrackId
from webrtc.layers import Preference
from webrtc.line_figures import DownwardFigures, UpwardFigures
from webrtc.negotiation import (
    answer_publish,
    answer_subscribe,
    decodable_formats,
    format_of,
    layers_of,
    receiving_mids,
    sending_mids,
)
from webrtc.peer_transport import PeerTransport
from webrtc.picture_figures import PictureFigures
from webrtc.recording_files import RecordingFiles
from webrtc.room import MOST_CAMERAS, Publication, Room
from webrtc.sdp import (
    AUDIO_LEVEL_EXTENSION,
    MAX_CANDIDATES,
    MID_EXTENSION,
    REPAIRED_RID_EXTENSION,
    RID_EXTENSION,
    TRANSPORT_SEQUENCE_EXTENSION,
    MediaSection,
    Offer,
    parse_offer,
)
from webrtc.subscription import Subscription
from webrtc.trickle import build_fragment, parse_fragment
from webrtc.upward import Extensions

log = logging.getLogger("webrtc")

_READ_EXTENSIONS = (
    MID_EXTENSION,
    RID_EXTENSION,
    TRANSPORT_SEQUENCE_EXTENSION,
    AUDIO_LEVEL_EXTENSION,
    REPAIRED_RID_EXTENSION,
)
"""In the order of `Extensions`."""

EXPIRY_INTERVAL_S = 0.5
"""Whose time is over is looked for so often; those times are many seconds."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How an m-line is to be published."""

    muted: bool = False
    kind: Kind | None = None
    """What the client says it is; None: whatever it is."""
    follows_voice: bool = False
    """A camera, which in a large meeting only the last speakers' viewers get."""
    for_staff: bool = False
    """Only trusted viewers get it."""
    aside: bool = False
    """A voice that takes nobody's floor: an interpreter's."""


class MediaEngine(Connections):
    """Requests raise NegotiationError (the offer's fault), Overloaded, or Ended; then nothing was changed."""

    def __init__(
        self,
        port: int,
        addresses: Callable[[], list[str]],
        announce: Callable[[dict[str, Any]], None],
        tcp_port: int = 0,
        most_cameras: int = MOST_CAMERAS,
        libraries: Libraries | None = None,
    ) -> None:
        """`port`, `tcp_port` and `libraries` as `Endpoint` takes them; raise OSError when a port can't be had."""
        super().__init__(addresses, most_cameras)
        self._announce = announce
        self._expire_at = 0.0
        self.endpoint = Endpoint(self, port, tcp_port, libraries)
        self._files = RecordingFiles(self._tell_from_thread)

    def close(self) -> None:
        for connection in list(self._connections.values()):
            self._remove(connection)
        self.endpoint.close()
        self._files.close()

    @property
    def is_idle(self) -> bool:
        return not self._connections

    def publish(
        self,
        room_id: RoomId,
        peer_id: PeerId,
        sdp: str,
        wishes: Mapping[Mid, Wish] | None,
        kinds: Mapping[Kind, Wish] = MappingProxyType({}),
    ) -> tuple[str, list[dict[str, str]]]:
        """Answer an offer to publish the m-lines in `wishes` (None: all that send, each as `kinds` says).

        Returns the answer and `{mid, track_id, kind}` of every track; its id lives as long as the peer connection.
        """
        offer = parse_offer(sdp)
        wanted = wishes
        if wanted is None:
            sending = set(sending_mids(offer))
            by_kind: dict[str, Wish] = {str(kind): wish for kind, wish in kinds.items()}
            wanted = {s.mid: by_kind.get(s.kind, Wish()) for s in offer.sections if s.mid in sending}
        for mid, wish in wanted.items():
            section = offer.section(mid)
            if section is not None and wish.kind not in (None, section.kind):
                raise NegotiationError(f"m-line {mid} is {section.kind}, not {wish.kind}")
        present = self._find((room_id, peer_id, "up"), offer)
        known = {} if present is None else present.tracks
        viewers = self._viewers_of(room_id)
        shapes = {s.mid: (layers_of(s), format_of(s, viewers)) for s in offer.sections if s.mid in wanted}
        if present is not None:
            # Other layers or another codec make another track: its viewers' streams are made of those there are.
            known = {mid: track_id for mid, track_id in known.items() if present.shapes.get(mid) == shapes.get(mid)}
        tracks = {mid: known.get(mid) or TrackId(secrets.token_urlsafe(9)) for mid in wanted}
        local, credentials = self._plan_transport(present, offer)
        answer, sources = answer_publish(offer, tracks, local, viewers)
        connection = present or self._open((room_id, peer_id, "up"), offer, credentials)
        self._commit(connection, offer, credentials)
        connection.tracks = tracks
        connection.shapes = {source.mid: (source.rids, source.format) for source in sources}
        sections = [section for section in offer.sections if section.mid in tracks]
        extensions = Extensions(*(_extension(sections, uri) for uri in _READ_EXTENSIONS))
        publications = [
            Publication(source, wish.muted, wish.follows_voice, wish.for_staff, wish.aside)
            for source in sources
            for wish in [wanted[source.mid]]
        ]
        connection_id = connection.transport.connection_id
        self.run(connection.room.publish(connection_id, publications, extensions, self._loop.time()))
        return answer, [{"mid": s.mid, "track_id": s.track_id, "kind": s.kind} for s in sources]

    def subscribe(
        self, room_id: RoomId, peer_id: PeerId, sdp: str, tracks: Mapping[Mid, TrackId], *, trusted: bool = False
    ) -> tuple[str, list[TrackId]]:
        """Answer an offer to receive. A track that is gone, or not for this peer, leaves its m-line inactive.

        So does one that this peer can't decode; the second names those, for its user to be told.
        """
        return self._subscribe((room_id, peer_id, "down"), parse_offer(sdp), tracks, trusted)

    def view(
        self,
        room_id: RoomId,
        viewer_id: PeerId,
        sdp: str,
        tracks: Mapping[Kind, list[TrackId | None]],
        *,
        trusted: bool = False,
    ) -> str:
        """The same without names: the k-th m-line of a kind gets the k-th track of that kind."""
        offer = parse_offer(sdp)
        named = {
            mid: track_id
            for kind, track_ids in tracks.items()
            for mid, track_id in zip(receiving_mids(offer, kind), track_ids, strict=False)
            if track_id is not None
        }
        if not named:
            raise NegotiationError("the offer has no m-line to receive this media in")
        return self._subscribe((room_id, viewer_id, "down"), offer, named, trusted)[0]

    def _subscribe(
        self, key: Key, offer: Offer, tracks: Mapping[Mid, TrackId], trusted: bool
    ) -> tuple[str, list[TrackId]]:
        present = self._find(key, offer)
        local, credentials = self._plan_transport(present, offer)
        room = self._rooms.get(key[0])
        alive = {
            mid: track_id
            for mid, track_id in tracks.items()
            if room is not None and room.has_track(track_id) and (trusted or not room.is_for_staff(track_id))
        }
        # The answer names SSRCs, which the room hands out per connection; a refused offer must leave no trace.
        connection = present or self._open(key, offer, credentials)
        connection_id = connection.transport.connection_id
        connection.room.trust(connection_id, trusted)
        try:
            outgoing = {mid: connection.room.outgoing(connection_id, mid, track_id) for mid, track_id in alive.items()}
            answer, sinks = answer_subscribe(offer, outgoing, local)
        except NegotiationError:
            if present is None:
                self._remove(connection)
            raise
        self._commit(connection, offer, credentials)
        connection.decodable = decodable_formats(offer) or connection.decodable
        subscriptions = [Subscription(mid, alive[mid], *sink) for mid, sink in sinks.items()]
        self.run(connection.room.subscribe(connection_id, subscriptions, self._loop.time()))
        return answer, [track_id for mid, track_id in alive.items() if mid not in sinks]

    def _viewers_of(self, room_id: RoomId) -> list[frozenset[Format]]:
        """What each viewer in the room can decode."""
        there = (connection for (room, _, _), connection in self._by_key.items() if room == room_id)
        return [connection.decodable for connection in there if connection.decodable is not None]

    def prefer(self, room_id: RoomId, peer_id: PeerId, preferences: Mapping[TrackId, Preference]) -> None:
        """Take what a peer shows of the tracks it watches; a track it does not name is shown as large as there is."""
        connection = self._by_key.get((room_id, peer_id, "down"))
        if connection is not None:
            effects = connection.room.prefer(connection.transport.connection_id, preferences, self._loop.time())
            self.run(effects)

    def mute(self, room_id: RoomId, track_id: TrackId, muted: bool) -> None:
        room = self._rooms.get(room_id)
        if room is not None:
            self.run(room.mute(track_id, muted, self._loop.time()))

    def restrict(self, room_id: RoomId, track_id: TrackId, for_staff: bool) -> None:
        room = self._rooms.get(room_id)
        if room is not None:
            room.restrict(track_id, for_staff)

    def trust(self, room_id: RoomId, peer_id: PeerId, trusted: bool) -> None:
        connection = self._by_key.get((room_id, peer_id, "down"))
        if connection is not None:
            connection.room.trust(connection.transport.connection_id, trusted)

    def record(
        self, room_id: RoomId, file_id: str, stem: Path, track_ids: list[TrackId], min_free_bytes: int
    ) -> list[TrackId]:
        """Write these tracks to `stem.webm` or `.mkv` until `stop_recording`; returns those that are there.

        What becomes of the files is announced, see RecordingFiles.
        """
        room = self._rooms.get(room_id)
        found = {} if room is None else {track_id: room.record(track_id) for track_id in track_ids}
        codecs = {track_id: codec for track_id, codec in found.items() if codec is not None}
        if codecs:
            self._files.start(file_id, stem, codecs, min_free_bytes)
        return list(codecs)

    def stop_recording(self, room_id: RoomId, file_id: str) -> None:
        room = self._rooms.get(room_id)
        for track_id in self._files.stop(file_id):
            if room is not None:
                room.stop_recording(track_id)

    def leave(self, room_id: RoomId, peer_id: PeerId) -> None:
        """End both connections of a peer."""
        directions: tuple[Direction, ...] = ("up", "down")
        for direction in directions:
            connection = self._by_key.get((room_id, peer_id, direction))
            if connection is not None:
                self._remove(connection)
            self._ended.pop((room_id, peer_id, direction), None)

    def trickle(self, key: Key, sdp: str, ice_sessions: list[str] | None) -> str | None:
        """Take candidates for one of `ice_sessions`, or (None) restart ICE and return our side; None: nothing to say.

        An ICE session is known by our ufrag in it. Raise Outdated when none of them is the present one, Ended when
        there is no such connection, NegotiationError for a bad fragment; then nothing was changed.
        """
        fragment = parse_fragment(sdp)
        connection = self._by_key.get(key)
        if connection is None:
            raise Ended
        transport = connection.transport
        if ice_sessions is not None and transport.agent.credentials.ufrag not in ice_sessions:
            raise Outdated
        remote_ice = fragment.ufrag, fragment.password
        if remote_ice == connection.remote_ice:
            candidates = connection.candidates | fragment.candidates
            if len(candidates) > MAX_CANDIDATES:
                raise NegotiationError(f"the connection has more than {MAX_CANDIDATES} candidates")
            connection.candidates = candidates
            return None
        if ice_sessions is not None:
            raise NegotiationError("a=ice-ufrag and a=ice-pwd are not those of this ICE session")
        connection.remote_ice, connection.candidates = remote_ice, set()
        local = self._local(connection.setup, new_credentials(), connection.answers)
        self.endpoint.update_ufrags(transport, transport.agent.restart(local.credentials))
        return build_fragment(fragment, local)

    def lines(self, room_id: RoomId) -> list[UpwardFigures | DownwardFigures]:
        room = self._rooms.get(room_id)
        return [] if room is None else room.figures()

    def pictures(self, room_id: RoomId) -> list[PictureFigures]:
        room = self._rooms.get(room_id)
        return [] if room is None else room.picture_figures(self._loop.time())

    def stats(self) -> dict[str, int]:
        return engine_figures(self._rooms.values(), len(self._connections), self.endpoint, self._loop.time())

    def receive_rtp(self, connection_id: ConnectionId, packet: memoryview, now: float) -> None:
        room = self._connections[connection_id].room
        try:
            self.run(room.receive_rtp(connection_id, packet, now))
        except ProtocolError:
            raise
        except Exception:
            self._discard(room)

    def receive_feedback(self, connection_id: ConnectionId, packet: memoryview, now: float) -> None:
        room = self._connections[connection_id].room
        try:
            self.run(room.receive_feedback(connection_id, packet, now))
        except ProtocolError:
            raise
        except Exception:
            self._discard(room)

    def _discard(self, room: Room) -> None:
        """Our bug: that room ends, the others do not notice."""
        log.exception("a room is discarded")
        for connection in [connection for connection in self._connections.values() if connection.room is room]:
            self.transport_ended(connection.transport)

    def transport_connected(self, transport: PeerTransport) -> None:
        connection = self._connections[transport.connection_id]
        self._tell("connected", connection)
        self.run(connection.room.connected(transport.connection_id, self._loop.time()))

    def transport_ended(self, transport: PeerTransport) -> None:
        connection = self._connections[transport.connection_id]
        self._ended[connection.key] = connection.identity
        self._remove(connection)
        self._tell("ended", connection)

    def _tell_from_thread(self, event: dict[str, Any]) -> None:
        self._loop.call_soon_threadsafe(self._announce, event)

    def _tell(self, event: str, connection: Connection) -> None:
        room_id, peer_id, direction = connection.key
        self._announce({"event": event, "room_id": room_id, "peer_id": peer_id, "direction": direction})

    def run(self, effects: list[Effect]) -> None:
        endpoint = self.endpoint
        for effect in effects:
            if isinstance(effect, Sending):
                endpoint.send_rtp(effect)
            elif isinstance(effect, RecordFrame):
                self._files.write(effect)
            elif isinstance(effect, SendFeedback):
                endpoint.send_feedback(effect)
            else:
                self._tell_room(effect)

    def _tell_room(self, effect: TellLine | TellSpeaker | TellVoice) -> None:
        room_id, peer_id, _ = self._connections[effect.connection_id].key
        if isinstance(effect, TellSpeaker):
            self._announce({"event": "speaker", "room_id": room_id, "peer_id": effect.peer_id})
            return
        if isinstance(effect, TellVoice):
            self._announce({"event": "voice", "room_id": room_id, "peer_id": effect.peer_id})
            return
        line = {"sound_only": effect.sound_only, "paused": list(effect.paused), "narrowed": effect.narrowed}
        self._announce({"event": "line", "room_id": room_id, "peer_id": peer_id, **line})

    def handle_timers(self) -> None:
        """Call it every 20 ms while the engine is not idle."""
        now = self._loop.time()
        for room in list(self._rooms.values()):
            try:
                if room.next_deadline() <= now:
                    self.run(room.handle_deadline(now))
            except Exception:
                self._discard(room)
        self.endpoint.handle_timers(now)
        if now < self._expire_at:
            return
        self._expire_at = now + EXPIRY_INTERVAL_S
        for transport in [transport for transport in self.endpoint.transports if transport.is_expired(now)]:
            self.transport_ended(transport)


def _extension(sections: list[MediaSection], uri: str) -> int | None:
    """With BUNDLE an id means the same in every m-line (RFC 9143 section 9.2)."""
    return next((section.extensions[uri] for section in sections if uri in section.extensions), None)
