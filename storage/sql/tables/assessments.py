"""Assessments by a sealed rubric: who is in them, and what was said."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from storage.sql.tables.columns import JsonText, id_column, metadata, ref_column, text_column, time_column

assessments = Table(
    "assessments",
    metadata,
    id_column(),
    ref_column("twinspace_id", "twinspaces.id"),
    ref_column("rubric_id", "contents.id"),
    text_column("title"),
    Column("subject", JsonText, nullable=False),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    time_column("reveal_at_ms", nullable=True),
    time_column("revealed_at_ms", nullable=True),
    Index("ix_assessments_twinspace_id", "twinspace_id"),
)
assessment_people = Table(
    "assessment_people",
    metadata,
    ref_column("assessment_id", "assessments.id", key=True),
    ref_column("user_id", "users.id", key=True),
    text_column("part", key=True),
    Index("ix_assessment_people_user_id", "user_id"),
)
ratings = Table(
    "ratings",
    metadata,
    ref_column("assessment_id", "assessments.id", key=True),
    ref_column("user_id", "users.id", key=True),
    Column("levels", JsonText, nullable=False),
    Column("words", JsonText, nullable=False),
    Column("evidence", JsonText, nullable=False),
    time_column("changed_at_ms"),
    time_column("sent_at_ms", nullable=True),
)
