"""What everybody in a room looks at together."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_views",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("opened_id", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=True),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("spotlight", sa.Text(), nullable=False),
        sa.Column("timer_length_ms", sa.BigInteger(), nullable=False),
        sa.Column("timer_ends_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("timer_left_ms", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_shared_views_opened_by")),
        sa.ForeignKeyConstraint(["opened_id"], ["contents.id"], name=op.f("fk_shared_views_opened_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_shared_views_room_id")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_shared_views")),
    )
    op.create_table(
        "openings",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name=op.f("fk_openings_content_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_openings_opened_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_openings_room_id")),
    )
    op.create_index("ix_openings_room_id", "openings", ["room_id", "opened_at_ms"])
