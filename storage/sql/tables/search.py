"""What can be found. Its words lie in `search_index`: of FTS5 in SQLite, with a tsvector in PostgreSQL.

That one is made by the migration alone, in each database's own way, and is reached through `storage.sql.search`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, UniqueConstraint

from storage.sql.tables.columns import TextList, metadata, ref_column, text_column, time_column

search_entries = Table(
    "search_entries",
    metadata,
    # SQLite's own row number, under which FTS5 knows the row too.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    text_column("kind"),
    text_column("id"),
    text_column("title"),
    text_column("text"),
    ref_column("created_by", "users.id"),
    time_column("at_ms"),
    ref_column("twinspace_id", "twinspaces.id", nullable=True),
    text_column("place"),
    text_column("item_id", nullable=True),
    Column("facets", TextList, nullable=False),
    time_column("until_ms", nullable=True),
    ref_column("school_id", "schools.id", nullable=True),
    text_column("visibility"),
    text_column("team_id", nullable=True),
    UniqueConstraint("kind", "id"),
    Index("ix_search_entries_item_id", "item_id"),
    Index("ix_search_entries_created_by", "created_by"),
    Index("ix_search_entries_twinspace_id_kind_at_ms", "twinspace_id", "kind", "at_ms"),
)
