"""Named groups of a TwinSpace's members, across its schools."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.payloads.fields import Id, Payload, Reply, Title

Revision = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""The one that was seen; another by now is a conflict."""
People = Annotated[list[Id], Field(max_length=200)]


class Team(Reply):
    id: str
    twinspace_id: str
    title: str
    user_ids: list[str]
    """Its people who are members now."""
    adult_ids: list[str]
    """Those of them whom its pupils can turn to."""
    school_ids: list[str]
    """Whose people are in it."""
    revision: int


class Teams(Reply):
    teams: list[Team]


class MakeTeam(Payload):
    twinspace_id: Id
    title: Title
    user_ids: People


class ChangeTeam(MakeTeam):
    team_id: Id
    revision: Revision


class TeamRef(Payload):
    twinspace_id: Id
    team_id: Id


class PlanChanged(Reply):
    """Announced: something of the plan was made, changed or taken away. Read it again."""

    twinspace_id: str
    what: Literal["activity", "meeting", "team", "calendar", "code"]
    id: str
    by: str
