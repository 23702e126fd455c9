"""Who is seen in a document: awareness on its way in, paced by session, and on its way out, gathered by tick."""

from __future__ import annotations

from dataclasses import dataclass, field

from crdt_docs.awareness import Awareness, Entry, read_awareness
from crdt_docs.effects import Effect, Publish, Send
from crdt_docs.limits import Limits
from crdt_docs.peer_messages import PeerAwareness, encode_peer_message
from crdt_docs.sessions import Session, Sessions
from crdt_docs.sync_codec import awareness_body
from crdt_docs.ticks import Tick

_EXPIRY_CHECK_MS = 500.0
"""Looking twice a second at most is exact enough for a time-out of thirty."""


@dataclass(slots=True)
class _Pace:
    tokens: float
    refilled_at_ms: float
    held: dict[int, Entry] = field(default_factory=dict)
    """The newest word about each client of a session that speaks too often."""


class Presence:
    def __init__(self, limits: Limits, sessions: Sessions) -> None:
        self.awareness = Awareness(limits)
        self._limits = limits
        self._sessions = sessions
        self._tick = Tick()
        self._paces: dict[str, _Pace] = {}
        self._expiry_check_at_ms: float | None = None
        self._release_at_ms: float | None = None

    def deadlines(self) -> tuple[float | None, ...]:
        return self._tick.at_ms, self._expiry_check_at_ms, self._release_at_ms

    def receive(self, session_id: str, session: Session, update: bytes, now_ms: float) -> list[Effect]:
        """Take a session's word, now or when its pace allows. Raise ProtocolError."""
        entries = read_awareness(update, self._limits)
        # Stock clients echo what they hear of others; that is no word of theirs and costs them nothing.
        own = [entry for entry in entries if not self.awareness.is_anothers(entry.client, session_id, session.user_id)]
        if not own or not session.is_seen:
            return []
        limits = self._limits
        pace = self._paces.get(session_id)
        if pace is None:
            pace = self._paces[session_id] = _Pace(limits.awareness_burst, now_ms)
        waited_s = (now_ms - pace.refilled_at_ms) / 1000.0
        pace.tokens = min(limits.awareness_burst, pace.tokens + waited_s * limits.awareness_per_s)
        pace.refilled_at_ms = now_ms
        if pace.tokens < 1.0 or pace.held:
            for entry in own:
                if entry.client in pace.held or len(pace.held) < limits.awareness_clients_per_session:
                    pace.held[entry.client] = entry
            if self._release_at_ms is None:
                self._release_at_ms = now_ms + 1000.0 / limits.awareness_per_s
            return []
        pace.tokens -= 1.0
        self.awareness.receive(session_id, session.user_id, session.identity, own, now_ms)
        return self._changed(now_ms)

    def receive_remote(self, update: bytes, now_ms: float) -> list[Effect]:
        """What another process says of those it serves. Raise ProtocolError."""
        self.awareness.receive_remote(read_awareness(update, self._limits), now_ms)
        return self._changed(now_ms)

    def remove_session(self, session_id: str, now_ms: float) -> list[Effect]:
        self._paces.pop(session_id, None)
        self.awareness.remove_session(session_id, now_ms)
        return self._changed(now_ms)

    def set_seen(self, session_id: str, session: Session, is_seen: bool, now_ms: float) -> list[Effect]:
        """From now on others hear of it, once it speaks again; or it is gone for them, whatever it says."""
        session.is_seen = is_seen
        return [] if is_seen else self.remove_session(session_id, now_ms)

    def show(self, session_id: str, session: Session) -> list[Effect]:
        """Tell a session who is there."""
        update = self.awareness.full_state()
        return [Send(session_id, session.codec.prefix + awareness_body(update))] if update is not None else []

    def handle_deadline(self, now_ms: float) -> list[Effect]:
        effects: list[Effect] = []
        if self._release_at_ms is not None and self._release_at_ms <= now_ms:
            self._release(now_ms)
            effects += self._changed(now_ms)
        if self._expiry_check_at_ms is not None and self._expiry_check_at_ms <= now_ms:
            self._expiry_check_at_ms = None
            self.awareness.expire(now_ms)
            effects += self._changed(now_ms)
        if self._tick.is_due(now_ms):
            effects += self._flush(now_ms)
        return effects

    def _release(self, now_ms: float) -> None:
        self._release_at_ms = None
        for session_id, pace in self._paces.items():
            session = self._sessions.get(session_id)
            if pace.held and session is not None:
                self.awareness.receive(session_id, session.user_id, session.identity, pace.held.values(), now_ms)
                pace.held.clear()
                pace.tokens, pace.refilled_at_ms = 0.0, now_ms

    def _changed(self, now_ms: float) -> list[Effect]:
        if self._expiry_check_at_ms is None and (expiry := self.awareness.next_expiry_ms()) is not None:
            self._expiry_check_at_ms = max(expiry, now_ms + _EXPIRY_CHECK_MS)
        if self.awareness.has_changes and self._tick.wanted(now_ms):
            return self._flush(now_ms)
        return []

    def _flush(self, now_ms: float) -> list[Effect]:
        self._tick.done(now_ms, self._limits.awareness_interval_ms(len(self._sessions)))
        everyone, ours = self.awareness.take_changes()
        effects = list(self._sessions.broadcast(awareness_body(everyone)))
        if ours:
            effects.append(Publish(encode_peer_message(PeerAwareness(ours))))
        return effects
