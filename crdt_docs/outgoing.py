"""What waits for the next tick: updates for everybody here, acknowledgements, and a message to other processes.

Rules SY5 and PE9 in SPEC.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from crdt_docs.compaction import merge
from crdt_docs.effects import Effect, Publish
from crdt_docs.limits import Limits
from crdt_docs.peer_messages import PeerUpdate, encode_peer_message
from crdt_docs.sessions import Sessions
from crdt_docs.sync_codec import update_body
from crdt_docs.ticks import Tick
from crdt_docs.writers import Writers


class Outgoing:
    def __init__(self, limits: Limits, sessions: Sessions, writers: Writers) -> None:
        self._limits = limits
        self._sessions = sessions
        self._writers = writers
        self._updates: list[bytes] = []
        self._to_publish: list[bytes] = []
        self._publish_clients: set[int] = set()
        self._acknowledged: list[str] = []
        self._acknowledge_at_ms: float | None = None
        self._tick = Tick()

    def deadlines(self) -> tuple[float | None, ...]:
        return self._tick.at_ms, self._acknowledge_at_ms

    def broadcast(self, update: bytes) -> None:
        """Give an update to every session; call `schedule` when the last one of a call was given."""
        self._updates.append(update)

    def publish(self, update: bytes, clients: Iterable[int]) -> None:
        """Give an update, written under these client ids, to the other processes."""
        self._to_publish.append(update)
        self._publish_clients.update(clients)

    def acknowledge(self, session_ids: Iterable[str], effects: list[Effect], now_ms: float) -> None:
        """Say that updates are durable: at once, or in a class with the next broadcast, which costs nothing more."""
        if len(self._sessions) >= self._limits.busy_sessions:
            self._acknowledged += session_ids
            if self._acknowledged and self._acknowledge_at_ms is None:
                self._acknowledge_at_ms = now_ms + self._limits.acknowledge_within_ms
        else:
            for session_id in session_ids:
                effects.extend(self._sessions.acknowledge(session_id))

    def schedule(self, effects: list[Effect], now_ms: float, *, more_follows: bool) -> None:
        """After a quiet interval send what waits now, unless more follows at this moment; else when the tick ends."""
        if self._tick.wanted(now_ms) and not more_follows:
            self._flush(effects, now_ms)

    def handle_deadline(self, effects: list[Effect], now_ms: float) -> None:
        if self._tick.is_due(now_ms):
            self._flush(effects, now_ms)
        elif self._acknowledge_at_ms is not None and self._acknowledge_at_ms <= now_ms:
            self._send_acknowledgements(effects)

    def _flush(self, effects: list[Effect], now_ms: float) -> None:
        self._tick.done(now_ms, self._limits.update_interval_ms(len(self._sessions)))
        updates, to_publish = self._updates, self._to_publish
        self._updates, self._to_publish = [], []
        merged = merge(updates)
        self._send_acknowledgements(effects)
        if updates:
            effects.extend(self._sessions.broadcast(update_body(merged)))
        if to_publish:
            update = merged if to_publish == updates else merge(to_publish)
            message = PeerUpdate(update, self._writers.among(self._publish_clients))
            effects.append(Publish(encode_peer_message(message)))
            self._publish_clients.clear()

    def _send_acknowledgements(self, effects: list[Effect]) -> None:
        self._acknowledge_at_ms = None
        acknowledged, self._acknowledged = self._acknowledged, []
        for session_id in acknowledged:
            effects.extend(self._sessions.acknowledge(session_id))
