"""One call of `DocLog.append` or `append_all`, as it waits for the commit that it will share with others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Append:
    content_id: str
    entries: Sequence[tuple[bytes, str | None]]
    """Updates, each with the user it came from; None: the hub itself."""
    at_ms: int
    writers: Mapping[int, str | None] = field(default_factory=dict)


def counts(appends: Iterable[Append]) -> dict[str, int]:
    """How many seqs each content needs."""
    needed: dict[str, int] = {}
    for append in appends:
        needed[append.content_id] = needed.get(append.content_id, 0) + len(append.entries)
    return needed


def bindings(appends: Iterable[Append]) -> list[tuple[str, int, str | None]]:
    """Content, client id and user of every binding; the first one of a client id counts."""
    bound: dict[tuple[str, int], str | None] = {}
    for append in appends:
        for client_id, user_id in append.writers.items():
            bound.setdefault((append.content_id, client_id), user_id)
    return [(content_id, client_id, user_id) for (content_id, client_id), user_id in bound.items()]
