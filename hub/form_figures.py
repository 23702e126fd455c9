"""Keeps the figures of forms that somebody looks at: a look reads what was answered since the last one, and no more.

What is kept is always compared with storage first, so other processes' answers are in it, and erased ones are not.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.form_tally import FormCounts, Sheet
from hub.payloads.form_results import QuestionResults
from hub.small_cells import SMALLEST
from storage.ports import Forms
from storage.records import ClassTally, ContentId, FormResponse, FormVersion, SchoolId, UserId

MOST_ANSWERS = 60_000
"""Kept in memory, of all forms together: about 60 MB. The form that was looked at last is kept in any case."""
MANY = 2_000
"""From so many people's answers on, reading all of them is quicker than asking for each."""


@dataclass(frozen=True, slots=True)
class Figures:
    questions: list[QuestionResults]
    response_count: int
    waiting_count: int


@dataclass(slots=True)
class _Kept:
    counts: FormCounts
    stamps: dict[UserId, int] = field(default_factory=dict)
    sheets: dict[UserId, Sheet] = field(default_factory=dict)
    batches: dict[tuple[SchoolId, int], int] = field(default_factory=dict)
    """Of anonymous answers, those that are counted."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def size(self) -> int:
        return len(self.sheets) + sum(self.batches.values())


class FormFigures:
    def __init__(self, most_answers: int = MOST_ANSWERS) -> None:
        self._most_answers = most_answers
        self._kept: OrderedDict[tuple[ContentId, int], _Kept] = OrderedDict()

    async def read(self, forms: Forms, version: FormVersion, tallies: Sequence[ClassTally]) -> Figures:
        """The figures as they are in storage now."""
        key = (version.content_id, version.version)
        kept = self._kept.setdefault(key, _Kept(FormCounts(version.definition)))
        self._kept.move_to_end(key)
        async with kept.lock:
            waiting = 0
            try:
                if version.definition.get("anonymous"):
                    waiting = await self._catch_up_batches(forms, version, kept)
                else:
                    await self._catch_up(forms, version, kept)
                questions = await asyncio.to_thread(kept.counts.results, tallies)
            except BaseException:
                # It may be counted by half.
                self._kept.pop(key, None)
                raise
            figures = Figures(questions, kept.size + waiting, waiting)
        self._forget_oldest()
        return figures

    def _forget_oldest(self) -> None:
        total = sum(kept.size for kept in self._kept.values())
        while total > self._most_answers and len(self._kept) > 1:
            total -= self._kept.popitem(last=False)[1].size

    async def _catch_up(self, forms: Forms, version: FormVersion, kept: _Kept) -> None:
        stamps = await forms.stamps(version.content_id, version.version)
        changed = [user_id for user_id, stamp in stamps.items() if kept.stamps.get(user_id) != stamp]
        gone = kept.stamps.keys() - stamps.keys()
        if not changed and not gone:
            return
        found: Sequence[FormResponse] = ()
        if len(changed) > MANY:
            found = await forms.responses(version.content_id, version.version)
        elif changed:
            found = await forms.responses_of(version.content_id, version.version, changed)
        await asyncio.to_thread(_replace, kept, found, gone)

    async def _catch_up_batches(self, forms: Forms, version: FormVersion, kept: _Kept) -> int:
        """Whoever looks before and after a classmate answered sees a difference of five people at least, or none."""
        batches = await forms.batches(version.content_id, version.version)
        whole = {batch: count for batch, count in batches.items() if count >= SMALLEST}
        if any(whole.get(batch) != count for batch, count in kept.batches.items()):
            kept.counts, kept.batches = FormCounts(version.definition), {}
        for school_id, batch in whole.keys() - kept.batches.keys():
            found = await forms.anonymous_of(version.content_id, version.version, school_id, batch)
            for each in found:
                kept.counts.add((each.school_id, each.answers))
            kept.batches[school_id, batch] = len(found)
        return sum(batches.values()) - sum(whole.values())


def _replace(kept: _Kept, found: Sequence[FormResponse], gone: set[UserId]) -> None:
    for user_id in gone:
        kept.counts.remove(kept.sheets.pop(user_id))
        del kept.stamps[user_id]
    for response in found:
        if kept.stamps.get(response.user_id) == response.submitted_at_ms:
            continue
        if (former := kept.sheets.get(response.user_id)) is not None:
            kept.counts.remove(former)
        answers: Mapping[str, Any] = response.answers
        kept.sheets[response.user_id] = (response.school_id, answers)
        kept.stamps[response.user_id] = response.submitted_at_ms
        kept.counts.add(kept.sheets[response.user_id])
