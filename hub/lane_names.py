"""How the lanes of a TwinSpace's chat are called; `hub.lanes` says to whom each is open.

`all` is everybody's, `staff` the adults' who confer, `team:<id>` a team's and the staff's, `room:<id>` a meeting's, or
a breakout room's, which is its group's and the staff's.
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


def circle_of(name: str, *, is_breakout: bool) -> tuple[Rung, TeamId | None]:
    """On which rung of the visibility ladder a lane's messages lie, and with which team, for whoever looks for them.

    The people of a breakout room are a team that has the room's id.
    """
    if name == STAFF:
        return "teachers", None
    room_id = room_of(name)
    team_id = room_team(room_id) if room_id is not None and is_breakout else team_of(name)
    return ("twinspace", None) if team_id is None else ("team", team_id)


def room_team(room_id: RoomId) -> TeamId:
    return TeamId(room_id)


def subject_of(name: str, seq: int) -> str:
    """How a message is called among things of many kinds: its number, with its lane before it unless that is `all`."""
    return str(seq) if name == ALL else f"{name}:{seq}"


def parse_subject(subject_id: str) -> tuple[str, int]:
    """Raise NotFound when this is no message's."""
    name, _, seq = subject_id.rpartition(":")
    if not seq.isdecimal() or int(seq) == 0 or len(seq) > 15:
        raise NotFound
    return name or ALL, int(seq)
