"""What everybody in a meeting looks at together."""

from __future__ import annotations

from hub.access import Act
from hub.actions import shared_view
from hub.payloads import shared_view as payloads
from hub.payloads.rooms import RoomRef
from hub.table import Announcement, Event, Limit

TURNING = Limit(per_minute=240, burst=20)

# fmt: off
EVENTS: tuple[Event, ...] = (
    Event("view:open", shared_view.open_for_all, payloads.OpenForAll, payloads.OpenedForAll,
          "Open a content on everybody's screen, or present what is open from now on.", Act.PRESENT),
    Event("view:close", shared_view.close_for_all, RoomRef, None,
          "Close what is open on everybody's screen.", Act.PRESENT),
    Event("view:turn", shared_view.turn_to, payloads.TurnTo, None,
          "Where the presenter is in what is open.", Act.PRESENT, limit=TURNING),
    Event("view:spotlight", shared_view.put_in_spotlight, payloads.PutInSpotlight, None,
          "Who is seen large by everybody.", Act.PRESENT),
    Event("view:timer", shared_view.set_timer, payloads.SetTimer, None,
          "Start a countdown for everybody, let it stand or go on, give more time, end it.", Act.PRESENT),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("room:view", payloads.SharedView,
                 "What everybody looks at together, and the timer; also told to who joins."),
    Announcement("room:unseen", payloads.Unseen, "Somebody came who may not see what is open; told to who presents."),
)
# fmt: on
