"""Who is who: schools, support services, accounts, registrations."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table

from storage.sql.tables.columns import (
    StorableText,
    added_text_column,
    id_column,
    metadata,
    ref_column,
    text_column,
    time_column,
)

schools = Table(
    "schools",
    metadata,
    id_column(),
    text_column("name"),
    text_column("city"),
    text_column("country"),
    text_column("shape"),
    added_text_column("region", ""),
    added_text_column("state", "listed"),
    Index("ix_schools_country", "country"),
)

services = Table("services", metadata, ref_column("id", "schools.id", key=True), text_column("level"))

users = Table(
    "users",
    metadata,
    id_column(),
    Column("name", StorableText, nullable=False, unique=True),
    text_column("display_name"),
    text_column("kind"),
    ref_column("school_id", "schools.id"),
    text_column("language"),
    time_column("created_at_ms"),
    text_column("password_hash", nullable=True),
    Column("class_key_hash", LargeBinary, nullable=True, unique=True),
    text_column("email", nullable=True),
    added_text_column("state", "active"),
    added_text_column("class_name", ""),
    time_column("card_asked_at_ms", nullable=True),
    Index("ix_users_email", "email", unique=True),
    Index("ix_users_school_id", "school_id"),
)

registrations = Table(
    "registrations",
    metadata,
    ref_column("user_id", "users.id", key=True),
    text_column("message"),
    time_column("submitted_at_ms"),
    text_column("decision", nullable=True),
    ref_column("decided_by", "users.id", nullable=True),
    time_column("decided_at_ms", nullable=True),
    text_column("reason"),
)
