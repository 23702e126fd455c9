"""Who wrote what is in a document, and when: kept beside its state, since compaction takes the log away (rules AU)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crdt_docs.encoding import Reader, encode_string, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.keystroke import read_logged_header
from crdt_docs.limits import Limits
from crdt_docs.text_order import pieces
from crdt_docs.update_header import EMPTY_UPDATE, Range

_VERSION = 1
_SAME_TIME_MS = 60_000
"""What one user writes under one client id within a minute is kept as written at the minute's begin."""
_USER_BYTES = 1 << 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One update of the log."""

    update: bytes
    user_id: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one text that came at the same time from the same user."""

    text: str
    user_id: str | None
    """Who brought it to the hub; None: the hub itself."""
    written_at_ms: int | None
    """When it first reached the hub; None: before the hub kept such times."""
    client_of: str | None
    """The user that its client id is bound to. Another than `user_id` brought it after a crash or out of a backup."""
    begins_text: bool = False
    """It is the first of its text: of a paragraph, say."""


@dataclass(frozen=True, slots=True)
class Authorship:
    runs: tuple[Run, ...]
    """In reading order."""
    characters: Mapping[str | None, int]
    """How many characters of each user are there."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    user_id: str | None
    at_ms: int


@dataclass(slots=True)
class History:
    """For every clock of every client who brought it and when. The first entry that names a user counts."""

    _spans: dict[int, list[_Span]] = field(default_factory=dict)

    def add(self, ranges: Iterable[Range], user_id: str | None, at_ms: int) -> None:
        for client, start, end in ranges:
            spans = self._spans.setdefault(client, [])
            last = spans[-1] if spans else None
            if last is not None and start < last.end:
                self._spans[client] = _overlay(spans, _Span(start, end, user_id, at_ms))
            elif last is not None and start == last.end and _are_alike(last, user_id, at_ms):
                spans[-1] = _Span(last.start, end, user_id, last.at_ms)
            else:
                spans.append(_Span(start, end, user_id, at_ms))

    def find(self, client: int, clock: int) -> tuple[str | None, int | None, int | None]:
        """User, time and end of the span that holds a clock."""
        spans = self._spans.get(client, [])
        low, high = 0, len(spans)
        while low < high:
            middle = (low + high) // 2
            if spans[middle].end <= clock:
                low = middle + 1
            else:
                high = middle
        if low == len(spans):
            return None, None, None
        span = spans[low]
        return (span.user_id, span.at_ms, span.end) if span.start <= clock else (None, None, span.start)

    def encode(self) -> bytes:
        users = sorted({span.user_id for spans in self._spans.values() for span in spans if span.user_id is not None})
        number_of: dict[str | None, int] = {None: 0, **{user: number for number, user in enumerate(users, 1)}}
        parts = [encode_varuint(_VERSION), encode_varuint(len(users)), *map(encode_string, users)]
        parts.append(encode_varuint(len(self._spans)))
        for client, spans in sorted(self._spans.items()):
            parts += (encode_varuint(client), encode_varuint(len(spans)))
            for span in spans:
                numbers = (span.start, span.end - span.start, number_of[span.user_id], span.at_ms)
                parts += map(encode_varuint, numbers)
        return b"".join(parts)

    @classmethod
    def decode(cls, data: bytes | None) -> History:
        """Raise ProtocolError when these are no bytes of `encode`."""
        history = cls()
        if not data:
            return history
        reader = Reader(data)
        if (version := reader.read_varuint()) != _VERSION:
            raise ProtocolError("invalid", f"a history of the unknown version {version}")
        users: list[str | None] = [None]
        users += [reader.read_string(_USER_BYTES) for _ in range(reader.read_varuint())]
        for _ in range(reader.read_varuint()):
            spans = history._spans[reader.read_varuint()] = []
            for _ in range(reader.read_varuint()):
                start, length, user, at_ms = (reader.read_varuint() for _ in range(4))
                if user >= len(users):
                    raise ProtocolError("invalid", "a history names an unknown user")
                spans.append(_Span(start, start + length, users[user], at_ms))
        return history


def continue_history(stored: bytes | None, entries: Iterable[Entry], limits: Limits) -> History:
    """The history of a stored state and the log after it. Raise ProtocolError."""
    history = History.decode(stored)
    for entry in entries:
        if entry.update != EMPTY_UPDATE:
            header = read_logged_header(entry.update, limits)
            history.add(header.ranges, entry.user_id, entry.at_ms)
    return history


def authorship(
    state: bytes,
    stored_history: bytes | None,
    entries: Iterable[Entry],
    writers: Mapping[int, str | None],
    limits: Limits,
) -> Authorship:
    """Who wrote the text that is in a complete state. Takes seconds for a long document: call it where nobody waits.

    Raise ProtocolError.
    """
    history = continue_history(stored_history, entries, limits)
    runs: list[Run] = []
    characters: dict[str | None, int] = {}
    for piece in pieces(state, limits):
        joins = not piece.starts_text
        for text, clock in _cut(piece.client, piece.clock, piece.text, history):
            found, at_ms, _ = history.find(piece.client, clock)
            bound = writers.get(piece.client)
            user_id = found if found is not None else bound
            characters[user_id] = characters.get(user_id, 0) + len(text)
            run = Run(text, user_id, at_ms, bound, not joins)
            if joins and runs and _same_origin(runs[-1], run):
                runs[-1] = Run(runs[-1].text + text, user_id, at_ms, bound, runs[-1].begins_text)
            else:
                runs.append(run)
            joins = True
    return Authorship(tuple(runs), characters)


def _cut(client: int, clock: int, text: str, history: History) -> Iterable[tuple[str, int]]:
    """Cut a piece where the history changes. Clocks count UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    position, length = 0, len(units) // 2
    while position < length:
        end = history.find(client, clock + position)[2]
        stop = length if end is None else min(length, end - clock)
        yield units[position * 2 : stop * 2].decode("utf-16-le", "replace"), clock + position
        position = stop


def _same_origin(one: Run, other: Run) -> bool:
    return (one.user_id, one.written_at_ms, one.client_of) == (other.user_id, other.written_at_ms, other.client_of)


def _are_alike(span: _Span, user_id: str | None, at_ms: int) -> bool:
    return span.user_id == user_id and abs(at_ms - span.at_ms) < _SAME_TIME_MS


def _overlay(spans: list[_Span], new: _Span) -> list[_Span]:
    """Fill what is not covered; give a user to what has none. Rare: updates that bring again what is there."""
    result: list[_Span] = []
    position = new.start
    for span in spans:
        if span.start > position and position < new.end:
            result.append(_Span(position, min(span.start, new.end), new.user_id, new.at_ms))
        first, last = max(span.start, new.start), min(span.end, new.end)
        if first < last and span.user_id is None and new.user_id is not None:
            cuts = ((span.start, first, None), (first, last, new.user_id), (last, span.end, None))
            result += [_Span(start, end, user, span.at_ms) for start, end, user in cuts if start < end]
        else:
            result.append(span)
        position = max(position, span.end)
    if position < new.end:
        result.append(_Span(position, new.end, new.user_id, new.at_ms))
    return result
