"""Blobs that were taken out of snapshots."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "redactions",
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("copy", sa.Text(), nullable=True),
        sa.Column("redacted_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("blob", name=op.f("pk_redactions")),
    )
