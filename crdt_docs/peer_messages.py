"""What the processes that have one document open tell each other over the bus."""

from __future__ import annotations

from dataclasses import dataclass

from crdt_docs.encoding import Reader, decode_state_vector, encode_state_vector, encode_string, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.writers import Bindings

_UPDATE, _AWARENESS, _STATE_VECTOR, _DURABLE, _DURABLE_UPDATE = b"\x00", b"\x01", b"\x02", b"\x03", b"\x04"
_USER_BYTES = 1 << 10


@dataclass(frozen=True, slots=True)
class PeerUpdate:
    update: bytes
    writers: Bindings
    """Who writes under the client ids in it, as far as the sender knows."""
    is_durable: bool = False
    """It is on the disk already, as what the hub writes by itself is before anybody hears of it."""


@dataclass(frozen=True, slots=True)
class PeerAwareness:
    update: bytes


@dataclass(frozen=True, slots=True)
class PeerStateVector:
    """The sender has this much and asks for the rest."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class PeerDurable:
    """Clocks that the sender made durable."""

    clocks: dict[int, int]


PeerMessage = PeerUpdate | PeerAwareness | PeerStateVector | PeerDurable


def encode_peer_message(message: PeerMessage) -> bytes:
    if isinstance(message, PeerUpdate):
        parts = [_DURABLE_UPDATE if message.is_durable else _UPDATE, encode_varuint(len(message.writers))]
        for client, user_id in message.writers.items():
            parts += (encode_varuint(client), encode_string(user_id or ""))
        return b"".join((*parts, message.update))
    if isinstance(message, PeerAwareness):
        return _AWARENESS + message.update
    if isinstance(message, PeerStateVector):
        return _STATE_VECTOR + message.state_vector
    return _DURABLE + encode_state_vector(message.clocks)


def read_peer_message(data: bytes) -> PeerMessage:
    """Raise ProtocolError: the message is to be ignored."""
    kind, payload = data[:1], data[1:]
    if kind in (_UPDATE, _DURABLE_UPDATE):
        reader = Reader(payload)
        writers: Bindings = {}
        for _ in range(reader.read_varuint()):
            client = reader.read_varuint()
            writers[client] = reader.read_string(_USER_BYTES) or None
        return PeerUpdate(payload[reader.position :], writers, kind == _DURABLE_UPDATE)
    if kind == _AWARENESS:
        return PeerAwareness(payload)
    if kind == _STATE_VECTOR:
        return PeerStateVector(payload)
    if kind == _DURABLE:
        return PeerDurable(decode_state_vector(payload))
    raise ProtocolError("invalid", "a message of another process has an unknown type")
