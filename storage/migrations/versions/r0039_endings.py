"""How many meetings of a room were ended by a teacher."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("endings", sa.BigInteger(), nullable=False, server_default="0"))
