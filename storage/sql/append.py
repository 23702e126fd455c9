"""One call of `DocLog.append`, as it waits for the commit that it will share with others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Append:
    content_id: str
    updates: Sequence[bytes]
    user_id: str | None
    at_ms: int


def counts(appends: Iterable[Append]) -> dict[str, int]:
    """How many seqs each content needs."""
    needed: dict[str, int] = {}
    for append in appends:
        needed[append.content_id] = needed.get(append.content_id, 0) + len(append.updates)
    return needed
