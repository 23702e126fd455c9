"""Breakout rooms: planned, opened, watched over and closed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.lesson.breakouts import BreakoutState
from hub.lesson.group_maker import Demand
from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply, Title
from hub.payloads.teams import Revision
from storage import records

MOST_GROUPS = 40
MOST_PEOPLE = 400
Minutes = Annotated[int, Field(ge=1, le=240)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=280, strip_whitespace=True), STORABLE, ONE_LINE]
People = Annotated[list[Id], Field(max_length=MOST_PEOPLE)]
Pairs = Annotated[list[tuple[Id, Id]], Field(max_length=200)]
Groups = Annotated[int, Field(ge=1, le=MOST_GROUPS)]


class BreakoutsRef(Payload):
    breakouts_id: Id


class GroupWish(Payload):
    id: Id | None = None
    """Of a group that is there already: its room, document, wall and whiteboard stay."""
    title: Title
    user_ids: People
    adult_id: Id | None = None


class PlanBreakouts(Payload):
    twinspace_id: Id
    room_id: Id
    meeting_id: Id | None = None
    title: Title
    minutes: Minutes | None = None
    groups: Annotated[list[GroupWish], Field(min_length=1, max_length=MOST_GROUPS)]
    apart: Pairs = []


class ChangeBreakouts(PlanBreakouts):
    breakouts_id: Id
    revision: Revision


class RemoveBreakouts(BreakoutsRef):
    twinspace_id: Id
    revision: Revision


class ProposeGroups(Payload):
    """Asks the group maker; nothing is stored."""

    twinspace_id: Id
    count: Groups
    user_ids: Annotated[list[Id], Field(max_length=MOST_PEOPLE)] | None = None
    """Who is to be in the groups; None: all pupils."""
    apart: Pairs = []
    seed: Annotated[int, Field(ge=0, le=2**31)] = 0
    """Another one gives other groups."""


class UnmetDemand(Reply):
    demand: Demand
    ids: list[str]
    group: int | None


class ProposedGroup(Reply):
    user_ids: list[str]
    adult_id: str | None


class ProposedGroups(Reply):
    groups: list[ProposedGroup]
    unmet: list[UnmetDemand]
    repeats: int
    """How many sit with somebody whom they were with before."""


class BreakoutGroup(Reply):
    id: str
    title: str
    user_ids: list[str]
    adult_id: str | None
    room_id: str
    document_id: str
    wall_id: str
    board_id: str | None
    """None: opened before groups had whiteboards."""


class Breakouts(Reply):
    id: str
    twinspace_id: str
    room_id: str
    meeting_id: str | None
    title: str
    minutes: int | None
    groups: list[BreakoutGroup]
    apart: list[tuple[str, str]]
    state: BreakoutState
    opened_at_ms: int | None
    closes_at_ms: int | None
    revision: int


class BreakoutsList(Reply):
    breakouts: list[Breakouts]


class OpenBreakouts(BreakoutsRef):
    minutes: Minutes | None = None
    """None: as planned."""


class CloseBreakouts(BreakoutsRef):
    in_s: Annotated[int, Field(ge=0, le=600)] = 30
    """The countdown that everybody sees."""


class AssignPupil(BreakoutsRef):
    user_id: Id
    group_id: Id


class Broadcast(BreakoutsRef):
    text: Sentence


class AnswerCall(BreakoutsRef):
    note_id: Id


class FindPlace(Payload):
    room_id: Id
    """The meeting's room, or the breakout room one is in."""


class CallTeacher(FindPlace):
    pass


class BreakoutNote(Reply):
    id: str
    kind: records.BreakoutNoteKind
    group_id: str | None
    user_id: str
    display_name: str
    text: str
    at_ms: int
    answered_by: str | None


class Place(Reply):
    """Where one belongs while the rooms are open. Announced to who is moved."""

    breakouts_id: str
    twinspace_id: str
    main_room_id: str
    title: str
    group_id: str
    group_title: str
    room_id: str
    document_id: str
    wall_id: str
    board_id: str | None
    closes_at_ms: int | None
    now_ms: int
    """The hub's clock, for counting down beside a clock that is wrong."""


class FoundPlace(Reply):
    place: Place | None
    """None: the rooms are not open, or one has no place in a group."""
    notes: list[BreakoutNote]
    """What was said to all groups since they were opened, and the calls of one's own group."""


class BreakoutsChanged(Reply):
    """Announced to the TwinSpace, without names: planned, opened, to be closed, closed, removed."""

    breakouts_id: str
    twinspace_id: str
    room_id: str
    state: BreakoutState
    closes_at_ms: int | None
    now_ms: int


class CalledTeacher(Reply):
    """Announced to every teacher of the TwinSpace, wherever they are in the hub; also when a call was answered."""

    breakouts_id: str
    twinspace_id: str
    main_room_id: str
    room_id: str
    group_title: str
    note: BreakoutNote


class ToldAll(Reply):
    """Announced to everybody who is in a group."""

    breakouts_id: str
    note: BreakoutNote


class PersonInside(Reply):
    peer_id: str
    user_id: str
    display_name: str
    school_id: str
    listens: bool


class RoomSeen(Reply):
    """One room as its teachers see it from outside. Announced whenever something of it changes."""

    breakouts_id: str
    group_id: str
    room_id: str
    people: list[PersonInside]
    speaker_peer_id: str | None
    document_edited_at_ms: int | None
    wall_edited_at_ms: int | None
    board_edited_at_ms: int | None
    calls: list[BreakoutNote]
    """Not answered yet."""


class Overview(Reply):
    breakouts: Breakouts
    rooms: list[RoomSeen]
    now_ms: int
