"""Reports, hidden things, the moderation log."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, UniqueConstraint

from storage.sql.tables.columns import (
    JsonText,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
)

reports = Table(
    "reports",
    metadata,
    id_column(),
    ref_column("twinspace_id", "twinspaces.id"),
    ref_column("reporter_id", "users.id"),
    text_column("kind"),
    text_column("subject_id"),
    ref_column("author_id", "users.id", nullable=True),
    text_column("reason"),
    text_column("words"),
    text_column("excerpt"),
    time_column("reported_at_ms"),
    text_column("state"),
    ref_column("handler_id", "users.id", nullable=True),
    time_column("handled_at_ms", nullable=True),
    text_column("answer"),
    Index("ix_reports_twinspace_id", "twinspace_id"),
)

hidden_things = Table(
    "hidden_things",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    text_column("kind", key=True),
    text_column("subject_id", key=True),
    ref_column("author_id", "users.id", nullable=True),
    text_column("excerpt"),
    Column("kept", JsonText, nullable=False),
    ref_column("hidden_by", "users.id"),
    time_column("hidden_at_ms"),
)

moderation_log = Table(
    "moderation_log",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("parent"),
    text_column("hash"),
    text_column("action"),
    ref_column("user_id", "users.id", nullable=True),
    text_column("kind"),
    text_column("subject_id"),
    text_column("reason"),
    Column("details", JsonText, nullable=False),
    time_column("done_at_ms"),
    UniqueConstraint("hash"),
)
