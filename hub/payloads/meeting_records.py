"""Meetings that were held, and what is kept of them."""

from __future__ import annotations

from hub.lesson.learning_picture import Level
from hub.payloads.contents import ChangeVisibility, Content
from hub.payloads.fields import Id, Payload, Reply
from hub.payloads.quizzes import RecordedQuiz
from storage import records
from storage.records import Rung


class HeldMeetingRef(Payload):
    twinspace_id: Id
    held_id: Id


class ChangeRecordVisibility(ChangeVisibility, HeldMeetingRef):
    pass


class HeldMeeting(Reply):
    id: str
    twinspace_id: str
    room_id: str
    title: str
    agenda: str
    started_at_ms: int
    ended_at_ms: int | None
    """None: it is held now."""
    created_by: str
    visibility: Rung
    team_id: str | None

    @classmethod
    def of(cls, meeting: records.HeldMeeting) -> HeldMeeting:
        return cls(
            id=meeting.id,
            twinspace_id=meeting.twinspace_id,
            room_id=meeting.room_id,
            title=meeting.title,
            agenda=meeting.agenda,
            started_at_ms=meeting.started_at_ms,
            ended_at_ms=meeting.ended_at_ms,
            created_by=meeting.created_by,
            visibility=meeting.visibility,
            team_id=meeting.team_id,
        )


class HeldMeetings(Reply):
    meetings: list[HeldMeeting]


class SchoolPart(Reply):
    """What one school's people had of the meeting together; of single children it says nothing."""

    school_id: str
    people: int
    minutes: int
    """Of all of them together."""


class ClassPicture(Reply):
    """How the people of a school, five at least, took part together: a picture for looking back, never a ranking.

    A level is None where the group is too small for it, a number where fewer than five people are behind it.
    """

    school_id: str
    talk_percent: int | None
    """Of what the larger schools said aloud, in steps of five."""
    hands: Level | None
    """How many raised a hand."""
    hands_raised: int | None
    hands_called: int | None
    hands_wait_ms: int | None
    """Half of those who were called waited no longer."""
    chat: Level | None
    """How many wrote in the meeting's chat."""
    chat_lines: int | None
    polls: Level | None
    """How many answered the poll that most of them answered; None as well: nothing was asked."""
    documents: Level | None
    """How many wrote in the meeting's documents; None as well: nobody did."""
    documents_percent: int | None


class RecordedGroup(Reply):
    title: str
    document_id: str
    wall_id: str
    board_id: str | None = None
    people: int
    room_id: str | None = None
    """Where its transcript is read, by those who may; None for everybody else."""
    caption_languages: list[str] = []


class RecordedBreakouts(Reply):
    title: str
    opened_at_ms: int
    sentences: list[str]
    """What teachers said to all rooms."""
    calls: int
    groups: list[RecordedGroup]


class RecordedMessage(Reply):
    seq: int
    display_name: str
    text: str
    posted_at_ms: int


class RecordedPoll(Reply):
    question: str
    options: list[str]
    tally: list[int]
    """How many chose each answer."""
    voices: int
    """How many people answered."""


class RecordedOpening(Reply):
    content_id: str
    opened_at_ms: int


class MeetingRecord(HeldMeeting):
    schools: list[SchoolPart]
    picture: list[ClassPicture]
    """When it has ended."""
    contents: list[Content]
    """The notes, walls and whatever else was worked on in it, as far as one sees them."""
    opened: list[RecordedOpening]
    """Which of them were opened on everybody's screen, in their order."""
    breakouts: list[RecordedBreakouts]
    polls: list[RecordedPoll]
    quizzes: list[RecordedQuiz]
    caption_languages: list[str]
    """In which people captioned it: the room's transcript has the lines."""
    messages: list[RecordedMessage]
    recording_ids: list[str]
    """For those who may fetch recordings."""


class PersonPresent(Reply):
    user_id: str
    display_name: str
    school_id: str
    first_at_ms: int
    last_at_ms: int
    minutes: int
    breaks: int
    """How often they were away for more than two minutes."""


class HandRaised(Reply):
    user_id: str
    display_name: str
    school_id: str
    raised_at_ms: int
    waited_ms: int | None
    """None: it is up."""
    was_called: bool


class Attendance(Reply):
    held_id: str
    people: list[PersonPresent]
    hands: list[HandRaised]
    """In the order in which they were raised."""


class MeetingRecorded(Reply):
    """Announced to those who see the record: a meeting has ended and its record can be opened."""

    twinspace_id: str
    room_id: str
    held_id: str
