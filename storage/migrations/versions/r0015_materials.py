"""Files, links, off-platform entries, pages, and links for people outside."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "materials",
        _text("id"),
        _text("twinspace_id"),
        _text("kind"),
        _text("title"),
        _text("created_by"),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        _text("folder"),
        _text("text"),
        _text("url"),
        _text("alt"),
        _text("licence"),
        sa.Column("happened_at_ms", sa.BigInteger(), nullable=True),
        _text("faces"),
        _text("pictured"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False, server_default="twinspace"),
        sa.Column("team_id", sa.Text(), nullable=True),
        sa.Column("school_id", sa.Text(), nullable=True),
        sa.Column("removed_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_materials_created_by")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_materials_twinspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
    )
    op.create_index("ix_materials_twinspace_id", "materials", ["twinspace_id"])
    op.create_table(
        "material_files",
        _text("material_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("blob"),
        _text("filename"),
        _text("media_type"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        _text("uploaded_by"),
        sa.Column("uploaded_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["material_id"], ["materials.id"], name=op.f("fk_material_files_material_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_material_files_uploaded_by")),
        sa.PrimaryKeyConstraint("material_id", "version", name=op.f("pk_material_files")),
    )
    op.create_table(
        "pages",
        _text("content_id"),
        _text("twinspace_id"),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["contents.id"], name=op.f("fk_pages_content_id")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_pages_twinspace_id")),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_pages")),
    )
    op.create_index("ix_pages_twinspace_id", "pages", ["twinspace_id"])
    op.create_table(
        "shares",
        _text("id"),
        _text("twinspace_id"),
        _text("audience"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        _text("title"),
        _text("made_by"),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at_ms", sa.BigInteger(), nullable=True),
        _text("address"),
        _text("seal"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_shares_made_by")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_shares_twinspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_shares_secret_hash")),
    )
    op.create_index("ix_shares_twinspace_id", "shares", ["twinspace_id"])
