"""How somebody is signed in, and what proves it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table

from storage.sql.tables.columns import (
    StorableText,
    added_text_column,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
)

logins = Table(
    "logins",
    metadata,
    id_column(),
    Column("user_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    text_column("kind"),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    time_column("created_at_ms"),
    time_column("expires_at_ms"),
    time_column("revoked_at_ms", nullable=True),
    added_text_column("way", "token"),
    added_text_column("device", ""),
    time_column("last_used_at_ms", nullable=True),
    time_column("second_factor_at_ms", nullable=True),
)

tickets = Table(
    "tickets",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    text_column("purpose"),
    Column("user_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    time_column("created_at_ms"),
    time_column("expires_at_ms"),
    time_column("used_at_ms", nullable=True),
)

second_factors = Table(
    "second_factors",
    metadata,
    ref_column("user_id", "users.id", key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    time_column("created_at_ms"),
    time_column("confirmed_at_ms", nullable=True),
    Column("last_step", BigInteger, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    ref_column("user_id", "users.id", key=True),
    Column("code_hash", LargeBinary, primary_key=True),
)
