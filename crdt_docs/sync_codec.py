"""What both protocols share: the sync messages inside a frame, and a codec's face towards LiveDoc.

Sources: y-protocols/PROTOCOL.md, sync.js, auth.js.
"""

from __future__ import annotations

from typing import Literal, Protocol

from crdt_docs.encoding import Reader, encode_bytes, encode_string
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.messages import SyncStep1, SyncStep2, Update

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = 0, 1, 2, 3
STEP1, STEP2, UPDATE = 0, 1, 2
PERMISSION_DENIED = 0

STATE_VECTOR_BYTES = 1 << 20
"""About 100,000 clients at ten bytes each: a document that old has other problems."""

ProtocolName = Literal["y-websocket", "hocuspocus"]


class Codec(Protocol):
    """How one session's protocol writes what LiveDoc says. `prefix` stands before every frame of that session."""

    protocol: ProtocolName
    prefix: bytes

    def acknowledged(self) -> bytes | None:
        """One of the session's updates is durable; None where the protocol has no word for it."""
        ...

    def refused(self, reason: str) -> bytes:
        """One of the session's updates was not taken; the session lives on."""
        ...

    def scope(self, can_write: bool) -> bytes | None:
        """What the session may do from now on."""
        ...

    def stateless(self, text: str) -> bytes | None:
        """A word outside of the document, JSON with a version; None where the protocol has no place for it."""
        ...


def read_sync(reader: Reader, limits: Limits) -> SyncStep1 | SyncStep2 | Update:
    kind = reader.read_varuint()
    if kind == STEP1:
        return SyncStep1(reader.read_bytes(STATE_VECTOR_BYTES))
    if kind == STEP2:
        return SyncStep2(reader.read_bytes(limits.first_sync_bytes))
    if kind == UPDATE:
        return Update(reader.read_bytes(limits.update_bytes))
    raise ProtocolError("invalid", f"a sync message has the unknown type {kind}")


def read_plain_update(data: bytes, start: int) -> bytes | None:
    """The update in a message that is a short update and nothing else from `start` on; None: it is for `read_sync`."""
    size_at = start + 2
    if data[start:size_at] != b"\x00\x02" or len(data) <= size_at:
        return None
    size, update_at = data[size_at], start + 3
    if size >= 0x80 or len(data) != update_at + size:
        return None
    return data[update_at:]


def expect_end(reader: Reader) -> None:
    if not reader.at_end:
        raise ProtocolError("invalid", "a message has bytes left over")


def sync_step1_body(state_vector: bytes) -> bytes:
    return b"\x00\x00" + encode_bytes(state_vector)


def sync_step2_body(update: bytes) -> bytes:
    return b"\x00\x01" + encode_bytes(update)


def update_body(update: bytes) -> bytes:
    return b"\x00\x02" + encode_bytes(update)


def awareness_body(update: bytes) -> bytes:
    return b"\x01" + encode_bytes(update)


def denied_body(reason: str, denied: int) -> bytes:
    return bytes((AUTH, denied)) + encode_string(reason)
