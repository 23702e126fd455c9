"""Contents that some only read for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_locks",
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_content_locks_changed_by")),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name=op.f("fk_content_locks_content_id")),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_content_locks")),
    )
