"""Where routes begin, and the limits that several areas share."""

from __future__ import annotations

from hub.table import Limit

# Open routes share one bucket: a whole school signs in at eight from one address, and strangers must not fill the hub.
SIGNING_IN = Limit(per_minute=1200, burst=200)
WATCHING = Limit(per_minute=6000, burst=600)
NEGOTIATING = Limit(per_minute=240, burst=60)
# One bucket for everybody here too: letters cost, and a flood of them would reach strangers.
REGISTERING = Limit(per_minute=60, burst=60)
RARE = Limit(per_minute=20, burst=10)
# Somebody who types asks again at every pause.
SEARCHING = Limit(per_minute=120, burst=30)

API = "/api/v1"
TWINSPACE = f"{API}/twinspaces/{{twinspace_id}}"
FOUNDING = f"{API}/foundings/{{twinspace_id}}"
CONTENT = f"{API}/contents/{{content_id}}"
WALL = f"{API}/walls/{{content_id}}"
WHITEBOARD = f"{API}/whiteboards/{{content_id}}"
FORM = f"{API}/forms/{{content_id}}"
RUBRIC = f"{API}/rubrics/{{content_id}}"
RECORDING = f"{API}/rooms/{{room_id}}/recording"
SNAPSHOT = f"{API}/snapshots/{{snapshot_id}}"
