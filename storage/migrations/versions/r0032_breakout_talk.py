"""What was said in a breakout room is found by its people and the staff alone."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    breakout_rooms = "(SELECT id FROM rooms WHERE parent_id IS NOT NULL)"
    op.execute(
        "UPDATE search_entries SET visibility = 'team', team_id = substr(place, 6)"
        f" WHERE kind = 'message' AND place LIKE 'room:%' AND substr(place, 6) IN {breakout_rooms}"
    )
    op.execute(
        "UPDATE search_entries SET visibility = 'team', team_id = place"
        f" WHERE kind = 'caption' AND place IN {breakout_rooms}"
    )
