"""Since when a file of a wall is on no card."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("card_files", sa.Column("loose_since_ms", sa.BigInteger(), nullable=True))
