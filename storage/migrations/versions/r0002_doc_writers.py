"""Who writes under which client id, and who wrote what a state holds."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("doc_states", sa.Column("history", sa.LargeBinary(), nullable=True))
    op.create_table(
        "doc_writers",
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("content_id", "client_id", name=op.f("pk_doc_writers")),
        sqlite_with_rowid=False,
    )
