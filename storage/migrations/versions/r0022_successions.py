"""Founders who leave, and the hashes of agreements as lists need them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PEOPLE = ("leaving_id", "remaining_id", "successor_id")


def upgrade() -> None:
    op.create_table(
        "successions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("leaving_id", sa.Text(), nullable=False),
        sa.Column("remaining_id", sa.Text(), nullable=False),
        sa.Column("successor_id", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("stays", sa.Boolean(), nullable=False),
        sa.Column("proposed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("silent_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("remaining_agreed_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("successor_agreed_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("leaving_agreed_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["foundings.twinspace_id"], name=op.f("fk_successions_twinspace_id")),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_successions_{name}"))
            for name in (*PEOPLE, "proposed_by", "ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_successions")),
    )
    for name in ("twinspace_id", *PEOPLE):
        op.create_index(f"ix_successions_{name}", "successions", [name])
    op.create_table(
        "kept_agreements",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["twinspace_id"], ["foundings.twinspace_id"], name=op.f("fk_kept_agreements_twinspace_id")
        ),
        sa.PrimaryKeyConstraint("twinspace_id", name=op.f("pk_kept_agreements")),
    )
