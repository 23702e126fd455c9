"""The row types of the table in `hub/protocol/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from hub.access import Act, Duty
from hub.context import Action, OpenAction


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket per session: `per_minute` sustained, `burst` at once."""

    per_minute: int
    burst: int


READING = Limit(per_minute=600, burst=120)
WRITING = Limit(per_minute=120, burst=30)


@dataclass(frozen=True, slots=True)
class Route:
    """`METHOD path` → action. Path parameters, query and JSON body are merged into one payload model."""

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    action: Action | OpenAction
    payload: type[BaseModel] | None
    reply: type[BaseModel] | None
    summary: str
    act: Act | Duty | None
    """What the action demands of its caller: an act in the TwinSpace, a duty outside; None: signed in is enough."""
    open: bool = False
    """True: no sign-in needed."""
    half: bool = False
    """True: also for a login that still lacks its second factor."""
    body: Literal["json", "sdp", "sdpfrag", "tus", "none"] = "json"
    """`sdp` and `sdpfrag` as WHIP and WHEP have them (`hub/sdp_http.py`), `tus` as uploads do (`hub/tus_http.py`)."""
    status: int = 200
    limit: Limit = READING
    example: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A Socket.IO event from a client, answered by an acknowledgement `{ok: true, …reply}` or `{ok: false, error}`."""

    name: str
    action: Action
    payload: type[BaseModel]
    reply: type[BaseModel] | None
    summary: str
    act: Act | None
    limit: Limit = WRITING


@dataclass(frozen=True, slots=True)
class Announcement:
    """A Socket.IO event from the hub to clients."""

    name: str
    payload: type[BaseModel]
    summary: str
