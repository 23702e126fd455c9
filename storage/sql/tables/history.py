"""What happened: messages, journal, snapshots, recordings."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, UniqueConstraint

from storage.sql.tables.columns import JsonText, StorableText, id_column, metadata, ref_column, text_column, time_column

messages = Table(
    "messages",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("client_message_id"),
    ref_column("user_id", "users.id"),
    text_column("text"),
    time_column("posted_at_ms"),
    UniqueConstraint("twinspace_id", "user_id", "client_message_id"),
)

journal = Table(
    "journal",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("verb"),
    ref_column("user_id", "users.id", nullable=True),
    text_column("subject_id", nullable=True),
    Column("details", JsonText, nullable=False),
    time_column("happened_at_ms"),
)

snapshots = Table(
    "snapshots",
    metadata,
    id_column(),
    ref_column("twinspace_id", "twinspaces.id"),
    Column("seq", BigInteger, nullable=False),
    text_column("parent", nullable=True),
    text_column("tree"),
    text_column("title"),
    text_column("cause"),
    ref_column("taken_by", "users.id"),
    time_column("taken_at_ms"),
    UniqueConstraint("twinspace_id", "seq"),
)

recordings = Table(
    "recordings",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    ref_column("room_id", "rooms.id"),
    ref_column("started_by", "users.id"),
    time_column("started_at_ms"),
    time_column("ended_at_ms"),
    text_column("reason"),
    Column("files", JsonText, nullable=False),
)
