"""What everybody in a room looks at together."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from storage.sql.tables.columns import JsonText, TextList, metadata, ref_column, time_column

shared_views = Table(
    "shared_views",
    metadata,
    ref_column("room_id", "rooms.id", key=True),
    ref_column("opened_id", "contents.id", nullable=True),
    ref_column("opened_by", "users.id", nullable=True),
    time_column("opened_at_ms"),
    Column("place", JsonText, nullable=False),
    Column("spotlight", TextList, nullable=False),
    Column("timer_length_ms", BigInteger, nullable=False),
    time_column("timer_ends_at_ms", nullable=True),
    Column("timer_left_ms", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
)

openings = Table(
    "openings",
    metadata,
    ref_column("room_id", "rooms.id"),
    ref_column("content_id", "contents.id"),
    ref_column("opened_by", "users.id"),
    time_column("opened_at_ms"),
    Index("ix_openings_room_id", "room_id", "opened_at_ms"),
)
