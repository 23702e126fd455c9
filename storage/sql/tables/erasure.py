"""Blobs that were taken out of snapshots."""

from __future__ import annotations

from sqlalchemy import Table

from storage.sql.tables.columns import metadata, text_column, time_column

redactions = Table(
    "redactions",
    metadata,
    text_column("blob", key=True),
    text_column("copy", nullable=True),
    time_column("redacted_at_ms"),
)
