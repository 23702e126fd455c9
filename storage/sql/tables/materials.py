"""Files, links, off-platform entries, pages, and links for people outside."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table

from storage.sql.tables.columns import (
    StorableText,
    TextList,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
    visibility_columns,
)

materials = Table(
    "materials",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("kind"),
    text_column("title"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    time_column("changed_at_ms"),
    text_column("folder"),
    text_column("text"),
    text_column("url"),
    text_column("alt"),
    text_column("licence"),
    time_column("happened_at_ms", nullable=True),
    text_column("faces"),
    Column("pictured", TextList, nullable=False),
    Column("version", Integer, nullable=False),
    *visibility_columns(),
    # The row stays, so that what the journal says of it goes on following its rung.
    time_column("removed_at_ms", nullable=True),
)
material_files = Table(
    "material_files",
    metadata,
    ref_column("material_id", "materials.id", key=True),
    Column("version", Integer, primary_key=True),
    text_column("blob"),
    text_column("filename"),
    text_column("media_type"),
    Column("size_bytes", BigInteger, nullable=False),
    ref_column("uploaded_by", "users.id"),
    time_column("uploaded_at_ms"),
    text_column("preview", nullable=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
)
pages = Table(
    "pages",
    metadata,
    ref_column("content_id", "contents.id", key=True),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("parent_id", nullable=True),
    Column("position", Integer, nullable=False),
)
shares = Table(
    "shares",
    metadata,
    id_column(),
    ref_column("twinspace_id", "twinspaces.id"),
    text_column("audience"),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    text_column("title"),
    ref_column("made_by", "users.id"),
    time_column("created_at_ms"),
    time_column("expires_at_ms", nullable=True),
    time_column("revoked_at_ms", nullable=True),
    text_column("address"),
    text_column("seal"),
    Index("ix_shares_twinspace_id", "twinspace_id"),
)
