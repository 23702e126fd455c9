"""Drafts, anonymous answers and class tallies of forms; seals, signatures of sheets, and locks of contents."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKeyConstraint, Index, Integer, Table

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


def _of_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["content_id", "version"], ["form_versions.content_id", "form_versions.version"])


form_drafts = Table(
    "form_drafts",
    metadata,
    Column("content_id", StorableText, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    ref_column("user_id", "users.id", key=True),
    Column("answers", JsonText, nullable=False),
    time_column("begun_at_ms"),
    time_column("changed_at_ms"),
    _of_version(),
)
# Without row ids: neither table's order may say which answers came with which receipt.
anonymous_responses = Table(
    "anonymous_responses",
    metadata,
    id_column(),
    Column("content_id", StorableText, nullable=False),
    Column("version", Integer, nullable=False),
    ref_column("school_id", "schools.id"),
    Column("batch", Integer, nullable=False),
    Column("answers", JsonText, nullable=False),
    _of_version(),
    Index("ix_anonymous_responses_content_id_version_school_id", "content_id", "version", "school_id"),
    sqlite_with_rowid=False,
)
form_receipts = Table(
    "form_receipts",
    metadata,
    Column("content_id", StorableText, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    ref_column("user_id", "users.id", key=True),
    _of_version(),
    sqlite_with_rowid=False,
)
class_tallies = Table(
    "class_tallies",
    metadata,
    id_column(),
    Column("content_id", StorableText, nullable=False),
    Column("version", Integer, nullable=False),
    ref_column("school_id", "schools.id"),
    ref_column("entered_by", "users.id"),
    text_column("title"),
    Column("pupils", Integer, nullable=False),
    Column("counts", JsonText, nullable=False),
    time_column("entered_at_ms"),
    _of_version(),
    Index("ix_class_tallies_content_id_version", "content_id", "version"),
)
seals = Table(
    "seals",
    metadata,
    ref_column("content_id", "contents.id", key=True),
    ref_column("sealed_by", "users.id"),
    time_column("sealed_at_ms"),
    Column("sealed", JsonText, nullable=True),
)
content_locks = Table(
    "content_locks",
    metadata,
    ref_column("content_id", "contents.id", key=True),
    Column("is_locked", Boolean, nullable=False),
    Column("held", TextList, nullable=False),
    Column("revision", BigInteger, nullable=False),
    ref_column("changed_by", "users.id", nullable=True),
    time_column("changed_at_ms"),
)
sheet_signatures = Table(
    "sheet_signatures",
    metadata,
    ref_column("content_id", "contents.id", key=True),
    ref_column("school_id", "schools.id", key=True),
    ref_column("user_id", "users.id"),
    text_column("digest"),
    time_column("signed_at_ms"),
)
