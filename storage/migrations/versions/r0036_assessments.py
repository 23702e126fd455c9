"""Assessments by a sealed rubric."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("rubric_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("reveal_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("revealed_at_ms", sa.BigInteger(), nullable=True),
        _ref("assessments", "twinspace_id", "twinspaces.id"),
        _ref("assessments", "rubric_id", "contents.id"),
        _ref("assessments", "created_by", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index("ix_assessments_twinspace_id", "assessments", ["twinspace_id"])
    op.create_table(
        "assessment_people",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        _ref("assessment_people", "assessment_id", "assessments.id"),
        _ref("assessment_people", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("assessment_id", "user_id", "part", name=op.f("pk_assessment_people")),
    )
    op.create_index("ix_assessment_people_user_id", "assessment_people", ["user_id"])
    op.create_table(
        "ratings",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_at_ms", sa.BigInteger(), nullable=True),
        _ref("ratings", "assessment_id", "assessments.id"),
        _ref("ratings", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("assessment_id", "user_id", name=op.f("pk_ratings")),
    )
