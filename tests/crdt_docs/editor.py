"""A pycrdt document that collects its own updates, and updates made by hand that no editor makes."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc, Text

from crdt_docs.effects import Broadcast, Effect, Persist, Reject, Send
from crdt_docs.encoding import encode_bytes, encode_string, encode_varuint
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import DocMessage, SyncStep1
from crdt_docs.y_websocket import YWebsocketCodec

OUT_OF_ORDER = [
    bytes.fromhex(update)
    for update in (
        "0101a58d90aab0b7d008000401017402787900",
        "0101a58d90aab0b7d0080244a58d90aab0b7d0080002787900",
        "0101a58d90aab0b7d0080444a58d90aab0b7d0080202787900",
        "0101a58d90aab0b7d00806c4a58d90aab0b7d00800a58d90aab0b7d0080102787900",
    )
]
"""documents.md section 1: applied in the order 0, 2, 3, 1 the engine leaves half of it unintegrated for ever."""


class Editor:
    """Types into Y.Text "t"; `take` gives the update of each change since the last call."""

    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        self.doc: Doc[Any] = Doc(client_id=client_id)
        self.text = self.doc.get("t", type=Text)
        self._updates: list[bytes] = []
        self.doc.observe(lambda event: self._updates.append(event.update))

    def type(self, text: str) -> bytes:
        self.text += text
        return self.take()[-1]

    def delete(self, start: int, stop: int) -> bytes:
        del self.text[start:stop]
        return self.take()[-1]

    def take(self) -> list[bytes]:
        updates, self._updates = self._updates, []
        return updates


def open_doc(limits: Limits | None = None, *, now_ms: float = 0.0) -> LiveDoc:
    return LiveDoc(limits or Limits(), client_id=999, now_ms=now_ms)


def join(
    live: LiveDoc, session_id: str, *, protocol: str = "hocuspocus", can_write: bool = True, user_id: str | None = None
) -> list[Effect]:
    """Connect and sync; returns what the session was sent."""
    codec = HocuspocusCodec("doc") if protocol == "hocuspocus" else YWebsocketCodec()
    effects = live.connect(session_id, codec, user_id=user_id or f"user-{session_id}", can_write=can_write, now_ms=0.0)
    return effects + live.receive(session_id, SyncStep1(b"\x00"), 0.0)


def receive(live: LiveDoc, session_id: str, message: DocMessage, now_ms: float = 0.0) -> list[Effect]:
    return live.receive(session_id, message, now_ms)


def sent(effects: list[Effect], session_id: str) -> list[bytes]:
    return [effect.frame for effect in effects if isinstance(effect, Send) and effect.session_id == session_id]


def broadcasts(effects: list[Effect]) -> list[Broadcast]:
    return [effect for effect in effects if isinstance(effect, Broadcast)]


def persisted(effects: list[Effect]) -> list[Persist]:
    return [effect for effect in effects if isinstance(effect, Persist)]


def rejections(effects: list[Effect]) -> list[str]:
    return [effect.code for effect in effects if isinstance(effect, Reject)]


def text_of(live: LiveDoc) -> str:
    return live.read(lambda doc: str(doc.get("t", type=Text)))


def item(content: int, payload: bytes, *, parent: bytes | None = None, info: int = 0) -> bytes:
    """One struct; without a parent given it lies in the root "t"."""
    return bytes((content | info,)) + (encode_varuint(1) + encode_string("t") if parent is None else parent) + payload


def update_of(*structs: bytes, client: int = 7, clock: int = 0, deletions: bytes = b"\x00") -> bytes:
    head = encode_varuint(1) + encode_varuint(len(structs)) + encode_varuint(client) + encode_varuint(clock)
    return head + b"".join(structs) + deletions


def any_item(value: bytes) -> bytes:
    return item(8, encode_varuint(1) + value)


def nested_arrays(depth: int) -> bytes:
    return b"\x75\x01" * depth + b"\x7e"


def string_item(text: str) -> bytes:
    return item(4, encode_bytes(text.encode()))
