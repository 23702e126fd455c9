"""Founders who leave, and who takes their place."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Table

from storage.sql.tables.columns import StorableText, id_column, metadata, ref_column, text_column, time_column

successions = Table(
    "successions",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("foundings.twinspace_id"), nullable=False, index=True),
    Column("leaving_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    Column("remaining_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    Column("successor_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    ref_column("proposed_by", "users.id"),
    Column("stays", Boolean, nullable=False),
    time_column("proposed_at_ms"),
    time_column("silent_until_ms"),
    time_column("remaining_agreed_at_ms", nullable=True),
    time_column("successor_agreed_at_ms", nullable=True),
    time_column("leaving_agreed_at_ms", nullable=True),
    text_column("state"),
    ref_column("ended_by", "users.id", nullable=True),
    time_column("ended_at_ms", nullable=True),
    text_column("reason"),
)
