"""Pupils ask for a new class card."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("card_asked_at_ms", sa.BigInteger(), nullable=True))
