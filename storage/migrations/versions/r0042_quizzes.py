"""Quizzes: questions that are asked one after the other and counted together."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quizzes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=True),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_quizzes_twinspace_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_quizzes_created_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_quizzes_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes")),
    )
    op.create_index("ix_quizzes_twinspace_id", "quizzes", ["twinspace_id"])
    with op.batch_alter_table("polls") as batch:
        batch.add_column(sa.Column("quiz_id", sa.Text(), nullable=True))
        batch.add_column(sa.Column("quiz_place", sa.Integer(), nullable=False, server_default="0"))
        batch.create_foreign_key(op.f("fk_polls_quiz_id"), "quizzes", ["quiz_id"], ["id"])
        batch.create_index("ix_polls_quiz_id", ["quiz_id"])
