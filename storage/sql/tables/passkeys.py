"""Passkeys, identities at a school's provider, and the questions that come before both."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, LargeBinary, Table, UniqueConstraint

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

passkeys = Table(
    "passkeys",
    metadata,
    id_column(),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("user_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    text_column("title"),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", TextList, nullable=False),
    Column("is_synced", Boolean, nullable=False),
    time_column("created_at_ms"),
    time_column("last_used_at_ms", nullable=True),
    time_column("copied_at_ms", nullable=True),
)

identities = Table(
    "identities",
    metadata,
    text_column("issuer", key=True),
    text_column("subject", key=True),
    ref_column("user_id", "users.id"),
    time_column("linked_at_ms"),
    time_column("last_used_at_ms", nullable=True),
    UniqueConstraint("user_id", "issuer"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    text_column("purpose"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    ref_column("user_id", "users.id", nullable=True),
    Column("details", JsonText, nullable=False),
)
