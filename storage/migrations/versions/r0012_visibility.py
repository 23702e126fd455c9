"""The rung of the visibility ladder of every content."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contents", sa.Column("visibility", sa.Text(), nullable=False, server_default="twinspace"))
    op.add_column("contents", sa.Column("team_id", sa.Text(), nullable=True))
    op.add_column("contents", sa.Column("school_id", sa.Text(), nullable=True))
    op.execute(
        "UPDATE contents SET school_id = (SELECT users.school_id FROM users WHERE users.id = contents.created_by)"
    )
