"""What waits before walls."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table

from storage.sql.tables.columns import JsonText, metadata, ref_column, text_column, time_column

held_changes = Table(
    "held_changes",
    metadata,
    ref_column("content_id", "contents.id", key=True),
    text_column("kind", key=True),
    text_column("id", key=True),
    ref_column("twinspace_id", "twinspaces.id"),
    text_column("card_id"),
    ref_column("author_id", "users.id"),
    ref_column("school_id", "schools.id"),
    Column("is_new", Boolean, nullable=False),
    Column("fields", JsonText, nullable=False),
    text_column("state"),
    text_column("reason"),
    Column("revision", Integer, nullable=False),
    time_column("held_at_ms"),
    ref_column("decided_by", "users.id", nullable=True),
    time_column("decided_at_ms", nullable=True),
    Index("ix_held_changes_twinspace_id_school_id", "twinspace_id", "school_id"),
)
