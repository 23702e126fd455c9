"""The y-websocket protocol: one document per socket, each frame a type and a payload (rules YW in SPEC.md)."""

from __future__ import annotations

from crdt_docs.encoding import Reader
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.messages import AwarenessUpdate, DocMessage, QueryAwareness
from crdt_docs.sync_codec import (
    AWARENESS,
    PERMISSION_DENIED,
    QUERY_AWARENESS,
    SYNC,
    ProtocolName,
    denied_body,
    expect_end,
    read_sync,
)


class YWebsocketCodec:
    protocol: ProtocolName = "y-websocket"
    prefix = b""

    def acknowledged(self) -> bytes | None:
        return None

    def refused(self, reason: str) -> bytes:
        return denied_body(reason, PERMISSION_DENIED)

    def scope(self, can_write: bool) -> bytes | None:
        return None

    def stateless(self, text: str) -> bytes | None:
        return None


def read_frame(data: bytes, limits: Limits) -> DocMessage:
    """Parse one binary frame. Raise ProtocolError: the session must be closed."""
    reader = Reader(data)
    kind = reader.read_varuint()
    message: DocMessage
    if kind == SYNC:
        message = read_sync(reader, limits)
    elif kind == AWARENESS:
        message = AwarenessUpdate(reader.read_bytes(limits.awareness_message_bytes))
    elif kind == QUERY_AWARENESS:
        message = QueryAwareness()
    else:
        # Type 2, auth, is the server's word only.
        raise ProtocolError("invalid", f"a message has the unknown type {kind}")
    expect_end(reader)
    return message


def permission_denied(reason: str) -> bytes:
    """The last frame before a socket is closed, so that a client that shows reasons can show one."""
    return denied_body(reason, PERMISSION_DENIED)
