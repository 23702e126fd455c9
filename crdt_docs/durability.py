"""What has to reach the disk before what may be said: tokens, acknowledgements, and updates only another process has.

Rules PE in SPEC.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from crdt_docs.effects import Effect, Persist
from crdt_docs.update_header import UpdateHeader
from crdt_docs.writers import Bindings

_UNCONFIRMED_BYTES = 1 << 20
"""Beyond this the updates of other processes are stored here too, rather than remembered until they say "durable"."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What may be said now that a commit is done."""

    acknowledged: list[str]
    """Sessions, once for each of their updates."""
    announced: list[bytes]
    """Changes by the hub, which are broadcast only now."""
    durable: dict[int, int]
    """Clocks that other processes need not worry about any more."""


@dataclass(slots=True)
class Durability:
    last_token: int = 0
    committed_token: int = 0
    heard_from_peers: bool = False
    _acknowledgements: deque[tuple[int, str]] = field(default_factory=deque)
    _announcements: deque[tuple[int, bytes]] = field(default_factory=deque)
    _persisted: deque[tuple[int, UpdateHeader]] = field(default_factory=deque)
    _unconfirmed: list[tuple[UpdateHeader, bytes, Bindings]] = field(default_factory=list)

    def persist(
        self, update: bytes, header: UpdateHeader, user_id: str | None, writers: Bindings, effects: list[Effect]
    ) -> None:
        """Ask for an update to be stored, behind everything it leans on that may be on no disk yet."""
        if any(_leans_on(header, theirs) for theirs, _, _ in self._unconfirmed):
            self.persist_unconfirmed(effects)
        self._ask(update, user_id, writers, effects)
        if self.heard_from_peers:
            self._persisted.append((self.last_token, header))

    def announce_when_durable(self, update: bytes) -> None:
        """The update persisted last is broadcast when it is durable."""
        self._announcements.append((self.last_token, update))

    def take_announcements(self) -> list[bytes]:
        """What waits to be announced, if it is to be broadcast at once after all."""
        waiting = [update for _, update in self._announcements]
        self._announcements.clear()
        return waiting

    def acknowledge_when_durable(self, session_id: str) -> bool:
        """Whether everything asked for so far is durable, so that the session may be told at once; else it waits."""
        if self.last_token <= self.committed_token:
            return True
        self._acknowledgements.append((self.last_token, session_id))
        return False

    def commit(self, token: int) -> Commit:
        self.committed_token = max(self.committed_token, token)
        acknowledged = []
        while self._acknowledgements and self._acknowledgements[0][0] <= self.committed_token:
            acknowledged.append(self._acknowledgements.popleft()[1])
        announced = []
        while self._announcements and self._announcements[0][0] <= self.committed_token:
            announced.append(self._announcements.popleft()[1])
        durable: dict[int, int] = {}
        while self._persisted and self._persisted[0][0] <= self.committed_token:
            self._persisted.popleft()[1].advance(durable)
        return Commit(acknowledged, announced, durable)

    def remember_unconfirmed(
        self, update: bytes, header: UpdateHeader, writers: Bindings, effects: list[Effect]
    ) -> None:
        """An update of another process, which may die before it stores it.

        Then what was written on top of it here would be stored with a hole below it, and could not be read.
        """
        self.heard_from_peers = True
        if header.ranges:
            self._unconfirmed.append((header, update, writers))
            if sum(len(waiting) for _, waiting, _ in self._unconfirmed) > _UNCONFIRMED_BYTES:
                self.persist_unconfirmed(effects)

    def confirm(self, durable: Mapping[int, int]) -> None:
        """Another process says what it made durable."""
        self._unconfirmed = [entry for entry in self._unconfirmed if not entry[0].is_known(durable)]

    def persist_unconfirmed(self, effects: list[Effect]) -> None:
        """Store everything that may be on no disk yet; storing an update twice changes nothing."""
        for _, update, writers in self._unconfirmed:
            self._ask(update, None, writers, effects)
        self._unconfirmed.clear()

    def _ask(self, update: bytes, user_id: str | None, writers: Bindings, effects: list[Effect]) -> None:
        self.last_token += 1
        effects.append(Persist(self.last_token, update, user_id, writers))


def _leans_on(header: UpdateHeader, other: UpdateHeader) -> bool:
    """Whether an update may need another: it refers to clocks that the other brings, or follows them."""
    needs = dict(header.needs)
    for client, start, _ in header.ranges:
        needs[client] = max(start, needs.get(client, 0))
    return any(needs.get(client, 0) > start for client, start, _ in other.ranges)
