"""The way of an update into the document: whose it is, what it continues, what is stored and told (GA, AU, SY9)."""

from __future__ import annotations

from collections.abc import Iterable

from crdt_docs.compaction import merge
from crdt_docs.durability import Durability
from crdt_docs.effects import Effect, Publish, Reject, Send
from crdt_docs.engine import Engine
from crdt_docs.errors import EngineFailure, ProtocolError
from crdt_docs.gaps import Arrived, Gaps
from crdt_docs.keystroke import read_keystroke
from crdt_docs.limits import Limits
from crdt_docs.outgoing import Outgoing
from crdt_docs.peer_messages import PeerStateVector, PeerUpdate, encode_peer_message
from crdt_docs.presence import Presence
from crdt_docs.sessions import Session, Sessions
from crdt_docs.sync_codec import sync_step1_body
from crdt_docs.update_header import EMPTY_UPDATE
from crdt_docs.writers import Bindings, Writers, new_clients


class Intake:
    def __init__(
        self,
        limits: Limits,
        engine: Engine,
        durability: Durability,
        writers: Writers,
        sessions: Sessions,
        presence: Presence,
        outgoing: Outgoing,
    ) -> None:
        self._limits = limits
        self._engine = engine
        self._durability = durability
        self._writers = writers
        self._sessions = sessions
        self._presence = presence
        self._outgoing = outgoing
        self._gaps = Gaps(limits, [Arrived(update, engine.scan(update)) for update in engine.left_over])
        self._gathered: list[Arrived] = []
        self._gathered_bytes = 0
        self.more_follows = False

    @property
    def has_gap(self) -> bool:
        return bool(self._gaps)

    def check_writer(self, arrived: Arrived) -> None:
        """Raise ProtocolError when a session writes under somebody else's client id (rules AU)."""
        if arrived.user_id is None or arrived.is_answer:
            return
        for client in new_clients(arrived.header, self._engine.clocks):
            if self._is_foreign(client, arrived.user_id):
                raise ProtocolError("conflict", "somebody else writes under this client id")

    def place(self, arrived: Arrived, effects: list[Effect], now_ms: float) -> None:
        """Integrate an update, or put it aside and ask for what it builds on (rules GA)."""
        if not arrived.header.continues(self._engine.clocks):
            self._put_aside(arrived, effects)
            return
        self._integrate(arrived, effects, now_ms)
        for waiting in self._gaps.take_ready(self._engine.clocks):
            try:
                self.check_writer(waiting)
                self._integrate(waiting, effects, now_ms)
            except ProtocolError as error:
                if waiting.session_id and self._sessions.get(waiting.session_id):
                    self.reject(waiting.session_id, error, effects, now_ms)

    def reject(self, session_id: str, error: ProtocolError, effects: list[Effect], now_ms: float) -> None:
        effects.append(Reject(session_id, error.code, error.reason))
        if self._sessions.remove(session_id):
            effects.extend(self._presence.remove_session(session_id, now_ms))

    def forget_waiting(self, session_id: str) -> None:
        """Take nothing more of what a session sent before: it may not write any more."""
        self._gaps.forget(session_id)

    def acknowledge(self, session_id: str, effects: list[Effect]) -> None:
        if self._durability.acknowledge_when_durable(session_id):
            effects.extend(self._sessions.acknowledge(session_id))

    # Keystrokes of one round, integrated together

    def gather(self, session_id: str, session: Session, update: bytes) -> bool:
        """Keep an ordinary keystroke for `integrate_gathered`; False: it is no such thing, and nothing was done."""
        header = read_keystroke(update, self._limits)
        if header is None or not session.can_write or self._gaps:
            return False
        clocks = self._engine.clocks
        ((client, start, _),) = header.ranges
        if start != clocks.get(client, 0) or not header.continues(clocks):
            # It is known already, or something before it is missing.
            return False
        gathered_bytes = self._gathered_bytes + len(update)
        if self._is_foreign(client, session.user_id) or not self._engine.has_room(gathered_bytes):
            return False
        # What comes next in this round may continue it.
        header.advance(clocks)
        self._gathered.append(Arrived(update, header, session_id, session.user_id))
        self._gathered_bytes = gathered_bytes
        return True

    def integrate_gathered(self, effects: list[Effect], now_ms: float) -> None:
        """Raise EngineFailure when the document has to be discarded."""
        gathered, self._gathered, self._gathered_bytes = self._gathered, [], 0
        if not gathered:
            return
        merged = merge([arrived.update for arrived in gathered])
        if not self._engine.apply_expected(merged):
            self._integrate_each(gathered, effects, now_ms)
            return
        persist, bind = self._durability.persist, self._writers.bind
        clients = []
        for arrived in gathered:
            ((client, _, _),) = arrived.header.ranges
            clients.append(client)
            persist(arrived.update, arrived.header, arrived.user_id, bind((client,), arrived.user_id), effects)
            if arrived.session_id is not None:
                self.acknowledge(arrived.session_id, effects)
        self._outgoing.broadcast(merged)
        self._outgoing.publish(merged, clients)
        self._outgoing.schedule(effects, now_ms, more_follows=self.more_follows)

    def _integrate_each(self, gathered: list[Arrived], effects: list[Effect], now_ms: float) -> None:
        """The engine refused them together: one of them is not what it seems. Each by itself, to find whose."""
        clocks = self._engine.clocks
        for arrived in reversed(gathered):
            ((client, start, _),) = arrived.header.ranges
            clocks[client] = start
            if not start:
                del clocks[client]
        if not self._engine.is_at_its_clocks():
            # Who it was is found when the clients come back and each brings what it has.
            raise EngineFailure(None)
        for arrived in gathered:
            try:
                self.place(arrived, effects, now_ms)
            except ProtocolError as error:
                if arrived.session_id is not None:
                    self.reject(arrived.session_id, error, effects, now_ms)

    # Client ids

    def bind_claims(self, effects: list[Effect]) -> None:
        if claimed := self._presence.awareness.take_claims():
            self.bind_speakers(claimed, effects)

    def bind_speakers(self, clients: Iterable[int], effects: list[Effect]) -> None:
        self.store_bindings(self._bindings_of_speakers(clients), effects)

    def store_bindings(self, writers: Bindings, effects: list[Effect]) -> None:
        if writers:
            self._durability.persist(EMPTY_UPDATE, self._engine.scan(EMPTY_UPDATE), None, writers, effects)
            effects.append(Publish(encode_peer_message(PeerUpdate(EMPTY_UPDATE, writers))))

    # Questions

    def ask(self, session_id: str, session: Session, effects: list[Effect]) -> None:
        """Ask a session for all that is not here."""
        session.was_asked = True
        effects.append(Send(session_id, session.codec.prefix + sync_step1_body(self._engine.state_vector())))

    def ask_peers(self) -> Publish:
        return Publish(encode_peer_message(PeerStateVector(self._engine.state_vector())))

    # Inside

    def _is_foreign(self, client: int, user_id: str) -> bool:
        return self._writers.is_foreign(client, user_id, self._presence.awareness.speaker(client))

    def _put_aside(self, arrived: Arrived, effects: list[Effect]) -> None:
        self._gaps.put_aside(arrived)
        session = self._sessions.get(arrived.session_id)
        if session is None or arrived.is_answer:
            # Whoever answered has sent all it has; asked again it would say the same for ever.
            effects.append(self.ask_peers())
        elif arrived.session_id and not session.was_asked:
            self.ask(arrived.session_id, session, effects)

    def _integrate(self, arrived: Arrived, effects: list[Effect], now_ms: float) -> None:
        header = arrived.header
        writing = new_clients(header, self._engine.clocks)
        is_news = self._engine.apply(arrived.update, header, arrived.session_id)
        if is_news:
            self._outgoing.broadcast(arrived.update)
            if not arrived.is_local:
                if not arrived.is_durable:
                    self._durability.remember_unconfirmed(arrived.update, header, arrived.writers, effects)
                    if None in self._writers.among(writing).values():
                        # The hub itself wrote some of it, and nobody brings that again if the process dies.
                        self._durability.persist_unconfirmed(effects)
                self.bind_speakers(writing, effects)
        if arrived.is_local:
            # What is not news may still be nowhere on disk, if another process told us of it and then died.
            if is_news or self._durability.heard_from_peers:
                if arrived.is_answer:
                    # It may hold what others wrote; who is seen with a client id surely writes under it.
                    writers = self._bindings_of_speakers(writing)
                else:
                    writers = self._writers.bind(writing, arrived.user_id)
                self._durability.persist(arrived.update, header, arrived.user_id, writers, effects)
                self._outgoing.publish(arrived.update, (client for client, _, _ in header.ranges))
            if arrived.session_id is not None and not arrived.more_follows:
                self.acknowledge(arrived.session_id, effects)
        if is_news:
            self._outgoing.schedule(effects, now_ms, more_follows=self.more_follows)

    def _bindings_of_speakers(self, clients: Iterable[int]) -> Bindings:
        """Bind client ids that have text here, but nobody yet, to whoever speaks for them; returns what is new."""
        bound: Bindings = {}
        for client in clients:
            session = self._sessions.get(self._presence.awareness.session_of(client))
            if session is None or not session.can_write or client not in self._engine.clocks:
                continue
            if not self._writers.is_foreign(client, session.user_id, None):
                bound |= self._writers.bind([client], session.user_id)
        return bound
