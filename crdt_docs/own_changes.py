"""What the hub itself writes in a document: stored first, then told to everybody (rule PE5 in SPEC.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pycrdt

from crdt_docs.durability import Durability
from crdt_docs.effects import Effect, Publish
from crdt_docs.engine import Engine
from crdt_docs.outgoing import Outgoing
from crdt_docs.peer_messages import PeerUpdate, encode_peer_message
from crdt_docs.update_header import EMPTY_UPDATE
from crdt_docs.writers import Writers

Result = TypeVar("Result")


class OwnChanges:
    def __init__(self, engine: Engine, durability: Durability, writers: Writers, outgoing: Outgoing) -> None:
        self._engine = engine
        self._durability = durability
        self._writers = writers
        self._outgoing = outgoing

    def edit(
        self, change: Callable[[pycrdt.Doc[Any]], Result], user_id: str | None
    ) -> tuple[Result, int, list[Effect]]:
        """What LiveDoc.edit does."""
        result, update = self._engine.edit(change)
        effects: list[Effect] = []
        if update != EMPTY_UPDATE:
            header = self._engine.scan(update)
            writers = self._writers.bind({client for client, _, _ in header.ranges}, None)
            self._durability.persist(update, header, user_id, writers, effects)
            self._durability.announce_when_durable(update)
        return result, self._durability.last_token, effects

    def announce(self, durable: Iterable[bytes], effects: list[Effect], now_ms: float) -> None:
        """Tell everybody, here and in other processes, what is on the disk now."""
        writers = self._writers.among((self._engine.client_id,))
        updates = list(durable)
        for update in updates:
            self._outgoing.broadcast(update)
            effects.append(Publish(encode_peer_message(PeerUpdate(update, writers, is_durable=True))))
        if updates:
            self._outgoing.schedule(effects, now_ms, more_follows=False)

    def announce_early(self, effects: list[Effect], now_ms: float) -> None:
        """Broadcast what is not durable yet: somebody was just sent the whole document.

        What they write next to it must not reach the others before it.
        """
        waiting = self._durability.take_announcements()
        for update in waiting:
            self._outgoing.broadcast(update)
            self._outgoing.publish(update, (self._engine.client_id,))
        if waiting:
            self._outgoing.schedule(effects, now_ms, more_follows=False)
