"""The work plan of a TwinSpace: teams, activities, meetings, calendars."""

from __future__ import annotations

from hub.access import Act
from hub.actions import activities, calendars, codes, meeting_series, planned_meetings, teams
from hub.payloads import codes as code_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import plan as plan_payloads
from hub.payloads import teams as team_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import RARE, TWINSPACE
from hub.table import WRITING, Announcement, Event, Route

TEAM = f"{TWINSPACE}/teams/{{team_id}}"
ACTIVITY = f"{TWINSPACE}/activities/{{activity_id}}"
MEETING = f"{TWINSPACE}/meetings/{{meeting_id}}"
FREE_DAYS = f"{TWINSPACE}/calendar/{{free_days_id}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/teams", teams.list_teams, twinspace_payloads.TwinspaceRef, team_payloads.Teams,
          "The teams and who is in them.", Act.READ),
    Route("POST", f"{TWINSPACE}/teams", teams.make_team, team_payloads.MakeTeam, team_payloads.Team,
          "Make a team across the schools.", Act.PLAN, status=201, limit=WRITING),
    Route("PUT", TEAM, teams.change_team, team_payloads.ChangeTeam, team_payloads.Team,
          "Give a team another title or other people.", Act.PLAN, limit=WRITING),
    Route("DELETE", TEAM, teams.remove_team, team_payloads.TeamRef, None,
          "Dissolve a team.", Act.PLAN, status=204, limit=WRITING),
    Route("GET", f"{TWINSPACE}/plan", planned_meetings.read_plan, twinspace_payloads.TwinspaceRef, plan_payloads.Plan,
          "The activities and the planned meetings.", Act.READ),
    Route("POST", f"{TWINSPACE}/activities", activities.plan_activity, plan_payloads.PlanActivity,
          plan_payloads.Activity, "Put an activity into the plan.", Act.PLAN, status=201, limit=WRITING),
    Route("PUT", ACTIVITY, activities.change_activity, plan_payloads.ChangeActivity, plan_payloads.Activity,
          "Change an activity; who is behind is told what changed.", Act.PLAN, limit=WRITING),
    Route("DELETE", ACTIVITY, activities.remove_activity, plan_payloads.RemoveActivity, None,
          "Take an activity out of the plan.", Act.PLAN, status=204, limit=WRITING),
    Route("POST", f"{TWINSPACE}/meetings", planned_meetings.plan_meeting, plan_payloads.PlanMeeting,
          plan_payloads.PlannedMeeting, "Plan a meeting; who is asked is told, by mail too.", Act.PLAN, status=201,
          limit=RARE),
    Route("POST", f"{TWINSPACE}/meeting_series", meeting_series.plan_series, plan_payloads.PlanSeries,
          plan_payloads.Series, "Plan a meeting for every week, but for days without lessons.", Act.PLAN, status=201,
          limit=RARE),
    Route("PUT", MEETING, planned_meetings.change_meeting, plan_payloads.ChangeMeeting, plan_payloads.PlannedMeeting,
          "Change a planned meeting; calendars follow.", Act.PLAN, limit=RARE),
    Route("DELETE", MEETING, planned_meetings.cancel_meeting, plan_payloads.CancelMeeting, None,
          "Call a meeting off; it stays in the plan, struck out.", Act.PLAN, status=204, limit=RARE),
    Route("GET", f"{MEETING}/invitation", planned_meetings.fetch_invitation, plan_payloads.MeetingRef,
          operation_payloads.Download, "The meeting as a calendar file.", Act.READ),
    Route("GET", f"{TWINSPACE}/code", codes.read_code, twinspace_payloads.TwinspaceRef, code_payloads.Code,
          "The code of conduct, and which school accepts it as it is now.", Act.READ),
    Route("POST", f"{TWINSPACE}/code", codes.begin_code, code_payloads.BeginCode, code_payloads.Code,
          "Begin a code of conduct, a document like others.", Act.PLAN, status=201, limit=RARE),
    Route("POST", f"{TWINSPACE}/code/acceptance", codes.accept_code, code_payloads.AcceptCode, code_payloads.Code,
          "Accept it for one's school, as one has read it.", Act.STEER, limit=WRITING),
    Route("GET", f"{TWINSPACE}/calendar", calendars.read_calendars, plan_payloads.CalendarOf, plan_payloads.Calendars,
          "Each school's free days and its country's holidays, between two days.", Act.READ),
    Route("POST", f"{TWINSPACE}/calendar", calendars.add_free_days, plan_payloads.AddFreeDays, plan_payloads.FreeDays,
          "Enter free days of one's own school.", Act.PLAN, status=201, limit=WRITING),
    Route("PUT", FREE_DAYS, calendars.change_free_days, plan_payloads.ChangeFreeDays, plan_payloads.FreeDays,
          "Change free days of one's own school.", Act.PLAN, limit=WRITING),
    Route("DELETE", FREE_DAYS, calendars.remove_free_days, plan_payloads.RemoveFreeDays, None,
          "Take free days of one's own school away.", Act.PLAN, status=204, limit=WRITING),
)

EVENTS: tuple[Event, ...] = ()

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("plan:changed", team_payloads.PlanChanged,
                 "Something of the plan was made, changed or taken away: read it again."),
)
# fmt: on
