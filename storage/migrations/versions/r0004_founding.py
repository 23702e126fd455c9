"""How projects are founded, their phases, and the consent ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Projects that are there already are in full swing.
    op.add_column("twinspaces", sa.Column("phase", sa.Text(), nullable=False, server_default="during"))
    op.create_table(
        "foundings",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Text(), nullable=False),
        sa.Column("proposed_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_foundings_twinspace_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["contents.id"], name=op.f("fk_foundings_agreement_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_foundings_proposed_by")),
        sa.ForeignKeyConstraint(["partner_id"], ["users.id"], name=op.f("fk_foundings_partner_id")),
        sa.PrimaryKeyConstraint("twinspace_id", name=op.f("pk_foundings")),
    )
    op.create_index(op.f("ix_foundings_proposed_by"), "foundings", ["proposed_by"], unique=False)
    op.create_index(op.f("ix_foundings_partner_id"), "foundings", ["partner_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("signed_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["foundings.twinspace_id"], name=op.f("fk_signatures_twinspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_signatures_user_id")),
        sa.PrimaryKeyConstraint("twinspace_id", "user_id", "agreement", name=op.f("pk_signatures")),
    )
    op.create_table(
        "verdicts",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["foundings.twinspace_id"], name=op.f("fk_verdicts_twinspace_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_verdicts_decided_by")),
        sa.PrimaryKeyConstraint("twinspace_id", "seq", name=op.f("pk_verdicts")),
    )
    op.create_table(
        "phase_moves",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("moved_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_phase_moves_twinspace_id")),
        sa.ForeignKeyConstraint(["moved_by"], ["users.id"], name=op.f("fk_phase_moves_moved_by")),
        sa.PrimaryKeyConstraint("twinspace_id", "seq", name=op.f("pk_phase_moves")),
    )
    op.create_table(
        "reopenings",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("asked_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_reopenings_twinspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reopenings_user_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_reopenings_school_id")),
        sa.PrimaryKeyConstraint("twinspace_id", "user_id", name=op.f("pk_reopenings")),
    )
    op.create_table(
        "consents",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Text(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("own_age", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consents_user_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_consents_recorded_by")),
        sa.PrimaryKeyConstraint("user_id", "seq", name=op.f("pk_consents")),
    )
