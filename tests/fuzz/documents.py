"""The parsers of documents, for broken input.

python -m tests.fuzz.documents [--seconds 3600] [--seed 1] [--target update_header]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pycrdt import Array, Doc, Map, Text

from crdt_docs import hocuspocus, y_websocket
from crdt_docs.authorship import History
from crdt_docs.awareness import Entry, encode_awareness, read_awareness
from crdt_docs.encoding import (
    Reader,
    decode_state_vector,
    encode_bytes,
    encode_state_vector,
    encode_string,
    encode_varuint,
)
from crdt_docs.errors import EngineFailure, ProtocolError
from crdt_docs.header_codec import encode_header
from crdt_docs.header_codec import read_header as read_header_bytes
from crdt_docs.keystroke import MAX_BYTES, read_keystroke, read_keystroke_in_python
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import SyncStep1, SyncStep2, Update
from crdt_docs.nesting import depths_beside, depths_in, encode_depths, read_depths
from crdt_docs.peer_messages import PeerDurable, PeerUpdate, encode_peer_message, read_peer_message
from crdt_docs.text_order import pieces
from crdt_docs.update_header import read_update_header
from crdt_docs.y_websocket import YWebsocketCodec
from tests.fuzz.fuzzing import Target, main

LIMITS = Limits(first_sync_structs=20_000)
VECTORS = Path(__file__).parent.parent / "vectors"


def read_encoding(data: bytes) -> None:
    """The first byte says which reads follow."""
    reader = Reader(data)
    reads = (
        reader.read_varuint,
        reader.skip_varint,
        reader.read_byte,
        lambda: reader.read_bytes(1 << 16),
        lambda: reader.read_string(1 << 16),
    )
    rng = random.Random(reader.read_byte())
    while not reader.at_end:
        before = reader.position
        rng.choice(reads)()
        assert before < reader.position <= reader.end


def read_state_vector(data: bytes) -> None:
    clocks = decode_state_vector(data)
    assert decode_state_vector(encode_state_vector(clocks)) == clocks


def read_header(data: bytes) -> None:
    header = read_update_header(data, max_structs=20_000, max_nesting=32, max_name_bytes=1 << 10)
    header.continues({})
    header.bends_time({})
    assert all(start < end for _, start, end in header.ranges)


def read_awareness_update(data: bytes) -> None:
    entries = read_awareness(data, LIMITS)
    assert read_awareness(encode_awareness(entries), LIMITS) == entries


def read_order(data: bytes) -> None:
    for piece in pieces(data, LIMITS):
        assert piece.text


def read_nesting(data: bytes) -> None:
    """What is told type by type never differs from what the whole tells."""
    whole = depths_in((data,), LIMITS)
    types = read_update_header(data, max_structs=20_000, max_nesting=32, max_name_bytes=1 << 10).types
    for place, depth in (depths_beside(types, {}) or {}).items():
        assert whole.get(place, depth) == depth
    assert read_depths(encode_depths(whole)) == whole


def read_typing(data: bytes) -> None:
    """Both forms say the same; what they take is what the header's own parser finds."""
    header = read_keystroke(data, LIMITS)
    again = read_keystroke_in_python(data, LIMITS) if len(data) <= MAX_BYTES else None
    assert header is None or header == again


def receive(data: bytes) -> None:
    """The whole way into a document: frames, scan, gaps, engine, and what the engine says of it afterwards."""
    live = LiveDoc(LIMITS, state=BASE_STATE, client_id=1)
    live.connect("a", YWebsocketCodec(), user_id="a", can_write=True, now_ms=0.0)
    live.receive("a", SyncStep1(b"\x00"), 0.0)
    live.receive("a", SyncStep2(data), 1.0)
    live.connect("b", YWebsocketCodec(), user_id="b", can_write=True, now_ms=2.0)
    live.receive("b", Update(data), 3.0)
    copy: Doc[Any] = Doc()
    copy.apply_update(live.state())
    live.read(lambda doc: str(doc.get("t", type=Text)))


def _written() -> Iterator[bytes]:
    rng = random.Random(5)
    doc: Doc[Any] = Doc(client_id=7)
    text, cards, things = doc.get("t", type=Text), doc.get("m", type=Map), doc.get("a", type=Array)
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    for number in range(40):
        text.insert(
            rng.randrange(len(text) + 1), "ábc"[: rng.randrange(1, 3)].encode().decode("ascii", "ignore") or "x"
        )
        if number % 7 == 3:
            del text[0:2]
        if number % 10 == 5:
            cards[f"k{number}"] = {"list": [1, 2.5, None, True, "x"], "bytes": b"\x00\x01"}
            things.append(Map({"title": Text("t")}))
    yield from updates
    yield doc.get_update()
    yield (VECTORS / "tiptap_document.bin").read_bytes()


UPDATES = list(_written())
BASE_STATE = UPDATES[-2]
_AWARENESS = encode_awareness([Entry(7, 3, '{"user":{"name":"Ana","color":"#123"}}'), Entry(1 << 40, 9, "null")])
_SYNC = [b"\x00\x00" + encode_bytes(b"\x01\x07\x09"), *(b"\x00\x02" + encode_bytes(update) for update in UPDATES[-6:])]
_FRAMES = [*_SYNC, b"\x01" + encode_bytes(_AWARENESS), b"\x03"]
_HISTORY = History()
_HISTORY.add([(7, 0, 40), (1 << 33, 5, 9)], "ana", 1_790_000_000_000)


def parser(parse: Callable[[bytes], Any], corpus: list[bytes]) -> Target:
    return Target(parse, corpus, (ProtocolError,))


TARGETS: dict[str, Target] = {
    "encoding": parser(read_encoding, [bytes([n]) + encode_varuint(n**6) + encode_string("ábc") for n in range(40)]),
    "state_vector": parser(read_state_vector, [b"\x00", encode_state_vector({7: 3, 1 << 45: 1 << 30})]),
    "update_header": parser(read_header, UPDATES),
    "keystroke": parser(read_typing, UPDATES),
    "awareness": parser(read_awareness_update, [b"\x00", _AWARENESS]),
    "y_websocket": parser(lambda data: y_websocket.read_frame(data, LIMITS), _FRAMES),
    "hocuspocus": parser(
        lambda data: hocuspocus.read_frame(data, LIMITS),
        [
            b"\x09",
            *(encode_string("doc\x00session") + frame for frame in _FRAMES),
            encode_string("doc") + b"\x02\x00" + encode_string("token") + encode_string("4.8.0"),
            encode_string("doc") + b"\x05" + encode_string('{"version":1}'),
            encode_string("doc") + b"\x07" + encode_string("bye"),
        ],
    ),
    "peer_message": parser(
        read_peer_message,
        [
            encode_peer_message(PeerUpdate(UPDATES[0], {7: "ana", 9: None})),
            encode_peer_message(PeerDurable({7: 3})),
            b"\x01" + _AWARENESS,
        ],
    ),
    "history": parser(History.decode, [_HISTORY.encode()]),
    "text_order": parser(read_order, UPDATES),
    "nesting": parser(read_nesting, UPDATES),
    "header_bytes": parser(
        read_header_bytes,
        [
            encode_header(read_update_header(data, max_structs=20_000, max_nesting=32, max_name_bytes=1 << 10))
            for data in UPDATES
        ],
    ),
    # The document has to be discarded then, which the hub does.
    "live_doc": Target(receive, UPDATES, (ProtocolError, EngineFailure), measures_memory=False),
}


if __name__ == "__main__":
    sys.exit(main(TARGETS, __doc__))
