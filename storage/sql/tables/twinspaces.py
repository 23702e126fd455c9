"""Projects, their TwinSpaces, and who is in them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, Table, false

from storage.sql.tables.columns import StorableText, TextList, id_column, metadata, ref_column, text_column, time_column

guest_links = Table(
    "guest_links",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    text_column("role"),
    text_column("title"),
    ref_column("made_by", "users.id"),
    time_column("created_at_ms"),
    time_column("expires_at_ms"),
    time_column("revoked_at_ms", nullable=True),
)

guests = Table(
    "guests",
    metadata,
    ref_column("user_id", "users.id", key=True),
    Column("link_id", StorableText, ForeignKey("guest_links.id"), nullable=False, index=True),
)

projects = Table(
    "projects", metadata, id_column(), text_column("title"), text_column("summary"), time_column("created_at_ms")
)

twinspaces = Table(
    "twinspaces",
    metadata,
    id_column(),
    ref_column("project_id", "projects.id"),
    text_column("title"),
    text_column("summary"),
    time_column("created_at_ms"),
    Column("phase", StorableText, nullable=False, server_default="during"),
)

members = Table(
    "members",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    ref_column("user_id", "users.id", key=True),
    text_column("role"),
    Column("epoch", BigInteger, nullable=False),
    time_column("joined_at_ms"),
    # False: removed. The row stays, so that the epoch never goes back.
    Column("present", Boolean, nullable=False),
    Column("muted", TextList, nullable=False, server_default="[]"),
    time_column("muted_until_ms", nullable=True),
    Index("ix_members_user_id", "user_id"),
)

rooms = Table(
    "rooms",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("title"),
    time_column("created_at_ms"),
    Column("is_encrypted", Boolean, nullable=False, server_default=false()),
    text_column("parent_id", nullable=True),
    Column("endings", BigInteger, nullable=False, server_default="0"),
)
