"""What a meeting room allows, class seats, raised hands."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Table

from storage.sql.tables.columns import JsonText, TextList, id_column, metadata, ref_column, text_column, time_column

room_rules = Table(
    "room_rules",
    metadata,
    ref_column("room_id", "rooms.id", key=True),
    Column("locked", TextList, nullable=False),
    Column("exceptions", JsonText, nullable=False),
    Column("has_lobby", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
    ref_column("changed_by", "users.id", nullable=True),
    time_column("changed_at_ms"),
)

room_standings = Table(
    "room_standings",
    metadata,
    ref_column("room_id", "rooms.id", key=True),
    ref_column("user_id", "users.id", key=True),
    Column("held", TextList, nullable=False),
    Column("camera_to_staff", Boolean, nullable=False),
    Column("is_removed", Boolean, nullable=False),
    time_column("admitted_at_ms", nullable=True),
    text_column("shown_name"),
    text_column("interprets"),
)

class_seat_pupils = Table(
    "class_seat_pupils",
    metadata,
    ref_column("room_id", "rooms.id", key=True),
    ref_column("seat_id", "users.id", key=True),
    ref_column("pupil_id", "users.id", key=True),
    text_column("name"),
    Column("place", BigInteger, nullable=False),
)

hands = Table(
    "hands",
    metadata,
    id_column(),
    ref_column("room_id", "rooms.id"),
    ref_column("user_id", "users.id"),
    ref_column("pupil_id", "users.id", nullable=True),
    ref_column("school_id", "schools.id"),
    time_column("raised_at_ms"),
    time_column("ended_at_ms", nullable=True),
    text_column("outcome", nullable=True),
    Index("ix_hands_room_id", "room_id", "ended_at_ms"),
)
