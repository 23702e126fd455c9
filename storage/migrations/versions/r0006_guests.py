"""Invitations by link, and who came by them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_guest_links_made_by")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_guest_links_twinspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_guest_links_secret_hash")),
    )
    op.create_index("ix_guest_links_twinspace_id", "guest_links", ["twinspace_id"])
    op.create_table(
        "guests",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["guest_links.id"], name=op.f("fk_guests_link_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_guests_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_guests")),
    )
    op.create_index("ix_guests_link_id", "guests", ["link_id"])
