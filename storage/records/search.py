"""What can be found by its words, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from storage.records.ids import SchoolId, TwinspaceId, UserId
from storage.records.teams import TeamId
from storage.records.visibility import Rung, Sight

SearchKind = Literal[
    "content",
    "page",
    "file",
    "message",
    "caption",
    "journal",
    "thread",
    "debate",
    "resource",
    "question",
    "profile",
    "idea",
]


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One thing that can be found. Put again under the same kind and id, it replaces what stood there."""

    kind: SearchKind
    id: str
    title: str
    text: str
    created_by: UserId
    at_ms: int
    twinspace_id: TwinspaceId | None = None
    """None: for teachers at large, whose things have no rung."""
    place: str = ""
    """What leads to it beside its id: a content's kind, a post's thread."""
    item_id: str | None = None
    """The content, page or file that it speaks of: who doesn't see that one doesn't find this one."""
    facets: tuple[str, ...] = ()
    """`country:es`: what a search may narrow itself to; folded, without blanks."""
    until_ms: int | None = None
    """Not found any more from then on."""
    school_id: SchoolId | None = None
    visibility: Rung = "twinspace"
    team_id: TeamId | None = None


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Who looks, and where they may look."""

    user_id: UserId
    now_ms: int
    sights: Mapping[TwinspaceId, Sight] = field(default_factory=dict)
    """The TwinSpaces they may read, and what they see of each."""
    at_large: bool = False
    """Whether they see what is for teachers of every school."""
