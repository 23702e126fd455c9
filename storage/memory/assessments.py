"""Assessments by a sealed rubric, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.ports import Conflict
from storage.records import Assessment, AssessmentId, ContentId, Rating, TwinspaceId, UserId
from storage.records.assessments import without_passages


class MemoryAssessments:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, assessment: Assessment) -> None:
        self._rows.check_open()
        check_texts(assessment.title)
        find(self._rows.twinspaces, assessment.twinspace_id)
        find(self._rows.contents, assessment.rubric_id)
        for user_id in (assessment.created_by, *assessment.assessed, *assessment.assessors):
            find(self._rows.users, user_id)
        kept = replace(
            assessment,
            subject=stored_json(assessment.subject),
            assessed=tuple(sorted(set(assessment.assessed))),
            assessors=tuple(sorted(set(assessment.assessors))),
        )
        add(self._rows.assessments, assessment.id, kept)

    async def get(self, assessment_id: AssessmentId) -> Assessment:
        return find(self._rows.assessments, assessment_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Assessment]:
        here = [each for each in self._rows.assessments.values() if each.twinspace_id == twinspace_id]
        return sorted(here, key=lambda each: (each.created_at_ms, each.id))

    async def remove(self, assessment_id: AssessmentId) -> None:
        self._rows.check_open()
        find(self._rows.assessments, assessment_id)
        self._rows.remove_assessments({assessment_id})

    async def rate(self, rating: Rating) -> None:
        self._rows.check_open()
        find(self._rows.users, rating.user_id)
        if find(self._rows.assessments, rating.assessment_id).revealed_at_ms is not None:
            raise Conflict("It is revealed already.")
        said = {name: stored_json(getattr(rating, name)) for name in ("levels", "words", "evidence")}
        self._rows.ratings[rating.assessment_id, rating.user_id] = replace(rating, **said)

    async def ratings(self, assessment_id: AssessmentId) -> list[Rating]:
        here = [each for each in self._rows.ratings.values() if each.assessment_id == assessment_id]
        return sorted(here, key=lambda each: each.user_id)

    async def reveal(self, assessment_id: AssessmentId, at_ms: int) -> Assessment:
        self._rows.check_open()
        assessment = find(self._rows.assessments, assessment_id)
        if assessment.revealed_at_ms is None:
            assessment = self._rows.assessments[assessment_id] = replace(assessment, revealed_at_ms=at_ms)
        return assessment

    async def move(self, assessment_id: AssessmentId, reveal_at_ms: int | None) -> Assessment:
        self._rows.check_open()
        assessment = find(self._rows.assessments, assessment_id)
        if assessment.revealed_at_ms is not None:
            raise Conflict("It is revealed already.")
        moved = self._rows.assessments[assessment_id] = replace(assessment, reveal_at_ms=reveal_at_ms)
        return moved

    async def open_in(self, twinspace_ids: Iterable[TwinspaceId]) -> list[tuple[Assessment, frozenset[UserId]]]:
        wanted = set(twinspace_ids)
        return [each for each in self._open() if each[0].twinspace_id in wanted]

    async def ending(self, before_ms: int) -> list[tuple[Assessment, frozenset[UserId]]]:
        return [each for each in self._open() if each[0].reveal_at_ms is not None and each[0].reveal_at_ms < before_ms]

    def _open(self) -> list[tuple[Assessment, frozenset[UserId]]]:
        sent: dict[AssessmentId, set[UserId]] = {}
        for rating in self._rows.ratings.values():
            if rating.sent_at_ms is not None:
                sent.setdefault(rating.assessment_id, set()).add(rating.user_id)
        found = [each for each in self._rows.assessments.values() if each.revealed_at_ms is None]
        found.sort(key=lambda each: (each.created_at_ms, each.id))
        return [(each, frozenset(sent.get(each.id, ()))) for each in found]

    async def blank_passages(self, content_id: ContentId) -> None:
        self._rows.check_open()
        for key, rating in self._rows.ratings.items():
            self._rows.ratings[key] = replace(rating, evidence=without_passages(rating.evidence, content_id))

    async def given_to(self, user_id: UserId) -> list[tuple[Assessment, Rating]]:
        about = [
            each
            for each in self._rows.assessments.values()
            if user_id in each.assessed and each.revealed_at_ms is not None
        ]
        return [
            (assessment, rating)
            for assessment in sorted(about, key=lambda each: (each.created_at_ms, each.id))
            for rating in await self.ratings(assessment.id)
            if rating.user_id != user_id and rating.sent_at_ms is not None
        ]
