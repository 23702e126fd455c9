"""The work plan of a TwinSpace: teams, activities, meetings, calendars."""

from __future__ import annotations

from hub.access import Act
from hub.actions import teams
from hub.payloads import teams as team_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import TWINSPACE
from hub.table import WRITING, Announcement, Event, Route

TEAM = f"{TWINSPACE}/teams/{{team_id}}"

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
)

EVENTS: tuple[Event, ...] = ()

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("plan:changed", team_payloads.PlanChanged,
                 "Something of the plan was made, changed or taken away: read it again."),
)
# fmt: on
