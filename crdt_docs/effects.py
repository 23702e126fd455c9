"""What a live document wants done. All effects of a call are run, in order, before the next call on that document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Send:
    """One frame for one session; it must not be dropped while the session lives."""

    session_id: str
    frame: bytes


@dataclass(frozen=True, slots=True)
class Broadcast:
    """The same bytes for many sessions. May be dropped for one that is behind, if `resync` is called for it later."""

    session_ids: tuple[str, ...]
    frame: bytes


@dataclass(slots=True)
class Persist:
    """Store this update, in this order, and retry until it is durable; then call `committed(token)`.

    Nobody changes it; frozen it would take twice as long to make, and there is one for every keystroke.
    """

    token: int
    update: bytes
    user_id: str | None
    writers: Mapping[int, str | None] = field(default_factory=dict)
    """Client ids to bind to users (None: to the hub) in the same transaction."""


@dataclass(frozen=True, slots=True)
class Publish:
    """A message for the other processes that have this document open: their `receive_peer`."""

    message: bytes


@dataclass(frozen=True, slots=True)
class Reject:
    """End this session on this document, telling it why. The document has already forgotten it."""

    session_id: str
    code: str
    reason: str


Effect = Send | Broadcast | Persist | Publish | Reject
