"""Chat has lanes, each with numbers and read marks of its own; messages are answered, edited and reacted to."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Neither database can change a primary key in place: a table with the new one takes over the rows.
    _set_aside("messages")
    op.create_table(
        "messages",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_message_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("posted_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("material_ids", sa.Text(), nullable=False),
        sa.Column("edited_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_messages_twinspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_messages_user_id")),
        sa.PrimaryKeyConstraint("twinspace_id", "lane", "seq", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "twinspace_id",
            "lane",
            "user_id",
            "client_message_id",
            name=op.f("uq_messages_twinspace_id_lane_user_id_client_message_id"),
        ),
    )
    op.execute(
        "INSERT INTO messages (twinspace_id, lane, seq, client_message_id, user_id, text, posted_at_ms, mentions,"
        " material_ids, versions) SELECT twinspace_id, 'all', seq, client_message_id, user_id, text, posted_at_ms,"
        " '[]', '[]', '[]' FROM former_messages"
    )
    op.drop_table("former_messages")
    op.create_table(
        "message_reactions",
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_message_reactions_twinspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_message_reactions_user_id")),
        sa.PrimaryKeyConstraint("twinspace_id", "lane", "seq", "user_id", name=op.f("pk_message_reactions")),
    )
    _set_aside("read_marks")
    op.create_table(
        "read_marks",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_read_marks_twinspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_read_marks_user_id")),
        sa.PrimaryKeyConstraint("user_id", "twinspace_id", "lane", name=op.f("pk_read_marks")),
    )
    op.execute(
        "INSERT INTO read_marks (user_id, twinspace_id, lane, seq)"
        " SELECT user_id, twinspace_id, 'all', seq FROM former_read_marks"
    )
    op.drop_table("former_read_marks")


def _set_aside(table: str) -> None:
    """Rename it; the name of its key goes with it on PostgreSQL, where such names are the schema's."""
    op.rename_table(table, f"former_{table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE former_{table} DROP CONSTRAINT pk_{table}")
