"""A document that is open now: its Y.Doc, its sessions of both protocols, their awareness. `now` in, effects out.

Invariant: every call returns all its effects; the caller runs them before the next call on the same object, and nothing
is awaited between a call and having its effects. So there are no locks. Rules SY, PE, RO, GA in SPEC.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import pycrdt

from crdt_docs.awareness import Awareness
from crdt_docs.durability import Durability
from crdt_docs.effects import Effect, Publish, Reject, Send
from crdt_docs.encoding import decode_state_vector
from crdt_docs.engine import Engine
from crdt_docs.errors import ProtocolError
from crdt_docs.gaps import Arrived
from crdt_docs.intake import Intake
from crdt_docs.limits import Limits
from crdt_docs.messages import AwarenessUpdate, DocMessage, QueryAwareness, SyncStep1, SyncStep2, Update
from crdt_docs.outgoing import Outgoing
from crdt_docs.own_changes import OwnChanges
from crdt_docs.peer_messages import (
    PeerDurable,
    encode_peer_message,
)
from crdt_docs.presence import Presence
from crdt_docs.processes import Processes
from crdt_docs.sessions import Session, Sessions
from crdt_docs.sync_codec import Codec, sync_step2_body, update_body
from crdt_docs.update_header import EMPTY_UPDATE, Id, UpdateHeader
from crdt_docs.writers import Writers

Result = TypeVar("Result")

_FAILING, _WORKS = '{"version":1,"storage":"failing"}', '{"version":1,"storage":"ok"}'
_LARGE = '{"version":1,"document":"large"}'
_FIRST_RESYNC_MS = 1_000.0
"""Whoever answers right after loading may have been heard too early, before this process listened."""
_ROUND_EARLY_MS = 8.0
"""A tick that ends so soon after a round ends with it: one broadcast, and one wake-up less."""


class LiveDoc:
    """One open document. `now_ms` is a monotonic clock of the caller's choice; `client_id` makes runs repeatable."""

    def __init__(
        self,
        limits: Limits,
        *,
        state: bytes | None = None,
        entries: Sequence[bytes] = (),
        writers: Mapping[int, str | None] | None = None,
        client_id: int | None = None,
        now_ms: float = 0.0,
    ) -> None:
        """Load what is stored: merged once, applied once. Raise ProtocolError when the stored bytes are malformed.

        `writers`: which user writes under which client id, from all `Persist.writers` there ever were.
        """
        self.limits = limits
        self._engine = Engine(limits, state, entries, client_id)
        self._durability = Durability()
        self._writers = Writers(writers or {}, self._engine.client_id)
        self._sessions = Sessions()
        self._presence = Presence(limits, self._sessions)
        self._outgoing = Outgoing(limits, self._sessions, self._writers)
        self._intake = Intake(
            limits, self._engine, self._durability, self._writers, self._sessions, self._presence, self._outgoing
        )
        self._own_changes = OwnChanges(self._engine, self._durability, self._writers, self._outgoing)
        self._processes = Processes(
            limits, self._engine, self._durability, self._writers, self._presence, self._intake, self._own_changes
        )
        self._is_storage_failing = False
        self._is_large = self._engine.is_large()
        self._resync_at_ms = now_ms + _FIRST_RESYNC_MS

    @property
    def awareness(self) -> Awareness:
        return self._presence.awareness

    @property
    def session_ids(self) -> Iterable[str]:
        return self._sessions

    @property
    def last_token(self) -> int:
        return self._durability.last_token

    @property
    def committed_token(self) -> int:
        return self._durability.committed_token

    @property
    def has_gap(self) -> bool:
        return self._intake.has_gap

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
        is_seen: bool = True,
    ) -> list[Effect]:
        """Let a session in. It may be rejected at once; afterwards give `receive` whatever it sends."""
        if len(self._sessions) >= self.limits.sessions:
            return [Reject(session_id, "unavailable", "too many people have this open")]
        self._sessions.add(session_id, Session(codec, user_id, identity or {}, can_write, is_seen))
        return []

    def disconnect(self, session_id: str, now_ms: float) -> list[Effect]:
        """The session is gone. Its updates that were received stay; those that waited aside for it stay too."""
        if not self._sessions.remove(session_id):
            return []
        return self._presence.remove_session(session_id, now_ms)

    def set_seen(self, session_id: str, is_seen: bool, now_ms: float) -> list[Effect]:
        """Whether others see the session's carets and that it is here (rule AW9); it sees the others in any case."""
        session = self._sessions.get(session_id)
        if session is None or session.is_seen == is_seen:
            return []
        return self._presence.set_seen(session_id, session, is_seen, now_ms)

    def set_can_write(self, session_id: str, can_write: bool) -> list[Effect]:
        """The role changed while the session was open; it works from the next message on.

        Once all persisted so far is durable, nothing of a session that may not write any more comes into the log.
        """
        session = self._sessions.get(session_id)
        if session is None or session.can_write == can_write:
            return []
        session.can_write = can_write
        if not can_write:
            session.is_answer_refused |= session.is_answering
            self._intake.forget_waiting(session_id)
        frame = session.codec.scope(can_write)
        effects: list[Effect] = [Send(session_id, frame)] if frame else []
        self._intake.bind_speakers(self.awareness.clients_of(session_id), effects)
        return effects

    def resync(self, session_id: str, now_ms: float) -> list[Effect]:
        """The session lost broadcasts because it was too slow and can take bytes again: bring it up to date."""
        session = self._sessions.get(session_id)
        if session is None or not session.is_synced:
            return []
        effects: list[Effect] = [
            Send(session_id, session.codec.prefix + update_body(self._engine.state_since(session.state_vector)))
        ]
        effects += self._presence.show(session_id, session)
        self._own_changes.announce_early(effects, now_ms)
        return effects

    def receive(
        self, session_id: str, message: DocMessage, now_ms: float, *, more_follows: bool = False
    ) -> list[Effect]:
        """Handle one message. What breaks the protocol or a limit rejects this session and nobody else.

        `more_follows`: what this brings is not sent at once but together with what comes next; the caller calls
        `handle_deadline` when the last one was given. Raise EngineFailure when the document has to be discarded.
        """
        session = self._sessions.get(session_id)
        effects: list[Effect] = []
        if session is None:
            return effects
        self._intake.more_follows = more_follows
        try:
            self._intake.integrate_gathered(effects, now_ms)
            if isinstance(message, Update):
                self._receive_update(session_id, session, message, effects, now_ms)
            elif isinstance(message, AwarenessUpdate):
                effects.extend(self._presence.receive(session_id, session, message.update, now_ms))
                self._intake.bind_claims(effects)
            elif isinstance(message, SyncStep1):
                self._receive_step1(session_id, session, message.state_vector, effects, now_ms)
            elif isinstance(message, SyncStep2):
                self._receive_update(session_id, session, message, effects, now_ms)
            elif isinstance(message, QueryAwareness):
                effects.extend(self._presence.show(session_id, session))
            # Stateless messages are the hub's to send; what clients say that way has no meaning yet.
        except ProtocolError as error:
            self._intake.reject(session_id, error, effects, now_ms)
        return effects

    def gather(self, session_id: str, update: bytes) -> bool:
        """Take an update for the end of a round, if it is an ordinary keystroke; if not, give it to `receive`.

        All of a round are integrated, persisted and broadcast together, by `end_round`. Until then only `gather`,
        `receive` and `disconnect` may be called.
        """
        session = self._sessions.get(session_id)
        return session is not None and self._intake.gather(session_id, session, update)

    def end_round(self, now_ms: float) -> list[Effect]:
        """What was gathered, and what is due. Raise EngineFailure when the document has to be discarded."""
        effects: list[Effect] = []
        self._intake.more_follows = True
        self._intake.integrate_gathered(effects, now_ms)
        self._outgoing.handle_deadline(effects, now_ms + _ROUND_EARLY_MS)
        effects.extend(self.handle_deadline(now_ms))
        return effects

    def suspicious_update(self, session_id: str, message: DocMessage, from_bytes: int) -> bytes | None:
        """The update of a message that had better be tried on a copy of the document first (rules CN)."""
        session = self._sessions.get(session_id)
        if session is None or not session.can_write or not isinstance(message, Update | SyncStep2):
            return None
        update = message.update
        if update == EMPTY_UPDATE:
            return None
        if len(update) > from_bytes:
            return update
        try:
            is_answer = isinstance(message, SyncStep2)
            header = self._engine.scan(
                update, self.limits.first_sync_structs if is_answer else self.limits.update_structs
            )
        except ProtocolError:
            # It will be refused without the engine.
            return None
        if not header.follows(self._engine.clocks):
            return update
        is_long_to_read = self._engine.encoded_bytes > from_bytes and not self._engine.can_tell_depths(header)
        return update if is_long_to_read else None

    def was_tried(self, update: bytes, header: UpdateHeader, depths: Mapping[Id, int]) -> None:
        """What trying a suspicious update on a copy found. Call it right before `receive`, with the same bytes, or
        before its first slice, and then before each slice with that. Raise ProtocolError: there is no room for it.
        """
        self._engine.check_size(len(update))
        self._engine.learn(update, header, depths)

    @property
    def writers(self) -> dict[int, str | None]:
        """Which user each client id is bound to (rules AU); None: the hub itself."""
        return self._writers.all()

    # Changes made by the hub

    def edit(
        self, change: Callable[[pycrdt.Doc[Any]], Result], *, user_id: str | None, now_ms: float
    ) -> tuple[Result, int, list[Effect]]:
        """Let the hub change the document. Sessions hear of it once `committed(token)` says that it is durable.

        A change that raises must not have touched the document; one that did has broken this LiveDoc: discard it.
        """
        return self._own_changes.edit(change, user_id)

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
        self._outgoing.acknowledge(commit.acknowledged, effects, now_ms)
        self._own_changes.announce(commit.announced, effects, now_ms)
        if commit.durable:
            effects.append(Publish(encode_peer_message(PeerDurable(commit.durable))))
        if self._is_storage_failing:
            self._is_storage_failing = False
            effects.extend(self._sessions.tell(_WORKS))
        return effects

    def commit_failed(self) -> list[Effect]:
        """Storage refused, or takes long; the caller keeps the updates and tries again. Sessions that can show it are
        told once, and those who come meanwhile when they come.
        """
        effects: list[Effect] = []
        if not self._is_storage_failing:
            self._is_storage_failing = True
            effects.extend(self._sessions.tell(_FAILING))
        return effects

    # Other processes

    def receive_peer(self, message: bytes, now_ms: float) -> list[Effect]:
        """Handle a Publish of another process that has this document open. Raise ProtocolError: ignore that message."""
        return self._processes.receive(message, now_ms)

    def receive_stored(
        self, state: bytes | None, entries: Sequence[bytes], writers: Mapping[int, str | None], now_ms: float
    ) -> list[Effect]:
        """Take what is stored, as it was given when this was made: what other processes stored may not have been heard.

        Raise ProtocolError when the stored bytes are malformed.
        """
        return self._processes.receive_stored(state, entries, writers, now_ms)

    def ask_peers(self) -> list[Effect]:
        """Ask whoever else has this document open for what is missing here. Call it after loading."""
        return [self._intake.ask_peers()]

    # Time

    def next_deadline(self) -> float | None:
        """When `handle_deadline` wants to be called; ask again after every call."""
        deadlines = [
            at
            for at in (self._resync_at_ms, *self._outgoing.deadlines(), *self._presence.deadlines())
            if at is not None
        ]
        return min(deadlines) if deadlines else None

    def handle_deadline(self, now_ms: float) -> list[Effect]:
        effects: list[Effect] = []
        self._outgoing.handle_deadline(effects, now_ms)
        effects.extend(self._presence.handle_deadline(now_ms))
        self._intake.bind_claims(effects)
        if self._resync_at_ms <= now_ms:
            self._resync_at_ms = now_ms + self.limits.resync_interval_ms
            effects.append(self._intake.ask_peers())
        return effects

    # Inside

    def _receive_step1(
        self, session_id: str, session: Session, state_vector: bytes, effects: list[Effect], now_ms: float
    ) -> None:
        decode_state_vector(state_vector)
        prefix = session.codec.prefix
        effects.append(Send(session_id, prefix + sync_step2_body(self._engine.state_since(state_vector))))
        # A Hocuspocus provider counts on being asked back each time: the acknowledgement of its step 2 ends "saving".
        if not session.is_synced or session.codec.protocol == "hocuspocus":
            self._intake.ask(session_id, session, effects)
        if not session.is_synced:
            self._sessions.hears_from_now_on(session)
            effects.extend(self._presence.show(session_id, session))
            if self._is_storage_failing:
                effects.extend(_say(session_id, session, _FAILING))
            if self._is_large:
                effects.extend(_say(session_id, session, _LARGE))
        session.state_vector = state_vector
        self._own_changes.announce_early(effects, now_ms)

    def _receive_update(
        self, session_id: str, session: Session, message: Update | SyncStep2, effects: list[Effect], now_ms: float
    ) -> None:
        """Take an update, or a step 2, in slices or whole: everything of the session that our step 1 did not name."""
        limits, update = self.limits, message.update
        whole = isinstance(message, SyncStep2)
        more_follows = isinstance(message, SyncStep2) and message.more_follows
        header = self._engine.scan(update, limits.first_sync_structs if whole else limits.update_structs)
        if header.bends_time(self._engine.clocks):
            raise ProtocolError("invalid", "an update refers to its own future")
        is_answer = whole and session.was_asked
        if whole:
            session.was_asked = session.was_asked and more_follows
            # It leaves out what our step 1 said is here. Some of that may be on no disk yet but another process's, and
            # the acknowledgement of a step 2 says "all of yours is saved".
            self._durability.persist_unconfirmed(effects)
        # Of an answer in slices all is taken or refused, also when the role came back before the last one.
        is_refused = whole and session.is_answer_refused
        if whole:
            session.is_answering = more_follows
            session.is_answer_refused &= more_follows
        if header.is_empty and not is_refused:
            if not more_follows:
                self._intake.acknowledge(session_id, effects)
        elif not session.can_write or is_refused:
            # A reader's answer to our step 1 lists deletions it was told of; only news are refused.
            if whole and not is_refused and self._engine.has(header):
                if self._durability.heard_from_peers and header.deletions:
                    # Made while the session might still write, they may be on no disk: no clock tells.
                    self._durability.persist(update, header, None, {}, effects)
                if not more_follows:
                    self._intake.acknowledge(session_id, effects)
            elif not more_follows:
                effects.append(Send(session_id, session.codec.refused("You may read this, but not change it.")))
            else:
                session.is_answer_refused = True
        else:
            arrived = Arrived(update, header, session_id, session.user_id, is_answer, more_follows)
            self._intake.check_writer(arrived)
            self._engine.check_size(len(update))
            if not self._is_large and self._engine.is_large(len(update)):
                self._is_large = True
                effects.extend(self._sessions.tell(_LARGE))
            self._intake.place(arrived, effects, now_ms)


def _say(session_id: str, session: Session, text: str) -> list[Effect]:
    frame = session.codec.stateless(text)
    return [Send(session_id, frame)] if frame else []
