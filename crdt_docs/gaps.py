"""Updates that wait for a change which has not arrived (rules GA in SPEC.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.update_header import UpdateHeader
from crdt_docs.writers import Bindings


@dataclass(slots=True)
class Arrived:
    """An update on its way into the document. Nobody changes it; frozen it would take twice as long to make."""

    update: bytes
    header: UpdateHeader
    session_id: str | None = None
    user_id: str | None = None
    is_answer: bool = False
    """It answers our step 1, so it may hold what others wrote."""
    more_follows: bool = False
    """A slice of an answer, which is acknowledged with the last one."""
    writers: Bindings = field(default_factory=dict)
    """What another process says of the client ids in it."""
    is_durable: bool = False
    """Another process says that it is on the disk."""

    @property
    def is_local(self) -> bool:
        """It came from a client here, so it is ours to persist and to publish."""
        return self.user_id is not None


class Gaps:
    def __init__(self, limits: Limits, waiting: Iterable[Arrived] = ()) -> None:
        self._limits = limits
        self._aside = list(waiting)

    def __bool__(self) -> bool:
        return bool(self._aside)

    def put_aside(self, arrived: Arrived) -> None:
        """Raise ProtocolError when too much waits; then nothing of that session does any more."""
        waiting_bytes = len(arrived.update) + sum(len(other.update) for other in self._aside)
        if len(self._aside) >= self._limits.aside_updates or waiting_bytes > self._limits.aside_bytes:
            # Nothing of it was acknowledged, so its client still has it and brings it back with the next sync.
            if arrived.session_id is not None:
                self.forget(arrived.session_id)
            raise ProtocolError("conflict", "too many changes wait for one that never came")
        self._aside.append(arrived)

    def forget(self, session_id: str) -> None:
        """What a session sent is not wanted any more; nothing of it was acknowledged."""
        self._aside = [other for other in self._aside if other.session_id != session_id]

    def take_ready(self, clocks: Mapping[int, int]) -> Iterator[Arrived]:
        """What continues these clocks. The caller integrates each before it asks for the next, so the clocks grow."""
        progress = True
        while self._aside and progress:
            waiting, self._aside, progress = self._aside, [], False
            for arrived in waiting:
                if arrived.header.continues(clocks):
                    progress = True
                    yield arrived
                else:
                    self._aside.append(arrived)
