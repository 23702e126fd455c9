"""What belongs to cards on walls and is not in the wall's document."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table

from storage.sql.tables.columns import StorableText, id_column, metadata, ref_column, text_column, time_column

card_files = Table(
    "card_files",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    Column("content_id", StorableText, ForeignKey("contents.id"), nullable=False, index=True),
    text_column("card_id", nullable=True),
    Column("uploaded_by", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    ref_column("school_id", "schools.id"),
    Column("blob", StorableText, nullable=False, index=True),
    text_column("filename"),
    text_column("media_type"),
    Column("size_bytes", BigInteger, nullable=False),
    time_column("uploaded_at_ms"),
    text_column("preview", nullable=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    time_column("loose_since_ms", nullable=True),
)
card_votes = Table(
    "card_votes",
    metadata,
    ref_column("content_id", "contents.id", key=True),
    text_column("card_id", key=True),
    Column("user_id", StorableText, ForeignKey("users.id"), primary_key=True, index=True),
    ref_column("school_id", "schools.id"),
    Column("option", Integer, nullable=False),
    time_column("at_ms"),
)
