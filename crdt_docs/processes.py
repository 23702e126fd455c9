"""The other processes that have a document open: what they tell, and what they stored and did not tell (PE7, PE10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crdt_docs.compaction import continue_log
from crdt_docs.durability import Durability
from crdt_docs.effects import Effect, Publish
from crdt_docs.encoding import decode_state_vector
from crdt_docs.engine import Engine
from crdt_docs.gaps import Arrived
from crdt_docs.intake import Intake
from crdt_docs.limits import Limits
from crdt_docs.own_changes import OwnChanges
from crdt_docs.peer_messages import (
    PeerAwareness,
    PeerStateVector,
    PeerUpdate,
    encode_peer_message,
    read_peer_message,
)
from crdt_docs.presence import Presence
from crdt_docs.update_header import EMPTY_UPDATE
from crdt_docs.writers import Writers


class Processes:
    def __init__(
        self,
        limits: Limits,
        engine: Engine,
        durability: Durability,
        writers: Writers,
        presence: Presence,
        intake: Intake,
        own_changes: OwnChanges,
    ) -> None:
        self._limits = limits
        self._engine = engine
        self._durability = durability
        self._writers = writers
        self._presence = presence
        self._intake = intake
        self._own_changes = own_changes

    def receive(self, message: bytes, now_ms: float) -> list[Effect]:
        """Raise ProtocolError: ignore that message."""
        effects: list[Effect] = []
        peer = read_peer_message(message)
        if isinstance(peer, PeerUpdate):
            header = self._engine.scan(peer.update, self._limits.first_sync_structs)
            self._writers.learn(peer.writers)
            if not header.is_empty:
                arrived = Arrived(peer.update, header, writers=peer.writers, is_durable=peer.is_durable)
                self._place(arrived, effects, now_ms)
        elif isinstance(peer, PeerAwareness):
            effects.extend(self._presence.receive_remote(peer.update, now_ms))
        elif isinstance(peer, PeerStateVector):
            self._durability.heard_from_peers = True
            self._answer(peer.state_vector, effects)
            self._own_changes.announce_early(effects, now_ms)
        else:
            self._durability.confirm(peer.clocks)
        return effects

    def receive_stored(
        self, state: bytes | None, entries: Sequence[bytes], writers: Mapping[int, str | None], now_ms: float
    ) -> list[Effect]:
        """What LiveDoc.receive_stored does."""
        effects: list[Effect] = []
        news = self._engine.news_of(continue_log(state, entries, self._limits).state)
        header = self._engine.scan(news)
        self._writers.learn(dict(writers))
        if not header.is_empty:
            self._place(Arrived(news, header, writers=dict(writers), is_durable=True), effects, now_ms)
        return effects

    def _place(self, arrived: Arrived, effects: list[Effect], now_ms: float) -> None:
        self._intake.more_follows = False
        self._intake.place(arrived, effects, now_ms)

    def _answer(self, state_vector: bytes, effects: list[Effect]) -> None:
        theirs = decode_state_vector(state_vector)
        missing = self._engine.state_since(state_vector)
        if missing != EMPTY_UPDATE:
            news = [client for client, clock in self._engine.clocks.items() if clock > theirs.get(client, 0)]
            effects.append(Publish(encode_peer_message(PeerUpdate(missing, self._writers.among(news)))))
        if any(clock > self._engine.clocks.get(client, 0) for client, clock in theirs.items()):
            effects.append(self._intake.ask_peers())
