"""Meetings that were held, who was in them, and breakout rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("parent_id", sa.Text(), nullable=True))
    op.create_table(
        "breakouts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=True),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("apart", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("closes_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_breakouts_created_by")),
        sa.ForeignKeyConstraint(["meeting_id"], ["planned_meetings.id"], name=op.f("fk_breakouts_meeting_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_breakouts_room_id")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_breakouts_twinspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakouts")),
    )
    op.create_index("ix_breakouts_twinspace_id", "breakouts", ["twinspace_id"])
    op.create_index("ix_breakouts_room_id", "breakouts", ["room_id"])
    op.create_table(
        "breakout_notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("breakouts_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_breakout_notes_answered_by")),
        sa.ForeignKeyConstraint(["breakouts_id"], ["breakouts.id"], name=op.f("fk_breakout_notes_breakouts_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_breakout_notes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakout_notes")),
    )
    op.create_index("ix_breakout_notes_breakouts_id", "breakout_notes", ["breakouts_id"])
    op.create_table(
        "held_meetings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("twinspace_id", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("talk", sa.Text(), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False, server_default="twinspace"),
        sa.Column("team_id", sa.Text(), nullable=True),
        sa.Column("school_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_held_meetings_created_by")),
        sa.ForeignKeyConstraint(["meeting_id"], ["planned_meetings.id"], name=op.f("fk_held_meetings_meeting_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_held_meetings_room_id")),
        sa.ForeignKeyConstraint(["twinspace_id"], ["twinspaces.id"], name=op.f("fk_held_meetings_twinspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_meetings")),
    )
    op.create_index("ix_held_meetings_twinspace_id", "held_meetings", ["twinspace_id"])
    op.create_table(
        "stays",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("held_id", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("pupils", sa.Text(), nullable=False),
        sa.Column("joined_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["held_id"], ["held_meetings.id"], name=op.f("fk_stays_held_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_stays_room_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_stays_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stays")),
    )
    op.create_index("ix_stays_held_id", "stays", ["held_id"])
    op.create_index("ix_stays_user_id", "stays", ["user_id"])
