"""A client of the simulated network: a pycrdt document behind the rules that a Yjs client follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, Text

from crdt_docs.compaction import continue_log, merge
from crdt_docs.update_header import EMPTY_UPDATE
from tests.simulation.client_awareness import ClientAwareness
from tests.simulation.durable_log import LIMITS


@dataclass
class Client:
    """Integrates as Yjs does: what can't be integrated yet waits, merged, for what comes."""

    name: str
    client_id: int
    doc: Doc[Any]
    text: Text
    seen: ClientAwareness
    session: str | None = None
    may_write: bool = True
    was_reader: bool = False
    waiting: list[bytes] = field(default_factory=list)
    has_returned: bool = False
    """It has answered the hub's step 1 on this connection; before, what was written while away is not on its way."""
    unacknowledged: int = 0
    """Frames the hub owes a SyncStatus. As in the stock provider, only zero says that everything is saved."""
    typed: set[str] = field(default_factory=set)
    unsaved: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    outgoing: list[bytes] = field(default_factory=list)

    def integrate(self, update: bytes) -> None:
        if update == EMPTY_UPDATE:
            return
        before = self.doc.get_state()
        known = continue_log(self.doc.get_update(), [*self.waiting, update], LIMITS)
        if len(known.aside) > 1:
            # Two may wait for each other: Yjs takes what waits piece by piece.
            known = continue_log(known.state, [merge(known.aside)], LIMITS)
        ready = _missing(known.state, before)
        self.waiting = known.aside
        if ready != EMPTY_UPDATE:
            self.doc.apply_update(ready)
        self.outgoing.clear()


def make_client(number: int) -> Client:
    doc: Doc[Any] = Doc(client_id=100 + number)
    name = f"client{number}"
    seen = ClientAwareness(100 + number, name, LIMITS)
    client = Client(name, 100 + number, doc, doc.get("t", type=Text), seen)
    doc.observe(lambda event: client.outgoing.append(event.update))
    return client


def _missing(update: bytes, state_vector: bytes) -> bytes:
    """The part of an update that a document with this state vector lacks."""
    doc: Doc[Any] = Doc()
    doc.apply_update(update)
    return doc.get_update(state_vector)
