"""What happened: messages, journal, snapshots, recordings."""

from __future__ import annotations

import json

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Table, Text, TypeDecorator, UniqueConstraint

from storage.records import FormerText
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
from storage.text import storable


class FormerTexts(TypeDecorator[tuple[FormerText, ...]]):
    """What a message said before; only read and written with it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[FormerText, ...] | None, dialect: Dialect) -> str:
        rows = [[storable(each.text), each.written_at_ms] for each in value or ()]
        return json.dumps(rows, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[FormerText, ...]:
        return tuple(FormerText(text, written_at_ms) for text, written_at_ms in json.loads(value or "[]"))


messages = Table(
    "messages",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    text_column("lane", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("client_message_id"),
    ref_column("user_id", "users.id"),
    text_column("text"),
    time_column("posted_at_ms"),
    Column("reply_to", BigInteger, nullable=True),
    Column("mentions", TextList, nullable=False),
    Column("material_ids", TextList, nullable=False),
    time_column("edited_at_ms", nullable=True),
    Column("versions", FormerTexts, nullable=False),
    UniqueConstraint("twinspace_id", "lane", "user_id", "client_message_id"),
)

message_reactions = Table(
    "message_reactions",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    text_column("lane", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    ref_column("user_id", "users.id", key=True),
    text_column("sign"),
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
