"""Captions typed by people."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, UniqueConstraint

from storage.sql.tables.columns import metadata, ref_column, text_column, time_column

captions = Table(
    "captions",
    metadata,
    ref_column("room_id", "rooms.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    ref_column("twinspace_id", "twinspaces.id"),
    text_column("language"),
    ref_column("user_id", "users.id"),
    text_column("client_line_id"),
    text_column("text"),
    time_column("began_at_ms"),
    time_column("ended_at_ms"),
    UniqueConstraint("room_id", "user_id", "client_line_id"),
    Index("ix_captions_twinspace_id_ended_at_ms", "twinspace_id", "ended_at_ms"),
)
