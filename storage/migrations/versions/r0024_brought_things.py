"""What is brought before the support services, and may be hidden by them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought_things",
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("hidden_by", sa.Text(), nullable=True),
        sa.Column("hidden_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_brought_things_author_id")),
        sa.ForeignKeyConstraint(["hidden_by"], ["users.id"], name=op.f("fk_brought_things_hidden_by")),
        sa.ForeignKeyConstraint(["question_id"], ["help_questions.id"], name=op.f("fk_brought_things_question_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_brought_things")),
    )
    op.create_index("ix_brought_things_kind_subject_id", "brought_things", ["kind", "subject_id"])
