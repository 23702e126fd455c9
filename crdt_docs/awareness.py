"""Who is in a document and where their cursor is: never stored, bounded, and nobody speaks for somebody else.

Wire format and clock rules: y-protocols/awareness.js. Rules AW in SPEC.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crdt_docs.encoding import Reader, encode_string, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.update_header import MAX_CLOCK, check_json_nesting

GONE = "null"


@dataclass(frozen=True, slots=True)
class Entry:
    client: int
    clock: int
    state: str
    """JSON text; `null` says that the client is gone."""


@dataclass(slots=True)
class _Known:
    clock: int
    state: str
    session_id: str | None
    """The session that speaks for this client here; None: another process has it, or nobody any more."""
    user_id: str | None
    changed_at_ms: float


def read_awareness(update: bytes, limits: Limits) -> list[Entry]:
    """Parse an awareness update; states are checked to be JSON. Raise ProtocolError."""
    reader = Reader(update)
    count = reader.read_varuint()
    # Client, clock and text take at least three bytes.
    if count * 3 > reader.end:
        raise ProtocolError("invalid", "an awareness message claims more clients than it holds")
    entries = []
    for _ in range(count):
        client, clock = reader.read_varuint(), reader.read_varuint()
        if clock > MAX_CLOCK:
            raise ProtocolError("invalid", "an awareness clock is too large")
        state = reader.read_string(limits.awareness_state_bytes)
        _parse(state, limits.nesting)
        entries.append(Entry(client, clock, state))
    if not reader.at_end:
        raise ProtocolError("invalid", "an awareness message has bytes left over")
    return entries


def encode_awareness(entries: Iterable[Entry]) -> bytes:
    parts = [encode_varuint(e.client) + encode_varuint(e.clock) + encode_string(e.state) for e in entries]
    return encode_varuint(len(parts)) + b"".join(parts)


def _parse(state: str, max_nesting: int) -> Any:
    check_json_nesting(state, max_nesting)
    try:
        return json.loads(state, parse_constant=_refuse_constant)
    except ValueError:
        raise ProtocolError("invalid", "an awareness state is not JSON") from None


def _refuse_constant(name: str) -> Any:
    # Python reads NaN and Infinity; JSON.parse in every other client would throw.
    raise ValueError(name)


@dataclass(slots=True)
class Awareness:
    """The states of one document. Give it what arrived; it remembers which clients changed until `take_changes`."""

    limits: Limits
    _known: dict[int, _Known] = field(default_factory=dict)
    _changed: set[int] = field(default_factory=set)
    _claimed: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(1 for known in self._known.values() if known.state != GONE)

    @property
    def has_changes(self) -> bool:
        return bool(self._changed)

    def receive(
        self, session_id: str, user_id: str, identity: Mapping[str, Any], entries: Iterable[Entry], now_ms: float
    ) -> None:
        """Take what a session says about its own clients.

        Echoes of others' states, which stock y-websocket clients send, are ignored, and so is a word for a client that
        another user's session speaks for. `identity` overwrites those fields of the state's `user` object.
        """
        for entry in entries:
            known = self._known.get(entry.client)
            if known is None:
                if entry.state == GONE or self._owned(session_id) >= self.limits.awareness_clients_per_session:
                    continue
                known = self._known[entry.client] = _Known(-1, GONE, session_id, user_id, now_ms)
                self._claimed.append(entry.client)
            elif known.session_id != session_id:
                if entry.state == GONE or not self._may_take(known, user_id, entry.clock):
                    continue
                known.session_id, known.user_id = session_id, user_id
                self._claimed.append(entry.client)
            self._put(entry.client, known, entry, identity, now_ms)

    def receive_remote(self, entries: Iterable[Entry], now_ms: float) -> None:
        """Take what another process of the hub says about clients it serves."""
        for entry in entries:
            known = self._known.get(entry.client)
            if known is None:
                if entry.state == GONE:
                    continue
                known = self._known[entry.client] = _Known(-1, GONE, None, None, now_ms)
            elif known.session_id is not None and (entry.state == GONE or entry.clock <= known.clock):
                continue
            known.session_id = known.user_id = None
            self._put(entry.client, known, entry, {}, now_ms)

    def remove_session(self, session_id: str, now_ms: float) -> None:
        """The session is gone, and with it every client it spoke for."""
        for client, known in self._known.items():
            if known.session_id == session_id:
                known.session_id = None
                if known.state != GONE:
                    self._forget(client, known, now_ms)

    def expire(self, now_ms: float) -> None:
        """Remove who has been silent for the time-out, and forget who has been gone that long."""
        deadline = now_ms - self.limits.awareness_timeout_ms
        for client, known in list(self._known.items()):
            if known.changed_at_ms > deadline:
                continue
            if known.state != GONE:
                self._forget(client, known, now_ms)
            elif known.session_id is None:
                del self._known[client]

    def next_expiry_ms(self) -> float | None:
        if not self._known:
            return None
        return min(known.changed_at_ms for known in self._known.values()) + self.limits.awareness_timeout_ms

    def take_changes(self) -> tuple[bytes, bytes]:
        """What changed since the last call: for every session here, and the part that other processes must hear."""
        changed = [(client, self._known[client]) for client in sorted(self._changed) if client in self._known]
        self._changed.clear()
        entries = [Entry(client, known.clock, known.state) for client, known in changed]
        # user_id is None for what came from another process: it would only echo.
        ours = [e for e, (_, known) in zip(entries, changed, strict=True) if known.user_id is not None]
        return encode_awareness(entries), encode_awareness(ours) if ours else b""

    def is_anothers(self, client: int, session_id: str, user_id: str) -> bool:
        """Whether another user's session here speaks for a client id."""
        known = self._known.get(client)
        return known is not None and known.session_id not in (None, session_id) and known.user_id != user_id

    def take_claims(self) -> list[int]:
        """The client ids that a session here began to speak for since the last call."""
        claimed, self._claimed = self._claimed, []
        return claimed

    def session_of(self, client: int) -> str | None:
        """The session here that speaks for a client id now."""
        known = self._known.get(client)
        return known.session_id if known is not None else None

    def clients_of(self, session_id: str) -> list[int]:
        """The client ids that a session speaks for."""
        return [client for client, known in self._known.items() if known.session_id == session_id]

    def speaker(self, client: int) -> str | None:
        """The user whose session here speaks for a client id now."""
        known = self._known.get(client)
        return known.user_id if known is not None and known.session_id is not None else None

    def full_state(self) -> bytes | None:
        entries = [Entry(client, known.clock, known.state) for client, known in self._present()]
        return encode_awareness(entries) if entries else None

    def states(self) -> dict[int, Any]:
        return {client: json.loads(known.state) for client, known in self._present()}

    def _present(self) -> Iterator[tuple[int, _Known]]:
        return ((client, known) for client, known in sorted(self._known.items()) if known.state != GONE)

    def _owned(self, session_id: str) -> int:
        return sum(1 for known in self._known.values() if known.session_id == session_id)

    @staticmethod
    def _may_take(known: _Known, user_id: str, clock: int) -> bool:
        """Whether a session of this user may speak for a client that another session spoke for so far."""
        if known.session_id is not None:
            # The same person's new socket, before the old one was found dead. An equal clock is only an echo.
            return known.user_id == user_id and clock > known.clock
        if known.user_id is None:
            return clock > known.clock
        return known.user_id == user_id and (clock > known.clock or known.state == GONE)

    def _put(self, client: int, known: _Known, entry: Entry, identity: Mapping[str, Any], now_ms: float) -> None:
        clock = entry.clock
        if clock <= known.clock:
            if known.state == GONE and entry.state != GONE:
                # We told everybody that the client left; they will only believe a newer clock, and so will the client.
                clock = known.clock + 1
            elif clock < known.clock or entry.state != GONE:
                return
        known.clock = clock
        known.changed_at_ms = now_ms
        state = _with_identity(entry.state, identity)
        known.state = state
        self._changed.add(client)

    def _forget(self, client: int, known: _Known, now_ms: float) -> None:
        known.state = GONE
        known.changed_at_ms = now_ms
        known.clock += 1
        self._changed.add(client)


def _with_identity(state: str, identity: Mapping[str, Any]) -> str:
    if not identity or state == GONE:
        return state
    value = json.loads(state)
    if not isinstance(value, dict) or not isinstance(value.get("user"), dict):
        return state
    value["user"].update(identity)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
