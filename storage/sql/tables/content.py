"""Documents, walls and forms, and the log of what was written in them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
)

from storage.sql.tables.columns import (
    JsonText,
    StorableText,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
    visibility_columns,
)

contents = Table(
    "contents",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("kind"),
    text_column("title"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    time_column("changed_at_ms"),
    *visibility_columns(),
    Column("is_slides", Boolean, nullable=False, server_default=false()),
)
# The last seq ever handed out per content. On PostgreSQL the row's lock also puts processes in order.
doc_heads = Table(
    "doc_heads",
    metadata,
    Column("content_id", Text, primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

doc_states = Table(
    "doc_states",
    metadata,
    Column("content_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("history", LargeBinary, nullable=True),
)
# Which user writes under which Yjs client id; null: the hub itself.
doc_writers = Table(
    "doc_writers",
    metadata,
    Column("content_id", Text, primary_key=True),
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", Text, nullable=True),
    sqlite_with_rowid=False,
)

doc_log = Table(
    "doc_log",
    metadata,
    Column("content_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("user_id", Text, nullable=True),
    Column("written_at_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

form_versions = Table(
    "form_versions",
    metadata,
    ref_column("content_id", "contents.id", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", JsonText, nullable=False),
    ref_column("published_by", "users.id"),
    time_column("published_at_ms"),
)

form_responses = Table(
    "form_responses",
    metadata,
    Column("content_id", StorableText, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    ref_column("user_id", "users.id", key=True),
    ref_column("school_id", "schools.id"),
    Column("answers", JsonText, nullable=False),
    time_column("submitted_at_ms"),
    ForeignKeyConstraint(["content_id", "version"], ["form_versions.content_id", "form_versions.version"]),
)
