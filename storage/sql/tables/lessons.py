"""Meetings that were held, who was in them, and the rooms that they were divided into."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from storage.sql.tables.columns import (
    JsonText,
    StorableText,
    TextList,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
    visibility_columns,
)

breakouts = Table(
    "breakouts",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    Column("room_id", StorableText, ForeignKey("rooms.id"), nullable=False, index=True),
    ref_column("meeting_id", "planned_meetings.id", nullable=True),
    text_column("title"),
    Column("minutes", BigInteger, nullable=True),
    Column("groups", JsonText, nullable=False),
    Column("apart", JsonText, nullable=False),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    time_column("opened_at_ms", nullable=True),
    time_column("closes_at_ms", nullable=True),
    Column("revision", BigInteger, nullable=False),
)

breakout_notes = Table(
    "breakout_notes",
    metadata,
    id_column(),
    Column("breakouts_id", StorableText, ForeignKey("breakouts.id"), nullable=False, index=True),
    text_column("kind"),
    text_column("group_id", nullable=True),
    ref_column("user_id", "users.id"),
    text_column("text"),
    time_column("at_ms"),
    ref_column("answered_by", "users.id", nullable=True),
    time_column("answered_at_ms", nullable=True),
)

held_meetings = Table(
    "held_meetings",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    ref_column("room_id", "rooms.id"),
    ref_column("meeting_id", "planned_meetings.id", nullable=True),
    text_column("title"),
    text_column("agenda"),
    ref_column("created_by", "users.id"),
    time_column("started_at_ms"),
    time_column("seen_at_ms"),
    Column("talk", JsonText, nullable=False),
    time_column("ended_at_ms", nullable=True),
    Column("record", JsonText, nullable=True),
    *visibility_columns(),
)

stays = Table(
    "stays",
    metadata,
    id_column(),
    Column("held_id", StorableText, ForeignKey("held_meetings.id"), nullable=False, index=True),
    ref_column("room_id", "rooms.id"),
    Column("user_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    Column("pupils", TextList, nullable=False),
    time_column("joined_at_ms"),
    time_column("seen_at_ms"),
)
