"""The peer connections of one media process: found by who they are, opened, replaced by a newer one, and removed.

Rule: until the negotiation has succeeded nothing is changed; what is opened for it can be taken back.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from webrtc.admission import MAX_HALF_OPEN
from webrtc.codecs import Format
from webrtc.dtls import DtlsAssociation, DtlsIdentity
from webrtc.endpoint import Endpoint
from webrtc.ice_lite import Credentials, IceLiteAgent
from webrtc.ids import ConnectionId, Direction, Mid, PeerId, RoomId, TrackId
from webrtc.negotiation import (
    Candidate,
    LocalTransport,
    choose_setup,
)
from webrtc.peer_transport import PeerTransport
from webrtc.room import Room
from webrtc.sdp import (
    AnsweredSetup,
    Offer,
)

Key = tuple[RoomId, PeerId, Direction]


class Overloaded(Exception):
    """Too many connections are being set up at once."""


class Outdated(Exception):
    """The ICE session that the client speaks of is not the present one."""


class Ended(Exception):
    """The offer belongs to a connection that is over; the client must open a new one."""


@dataclass(slots=True)
class Connection:
    key: Key
    room: Room
    transport: PeerTransport
    identity: tuple[str, tuple[tuple[str, str], ...]]
    """Session id and fingerprints: the same as long as the client's peer connection lives."""
    setup: AnsweredSetup
    remote_ice: tuple[str, str]
    answers: int = 0
    tracks: dict[Mid, TrackId] = field(default_factory=dict)
    shapes: dict[Mid, tuple[tuple[str, ...], Format | None]] = field(default_factory=dict)
    """Layers and codec of each track."""
    decodable: frozenset[Format] | None = None
    """What pictures the peer can decode, as far as it has offered to receive any."""
    candidates: set[str] = field(default_factory=set)
    """Trickled in the present ICE session; only counted."""


class Connections:
    """Whoever derives from it has the `endpoint` that the packets of all come through."""

    endpoint: Endpoint

    def __init__(self, addresses: Callable[[], list[str]], most_cameras: int) -> None:
        self._addresses = addresses
        self._most_cameras = most_cameras
        self._loop = asyncio.get_running_loop()
        self._dtls_identity = DtlsIdentity()
        self._rooms: dict[RoomId, Room] = {}
        self._connections: dict[ConnectionId, Connection] = {}
        self._by_key: dict[Key, Connection] = {}
        self._ended: dict[Key, tuple[str, tuple[tuple[str, str], ...]]] = {}
        self._connections_opened = 0

    def _find(self, key: Key, offer: Offer) -> Connection | None:
        """The connection this offer renegotiates; a new peer connection of the client is not it."""
        identity = identity_of(offer)
        if self._ended.get(key) == identity:
            raise Ended
        connection = self._by_key.get(key)
        return connection if connection is not None and connection.identity == identity else None

    def _plan_transport(self, present: Connection | None, offer: Offer) -> tuple[LocalTransport, Credentials]:
        """What the answer will say; nothing is changed before the negotiation succeeded."""
        if present is None:
            if self.endpoint.half_open_count >= MAX_HALF_OPEN:
                raise Overloaded
            credentials, setup, version = new_credentials(), choose_setup(offer.setup), 1
        else:
            restarted = present.remote_ice != (offer.ufrag, offer.password)
            credentials = new_credentials() if restarted else present.transport.agent.credentials
            setup, version = present.setup, present.answers + 1
        return self._local(setup, credentials, version), credentials

    def _local(self, setup: AnsweredSetup, credentials: Credentials, version: int) -> LocalTransport:
        candidates = tuple(self._candidates())
        return LocalTransport(credentials, self._dtls_identity.fingerprint, setup, candidates, version)

    def _candidates(self) -> Iterator[Candidate]:
        addresses, tcp_port = self._addresses(), self.endpoint.tcp_port
        for address in addresses:
            yield Candidate("udp", address, self.endpoint.port)
        if tcp_port is not None:
            for address in addresses:
                yield Candidate("tcp", address, tcp_port)

    def _open(self, key: Key, offer: Offer, credentials: Credentials) -> Connection:
        """A connection that is not the peer's yet: `_commit` makes it so, `_remove` takes it back."""
        self._connections_opened += 1
        connection_id = ConnectionId(self._connections_opened)
        now = self._loop.time()
        setup = choose_setup(offer.setup)
        dtls = DtlsAssociation(self._dtls_identity, setup, offer.fingerprints)
        transport = PeerTransport(connection_id, IceLiteAgent(credentials, now), dtls, now)
        room_id, peer_id, direction = key
        room = self._rooms.setdefault(room_id, Room(secrets.randbits, now, most_cameras=self._most_cameras))
        if direction == "up":
            room.open_upward(connection_id, peer_id)
        else:
            room.open_downward(connection_id, peer_id)
        connection = Connection(key, room, transport, identity_of(offer), setup, (offer.ufrag, offer.password))
        self._connections[connection_id] = connection
        self.endpoint.add(transport)
        return connection

    def _commit(self, connection: Connection, offer: Offer, credentials: Credentials) -> None:
        former = self._by_key.get(connection.key)
        if former is not None and former is not connection:
            self._remove(former)
        self._by_key[connection.key] = connection
        connection.answers += 1
        if connection.remote_ice != (offer.ufrag, offer.password):
            connection.remote_ice, connection.candidates = (offer.ufrag, offer.password), set()
        transport = connection.transport
        if credentials != transport.agent.credentials:
            self.endpoint.update_ufrags(transport, transport.agent.restart(credentials))

    def _remove(self, connection: Connection) -> None:
        connection_id = connection.transport.connection_id
        del self._connections[connection_id]
        if self._by_key.get(connection.key) is connection:
            del self._by_key[connection.key]
        connection.room.close(connection_id)
        if connection.room.is_empty:
            del self._rooms[connection.key[0]]
        self.endpoint.remove(connection.transport)


def identity_of(offer: Offer) -> tuple[str, tuple[tuple[str, str], ...]]:
    return offer.session_id, tuple(sorted(offer.fingerprints))


def new_credentials() -> Credentials:
    """RFC 8445 section 5.3 wants 24 and 128 random bits; the characters must be ice-chars, so hex."""
    return Credentials(secrets.token_hex(4), secrets.token_hex(16))
