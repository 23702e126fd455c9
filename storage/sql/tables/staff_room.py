"""What teachers do among each other: partners, conversations, shelf and help desk."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

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


def _seq() -> Column[int]:
    return Column("seq", BigInteger, primary_key=True, autoincrement=False)


def _texts(name: str) -> Column[tuple[str, ...]]:
    return Column(name, TextList, nullable=False)


def _owner(name: str, target: str) -> Column[str]:
    return Column(name, StorableText, ForeignKey(target), nullable=False, index=True)


profiles = Table(
    "profiles",
    metadata,
    ref_column("user_id", "users.id", key=True),
    text_column("about"),
    _texts("stages"),
    _texts("subjects"),
    _texts("languages"),
    Column("is_listed", Boolean, nullable=False),
    time_column("changed_at_ms"),
)

ideas = Table(
    "ideas",
    metadata,
    id_column(),
    _owner("user_id", "users.id"),
    text_column("title"),
    text_column("text"),
    text_column("stage"),
    Column("ages_from", Integer, nullable=False),
    Column("ages_to", Integer, nullable=False),
    _texts("subjects"),
    _texts("languages"),
    _texts("countries"),
    text_column("open_until"),
    time_column("created_at_ms"),
    time_column("changed_at_ms"),
)

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    text_column("title"),
    ref_column("created_by", "users.id"),
    time_column("created_at_ms"),
    text_column("pair", nullable=True),
    UniqueConstraint("pair"),
    Index("ix_conversations_created_by_created_at_ms", "created_by", "created_at_ms"),
)

conversation_people = Table(
    "conversation_people",
    metadata,
    ref_column("conversation_id", "conversations.id", key=True),
    ref_column("user_id", "users.id", key=True),
    Column("read_seq", BigInteger, nullable=False),
    Index("ix_conversation_people_user_id", "user_id"),
)

direct_messages = Table(
    "direct_messages",
    metadata,
    ref_column("conversation_id", "conversations.id", key=True),
    _seq(),
    text_column("client_message_id"),
    ref_column("user_id", "users.id"),
    text_column("text"),
    time_column("sent_at_ms"),
    UniqueConstraint("conversation_id", "user_id", "client_message_id"),
)

person_blocks = Table(
    "person_blocks",
    metadata,
    ref_column("user_id", "users.id", key=True),
    ref_column("blocked_id", "users.id", key=True),
    time_column("blocked_at_ms"),
    Index("ix_person_blocks_blocked_id", "blocked_id"),
)

resources = Table(
    "resources",
    metadata,
    id_column(),
    text_column("sort"),
    text_column("title"),
    text_column("text"),
    text_column("link"),
    text_column("licence"),
    text_column("language"),
    _texts("stages"),
    _texts("subjects"),
    _owner("submitted_by", "users.id"),
    time_column("submitted_at_ms"),
    text_column("state"),
    ref_column("decided_by", "users.id", nullable=True),
    time_column("decided_at_ms", nullable=True),
    text_column("reason"),
    Column("form", JsonText, nullable=True),
)

resource_ratings = Table(
    "resource_ratings",
    metadata,
    ref_column("resource_id", "resources.id", key=True),
    ref_column("user_id", "users.id", key=True),
)

help_questions = Table(
    "help_questions",
    metadata,
    id_column(),
    _owner("asked_by", "users.id"),
    text_column("country"),
    text_column("title"),
    text_column("text"),
    text_column("language"),
    time_column("asked_at_ms"),
    time_column("changed_at_ms"),
    text_column("state"),
    ref_column("owner_id", "users.id", nullable=True),
    Column("is_faq", Boolean, nullable=False),
    text_column("answer"),
)

brought_things = Table(
    "brought_things",
    metadata,
    ref_column("question_id", "help_questions.id", key=True),
    text_column("kind"),
    text_column("subject_id"),
    ref_column("author_id", "users.id"),
    text_column("excerpt"),
    ref_column("hidden_by", "users.id", nullable=True),
    time_column("hidden_at_ms", nullable=True),
    Index("ix_brought_things_kind_subject_id", "kind", "subject_id"),
)

help_notes = Table(
    "help_notes",
    metadata,
    ref_column("question_id", "help_questions.id", key=True),
    _seq(),
    ref_column("user_id", "users.id"),
    text_column("text"),
    time_column("written_at_ms"),
)
