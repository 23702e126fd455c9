"""Blobs that were taken out of snapshots, and erasures that were asked for."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table

from storage.sql.tables.columns import id_column, metadata, ref_column, text_column, time_column

redactions = Table(
    "redactions",
    metadata,
    text_column("blob", key=True),
    text_column("copy", nullable=True),
    time_column("redacted_at_ms"),
)

erasure_jobs = Table(
    "erasure_jobs",
    metadata,
    id_column(),
    ref_column("user_id", "users.id", nullable=True),
    Column("texts", Boolean, nullable=False),
    ref_column("asked_by", "users.id"),
    time_column("asked_at_ms"),
    text_column("state"),
    Column("done", Integer, nullable=False),
    time_column("taken_until_ms"),
    time_column("ended_at_ms", nullable=True),
)
