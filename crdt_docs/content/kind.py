"""What the rest of the hub has to know of a kind of content. A new kind is one file and one line in the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pycrdt

Doc = pycrdt.Doc[Any]
Block = dict[str, Any]
"""One part of a content in the block model of SPEC.md: JSON without floats."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    written_by: Literal["members", "hub"]
    """Who changes the Yjs document: members with their editors, or the hub alone, through actions (decision D6)."""
    write_act: str
    """The act of hub/roles.toml that a member needs to write; with `hub`, to call the actions."""
    start: Callable[[Doc, str], None]
    """Fill a new content that has this title."""
    blocks: Callable[[Doc], list[Block]]
    """The content as blocks: for snapshots and for views that need no editor."""
    read_act: str = "read"
    """The act that a member needs to open the Yjs document; what everybody may see comes by other ways."""
    is_part: bool = False
    """It belongs to another content (`hub.content_parts`): members don't make it, and no list shows it."""
    has_talk: bool = False
    """Its document holds comments, each with its author (`wall_talk`)."""
    can_be_sealed: bool = False
    """A day comes when nobody writes it any more."""
    can_be_locked: bool = False
    """Teachers may keep pupils from writing it for a while (`hub.content_locks`)."""
    schema_number: int | None = None
    """Editors say which number they were built with; one that is older would delete what it does not know."""


def whole(value: Any, default: int = 0) -> int:
    """Yjs knows only JavaScript's numbers, so a whole one comes back as a float."""
    return int(value) if isinstance(value, int | float) and abs(value) <= 1 << 53 else default


def text_of(value: Any) -> str:
    """A string, or the plain text of a Y.Text."""
    return value if isinstance(value, str) else str(value) if isinstance(value, pycrdt.Text) else ""
