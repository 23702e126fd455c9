"""What everybody in a room looks at together: an opened content, who is seen large, a timer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.records.ids import ContentId, RoomId, UserId


@dataclass(frozen=True, slots=True)
class SharedView:
    room_id: RoomId
    opened_id: ContentId | None = None
    """What is open on everybody's screen; None: nothing."""
    opened_by: UserId | None = None
    """Who presents it: the others follow their place."""
    opened_at_ms: int = 0
    place: Mapping[str, object] = field(default_factory=dict)
    """Where in it the presenter is."""
    spotlight: tuple[str, ...] = ()
    """The users who are seen large by everybody, in this order."""
    timer_length_ms: int = 0
    """0: there is no timer."""
    timer_ends_at_ms: int | None = None
    """None: it stands still."""
    timer_left_ms: int = 0
    """While it stands still: what is left of it."""
    revision: int = 0
    """Grows by one with each change: whoever heard of two knows which is newer."""


@dataclass(frozen=True, slots=True)
class Opening:
    """That something was opened for everybody: for the meeting's record."""

    room_id: RoomId
    content_id: ContentId
    opened_by: UserId
    opened_at_ms: int
