"""What can be found by its words."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("school_id", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_search_entries_created_by")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_search_entries_school_id")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_search_entries_twinspace_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("kind", "id", name=op.f("uq_search_entries_kind_id")),
    )
    op.create_index("ix_search_entries_item_id", "search_entries", ["item_id"])
    op.create_index("ix_search_entries_created_by", "search_entries", ["created_by"])
    op.create_index("ix_search_entries_twinspace_id_kind_at_ms", "search_entries", ["twinspace_id", "kind", "at_ms"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE search_index (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX search_index_words ON search_index USING gin (words)")
    else:
        # The words come folded; FTS5 has only to keep them apart.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            " (title, text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')"
        )
