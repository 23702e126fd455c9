"""Which whiteboards are slides."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contents", sa.Column("is_slides", sa.Boolean(), nullable=False, server_default=sa.false()))
