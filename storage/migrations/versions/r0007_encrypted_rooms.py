"""Rooms whose meetings are encrypted end to end."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("is_encrypted", sa.Boolean(), nullable=False, server_default=sa.false()))
