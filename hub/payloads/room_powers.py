"""What a meeting allows: its rules, what holds for single people, its lobby, class seats, hands and reactions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.lesson.powers import Hold, Part
from hub.payloads.captions import Tag
from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply

Name = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True), STORABLE, ONE_LINE]
Reaction = Literal["clap", "heart", "laugh", "wow", "yes", "no"]


class PersonRules(Reply):
    user_id: str
    held: list[str]
    camera_to_staff: bool
    is_removed: bool
    shown_name: str
    """As a teacher corrected it; empty: the account's."""
    interprets: str
    """The language of the channel they were given to interpret into; empty: none."""


class RoomState(Reply):
    """Announced: what holds in the room. Of two with the same room the one of the higher revision is newer."""

    room_id: str
    revision: int
    locked: list[str]
    exceptions: dict[str, str]
    """By part, the one user to whom it is open all the same."""
    has_lobby: bool
    is_paused: bool
    """No adult is reachable: pupils' voices, cameras and chat wait."""
    mine: dict[str, Hold]
    """By part that is closed to who is told, why."""
    people: list[PersonRules]
    """To teachers of everybody who has any; to others of themselves."""


class LockPart(Payload):
    room_id: Id
    part: Part
    locked: bool


class MakeException(Payload):
    room_id: Id
    part: Part
    user_id: Id | None
    """The one who may, in place of whoever might before; None: nobody."""


class HoldPart(Payload):
    room_id: Id
    user_id: Id
    part: Part
    held: bool


class CameraToStaff(Payload):
    room_id: Id
    user_id: Id
    camera_to_staff: bool


class GiveChannel(Payload):
    room_id: Id
    user_id: Id
    language: Tag | Literal[""]
    """Empty: they interpret no more."""


class PersonInRoom(Payload):
    room_id: Id
    user_id: Id


class NamePerson(Payload):
    room_id: Id
    user_id: Id
    name: Name
    """Empty: as in the account again."""


class SwitchLobby(Payload):
    room_id: Id
    has_lobby: bool


class Admit(Payload):
    """One person, one school's, or (neither named) everybody who waits."""

    room_id: Id
    user_id: Id | None = None
    school_id: Id | None = None


class Admitted(Reply):
    count: int


class WaitingPerson(Reply):
    user_id: str
    display_name: str
    school_id: str
    is_guest: bool
    pupil_count: int
    """More than one: a class before one device."""
    since_ms: int


class WaitingSchool(Reply):
    school_id: str
    count: int


class LobbyTold(Reply):
    """Announced to teachers in the meeting, and answered when asked."""

    room_id: str
    count: int
    first: list[WaitingPerson]
    """Those who came first, a hundred at most."""
    schools: list[WaitingSchool]


class LobbyMoved(Reply):
    """Announced to who was let in, or sent back."""

    room_id: str


class LobbyRang(Reply):
    """Announced to teachers: somebody in the lobby asks for them."""

    room_id: str
    twinspace_id: str
    user_id: str
    display_name: str
    school_id: str
    count: int
    """How many wait."""


class RoomLeft(Reply):
    """Announced to whom a teacher removed, or to all when the meeting was ended."""

    room_id: str


class SeatPupils(Payload):
    room_id: Id
    pupil_ids: Annotated[list[Id], Field(max_length=2_000)]


class NamePupil(Payload):
    room_id: Id
    pupil_id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), STORABLE, ONE_LINE]


class SeatedPupil(Reply):
    pupil_id: str
    name: str


class ClassSeat(Reply):
    room_id: str
    seat_id: str
    """The user whose device it is."""
    class_name: str
    """Of all its pupils, when they are of one class; else empty."""
    pupils: list[SeatedPupil]
    without_camera: list[str]
    """Of them, those whose families don't want them in a picture: they sit out of the camera's view."""


class SeatsChanged(Reply):
    """Announced: other pupils sit before a class seat, or under other names."""

    room_id: str


class ClassSeats(Reply):
    """For who leads all of them; for others their own."""

    room_id: str
    seats: list[ClassSeat]


class ListPupils(Payload):
    room_id: Id


class ListedPupil(SeatedPupil):
    class_name: str


class ClassList(Reply):
    """The pupils of one's own school in the TwinSpace, by name."""

    pupils: list[ListedPupil]


class RaiseHand(Payload):
    room_id: Id
    pupil_id: Id | None = None
    """Before a class seat: whose hand it is."""


class LowerHand(Payload):
    room_id: Id
    hand_id: Id


class CallHand(Payload):
    room_id: Id
    hand_id: Id | None = None
    """None: whose turn it is."""


class RaisedHand(Reply):
    id: str
    user_id: str
    pupil_id: str | None
    name: str
    school_id: str
    raised_at_ms: int


class SchoolTalk(Reply):
    school_id: str
    spoken_ms: int
    turns: int


class Hands(Reply):
    """Announced: raised hands in the order of their turns, and how long each school has spoken in this meeting."""

    room_id: str
    hands: list[RaisedHand]
    talk: list[SchoolTalk]


class Called(Reply):
    """Announced: this one speaks now."""

    room_id: str
    hand: RaisedHand


class ReactInRoom(Payload):
    room_id: Id
    reaction: Reaction


class PeerReaction(Reply):
    peer_id: str
    reaction: Reaction


class RoomReacted(Reply):
    """Announced: who reacted in the last moment, each reaction of a peer once."""

    room_id: str
    reactions: list[PeerReaction]
