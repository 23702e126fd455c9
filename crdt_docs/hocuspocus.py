"""The Hocuspocus protocol: many documents over one socket, each frame begins with a document's name (rules HP).

Its SyncStatus is where durability fits: the provider counts a change as unsynced until it comes. Written against
provider 4.8.
"""

from __future__ import annotations

from dataclasses import dataclass

from crdt_docs.encoding import Reader, encode_string
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.messages import AwarenessUpdate, Close, Message, Ping, Pong, QueryAwareness, Stateless, Token
from crdt_docs.sync_codec import AUTH, AWARENESS, QUERY_AWARENESS, SYNC, ProtocolName, expect_end, read_sync

_SYNC_REPLY, _STATELESS, _CLOSE, _SYNC_STATUS, _PING, _PONG = 4, 5, 7, 8, 9, 10
_TOKEN, _DENIED, _AUTHENTICATED = 0, 1, 2

MAX_NAME_BYTES = 256
"""A content id, and behind a NUL the session id of a provider that shares its socket with a twin."""
MAX_VERSION_BYTES = 64


@dataclass(frozen=True, slots=True)
class Frame:
    name: str
    """The routing key as sent: the document's name, or name NUL session id. Every answer carries the same."""
    message: Message

    @property
    def document_name(self) -> str:
        return self.name.partition("\0")[0]


class HocuspocusCodec:
    protocol: ProtocolName = "hocuspocus"

    def __init__(self, name: str) -> None:
        self.prefix = encode_string(name)
        self._acknowledged = self.prefix + bytes((_SYNC_STATUS, 1))
        self._refused = self.prefix + bytes((_SYNC_STATUS, 0))

    def acknowledged(self) -> bytes | None:
        return self._acknowledged

    def refused(self, reason: str) -> bytes:
        return self._refused

    def scope(self, can_write: bool) -> bytes | None:
        return self.authenticated(can_write)

    def stateless(self, text: str) -> bytes | None:
        return self.prefix + bytes((_STATELESS,)) + encode_string(text)

    def authenticated(self, can_write: bool) -> bytes:
        scope = "read-write" if can_write else "readonly"
        return self.prefix + bytes((AUTH, _AUTHENTICATED)) + encode_string(scope)

    def permission_denied(self, reason: str) -> bytes:
        return self.prefix + bytes((AUTH, _DENIED)) + encode_string(reason)

    def closed(self, reason: str) -> bytes:
        return self.prefix + bytes((_CLOSE,)) + encode_string(reason)


PONG_FRAME = bytes((_PONG,))
PING_FRAME = bytes((_PING,))


def read_frame(data: bytes, limits: Limits) -> Frame:
    """Parse one binary frame. Raise ProtocolError: the socket must be closed, since no document can be blamed alone."""
    # A connection-level ping or pong is its type alone, without a name.
    if data == PING_FRAME:
        return Frame("", Ping())
    if data == PONG_FRAME:
        return Frame("", Pong())
    reader = Reader(data)
    name = reader.read_string(MAX_NAME_BYTES)
    message = _read_message(reader, limits)
    expect_end(reader)
    return Frame(name, message)


def _read_message(reader: Reader, limits: Limits) -> Message:
    kind = reader.read_varuint()
    if kind in (SYNC, _SYNC_REPLY):
        return read_sync(reader, limits)
    if kind == AWARENESS:
        return AwarenessUpdate(reader.read_bytes(limits.awareness_message_bytes))
    if kind == AUTH:
        if (word := reader.read_varuint()) != _TOKEN:
            raise ProtocolError("invalid", f"an auth message of type {word} is the server's word only")
        token = reader.read_string(limits.token_bytes)
        # Provider 4 adds its version; older ones end here.
        if not reader.at_end:
            reader.read_string(MAX_VERSION_BYTES)
        return Token(token)
    if kind == QUERY_AWARENESS:
        return QueryAwareness()
    if kind == _STATELESS:
        return Stateless(reader.read_string(limits.stateless_bytes))
    if kind == _CLOSE:
        return Close()
    if kind == _PING:
        return Ping()
    if kind == _PONG:
        return Pong()
    # 6, BroadcastStateless, is internal to servers; 8, SyncStatus, is the server's word only.
    raise ProtocolError("invalid", f"a message has the unknown type {kind}")
