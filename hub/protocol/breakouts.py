"""Breakout rooms."""

from __future__ import annotations

from hub.access import Act
from hub.actions import breakout_rooms, breakouts, rooms
from hub.payloads import breakouts as payloads
from hub.payloads import rooms as room_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import NEGOTIATING, TWINSPACE
from hub.table import WRITING, Announcement, Event, Route

BREAKOUTS = f"{TWINSPACE}/breakouts"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", BREAKOUTS, breakouts.list_breakouts, twinspace_payloads.TwinspaceRef, payloads.BreakoutsList,
          "All sets of breakout rooms, planned, open and past.", Act.BREAKOUTS),
    Route("POST", BREAKOUTS, breakouts.plan_breakouts, payloads.PlanBreakouts, payloads.Breakouts,
          "Plan breakout rooms, for a planned meeting or for any.", Act.BREAKOUTS, status=201, limit=WRITING),
    Route("POST", f"{BREAKOUTS}/proposal", breakouts.propose_groups, payloads.ProposeGroups, payloads.ProposedGroups,
          "Ask the group maker: mixed by school, alike in size, with new partners. Nothing is stored.", Act.BREAKOUTS,
          limit=WRITING),
    Route("PUT", f"{BREAKOUTS}/{{breakouts_id}}", breakouts.change_breakouts, payloads.ChangeBreakouts,
          payloads.Breakouts, "Change planned breakout rooms.", Act.BREAKOUTS, limit=WRITING),
    Route("DELETE", f"{BREAKOUTS}/{{breakouts_id}}", breakouts.remove_breakouts, payloads.RemoveBreakouts, None,
          "Take the plan away; what its groups made stays.", Act.BREAKOUTS, status=204, limit=WRITING),
)

EVENTS: tuple[Event, ...] = (
    Event("breakouts:open", breakout_rooms.open_breakouts, payloads.OpenBreakouts, payloads.Breakouts,
          "Open all rooms and move everybody into theirs.", Act.BREAKOUTS),
    Event("breakouts:close", breakout_rooms.close_breakouts, payloads.CloseBreakouts, payloads.Breakouts,
          "Close all rooms after a countdown; everybody comes back.", Act.BREAKOUTS),
    Event("breakouts:assign", breakout_rooms.assign_pupil, payloads.AssignPupil, payloads.Breakouts,
          "Move somebody into another group while the rooms are open.", Act.BREAKOUTS),
    Event("breakouts:watch", breakout_rooms.watch_breakouts, payloads.BreakoutsRef, payloads.Overview,
          "See all rooms at once, and hear of every change from now on.", Act.BREAKOUTS),
    Event("breakouts:listen", rooms.listen, room_payloads.JoinRoom, room_payloads.Joined,
          "Hear and see a room without leaving one's own; those in it are told.", Act.BREAKOUTS, limit=NEGOTIATING),
    Event("breakouts:broadcast", breakout_rooms.broadcast, payloads.Broadcast, payloads.BreakoutNote,
          "Say one sentence to all rooms.", Act.BREAKOUTS),
    Event("breakouts:answer", breakout_rooms.answer_call, payloads.AnswerCall, payloads.BreakoutNote,
          "Answer a group's call.", Act.BREAKOUTS),
    Event("breakouts:place", breakout_rooms.find_place, payloads.FindPlace, payloads.FoundPlace,
          "Ask where one belongs.", Act.MEET),
    Event("breakouts:call", breakout_rooms.call_teacher, payloads.CallTeacher, payloads.BreakoutNote,
          "Call a teacher into one's room.", Act.MEET),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("breakouts:changed", payloads.BreakoutsChanged,
                 "Breakout rooms were planned, changed, opened, are to be closed, or closed; told to the TwinSpace."),
    Announcement("breakouts:moved", payloads.Place, "Your place is in this room now: go there."),
    Announcement("breakouts:called", payloads.CalledTeacher,
                 "A group called, or its call was answered; told to every teacher of the TwinSpace and to the group."),
    Announcement("breakouts:told", payloads.ToldAll, "A teacher said a sentence to all rooms."),
    Announcement("breakouts:room", payloads.RoomSeen, "A room changed; told to the teachers who watch."),
)
# fmt: on
