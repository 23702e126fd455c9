"""What somebody's desk is made of, read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.records.contents import Content
from storage.records.ids import ContentId, TwinspaceId, UserId
from storage.records.people import School
from storage.records.plan import PlannedMeeting
from storage.records.teams import TeamId
from storage.records.twinspaces import Member, Room, Twinspace


@dataclass(frozen=True, slots=True)
class DeskRows:
    memberships: tuple[tuple[Twinspace, Member], ...]
    """Oldest TwinSpace first, the user's own row beside each."""
    schools: Mapping[TwinspaceId, tuple[School, ...]]
    """Of each TwinSpace's teachers and pupils."""
    rooms: tuple[Room, ...]
    latest: tuple[Content, ...]
    """The newest few of each TwinSpace, hidden ones and those of every rung among them: the caller picks."""
    hidden: frozenset[ContentId]
    team_ids: frozenset[TeamId]
    """In which the user is, in all TwinSpaces."""
    unread: Mapping[TwinspaceId, int]
    """Chat messages of others that came after the user looked last."""
    own_pupils: Mapping[TwinspaceId, tuple[UserId, ...]]
    """Pupils of the user's own school."""
    waiting_guests: Mapping[TwinspaceId, int]
    meetings: tuple[PlannedMeeting, ...]
    """To come, in all TwinSpaces; not every one is for this user."""
