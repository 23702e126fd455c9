"""How a project is agreed on, and the steps of its life."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Table

from storage.sql.tables.columns import StorableText, TextList, metadata, ref_column, text_column, time_column

foundings = Table(
    "foundings",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    ref_column("agreement_id", "contents.id"),
    Column("proposed_by", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    Column("partner_id", StorableText, ForeignKey("users.id"), nullable=False, index=True),
    text_column("title"),
    text_column("programme"),
    text_column("stage"),
    Column("subjects", TextList, nullable=False),
    Column("languages", TextList, nullable=False),
    text_column("starts_on"),
    text_column("ends_on"),
    time_column("proposed_at_ms"),
)

signatures = Table(
    "signatures",
    metadata,
    ref_column("twinspace_id", "foundings.twinspace_id", key=True),
    ref_column("user_id", "users.id", key=True),
    text_column("agreement", key=True),
    time_column("signed_at_ms"),
)

# The hash of the present text, so that lists need not read it.
kept_agreements = Table(
    "kept_agreements",
    metadata,
    ref_column("twinspace_id", "foundings.twinspace_id", key=True),
    text_column("made_of"),
    text_column("agreement"),
)

verdicts = Table(
    "verdicts",
    metadata,
    ref_column("twinspace_id", "foundings.twinspace_id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("agreement"),
    text_column("country"),
    ref_column("decided_by", "users.id"),
    Column("approved", Boolean, nullable=False),
    text_column("reason"),
    time_column("decided_at_ms"),
)

phase_moves = Table(
    "phase_moves",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    text_column("former"),
    text_column("phase"),
    ref_column("moved_by", "users.id"),
    Column("missing", TextList, nullable=False),
    time_column("moved_at_ms"),
)

reopenings = Table(
    "reopenings",
    metadata,
    ref_column("twinspace_id", "twinspaces.id", key=True),
    ref_column("user_id", "users.id", key=True),
    ref_column("school_id", "schools.id"),
    time_column("asked_at_ms"),
)
