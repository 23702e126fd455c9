"""Threads, posts and debates."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Integer, Table, UniqueConstraint

from storage.sql.tables.columns import StorableText, id_column, metadata, ref_column, text_column, time_column


def _seq() -> Column[int]:
    return Column("seq", BigInteger, primary_key=True, autoincrement=False)


threads = Table(
    "threads",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=True, index=True),
    text_column("title"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    time_column("latest_at_ms"),
    Column("post_count", BigInteger, nullable=False),
    Column("is_pinned", Boolean, nullable=False),
    Column("is_closed", Boolean, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    ref_column("thread_id", "threads.id", key=True),
    _seq(),
    text_column("client_post_id"),
    ref_column("user_id", "users.id"),
    text_column("text"),
    time_column("posted_at_ms"),
    time_column("edited_at_ms", nullable=True),
    Column("is_removed", Boolean, nullable=False),
    UniqueConstraint("thread_id", "user_id", "client_post_id"),
)

post_versions = Table(
    "post_versions",
    metadata,
    Column("thread_id", StorableText, primary_key=True),
    _seq(),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    text_column("text"),
    time_column("written_at_ms"),
    ForeignKeyConstraint(["thread_id", "seq"], ["posts.thread_id", "posts.seq"]),
)

thread_followers = Table(
    "thread_followers",
    metadata,
    ref_column("thread_id", "threads.id", key=True),
    Column("user_id", StorableText, ForeignKey("users.id"), primary_key=True, index=True),
    Column("read_seq", BigInteger, nullable=False),
)

debates = Table(
    "debates",
    metadata,
    id_column(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    text_column("motion"),
    Column("turn_s", Integer, nullable=False),
    text_column("state"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    time_column("closed_at_ms", nullable=True),
)

debate_turns = Table(
    "debate_turns",
    metadata,
    ref_column("debate_id", "debates.id", key=True),
    _seq(),
    ref_column("user_id", "users.id"),
    text_column("side"),
    time_column("asked_at_ms"),
    time_column("started_at_ms", nullable=True),
    time_column("ended_at_ms", nullable=True),
)

debate_votes = Table(
    "debate_votes",
    metadata,
    ref_column("debate_id", "debates.id", key=True),
    text_column("ballot", key=True),
    ref_column("user_id", "users.id", key=True),
    text_column("choice"),
)
