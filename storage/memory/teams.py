"""Named groups of members, in memory."""

from __future__ import annotations

from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict
from storage.records import Team, TeamId, TwinspaceId, UserId


class MemoryTeams:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, team: Team) -> None:
        self._check(team)
        find(self._rows.twinspaces, team.twinspace_id)
        find(self._rows.users, team.created_by)
        add(self._rows.teams, team.id, replace(team, user_ids=tuple(sorted(set(team.user_ids)))))

    async def get(self, team_id: TeamId) -> Team:
        return find(self._rows.teams, team_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Team]:
        here = [team for team in self._rows.teams.values() if team.twinspace_id == twinspace_id]
        return sorted(here, key=lambda team: (team.created_at_ms, team.id))

    async def of_user(self, twinspace_id: TwinspaceId, user_id: UserId) -> frozenset[TeamId]:
        return frozenset(team.id for team in await self.of_twinspace(twinspace_id) if user_id in team.user_ids)

    async def change(self, team: Team) -> None:
        self._check(team)
        former = find(self._rows.teams, team.id)
        if former.revision != team.revision - 1:
            raise Conflict("The team was changed in the meantime.")
        people = tuple(sorted(set(team.user_ids)))
        self._rows.teams[team.id] = replace(former, title=team.title, user_ids=people, revision=team.revision)

    async def remove(self, team_id: TeamId) -> None:
        self._rows.check_open()
        find(self._rows.teams, team_id)
        del self._rows.teams[team_id]

    def _check(self, team: Team) -> None:
        self._rows.check_open()
        check_texts(team.title)
        for user_id in team.user_ids:
            find(self._rows.users, user_id)
