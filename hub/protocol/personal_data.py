"""What there is about a person."""

from __future__ import annotations

from hub.access import Duty
from hub.actions import personal_data
from hub.payloads import personal_data as payloads
from hub.protocol.paths import API, RARE
from hub.table import Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{API}/pupils/{{user_id}}/erasure", personal_data.erase_pupil, payloads.ErasePupil, None,
          "Erase a pupil of my school for good.", Duty.PUPILS, status=204, limit=RARE),
)
# fmt: on
