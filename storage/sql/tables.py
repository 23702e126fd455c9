"""All tables. What is written here must be what the migrations make; a test compares the two."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from storage.text import storable


class StorableText(TypeDecorator[str]):
    """Text that every database keeps alike; refuses what only some would keep."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value as text: PostgreSQL's jsonb would refuse `\\u0000` and change numbers."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class TextList(TypeDecorator[tuple[str, ...]]):
    """A few short texts that are only read and written together."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return json.dumps([storable(each) for each in value or ()], separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(json.loads(value or "[]"))


# Names of constraints must be the same on every database, or a later migration can't drop one.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", StorableText, primary_key=True)


def _text(name: str, *, key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, StorableText, primary_key=key, nullable=nullable)


def _ref(name: str, target: str, *, key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, StorableText, ForeignKey(target), primary_key=key, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _added_text(name: str, start: str) -> Column[str]:
    """A column that an older table was given later; `start` is what its rows had then."""
    return Column(name, StorableText, nullable=False, server_default=start)


schools = Table(
    "schools",
    metadata,
    _id(),
    _text("name"),
    _text("city"),
    _text("country"),
    _text("shape"),
    _added_text("region", ""),
    _added_text("state", "listed"),
    Index("ix_schools_country", "country"),
)

services = Table("services", metadata, _ref("id", "schools.id", key=True), _text("level"))

users = Table(
    "users",
    metadata,
    _id(),
    Column("name", StorableText, nullable=False, unique=True),
    _text("display_name"),
    _text("kind"),
    _ref("school_id", "schools.id"),
    _text("language"),
    _time("created_at_ms"),
    _text("password_hash", nullable=True),
    Column("class_key_hash", LargeBinary, nullable=True, unique=True),
    _text("email", nullable=True),
    _added_text("state", "active"),
    _added_text("class_name", ""),
    Index("ix_users_email", "email", unique=True),
    Index("ix_users_school_id", "school_id"),
)

logins = Table(
    "logins",
    metadata,
    _id(),
    Column("user_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    _text("kind"),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    _time("created_at_ms"),
    _time("expires_at_ms"),
    _time("revoked_at_ms", nullable=True),
    _added_text("way", "token"),
    _added_text("device", ""),
    _time("last_used_at_ms", nullable=True),
    _time("second_factor_at_ms", nullable=True),
)

tickets = Table(
    "tickets",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    _text("purpose"),
    Column("user_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    _time("created_at_ms"),
    _time("expires_at_ms"),
    _time("used_at_ms", nullable=True),
)

registrations = Table(
    "registrations",
    metadata,
    _ref("user_id", "users.id", key=True),
    _text("message"),
    _time("submitted_at_ms"),
    _text("decision", nullable=True),
    _ref("decided_by", "users.id", nullable=True),
    _time("decided_at_ms", nullable=True),
    _text("reason"),
)

second_factors = Table(
    "second_factors",
    metadata,
    _ref("user_id", "users.id", key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    _time("created_at_ms"),
    _time("confirmed_at_ms", nullable=True),
    Column("last_step", BigInteger, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    _ref("user_id", "users.id", key=True),
    Column("code_hash", LargeBinary, primary_key=True),
)

guest_links = Table(
    "guest_links",
    metadata,
    _id(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    _text("role"),
    _text("title"),
    _ref("made_by", "users.id"),
    _time("created_at_ms"),
    _time("expires_at_ms"),
    _time("revoked_at_ms", nullable=True),
)

guests = Table(
    "guests",
    metadata,
    _ref("user_id", "users.id", key=True),
    Column("link_id", StorableText, ForeignKey("guest_links.id"), nullable=False, index=True),
)

projects = Table("projects", metadata, _id(), _text("title"), _text("summary"), _time("created_at_ms"))

twinspaces = Table(
    "twinspaces",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    _text("title"),
    _text("summary"),
    _time("created_at_ms"),
    Column("phase", StorableText, nullable=False, server_default="during"),
)

members = Table(
    "members",
    metadata,
    _ref("twinspace_id", "twinspaces.id", key=True),
    _ref("user_id", "users.id", key=True),
    _text("role"),
    Column("epoch", BigInteger, nullable=False),
    _time("joined_at_ms"),
    # False: removed. The row stays, so that the epoch never goes back.
    Column("present", Boolean, nullable=False),
    Index("ix_members_user_id", "user_id"),
)

rooms = Table(
    "rooms",
    metadata,
    _id(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    _text("title"),
    _time("created_at_ms"),
)

contents = Table(
    "contents",
    metadata,
    _id(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    _text("kind"),
    _text("title"),
    _ref("created_by", "users.id"),
    _time("created_at_ms"),
    _time("changed_at_ms"),
)

# The four tables of the log have no foreign keys: every keystroke would pay for the look-ups.

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

messages = Table(
    "messages",
    metadata,
    _ref("twinspace_id", "twinspaces.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _text("client_message_id"),
    _ref("user_id", "users.id"),
    _text("text"),
    _time("posted_at_ms"),
    UniqueConstraint("twinspace_id", "user_id", "client_message_id"),
)

form_versions = Table(
    "form_versions",
    metadata,
    _ref("content_id", "contents.id", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", JsonText, nullable=False),
    _ref("published_by", "users.id"),
    _time("published_at_ms"),
)

form_responses = Table(
    "form_responses",
    metadata,
    Column("content_id", StorableText, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _ref("user_id", "users.id", key=True),
    _ref("school_id", "schools.id"),
    Column("answers", JsonText, nullable=False),
    _time("submitted_at_ms"),
    ForeignKeyConstraint(["content_id", "version"], ["form_versions.content_id", "form_versions.version"]),
)

journal = Table(
    "journal",
    metadata,
    _ref("twinspace_id", "twinspaces.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _text("verb"),
    _ref("user_id", "users.id", nullable=True),
    _text("subject_id", nullable=True),
    Column("details", JsonText, nullable=False),
    _time("happened_at_ms"),
)

snapshots = Table(
    "snapshots",
    metadata,
    _id(),
    _ref("twinspace_id", "twinspaces.id"),
    Column("seq", BigInteger, nullable=False),
    _text("parent", nullable=True),
    _text("tree"),
    _text("title"),
    _text("cause"),
    _ref("taken_by", "users.id"),
    _time("taken_at_ms"),
    UniqueConstraint("twinspace_id", "seq"),
)

foundings = Table(
    "foundings",
    metadata,
    _ref("twinspace_id", "twinspaces.id", key=True),
    _ref("agreement_id", "contents.id"),
    Column("proposed_by", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    Column("partner_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    _text("title"),
    _text("programme"),
    _text("stage"),
    Column("subjects", TextList, nullable=False),
    Column("languages", TextList, nullable=False),
    _text("starts_on"),
    _text("ends_on"),
    _time("proposed_at_ms"),
)

signatures = Table(
    "signatures",
    metadata,
    _ref("twinspace_id", "foundings.twinspace_id", key=True),
    _ref("user_id", "users.id", key=True),
    _text("agreement", key=True),
    _time("signed_at_ms"),
)

verdicts = Table(
    "verdicts",
    metadata,
    _ref("twinspace_id", "foundings.twinspace_id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _text("agreement"),
    _text("country"),
    _ref("decided_by", "users.id"),
    Column("approved", Boolean, nullable=False),
    _text("reason"),
    _time("decided_at_ms"),
)

phase_moves = Table(
    "phase_moves",
    metadata,
    _ref("twinspace_id", "twinspaces.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _text("former"),
    _text("phase"),
    _ref("moved_by", "users.id"),
    Column("missing", TextList, nullable=False),
    _time("moved_at_ms"),
)

reopenings = Table(
    "reopenings",
    metadata,
    _ref("twinspace_id", "twinspaces.id", key=True),
    _ref("user_id", "users.id", key=True),
    _ref("school_id", "schools.id"),
    _time("asked_at_ms"),
)

consents = Table(
    "consents",
    metadata,
    _ref("user_id", "users.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _text("purpose"),
    Column("granted", Boolean, nullable=False),
    _text("given_by"),
    _text("how"),
    _text("given_on"),
    _time("until_ms", nullable=True),
    Column("own_age", Integer, nullable=False),
    _ref("recorded_by", "users.id"),
    _time("recorded_at_ms"),
)

recordings = Table(
    "recordings",
    metadata,
    _id(),
    Column("twinspace_id", StorableText, ForeignKey("twinspaces.id"), nullable=False, index=True),
    _ref("room_id", "rooms.id"),
    _ref("started_by", "users.id"),
    _time("started_at_ms"),
    _time("ended_at_ms"),
    _text("reason"),
    Column("files", JsonText, nullable=False),
)
