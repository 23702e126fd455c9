"""What survives a crash: the stored state, the entries after it, their history, and whose the client ids are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, Text

from crdt_docs.authorship import Authorship, Entry, authorship, continue_history
from crdt_docs.compaction import compact, continue_log
from crdt_docs.effects import Persist
from crdt_docs.limits import Limits

LIMITS = Limits(
    tick_ms=20.0, resync_interval_ms=2_000.0, awareness_timeout_ms=3_000.0, awareness_per_s=5.0, awareness_burst=3.0
)


class Log:
    def __init__(self) -> None:
        self.state: bytes | None = None
        self.entries: list[Entry] = []
        self.history: bytes | None = None
        self.writers: dict[int, str | None] = {}
        self.refuses = False

    @property
    def updates(self) -> list[bytes]:
        return [entry.update for entry in self.entries]

    def append(self, batch: Sequence[Persist], at_ms: float) -> None:
        self.entries += [Entry(effect.update, effect.user_id, int(at_ms)) for effect in batch]
        for effect in batch:
            self.writers = {**effect.writers, **self.writers}

    def compact(self) -> None:
        state = compact(self.state, self.updates, LIMITS)
        if state is not None:
            self.history = continue_history(self.history, self.entries, LIMITS).encode()
            self.state, self.entries = state, []

    def text(self) -> str:
        doc: Doc[Any] = Doc()
        doc.apply_update(continue_log(self.state, self.updates, LIMITS).state)
        return str(doc.get("t", type=Text))

    def authorship(self) -> Authorship:
        state = continue_log(self.state, self.updates, LIMITS).state
        return authorship(state, self.history, self.entries, self.writers, LIMITS)
