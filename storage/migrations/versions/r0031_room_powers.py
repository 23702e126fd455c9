"""What a meeting room allows, class seats, raised hands."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room_rules",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("locked", sa.Text(), nullable=False),
        sa.Column("exceptions", sa.Text(), nullable=False),
        sa.Column("has_lobby", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_room_rules_changed_by")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_rules_room_id")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room_rules")),
    )
    op.create_table(
        "room_standings",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("camera_to_staff", sa.Boolean(), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("admitted_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("shown_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_standings_room_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_room_standings_user_id")),
        sa.PrimaryKeyConstraint("room_id", "user_id", name=op.f("pk_room_standings")),
    )
    op.create_table(
        "class_seat_pupils",
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("pupil_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["pupil_id"], ["users.id"], name=op.f("fk_class_seat_pupils_pupil_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_class_seat_pupils_room_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["users.id"], name=op.f("fk_class_seat_pupils_seat_id")),
        sa.PrimaryKeyConstraint("room_id", "seat_id", "pupil_id", name=op.f("pk_class_seat_pupils")),
    )
    op.create_table(
        "hands",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("pupil_id", sa.Text(), nullable=True),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("raised_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["pupil_id"], ["users.id"], name=op.f("fk_hands_pupil_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_hands_room_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_hands_school_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_hands_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hands")),
    )
    op.create_index("ix_hands_room_id", "hands", ["room_id", "ended_at_ms"])
