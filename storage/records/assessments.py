"""Assessments by a sealed rubric: of whose work, by whom, and what each of them said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from storage.records.ids import ContentId, Json, TwinspaceId, UserId

AssessmentId = NewType("AssessmentId", str)


@dataclass(frozen=True, slots=True)
class Assessment:
    id: AssessmentId
    twinspace_id: TwinspaceId
    rubric_id: ContentId
    title: str
    subject: Json
    """What is assessed: `{kind, id, part_id}`."""
    assessed: tuple[UserId, ...]
    """Whose work it is, or who it is about: they read what is given. Sorted, as the others are."""
    assessors: tuple[UserId, ...]
    created_by: UserId
    created_at_ms: int
    reveal_at_ms: int | None = None
    """When they see each other's at the latest."""
    revealed_at_ms: int | None = None
    """Since when they do, for good: nobody changes anything any more."""


def without_passages(evidence: Json, content_id: ContentId) -> Json:
    """The same pins, those on passages of this content without their words."""

    def left(pin: Json) -> Json:
        if (
            not isinstance(pin, dict)
            or pin.get("id") != content_id
            or not isinstance(passage := pin.get("passage"), dict)
        ):
            return pin
        return {**pin, "passage": {**passage, "words": None}}

    return [left(pin) for pin in evidence] if isinstance(evidence, list) else evidence


@dataclass(frozen=True, slots=True)
class Rating:
    """What one assessor says; theirs alone until it is revealed."""

    assessment_id: AssessmentId
    user_id: UserId
    levels: Json
    """Criterion id → level id."""
    words: Json
    """Criterion id → text."""
    evidence: Json
    """`[{criterion_id, kind, id, part_id, passage: {start, end, words} | null}]`: things that show it."""
    changed_at_ms: int
    sent_at_ms: int | None = None
    """None: still being thought about."""
