"""Named groups of members."""

from __future__ import annotations

from typing import Protocol

from storage.records import Team, TeamId, TwinspaceId, UserId


class Teams(Protocol):
    async def add(self, team: Team) -> None: ...
    async def get(self, team_id: TeamId) -> Team: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Team]:
        """Oldest first."""
        ...

    async def of_user(self, twinspace_id: TwinspaceId, user_id: UserId) -> frozenset[TeamId]:
        """The teams of this TwinSpace in which the user is; whether they still are a member is not asked."""
        ...

    async def change(self, team: Team) -> None:
        """Put title and people in place of those of the revision before. Raise Conflict unless that is the present."""
        ...

    async def remove(self, team_id: TeamId) -> None: ...
