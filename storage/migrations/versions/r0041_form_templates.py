"""What a form template asks."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("resources", sa.Column("form", sa.Text(), nullable=True))
