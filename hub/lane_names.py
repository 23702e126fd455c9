"""How the lanes of a TwinSpace's chat are called; `hub.lanes` says to whom each is open.

`all` is everybody's, `staff` the adults' who confer, `team:<id>` a team's and the staff's, `room:<id>` a meeting's.
"""

from __future__ import annotations

from hub.errors import NotFound
from storage.records import RoomId, Rung, TeamId

ALL = "all"
STAFF = "staff"
_TEAM = "team:"
_ROOM = "room:"


def team_lane(team_id: TeamId) -> str:
    return _TEAM + team_id


def room_lane(room_id: RoomId) -> str:
    return _ROOM + room_id


def room_of(name: str) -> RoomId | None:
    return RoomId(name.removeprefix(_ROOM)) if name.startswith(_ROOM) else None


def team_of(name: str) -> TeamId | None:
    return TeamId(name.removeprefix(_TEAM)) if name.startswith(_TEAM) else None


def rung_of(name: str) -> Rung:
    """On which rung of the visibility ladder a lane's messages lie, for whoever looks for them."""
    if name == STAFF:
        return "teachers"
    return "team" if team_of(name) is not None else "twinspace"


def subject_of(name: str, seq: int) -> str:
    """How a message is called among things of many kinds: its number, with its lane before it unless that is `all`."""
    return str(seq) if name == ALL else f"{name}:{seq}"


def parse_subject(subject_id: str) -> tuple[str, int]:
    """Raise NotFound when this is no message's."""
    name, _, seq = subject_id.rpartition(":")
    if not seq.isdecimal() or int(seq) == 0 or len(seq) > 15:
        raise NotFound
    return name or ALL, int(seq)
