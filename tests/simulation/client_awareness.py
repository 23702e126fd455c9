"""Who a simulated client sees, by the rules of y-protocols/awareness.js."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from crdt_docs.awareness import GONE, Entry, encode_awareness, read_awareness
from crdt_docs.limits import Limits


@dataclass
class ClientAwareness:
    """`renew` when its time has come; `say` gives the message for the hub, `hear` takes one of the hub's."""

    client_id: int
    name: str
    limits: Limits
    cursor: int = 0
    clock: int = 1
    said_at_ms: float = 0.0
    others: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Clock and state of everybody else; a state of `null` is somebody who left."""

    def say(self) -> bytes:
        # Everybody claims to be Eve; the hub knows better.
        state = {"cursor": self.cursor, "user": {"id": "eve", "colour": self.name}}
        return encode_awareness([Entry(self.client_id, self.clock, json.dumps(state))])

    def move(self, cursor: int, now_ms: float) -> bytes:
        self.cursor = cursor
        self.clock += 1
        self.said_at_ms = now_ms
        return self.say()

    def must_renew(self, now_ms: float) -> bool:
        return now_ms - self.said_at_ms >= self.limits.awareness_timeout_ms / 2

    def hear(self, update: bytes) -> bool:
        """Whether somebody said that this very client has left: then it says at once that it has not."""
        contradicted = False
        for entry in read_awareness(update, self.limits):
            if entry.client == self.client_id:
                if entry.clock > self.clock or (entry.clock == self.clock and entry.state == GONE):
                    self.clock = entry.clock
                    contradicted |= entry.state == GONE
                continue
            clock, state = self.others.get(entry.client, (0, GONE))
            if entry.clock > clock or (entry.clock == clock and entry.state == GONE and state != GONE):
                self.others[entry.client] = (entry.clock, entry.state)
        return contradicted

    def present(self) -> dict[int, Any]:
        return {client: json.loads(state) for client, (_, state) in self.others.items() if state != GONE}
