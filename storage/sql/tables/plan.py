"""The work plan, planned meetings and the schools' calendars."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from storage.sql.tables.columns import (
    JsonText,
    StorableText,
    TextList,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
)

activities = Table(
    "activities",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("title"),
    text_column("text"),
    text_column("state"),
    text_column("starts_on"),
    text_column("ends_on"),
    Column("subjects", JsonText, nullable=False),
    Column("team_ids", TextList, nullable=False),
    Column("content_ids", TextList, nullable=False),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    Column("history", JsonText, nullable=False),
    Column("revision", BigInteger, nullable=False),
)

planned_meetings = Table(
    "planned_meetings",
    metadata,
    id_column(),
    ref_column("twinspace_id", "twinspaces.id"),
    ref_column("room_id", "rooms.id"),
    text_column("title"),
    text_column("agenda"),
    time_column("starts_at_ms"),
    time_column("ends_at_ms"),
    text_column("time_zone"),
    Column("invited", JsonText, nullable=False),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    Column("history", JsonText, nullable=False),
    Column("revision", BigInteger, nullable=False),
    time_column("cancelled_at_ms", nullable=True),
    Index("ix_planned_meetings_twinspace_id_starts_at_ms", "twinspace_id", "starts_at_ms"),
    Index("ix_planned_meetings_starts_at_ms", "starts_at_ms"),
)

free_days = Table(
    "free_days",
    metadata,
    id_column(),
    Column("school_id", StorableText, ForeignKey("schools.id"), nullable=False, index=True),
    text_column("title"),
    text_column("starts_on"),
    text_column("ends_on"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    Column("revision", BigInteger, nullable=False),
)
