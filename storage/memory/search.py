"""The search index in memory: reads every entry, which shows what the others have to find."""

from __future__ import annotations

import math
from collections.abc import Sequence

from storage.memory.rows import Rows, check_texts, find
from storage.records import SearchEntry, SearchKind, SearchScope, TwinspaceId, UserId
from storage.visibility import sees
from storage.words import Term, finds, folded_words, terms_of

TITLE_WEIGHT = 8


class MemorySearch:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._entries: dict[tuple[str, str], SearchEntry] = {}

    async def put(self, entries: Sequence[SearchEntry]) -> None:
        self._rows.check_open()
        for entry in entries:
            check_texts(entry.id, entry.title, entry.text, entry.place, *entry.facets)
            find(self._rows.users, entry.created_by)
            if entry.twinspace_id is not None:
                find(self._rows.twinspaces, entry.twinspace_id)
        self._entries |= {(entry.kind, entry.id): entry for entry in entries}

    async def erase(self, kind: SearchKind, entry_id: str) -> None:
        self._rows.check_open()
        self._entries.pop((kind, entry_id), None)

    async def erase_item(self, item_id: str) -> None:
        self._rows.check_open()
        self._keep([entry for entry in self._entries.values() if entry.item_id != item_id])

    async def erase_author(self, user_id: UserId) -> None:
        self._rows.check_open()
        self._keep([entry for entry in self._entries.values() if entry.created_by != user_id])

    async def clear(self) -> None:
        self._rows.check_open()
        self._keep([])

    async def find(
        self,
        query: str,
        scope: SearchScope,
        kind: SearchKind,
        *,
        facets: Sequence[str] = (),
        twinspace_id: TwinspaceId | None = None,
        limit: int,
        offset: int = 0,
    ) -> list[SearchEntry]:
        terms = terms_of(query)
        if query.strip() and not terms:
            return []
        found: list[tuple[float, SearchEntry]] = []
        for entry in self._entries.values():
            here = entry.kind == kind and twinspace_id in (None, entry.twinspace_id)
            if here and set(facets) <= set(entry.facets) and self._is_visible(entry, scope):
                rank = _rank(terms, entry)
                if rank > 0 or not terms:
                    found.append((rank, entry))
        found.sort(key=lambda one: (-one[0], -one[1].at_ms, one[1].id))
        return [entry for _, entry in found[offset : offset + limit]]

    async def times(self, kind: SearchKind, twinspace_id: TwinspaceId) -> dict[str, int]:
        here = [e for e in self._entries.values() if e.kind == kind and e.twinspace_id == twinspace_id]
        return {entry.id: entry.at_ms for entry in here}

    async def newest_at_ms(self, kind: SearchKind, twinspace_id: TwinspaceId) -> int:
        return max((await self.times(kind, twinspace_id)).values(), default=0)

    def _keep(self, entries: Sequence[SearchEntry]) -> None:
        self._entries = {(entry.kind, entry.id): entry for entry in entries}

    def _is_visible(self, entry: SearchEntry, scope: SearchScope) -> bool:
        if entry.until_ms is not None and entry.until_ms <= scope.now_ms:
            return False
        if entry.twinspace_id is None:
            return scope.at_large
        sight = scope.sights.get(entry.twinspace_id)
        if sight is None or not sees(sight, entry) or self._is_hidden(entry):
            return False
        item = dict(self._rows.items()).get(entry.item_id or "")
        return item is None or sees(sight, item)

    def _is_hidden(self, entry: SearchEntry) -> bool:
        for twinspace_id, kind, subject_id in self._rows.hidden:
            is_it = kind == entry.kind and entry.id == f"{twinspace_id}:{subject_id}"
            if kind != "message":
                is_it = subject_id in (entry.item_id, entry.id)
            if twinspace_id == entry.twinspace_id and is_it:
                return True
        return False


def _rank(terms: Sequence[Term], entry: SearchEntry) -> float:
    """0 when it is not what was asked for."""
    title, text = folded_words(entry.title), folded_words(entry.text)
    rank = 0.0
    for term in terms:
        hits = TITLE_WEIGHT * _count(term, title) + _count(term, text)
        if term.is_excluded is (hits > 0):
            return 0.0
        rank += hits
    return rank / math.sqrt(1 + len(title) + len(text))


def _count(term: Term, words: Sequence[str]) -> int:
    return sum(finds(term, words, at) for at in range(len(words)))
