"""A document that is open now: its Y.Doc, its sessions of both protocols, their awareness. `now` in, effects out.

Invariant: every call returns all its effects; the caller runs them before the next call on the same object, and nothing
is awaited between a call and having its effects. So there are no locks. Rules SY, PE, RO, GA in SPEC.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pycrdt

from crdt_docs.awareness import Awareness, read_awareness
from crdt_docs.compaction import merge
from crdt_docs.durability import Durability
from crdt_docs.effects import Broadcast, Effect, Publish, Reject, Send
from crdt_docs.encoding import decode_state_vector, encode_state_vector
from crdt_docs.engine import Engine
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.messages import AwarenessUpdate, DocMessage, QueryAwareness, SyncStep1, SyncStep2, Update
from crdt_docs.sync_codec import Codec, awareness_body, sync_step1_body, sync_step2_body, update_body
from crdt_docs.update_header import EMPTY_UPDATE, UpdateHeader

Result = TypeVar("Result")

_PEER_UPDATE, _PEER_AWARENESS, _PEER_STATE_VECTOR, _PEER_DURABLE = b"\x00", b"\x01", b"\x02", b"\x03"

_FIRST_RESYNC_MS = 1_000.0
"""Whoever answers right after loading may have been heard too early, before this process listened."""


@dataclass(slots=True)
class _Session:
    codec: Codec
    user_id: str
    identity: Mapping[str, Any]
    can_write: bool
    state_vector: bytes = b"\x00"
    """What the session had when it last asked; all it can lack came after."""
    is_synced: bool = False
    """It got an answer to a step 1; only then do changes make sense to it."""
    was_asked: bool = False
    """It owes us a step 2, so a gap need not ask again."""


@dataclass(frozen=True, slots=True)
class _Aside:
    """An update that waits for a change which has not arrived."""

    update: bytes
    header: UpdateHeader
    session_id: str | None
    user_id: str | None
    is_local: bool
    """It came from a client here, so it is ours to persist and to publish."""


class LiveDoc:
    """One open document. `now_ms` is a monotonic clock of the caller's choice; `client_id` makes runs repeatable."""

    def __init__(
        self,
        limits: Limits,
        *,
        state: bytes | None = None,
        entries: Sequence[bytes] = (),
        client_id: int | None = None,
        now_ms: float = 0.0,
    ) -> None:
        """Load what is stored: merged once, applied once. Raise ProtocolError when the stored bytes are malformed."""
        self.limits = limits
        self.awareness = Awareness(limits)
        self._engine = Engine(limits, state, entries, client_id)
        self._durability = Durability()
        self._sessions: dict[str, _Session] = {}
        self._groups: list[tuple[bytes, tuple[str, ...]]] | None = None
        self._outgoing: list[bytes] = []
        self._to_publish: list[bytes] = []
        self._is_storage_failing = False
        self._flush_at_ms: float | None = None
        self._last_flush_ms = float("-inf")
        self._awareness_flush_at_ms: float | None = None
        self._last_awareness_flush_ms = float("-inf")
        self._expiry_check_at_ms: float | None = None
        self._resync_at_ms = now_ms + _FIRST_RESYNC_MS
        self._aside = [
            _Aside(update, self._engine.scan(update), None, None, is_local=False) for update in self._engine.left_over
        ]

    @property
    def session_ids(self) -> Iterable[str]:
        return self._sessions.keys()

    @property
    def last_token(self) -> int:
        return self._durability.last_token

    @property
    def committed_token(self) -> int:
        return self._durability.committed_token

    @property
    def has_gap(self) -> bool:
        return bool(self._aside)

    # Sessions

    def connect(
        self,
        session_id: str,
        codec: Codec,
        *,
        user_id: str,
        can_write: bool,
        now_ms: float,
        identity: Mapping[str, Any] | None = None,
    ) -> list[Effect]:
        """Let a session in. It may be rejected at once; afterwards give `receive` whatever it sends."""
        if len(self._sessions) >= self.limits.sessions:
            return [Reject(session_id, "unavailable", "too many people have this open")]
        self._sessions[session_id] = _Session(codec, user_id, identity or {}, can_write)
        return []

    def disconnect(self, session_id: str, now_ms: float) -> list[Effect]:
        """The session is gone. Its updates that were received stay; those that waited aside for it stay too."""
        if self._sessions.pop(session_id, None) is None:
            return []
        self._groups = None
        self.awareness.remove_session(session_id, now_ms)
        effects: list[Effect] = []
        self._awareness_changed(effects, now_ms)
        return effects

    def set_can_write(self, session_id: str, can_write: bool) -> list[Effect]:
        """The role changed while the session was open; it works from the next message on."""
        session = self._sessions.get(session_id)
        if session is None or session.can_write == can_write:
            return []
        session.can_write = can_write
        frame = session.codec.scope(can_write)
        return [Send(session_id, frame)] if frame else []

    def resync(self, session_id: str) -> list[Effect]:
        """The session lost broadcasts because it was too slow and can take bytes again: bring it up to date."""
        session = self._sessions.get(session_id)
        if session is None or not session.is_synced:
            return []
        effects: list[Effect] = [
            Send(session_id, session.codec.prefix + update_body(self._engine.state_since(session.state_vector)))
        ]
        self._send_awareness(session_id, session, effects)
        return effects

    def receive(self, session_id: str, message: DocMessage, now_ms: float) -> list[Effect]:
        """Handle one message. What breaks the protocol or a limit rejects this session and nobody else.

        Raise EngineFailure when the document has to be discarded.
        """
        session = self._sessions.get(session_id)
        effects: list[Effect] = []
        if session is None:
            return effects
        try:
            if isinstance(message, Update):
                self._receive_update(session_id, session, message.update, self.limits.update_structs, effects, now_ms)
            elif isinstance(message, AwarenessUpdate):
                entries = read_awareness(message.update, self.limits)
                self.awareness.receive(session_id, session.user_id, session.identity, entries, now_ms)
                self._awareness_changed(effects, now_ms)
            elif isinstance(message, SyncStep1):
                self._receive_step1(session_id, session, message.state_vector, effects)
            elif isinstance(message, SyncStep2):
                session.was_asked = False
                self._receive_update(
                    session_id, session, message.update, self.limits.first_sync_structs, effects, now_ms, whole=True
                )
            elif isinstance(message, QueryAwareness):
                self._send_awareness(session_id, session, effects)
            # Stateless messages are the hub's to send; what clients say that way has no meaning yet.
        except ProtocolError as error:
            effects.append(Reject(session_id, error.code, error.reason))
            effects.extend(self.disconnect(session_id, now_ms))
        return effects

    # Changes made by the hub

    def edit(
        self, change: Callable[[pycrdt.Doc[Any]], Result], *, user_id: str | None, now_ms: float
    ) -> tuple[Result, int, list[Effect]]:
        """Let the hub change the document. Sessions hear of it once `committed(token)` says that it is durable.

        A change that raises must not have touched the document; one that did has broken this LiveDoc: discard it.
        """
        result, update = self._engine.edit(change)
        effects: list[Effect] = []
        if update != EMPTY_UPDATE:
            self._durability.persist(update, self._engine.scan(update), user_id, effects)
            self._durability.announce_when_durable(update)
        return result, self.last_token, effects

    def read(self, reader: Callable[[pycrdt.Doc[Any]], Result]) -> Result:
        return self._engine.read(reader)

    def state(self) -> bytes:
        """The whole document as one update. Complete, because no change waits inside the engine (rule GA1)."""
        return self._engine.state_since(b"\x00")

    # Storage

    def committed(self, token: int, now_ms: float) -> list[Effect]:
        """Everything up to this Persist is durable: now it may be acknowledged."""
        effects: list[Effect] = []
        commit = self._durability.commit(token)
        for session_id in commit.acknowledged:
            self._send_acknowledgement(session_id, effects)
        if commit.announced:
            self._outgoing += commit.announced
            self._to_publish += commit.announced
            self._schedule_flush(effects, now_ms)
        if commit.durable:
            effects.append(Publish(_PEER_DURABLE + encode_state_vector(commit.durable)))
        if self._is_storage_failing:
            self._is_storage_failing = False
            self._tell_storage("ok", effects)
        return effects

    def commit_failed(self) -> list[Effect]:
        """Storage refused; the caller keeps the updates and tries again. Sessions that can show it are told once."""
        effects: list[Effect] = []
        if not self._is_storage_failing:
            self._is_storage_failing = True
            self._tell_storage("failing", effects)
        return effects

    # Other processes

    def receive_peer(self, message: bytes, now_ms: float) -> list[Effect]:
        """Handle a Publish of another process that has this document open. Raise ProtocolError: ignore that message."""
        effects: list[Effect] = []
        kind, payload = message[:1], message[1:]
        if kind == _PEER_UPDATE:
            header = self._engine.scan(payload, self.limits.first_sync_structs)
            if not header.is_empty:
                self._place(_Aside(payload, header, None, None, is_local=False), effects, now_ms)
        elif kind == _PEER_AWARENESS:
            self.awareness.receive_remote(read_awareness(payload, self.limits), now_ms)
            self._awareness_changed(effects, now_ms)
        elif kind == _PEER_STATE_VECTOR:
            self._durability.heard_from_peers = True
            self._answer_peer(payload, effects)
        elif kind == _PEER_DURABLE:
            self._durability.confirm(decode_state_vector(payload))
        else:
            raise ProtocolError("invalid", "a message of another process has an unknown type")
        return effects

    def ask_peers(self) -> list[Effect]:
        """Ask whoever else has this document open for what is missing here. Call it after loading."""
        return [Publish(_PEER_STATE_VECTOR + self._engine.state_vector())]

    # Time

    def next_deadline(self) -> float | None:
        """When `handle_deadline` wants to be called; ask again after every call."""
        deadlines = [
            at
            for at in (self._flush_at_ms, self._awareness_flush_at_ms, self._expiry_check_at_ms, self._resync_at_ms)
            if at is not None
        ]
        return min(deadlines) if deadlines else None

    def handle_deadline(self, now_ms: float) -> list[Effect]:
        effects: list[Effect] = []
        if self._flush_at_ms is not None and self._flush_at_ms <= now_ms:
            self._flush(effects, now_ms)
        if self._expiry_check_at_ms is not None and self._expiry_check_at_ms <= now_ms:
            self._expiry_check_at_ms = None
            self.awareness.expire(now_ms)
            self._awareness_changed(effects, now_ms)
        if self._awareness_flush_at_ms is not None and self._awareness_flush_at_ms <= now_ms:
            self._flush_awareness(effects, now_ms)
        if self._resync_at_ms <= now_ms:
            self._resync_at_ms = now_ms + self.limits.resync_interval_ms
            effects.extend(self.ask_peers())
        return effects

    # Inside

    def _receive_step1(self, session_id: str, session: _Session, state_vector: bytes, effects: list[Effect]) -> None:
        decode_state_vector(state_vector)
        prefix = session.codec.prefix
        effects.append(Send(session_id, prefix + sync_step2_body(self._engine.state_since(state_vector))))
        # A Hocuspocus provider counts on being asked back each time: the acknowledgement of its step 2 ends "saving".
        if not session.is_synced or session.codec.protocol == "hocuspocus":
            self._ask(session_id, session, effects)
        if not session.is_synced:
            session.is_synced = True
            self._groups = None
            self._send_awareness(session_id, session, effects)
        session.state_vector = state_vector

    def _ask(self, session_id: str, session: _Session, effects: list[Effect]) -> None:
        session.was_asked = True
        effects.append(Send(session_id, session.codec.prefix + sync_step1_body(self._engine.state_vector())))

    def _receive_update(
        self,
        session_id: str,
        session: _Session,
        update: bytes,
        max_structs: int,
        effects: list[Effect],
        now_ms: float,
        *,
        whole: bool = False,
    ) -> None:
        header = self._engine.scan(update, max_structs)
        if header.bends_time(self._engine.clocks):
            raise ProtocolError("invalid", "an update refers to its own future")
        if whole:
            # It leaves out what our step 1 said is here. Some of that may be on no disk yet but another process's, and
            # the acknowledgement of a step 2 says "all of yours is saved".
            self._durability.persist_unconfirmed(effects)
        if header.is_empty:
            self._acknowledge(session_id, effects)
        elif not session.can_write:
            # A reader's answer to our step 1 lists deletions it was told of; only news are refused.
            if whole and self._engine.has(header):
                self._acknowledge(session_id, effects)
            else:
                effects.append(Send(session_id, session.codec.refused("You may read this, but not change it.")))
        else:
            self._engine.check_size(len(update))
            self._place(_Aside(update, header, session_id, session.user_id, is_local=True), effects, now_ms)

    def _place(self, item: _Aside, effects: list[Effect], now_ms: float) -> None:
        """Integrate an update, or put it aside and ask for what it builds on (rules GA)."""
        if not item.header.continues(self._engine.clocks):
            self._put_aside(item, effects)
            return
        self._integrate(item, effects, now_ms)
        if self._aside:
            self._integrate_aside(effects, now_ms)

    def _put_aside(self, item: _Aside, effects: list[Effect]) -> None:
        waiting_bytes = len(item.update) + sum(len(other.update) for other in self._aside)
        if len(self._aside) >= self.limits.aside_updates or waiting_bytes > self.limits.aside_bytes:
            # Nothing of it was acknowledged, so its client still has it and brings it back with the next sync.
            self._aside = [other for other in self._aside if other.session_id != item.session_id]
            raise ProtocolError("conflict", "too many changes wait for one that never came")
        self._aside.append(item)
        session = self._sessions.get(item.session_id) if item.session_id else None
        if session is None:
            effects.extend(self.ask_peers())
        elif item.session_id and not session.was_asked:
            self._ask(item.session_id, session, effects)

    def _integrate_aside(self, effects: list[Effect], now_ms: float) -> None:
        progress = True
        while self._aside and progress:
            waiting, self._aside, progress = self._aside, [], False
            for item in waiting:
                if item.header.continues(self._engine.clocks):
                    self._integrate(item, effects, now_ms)
                    progress = True
                else:
                    self._aside.append(item)

    def _integrate(self, item: _Aside, effects: list[Effect], now_ms: float) -> None:
        is_news = self._engine.apply(item.update, item.header, item.session_id)
        if is_news:
            self._outgoing.append(item.update)
            if not item.is_local:
                self._durability.remember_unconfirmed(item.update, item.header, effects)
        if item.is_local:
            # What is not news may still be nowhere on disk, if another process told us of it and then died.
            if is_news or self._durability.heard_from_peers:
                self._durability.persist(item.update, item.header, item.user_id, effects)
                self._to_publish.append(item.update)
            if item.session_id is not None:
                self._acknowledge(item.session_id, effects)
        if is_news:
            self._schedule_flush(effects, now_ms)

    def _acknowledge(self, session_id: str, effects: list[Effect]) -> None:
        if self._durability.acknowledge_when_durable(session_id):
            self._send_acknowledgement(session_id, effects)

    def _send_acknowledgement(self, session_id: str, effects: list[Effect]) -> None:
        session = self._sessions.get(session_id)
        frame = session.codec.acknowledged() if session else None
        if frame:
            effects.append(Send(session_id, frame))

    def _tell_storage(self, word: str, effects: list[Effect]) -> None:
        for session_id, session in self._sessions.items():
            frame = session.codec.stateless(f'{{"version":1,"storage":"{word}"}}')
            if frame:
                effects.append(Send(session_id, frame))

    def _answer_peer(self, state_vector: bytes, effects: list[Effect]) -> None:
        theirs = decode_state_vector(state_vector)
        missing = self._engine.state_since(state_vector)
        if missing != EMPTY_UPDATE:
            effects.append(Publish(_PEER_UPDATE + missing))
        if any(clock > self._engine.clocks.get(client, 0) for client, clock in theirs.items()):
            effects.extend(self.ask_peers())

    def _schedule_flush(self, effects: list[Effect], now_ms: float) -> None:
        """Send at once after a quiet tick; otherwise gather until the tick is over."""
        if self._flush_at_ms is None:
            self._flush_at_ms = max(now_ms, self._last_flush_ms + self.limits.tick_ms)
            if self._flush_at_ms <= now_ms:
                self._flush(effects, now_ms)

    def _flush(self, effects: list[Effect], now_ms: float) -> None:
        self._flush_at_ms = None
        self._last_flush_ms = now_ms
        outgoing, to_publish = self._outgoing, self._to_publish
        self._outgoing, self._to_publish = [], []
        merged = merge(outgoing)
        if outgoing:
            self._broadcast(update_body(merged), effects)
        if to_publish:
            effects.append(Publish(_PEER_UPDATE + (merged if to_publish == outgoing else merge(to_publish))))

    def _awareness_changed(self, effects: list[Effect], now_ms: float) -> None:
        if self._expiry_check_at_ms is None and (expiry := self.awareness.next_expiry_ms()) is not None:
            # Looking twice a second at most is exact enough for a time-out of thirty.
            self._expiry_check_at_ms = max(expiry, now_ms + 500.0)
        if not self.awareness.has_changes or self._awareness_flush_at_ms is not None:
            return
        self._awareness_flush_at_ms = max(now_ms, self._last_awareness_flush_ms + self.limits.awareness_tick_ms)
        if self._awareness_flush_at_ms <= now_ms:
            self._flush_awareness(effects, now_ms)

    def _flush_awareness(self, effects: list[Effect], now_ms: float) -> None:
        self._awareness_flush_at_ms = None
        self._last_awareness_flush_ms = now_ms
        everyone, ours = self.awareness.take_changes()
        self._broadcast(awareness_body(everyone), effects)
        if ours:
            effects.append(Publish(_PEER_AWARENESS + ours))

    def _send_awareness(self, session_id: str, session: _Session, effects: list[Effect]) -> None:
        update = self.awareness.full_state()
        if update is not None:
            effects.append(Send(session_id, session.codec.prefix + awareness_body(update)))

    def _broadcast(self, body: bytes, effects: list[Effect]) -> None:
        """To every session, the sender included (decision D7); encoded once for all that share a prefix."""
        if self._groups is None:
            by_prefix: dict[bytes, list[str]] = {}
            for session_id, session in self._sessions.items():
                if session.is_synced:
                    by_prefix.setdefault(session.codec.prefix, []).append(session_id)
            self._groups = [(prefix, tuple(session_ids)) for prefix, session_ids in by_prefix.items()]
        effects.extend(Broadcast(session_ids, prefix + body) for prefix, session_ids in self._groups)
