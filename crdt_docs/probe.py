"""What is done to a document in a process of its own, where a hang or a blow-up of the engine harms nobody (rules CN).

A request and its answer are lists of bytes; the first field of a request names the work.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import pycrdt

from crdt_docs.authorship import Authorship, Entry, Run, authorship, continue_history
from crdt_docs.compaction import compact, continue_log
from crdt_docs.encoding import Reader, decode_state_vector, encode_bytes, encode_varuint
from crdt_docs.header_codec import encode_header, read_header
from crdt_docs.limits import Limits
from crdt_docs.nesting import check_depth, depths_in, encode_depths, read_depths
from crdt_docs.slices import SLICE_STRUCTS, slices
from crdt_docs.update_header import EMPTY_UPDATE, Id, UpdateHeader, read_update_header

Fields = list[bytes]


def encode_fields(fields: Sequence[bytes]) -> bytes:
    return encode_varuint(len(fields)) + b"".join(map(encode_bytes, fields))


def decode_fields(data: bytes) -> Fields:
    """Raise ProtocolError."""
    reader = Reader(data)
    return [reader.read_bytes(reader.end) for _ in range(reader.read_varuint())]


def check_request(state: bytes, update: bytes) -> Fields:
    return [b"check", state, update]


def load_request(state: bytes | None, entries: Sequence[bytes]) -> Fields:
    return [b"load", state or b"", *entries]


def compact_request(state: bytes | None, history: bytes | None, entries: Sequence[Entry]) -> Fields:
    return [b"compact", state or b"", history or b"", *_encode_entries(entries)]


def authorship_request(
    state: bytes, history: bytes | None, entries: Sequence[Entry], writers: Mapping[int, str | None]
) -> Fields:
    return [b"authorship", state, history or b"", json.dumps(list(writers.items())).encode(), *_encode_entries(entries)]


def read_checked(answer: Fields) -> tuple[UpdateHeader, dict[Id, int], list[tuple[bytes, UpdateHeader]]]:
    """The update's header, the depths of all shared types if it brought any, and the update in slices, each with its
    header. Raise ProtocolError.
    """
    slices = [(update, read_header(header)) for update, header in zip(answer[2::2], answer[3::2], strict=True)]
    return read_header(answer[0]), read_depths(answer[1]), slices


def read_loaded(answer: Fields) -> tuple[bytes, list[bytes]]:
    """The merged state, and the entries that wait for something missing."""
    return answer[0], answer[1:]


def read_compacted(answer: Fields) -> tuple[bytes, bytes] | None:
    """State and history; None: the log has a hole."""
    return (answer[0], answer[1]) if answer else None


def read_authorship(answer: Fields) -> Authorship:
    found: dict[str, Any] = json.loads(answer[0])
    characters = {user_id: number for user_id, number in found["characters"]}
    return Authorship(tuple(Run(**run) for run in found["runs"]), characters)


def answer(request: Fields, limits: Limits) -> Fields:
    """Do what a request asks for. Raise ProtocolError, or whatever the engine raises."""
    name, *fields = request
    return _WORK[name](fields, limits)


def _check(fields: Fields, limits: Limits) -> Fields:
    state, update = fields
    # Before the engine sees it: what it may break in this process must not tell the hub what is in the update.
    header = read_update_header(
        update,
        max_structs=limits.first_sync_structs,
        max_nesting=limits.nesting,
        max_name_bytes=limits.name_bytes,
    )
    depths: dict[Id, int] = {}
    if header.types:
        depths = depths_in((state, update), limits)
        check_depth(depths, limits)
        # Their depth is known from here on; of those that wait for something missing it is told when that has come.
        header = replace(header, types=tuple(item for item in header.types if item.place not in depths))
    answer = [encode_header(header), encode_depths(depths)]
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    doc.apply_update(state)
    cut = slices(update, decode_state_vector(doc.get_state()), limits) if header.structs > SLICE_STRUCTS else []
    # As the hub will take it.
    for each, its_header in cut or [(update, header)]:
        doc.apply_update(each)
        if cut:
            answer += (each, encode_header(its_header))
    _read_all(doc)
    return answer


def _load(fields: Fields, limits: Limits) -> Fields:
    state, *entries = fields
    continuation = continue_log(state or None, entries, limits)
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    if continuation.state != EMPTY_UPDATE:
        doc.apply_update(continuation.state)
    _read_all(doc)
    return [continuation.state, *continuation.aside]


def _compact(fields: Fields, limits: Limits) -> Fields:
    state, history, *encoded = fields
    entries = _decode_entries(encoded)
    compacted = compact(state or None, [entry.update for entry in entries], limits)
    return [] if compacted is None else [compacted, continue_history(history, entries, limits).encode()]


def _authorship(fields: Fields, limits: Limits) -> Fields:
    state, history, writers, *encoded = fields
    found = authorship(state, history, _decode_entries(encoded), dict(json.loads(writers)), limits)
    shown = {"runs": [asdict(run) for run in found.runs], "characters": list(found.characters.items())}
    return [json.dumps(shown).encode()]


def _read_all(doc: pycrdt.Doc[Any]) -> None:
    """Every way in which the hub reads a document: what hangs or breaks shall do it here."""
    for name in list(doc.keys()):
        for kind in (pycrdt.Text, pycrdt.XmlFragment, pycrdt.Map, pycrdt.Array):
            try:
                str(doc.get(name, type=kind))
            except (TypeError, ValueError):
                continue
    doc.get_update(doc.get_state())
    doc.get_update()


def _encode_entries(entries: Sequence[Entry]) -> Fields:
    written = [[entry.user_id, entry.at_ms] for entry in entries]
    return [json.dumps(written).encode(), *(entry.update for entry in entries)]


def _decode_entries(fields: Fields) -> list[Entry]:
    written = json.loads(fields[0])
    return [Entry(update, user_id, at_ms) for update, (user_id, at_ms) in zip(fields[1:], written, strict=True)]


_WORK: dict[bytes, Callable[[Fields, Limits], Fields]] = {
    b"check": _check,
    b"load": _load,
    b"compact": _compact,
    b"authorship": _authorship,
}
