"""How far each member has read the chat."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table

from storage.sql.tables.columns import metadata, ref_column, text_column

read_marks = Table(
    "read_marks",
    metadata,
    ref_column("user_id", "users.id", key=True),
    ref_column("twinspace_id", "twinspaces.id", key=True),
    text_column("lane", key=True),
    Column("seq", BigInteger, nullable=False),
)
