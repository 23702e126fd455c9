"""Named groups of members."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from storage.sql.tables.columns import StorableText, id_column, metadata, ref_column, text_column, time_column

teams = Table(
    "teams",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("title"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    Column("revision", BigInteger, nullable=False),
)

team_members = Table(
    "team_members",
    metadata,
    ref_column("team_id", "teams.id", key=True),
    Column("user_id", StorableText, ForeignKey("users.id"), primary_key=True, index=True),
)
