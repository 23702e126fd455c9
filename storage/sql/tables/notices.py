"""Notices, preferences, calendar feeds, and what is on its way."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table

from storage.sql.tables.columns import JsonText, StorableText, id_column, metadata, ref_column, text_column, time_column

preferences = Table(
    "preferences",
    metadata,
    ref_column("user_id", "users.id", key=True),
    text_column("time_zone"),
    text_column("digest"),
    text_column("quiet_from"),
    text_column("quiet_until"),
    Column("school_days_only", Boolean, nullable=False),
    Column("kinds", JsonText, nullable=False),
    Column("mail_secret", StorableText, nullable=False, index=True),
    time_column("digest_at_ms"),
)

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    ref_column("user_id", "users.id", key=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    time_column("created_at_ms"),
)

notices = Table(
    "notices",
    metadata,
    ref_column("user_id", "users.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("kind"),
    ref_column("twinspace_id", "twinspaces.id", nullable=True),
    text_column("subject_id"),
    Column("details", JsonText, nullable=False),
    time_column("at_ms"),
    time_column("read_at_ms", nullable=True),
    Index("ix_notices_at_ms", "at_ms"),
)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    text_column("endpoint", key=True),
    Column("user_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    ref_column("login_id", "logins.id"),
    text_column("p256dh"),
    text_column("auth"),
    time_column("created_at_ms"),
)

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    text_column("channel"),
    ref_column("user_id", "users.id"),
    Column("data", JsonText, nullable=False),
    time_column("due_at_ms"),
    Column("tries", Integer, nullable=False),
    Index("ix_deliveries_due_at_ms", "due_at_ms"),
)
