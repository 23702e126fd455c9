"""Feeds the parsers of documents with broken input for as long as one likes; stops at the first that misbehaves.

    python -m tests.fuzz.documents [--seconds 3600] [--seed 1] [--target update_header]

A parser may return a value or raise ProtocolError, in time and memory in proportion to the input. A failure prints the
target and the input in hex; give that to `--input` to see it again, and to the target's corpus when it is mended.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pycrdt import Array, Doc, Map, Text

from crdt_docs import hocuspocus, y_websocket
from crdt_docs.authorship import History
from crdt_docs.awareness import Entry, encode_awareness, read_awareness
from crdt_docs.encoding import (
    MAX_SAFE_INTEGER,
    Reader,
    decode_state_vector,
    encode_bytes,
    encode_state_vector,
    encode_string,
    encode_varuint,
)
from crdt_docs.errors import EngineFailure, ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import SyncStep1, SyncStep2, Update
from crdt_docs.peer_messages import PeerDurable, PeerUpdate, encode_peer_message, read_peer_message
from crdt_docs.text_order import pieces
from crdt_docs.update_header import read_update_header
from crdt_docs.y_websocket import YWebsocketCodec

LIMITS = Limits(first_sync_structs=20_000)
SLOWEST_S = 2.0
"""Generous: a busy machine must not fail. A hang does."""
BYTES_PER_BYTE = 2_000
"""Memory a parser may take for each byte of its input, beyond the first megabyte."""
INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFF, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, MAX_SAFE_INTEGER, 1 << 62)
VECTORS = Path(__file__).parent.parent / "vectors"


class Misbehaviour(Exception):
    def __init__(self, target: str, data: bytes, what: str) -> None:
        self.data = data
        super().__init__(f"{target}: {what}\n  --target {target} --input {data.hex()}")


@dataclass(frozen=True)
class Target:
    parse: Callable[[bytes], Any]
    corpus: list[bytes]
    allowed: tuple[type[BaseException], ...] = (ProtocolError,)


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

TARGETS: dict[str, Target] = {
    "encoding": Target(read_encoding, [bytes([n]) + encode_varuint(n**6) + encode_string("ábc") for n in range(40)]),
    "state_vector": Target(read_state_vector, [b"\x00", encode_state_vector({7: 3, 1 << 45: 1 << 30})]),
    "update_header": Target(read_header, UPDATES),
    "awareness": Target(read_awareness_update, [b"\x00", _AWARENESS]),
    "y_websocket": Target(lambda data: y_websocket.read_frame(data, LIMITS), _FRAMES),
    "hocuspocus": Target(
        lambda data: hocuspocus.read_frame(data, LIMITS),
        [
            b"\x09",
            *(encode_string("doc\x00session") + frame for frame in _FRAMES),
            encode_string("doc") + b"\x02\x00" + encode_string("token") + encode_string("4.8.0"),
            encode_string("doc") + b"\x05" + encode_string('{"version":1}'),
            encode_string("doc") + b"\x07" + encode_string("bye"),
        ],
    ),
    "peer_message": Target(
        read_peer_message,
        [
            encode_peer_message(PeerUpdate(UPDATES[0], {7: "ana", 9: None})),
            encode_peer_message(PeerDurable({7: 3})),
            b"\x01" + _AWARENESS,
        ],
    ),
    "history": Target(History.decode, [_HISTORY.encode()]),
    "text_order": Target(read_order, UPDATES),
    # The document has to be discarded then, which the hub does.
    "live_doc": Target(receive, UPDATES, (ProtocolError, EngineFailure)),
}


def mutate(rng: random.Random, corpus: list[bytes]) -> bytes:
    data = bytearray(rng.choice(corpus))
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        place = rng.randrange(len(data) + 1)
        kind = rng.randrange(8)
        if kind == 0 and data:
            data[place % len(data)] ^= 1 << rng.randrange(8)
        elif kind == 1 and data:
            data[place % len(data)] = rng.randrange(256)
        elif kind == 2:
            del data[place:]
        elif kind == 3:
            del data[place : place + rng.randrange(1, 9)]
        elif kind == 4:
            data[place:place] = rng.randbytes(rng.randrange(1, 9))
        elif kind == 5:
            data[place : place + rng.randrange(3)] = encode_varuint(rng.choice(INTERESTING))
        elif kind == 6:
            data[place:place] = data[place : place + rng.randrange(1, 40)] * rng.choice((1, 2, 100))
        else:
            other = rng.choice(corpus)
            data[place:] = other[rng.randrange(len(other) + 1) :]
    return bytes(data)


def check(name: str, data: bytes) -> None:
    """Raise Misbehaviour."""
    target = TARGETS[name]
    started = time.perf_counter()
    try:
        target.parse(data)
    except target.allowed:
        pass
    except Exception as error:
        raise Misbehaviour(name, data, f"raised {error!r}") from error
    if time.perf_counter() - started > SLOWEST_S:
        raise Misbehaviour(name, data, "took too long")


def fuzz(name: str, *, seed: int, seconds: float) -> int:
    """How many inputs were tried. Raise Misbehaviour."""
    rng = random.Random(f"{name}/{seed}")
    deadline = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < deadline:
        data = mutate(rng, TARGETS[name].corpus)
        if tried % 50 == 0 and name != "live_doc":
            _check_memory(name, data)
        check(name, data)
        tried += 1
    return tried


def _check_memory(name: str, data: bytes) -> None:
    tracemalloc.start()
    try:
        check(name, data)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if taken > (1 << 20) + BYTES_PER_BYTE * len(data):
        raise Misbehaviour(name, data, f"took {taken} bytes of memory")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    parser.add_argument("--input", help="hex of one input to try, instead of many")
    options = parser.parse_args()
    names = options.target or list(TARGETS)
    if options.input is not None:
        for name in names:
            check(name, bytes.fromhex(options.input))
        return 0
    deadline = time.monotonic() + options.seconds
    tried = dict.fromkeys(names, 0)
    seed = options.seed
    while time.monotonic() < deadline:
        for name in names:
            # In turns, so that hours of one are hours of all, and a run that is cut short has tried everything.
            turn_s = min(20.0, options.seconds / len(names), max(deadline - time.monotonic(), 0.0))
            print(f"{name}, seed {seed}", flush=True)
            # A hang inside the engine hears no signal; this ends the process, and the seed leads there again.
            faulthandler.dump_traceback_later(turn_s + 30.0, exit=True)
            try:
                tried[name] += fuzz(name, seed=seed, seconds=turn_s)
            except Misbehaviour as failure:
                print(f"seed {seed}, {failure}", file=sys.stderr)
                return 1
        faulthandler.cancel_dump_traceback_later()
        seed += 1
    print(", ".join(f"{name} {number}" for name, number in tried.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
