"""Drafts, anonymous answers and class tallies of forms; seals, and signatures of sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _of_version(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["content_id", "version"],
        ["form_versions.content_id", "form_versions.version"],
        name=op.f(f"fk_{table}_content_id_version"),
    )


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "form_drafts",
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("begun_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        _of_version("form_drafts"),
        _ref("form_drafts", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("content_id", "version", "user_id", name=op.f("pk_form_drafts")),
    )
    op.create_table(
        "anonymous_responses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        _of_version("anonymous_responses"),
        _ref("anonymous_responses", "school_id", "schools.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymous_responses")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_anonymous_responses_content_id_version_school_id",
        "anonymous_responses",
        ["content_id", "version", "school_id"],
    )
    op.create_table(
        "form_receipts",
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        _of_version("form_receipts"),
        _ref("form_receipts", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("content_id", "version", "user_id", name=op.f("pk_form_receipts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "class_tallies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("entered_at_ms", sa.BigInteger(), nullable=False),
        _of_version("class_tallies"),
        _ref("class_tallies", "school_id", "schools.id"),
        _ref("class_tallies", "entered_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_tallies")),
    )
    op.create_index("ix_class_tallies_content_id_version", "class_tallies", ["content_id", "version"])
    op.create_table(
        "seals",
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.Column("sealed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        _ref("seals", "content_id", "contents.id"),
        _ref("seals", "sealed_by", "users.id"),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_seals")),
    )
    op.create_table(
        "sheet_signatures",
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("signed_at_ms", sa.BigInteger(), nullable=False),
        _ref("sheet_signatures", "content_id", "contents.id"),
        _ref("sheet_signatures", "school_id", "schools.id"),
        _ref("sheet_signatures", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("content_id", "school_id", name=op.f("pk_sheet_signatures")),
    )
