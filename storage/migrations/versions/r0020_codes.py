"""Codes of conduct, and which school accepts them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "codes",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name=op.f("fk_codes_content_id")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_codes_twinspace_id")),
        sa.PrimaryKeyConstraint("twinspace_id", name=op.f("pk_codes")),
    )
    op.create_table(
        "code_acceptances",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("accepted_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_code_acceptances_school_id")),
        sa.ForeignKeyConstraint(
            ["twinspace_id"], ["codes.twinspace_id"], name=op.f("fk_code_acceptances_twinspace_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_code_acceptances_user_id")),
        sa.PrimaryKeyConstraint("twinspace_id", "school_id", "text_hash", name=op.f("pk_code_acceptances")),
    )
