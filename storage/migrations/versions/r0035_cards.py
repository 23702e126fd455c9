"""Files on cards, and who chose what in their polls."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=True),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name=op.f("fk_card_files_content_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_card_files_school_id")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_card_files_twinspace_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_card_files_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_files")),
    )
    for column in ("twinspace_id", "content_id", "uploaded_by", "blob"):
        op.create_index(f"ix_card_files_{column}", "card_files", [column])
    op.create_table(
        "card_votes",
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name=op.f("fk_card_votes_content_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_card_votes_school_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_card_votes_user_id")),
        sa.PrimaryKeyConstraint("content_id", "card_id", "user_id", name=op.f("pk_card_votes")),
    )
    op.create_index("ix_card_votes_user_id", "card_votes", ["user_id"])
