"""Polls and quizzes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table

from storage.sql.tables.columns import (
    IntegerList,
    StorableText,
    TextList,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
)

quizzes = Table(
    "quizzes",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("title"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    ref_column("room_id", "rooms.id", nullable=True),
    time_column("opened_at_ms", nullable=True),
    time_column("ended_at_ms", nullable=True),
)

polls = Table(
    "polls",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("question"),
    Column("options", TextList, nullable=False),
    Column("right", IntegerList, nullable=False),
    Column("is_many", Boolean, nullable=False),
    Column("is_anonymous", Boolean, nullable=False),
    Column("seconds", Integer, nullable=False),
    text_column("state"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    ref_column("room_id", "rooms.id", nullable=True),
    time_column("opened_at_ms", nullable=True),
    time_column("ends_at_ms", nullable=True),
    Column("quiz_id", StorableText, ForeignKey("quizzes.id"), nullable=True, index=True),
    Column("quiz_place", Integer, nullable=False, server_default="0"),
)

poll_votes = Table(
    "poll_votes",
    metadata,
    ref_column("poll_id", "polls.id", key=True),
    Column("user_id", StorableText, ForeignKey("users.id"), primary_key=True, index=True),
    Column("counts", IntegerList, nullable=False),
    Column("seats", Integer, nullable=False),
    time_column("at_ms"),
)
