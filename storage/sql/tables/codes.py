"""Codes of conduct."""

from __future__ import annotations

from sqlalchemy import Table

from storage.sql.tables.columns import metadata, ref_column, text_column, time_column

codes = Table(
    "codes",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    ref_column("content_id", "contents.id"),
)

code_acceptances = Table(
    "code_acceptances",
    metadata,
    ref_column("twinspace_id", "codes.twinspace_id", key=True),
    ref_column("school_id", "schools.id", key=True),
    text_column("text_hash", key=True),
    ref_column("user_id", "users.id"),
    time_column("accepted_at_ms"),
)
