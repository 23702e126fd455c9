"""What is kept beside the documents: files, links to other tools, and what happened off the platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import ContentId, SchoolId, TwinspaceId, UserId
from storage.records.teams import TeamId
from storage.records.visibility import Rung

MaterialId = NewType("MaterialId", str)
MaterialKind = Literal["file", "link", "entry"]
"""`link`: another tool's address, with a captured copy or none; `entry`: something off the platform, with or without a
photo."""
Faces = Literal["unsaid", "none", "named"]
"""Who can be recognised in a picture: nobody has said yet; nobody; those in `pictured`."""


@dataclass(frozen=True, slots=True)
class Material:
    id: MaterialId
    twinspace_id: TwinspaceId
    kind: MaterialKind
    title: str
    created_by: UserId
    created_at_ms: int
    """Of an entry: when it was written down."""
    changed_at_ms: int
    folder: str = ""
    text: str = ""
    """What a file is about, or what happened."""
    url: str = ""
    """Of a link. The hub never opens it."""
    alt: str = ""
    """What a picture shows, for who can't see it."""
    licence: str = ""
    happened_at_ms: int | None = None
    """Of an entry."""
    faces: Faces = "unsaid"
    pictured: tuple[UserId, ...] = ()
    version: int = 0
    """Of its newest file; 0: it has none."""
    visibility: Rung = "twinspace"
    team_id: TeamId | None = None
    school_id: SchoolId | None = None


@dataclass(frozen=True, slots=True)
class MaterialFile:
    material_id: MaterialId
    version: int
    """1, 2, 3 … of its material; earlier ones stay."""
    blob: str
    filename: str
    media_type: str
    """As its bytes say, whatever it was called."""
    size_bytes: int
    uploaded_by: UserId
    uploaded_at_ms: int
    preview: str | None = None
    """The blob of a small picture of it."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A document's place among the TwinSpace's pages."""

    content_id: ContentId
    twinspace_id: TwinspaceId
    parent_id: ContentId | None
    position: int
    """Among those with the same parent: 0, 1, 2 …"""
