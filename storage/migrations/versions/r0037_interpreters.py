"""Who interprets in a room, into which language."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("room_standings") as standings:
        standings.add_column(sa.Column("interprets", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("room_standings") as standings:
        standings.alter_column("interprets", server_default=None)
