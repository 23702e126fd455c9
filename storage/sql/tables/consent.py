"""The consent ledger."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table

from storage.sql.tables.columns import metadata, ref_column, text_column, time_column

consents = Table(
    "consents",
    metadata,
    ref_column("user_id", "users.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("purpose"),
    Column("granted", Boolean, nullable=False),
    text_column("given_by"),
    text_column("how"),
    text_column("given_on"),
    time_column("until_ms", nullable=True),
    Column("own_age", Integer, nullable=False),
    ref_column("recorded_by", "users.id"),
    time_column("recorded_at_ms"),
)
