"""What one peer may send and one document may hold. Every limit has a test and is answered, never ignored."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Defaults fit a class of 30 on one small machine; a figure's reason stands beside it."""

    update_bytes: int = 256 << 10
    """One change of a member. A page of pasted text is 5 KB; pictures are files and travel by another door."""
    first_sync_bytes: int = 16 << 20
    """What somebody brings back after working offline."""
    update_structs: int = 20_000
    first_sync_structs: int = 500_000
    document_warn_bytes: int = 5 << 20
    """Opening it takes long on a tired laptop; people are told, so that they begin another one."""
    document_bytes: int = 20 << 20
    nesting: int = 32
    """Values inside values. The engine's recursion kills the process from about 30,000 levels on."""
    type_nesting: int = 64
    """Shared types inside shared types: lists in quotes in lists. The engine dies of some thousands of arrays."""
    name_bytes: int = 1 << 10
    """Root names, map keys, element names, attribute and mark names."""
    awareness_message_bytes: int = 256 << 10
    """A stock client answers a query with every state it knows: 500 sessions of about 500 bytes."""
    awareness_state_bytes: int = 4 << 10
    awareness_per_s: float = 5.0
    """Words of one session about its own cursor; of what comes faster only the newest counts, a moment later."""
    awareness_burst: float = 20.0
    awareness_clients_per_session: int = 8
    """A tab has one client id; it gets a new one when its document is rebuilt."""
    sessions: int = 500
    aside_bytes: int = 4 << 20
    """Updates that wait for a change which has not arrived."""
    aside_updates: int = 10_000
    token_bytes: int = 4 << 10
    stateless_bytes: int = 64 << 10
    tick_ms: float = 15.0
    """Changes within a tick travel as one message. Below 20 ms nobody notices; it is worth more than the language."""
    awareness_tick_ms: float = 60.0
    """Cursors may lag a little more than letters."""
    busy_sessions: int = 12
    """From so many on, what a tick costs is mostly its frames, one for each session: ticks become longer."""
    busy_tick_ms: float = 25.0
    round_ms: float = 30.0
    """How often the sockets of so many are read. A little more than a tick, so that each round ends with one."""
    busy_awareness_tick_ms: float = 150.0
    acknowledge_within_ms: float = 60.0
    """In a document so busy an acknowledgement waits so long at most for a broadcast to travel with."""
    awareness_timeout_ms: float = 30_000.0
    """y-protocols/awareness.js outdatedTimeout: clients renew every 15 s."""
    resync_interval_ms: float = 30_000.0
    """How often processes that share a document compare what they have."""

    def update_interval_ms(self, sessions: int) -> float:
        """How long changes gather for so many sessions, counted from the last ones that were sent."""
        return max(self.tick_ms, self.busy_tick_ms) if sessions >= self.busy_sessions else self.tick_ms

    def awareness_interval_ms(self, sessions: int) -> float:
        """The same for cursors."""
        if sessions >= self.busy_sessions:
            return max(self.awareness_tick_ms, self.busy_awareness_tick_ms)
        return self.awareness_tick_ms
