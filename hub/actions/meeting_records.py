"""What is kept of a meeting: who was there, what was made, said and recorded. It opens as long as its TwinSpace."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from hub.access import Access, Act, access_room, access_twinspace, check_sees, read_sight
from hub.actions.breakout_rooms import close_all, open_rooms
from hub.actions.quizzes import kept_quizzes, recorded_quiz
from hub.actions.visibility import check_change, record_change
from hub.audience import tell, tell_change
from hub.breakout_people import own_breakout_rooms
from hub.class_pictures import read_hands, read_picture
from hub.context import Context, Session
from hub.errors import NotFound
from hub.form_sheet import Cell, Sheet, as_csv
from hub.lane_names import room_lane, subject_of
from hub.lesson.attendance import attendance_of
from hub.lesson.breakouts import groups_of
from hub.lesson.polls import tally, voices
from hub.names import read_people
from hub.notices import zone_of
from hub.payloads.contents import Content
from hub.payloads.meeting_records import (
    Attendance,
    ChangeRecordVisibility,
    ClassPicture,
    HandRaised,
    HeldMeeting,
    HeldMeetingRef,
    HeldMeetings,
    MeetingRecord,
    MeetingRecorded,
    PersonPresent,
    RecordedBreakouts,
    RecordedGroup,
    RecordedMessage,
    RecordedOpening,
    RecordedPoll,
    SchoolPart,
)
from hub.payloads.operations import Download
from hub.payloads.room_powers import RoomLeft
from hub.payloads.rooms import RoomRef
from hub.payloads.twinspaces import TwinspaceRef
from hub.phrases import phrase
from hub.roster import read_users
from hub.time_zones import local_time
from hub.visibility import may_see
from storage import ports, records
from storage.records import HeldMeetingId, Json, RoomId, SchoolId, TwinspaceId, User

MOST_MESSAGES = 2_000


async def list_meetings(context: Context, session: Session, payload: TwinspaceRef) -> HeldMeetings:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    sight = await read_sight(context, access)
    found = await context.storage.held_meetings.of_twinspace(access.twinspace.id)
    return HeldMeetings(meetings=[HeldMeeting.of(meeting) for meeting in found if may_see(sight, meeting)])


async def read_record(context: Context, session: Session, payload: HeldMeetingRef) -> MeetingRecord:
    """Of a meeting that is held now, what there is so far."""
    access, meeting = await _access(context, session, payload, Act.READ)
    kept = meeting.record
    if kept is None:
        kept = await make_record(context, meeting, context.now_ms(), with_picture=False)
    storage, twinspace_id = context.storage, meeting.twinspace_id
    seen = await storage.contents.of_twinspace(twinspace_id, await read_sight(context, access))
    hidden = await storage.safety.hidden_ids(twinspace_id, "content")
    contents = {content.id: content for content in seen if content.id not in hidden}
    own = await own_breakout_rooms(context, access)
    return MeetingRecord(
        **HeldMeeting.of(meeting).model_dump(),
        schools=[SchoolPart(**{name: school[name] for name in SchoolPart.model_fields}) for school in kept["schools"]],
        picture=[ClassPicture(**each) for each in kept.get("picture", ())],
        contents=[Content.of(contents[each]) for each in kept["content_ids"] if each in contents],
        opened=[RecordedOpening(**each) for each in kept.get("opened", ()) if each["content_id"] in contents],
        breakouts=[
            RecordedBreakouts(**{**each, "groups": [_group(group, own) for group in each["groups"]]})
            for each in kept["breakouts"]
        ],
        polls=[RecordedPoll(**poll) for poll in kept.get("polls", ())],
        quizzes=[await recorded_quiz(context, session, access, each) for each in kept.get("quizzes", ())],
        caption_languages=kept.get("caption_languages", []),
        messages=await _messages(context, session.user, meeting, kept["message_seqs"]),
        recording_ids=await _recordings(context, meeting) if access.may(Act.RECORDINGS) else [],
    )


async def read_attendance(context: Context, session: Session, payload: HeldMeetingRef) -> Attendance:
    _, meeting = await _access(context, session, payload, Act.BREAKOUTS)
    return Attendance(
        held_id=meeting.id,
        people=await _present(context, session.user, meeting),
        hands=await _hands(context, session.user, meeting),
    )


async def fetch_attendance(context: Context, session: Session, payload: HeldMeetingRef) -> Download:
    """A sheet to go on with: one row a person, times as the reader's country writes them."""
    _, meeting = await _access(context, session, payload, Act.BREAKOUTS)
    people, language = await _present(context, session.user, meeting), session.user.language
    ids = {SchoolId(person.school_id) for person in people}
    schools = {school_id: await context.storage.users.get_school(school_id) for school_id in ids}
    zone = await zone_of(context, session.user)
    rows: list[list[Cell]] = [
        [
            person.display_name,
            schools[SchoolId(person.school_id)].name,
            local_time(person.first_at_ms, zone).strftime("%Y-%m-%d %H:%M"),
            local_time(person.last_at_ms, zone).strftime("%Y-%m-%d %H:%M"),
            person.minutes,
            person.breaks,
        ]
        for person in people
    ]
    header = [
        phrase(f"attendance_{name}", language) for name in ("name", "school", "from", "until", "minutes", "breaks")
    ]
    return Download(
        content_type="text/csv; charset=utf-8", filename="attendance.csv", content=as_csv(Sheet(header, rows))
    )


async def change_record_visibility(context: Context, session: Session, payload: ChangeRecordVisibility) -> HeldMeeting:
    access, meeting = await _access(context, session, payload, Act.MODERATE)
    team_id = await check_change(context, access, meeting, payload)
    changed = await context.storage.held_meetings.set_visibility(meeting.id, payload.visibility, team_id)
    await tell_change(
        context, meeting.twinspace_id, meeting.id, meeting, changed, "meeting:recorded", _recorded(changed)
    )
    details = {"title": meeting.title}
    await record_change(context, session.user, meeting.twinspace_id, meeting.id, meeting, changed, details)
    return HeldMeeting.of(changed)


async def end_meeting(context: Context, session: Session, payload: RoomRef) -> None:
    """For everybody, in its breakout rooms and its lobby as well; its record is written. The next one begins when
    somebody joins. Of a breakout room, only what goes on there ends."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    await context.room_powers.open(room)
    # First of all: whoever is on the way back, or comes out of a group, comes to no other meeting by it.
    await context.storage.twinspaces.count_ending(room.id)
    roster = context.live_rooms.roster
    waiting = context.room_powers.lobby(room.id).take(lambda each: True)
    rooms = [room.id, *([] if room.parent_id else await open_rooms(context, room))]
    for room_id in rooms:
        roster.tell(room_id, "room:ended", RoomLeft(room_id=room_id))
    if room.parent_id is None:
        # After everybody was told: whoever watches over the groups' rooms sends people out as soon as these are closed.
        await close_all(context, room)
    for room_id in rooms:
        for peer in roster.peers(room_id):
            await context.live_rooms.remove(room_id, peer)
    sessions = [session_id for each in waiting for session_id in each.session_ids]
    told = RoomLeft(room_id=room.id)
    await asyncio.gather(*(context.announce.to_session(each, "room:ended", told) for each in sessions))
    context.room_powers.note_presence(room.id)
    if room.parent_id is None:
        await context.live_meetings.end(room.id)


async def make_record(
    context: Context, meeting: records.HeldMeeting, until_ms: int, *, with_picture: bool = True
) -> Json:
    """What is kept for good: sums by school and the ids of what was made, without names and without single children.

    `with_picture`: False for a look at a meeting that goes on, as reading who wrote takes a while.
    """
    storage, since_ms = context.storage, meeting.started_at_ms
    people = attendance_of(await storage.held_meetings.stays(meeting.id))
    users = await read_users(storage, [person.user_id for person in people])
    messages = await _said(context, meeting, since_ms, until_ms)
    count = Counter(users[person.user_id].school_id for person in people)
    contents = await storage.contents.of_twinspace(meeting.twinspace_id)
    divided = [
        plan
        for plan in await storage.breakouts.of_room(meeting.room_id)
        if plan.opened_at_ms is not None
        and plan.opened_at_ms <= until_ms
        and (plan.closes_at_ms is None or plan.closes_at_ms >= since_ms)
    ]
    made = {each for plan in divided for group in groups_of(plan) for each in group.contents().values()}
    polls = [
        poll
        for poll in await storage.polls.of_twinspace(meeting.twinspace_id)
        if poll.room_id == meeting.room_id and since_ms <= (poll.opened_at_ms or 0) <= until_ms
    ]
    opened = await storage.shared_views.openings(meeting.room_id, since_ms, until_ms)
    shown = {opening.content_id for opening in opened}
    # When it was changed is written down a moment later, which may be after the end.
    worked_on = [
        each
        for each in contents
        if each.id in made or each.id in shown or (each.changed_at_ms >= since_ms and each.created_at_ms <= until_ms)
    ]
    documents = {each.id for each in worked_on if each.kind == "document" and each.changed_at_ms >= since_ms}
    hands = await read_hands(context, await _rooms(context, meeting), since_ms, until_ms)
    return {
        "schools": [
            {
                "school_id": school_id,
                "people": number,
                "minutes": sum(p.minutes for p in people if users[p.user_id].school_id == school_id),
            }
            for school_id, number in sorted(count.items())
        ],
        "picture": (
            await read_picture(context, meeting, count, messages, polls, documents, hands, until_ms)
            if with_picture
            else []
        ),
        "content_ids": [each.id for each in worked_on],
        "opened": [{"content_id": opening.content_id, "opened_at_ms": opening.opened_at_ms} for opening in opened],
        "breakouts": [await _divided(context, plan, since_ms, until_ms) for plan in divided],
        "polls": [await _polled(context, poll) for poll in polls],
        "quizzes": await kept_quizzes(context, meeting.twinspace_id, meeting.room_id, since_ms, until_ms),
        "caption_languages": sorted(await storage.captions.languages(meeting.room_id, since_ms, until_ms)),
        "message_seqs": [message.seq for message in messages],
    }


async def announce_record(context: Context, meeting: records.HeldMeeting) -> None:
    await tell(context, meeting.twinspace_id, meeting, "meeting:recorded", _recorded(meeting))


def _recorded(meeting: records.HeldMeeting) -> MeetingRecorded:
    return MeetingRecorded(twinspace_id=meeting.twinspace_id, room_id=meeting.room_id, held_id=meeting.id)


async def _access(
    context: Context, session: Session, payload: HeldMeetingRef, act: Act
) -> tuple[Access, records.HeldMeeting]:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), act)
    try:
        meeting = await context.storage.held_meetings.get(HeldMeetingId(payload.held_id))
    except ports.NotFound:
        raise NotFound from None
    if meeting.twinspace_id != access.twinspace.id:
        raise NotFound
    await check_sees(context, access, meeting)
    return access, meeting


async def _polled(context: Context, poll: records.Poll) -> dict[str, Any]:
    """Figures alone, whether or not it was asked with names."""
    votes = await context.storage.polls.votes(poll.id)
    return {
        "question": poll.question,
        "options": list(poll.options),
        "tally": tally(len(poll.options), [vote.counts for vote in votes]),
        "voices": sum(voices(vote.counts, is_many=poll.is_many, seats=vote.seats) for vote in votes),
    }


def _group(kept: dict[str, Any], own: frozenset[RoomId]) -> RecordedGroup:
    """What was captioned in a group is for its people and the staff, and so is that something was."""
    room_id = kept.get("room_id")
    return RecordedGroup(**(kept if room_id in own else {**kept, "room_id": None, "caption_languages": []}))


async def _divided(context: Context, plan: records.Breakouts, since_ms: int, until_ms: int) -> dict[str, Any]:
    languages = context.storage.captions.languages
    notes = await context.storage.breakouts.notes(plan.id, plan.opened_at_ms or 0)
    return {
        "title": plan.title,
        "opened_at_ms": plan.opened_at_ms,
        "sentences": [note.text for note in notes if note.kind == "broadcast"],
        "calls": sum(note.kind == "call" for note in notes),
        "groups": [
            {
                "title": group.title,
                "document_id": group.document_id,
                "wall_id": group.wall_id,
                "board_id": group.board_id,
                "people": len(group.user_ids),
                "room_id": group.room_id,
                "caption_languages": sorted(await languages(group.room_id, since_ms, until_ms)),
            }
            for group in groups_of(plan)
        ],
    }


async def _said(context: Context, meeting: records.HeldMeeting, since_ms: int, until_ms: int) -> list[records.Message]:
    """The meeting's own chat between these times, oldest first."""
    found: list[records.Message] = []
    before: int | None = None
    while len(found) < MOST_MESSAGES:
        page = await context.storage.messages.latest(meeting.twinspace_id, 200, before, room_lane(meeting.room_id))
        found = [each for each in page if since_ms <= each.posted_at_ms <= until_ms] + found
        if not page or page[0].posted_at_ms < since_ms:
            break
        before = page[0].seq
    return found


async def _messages(
    context: Context, viewer: User, meeting: records.HeldMeeting, seqs: list[int]
) -> list[RecordedMessage]:
    """Those that are still there: what was hidden, erased or forgotten since is not."""
    if not seqs:
        return []
    hidden = await context.storage.safety.hidden_ids(meeting.twinspace_id, "message")
    wanted, found = set(seqs), list[records.Message]()
    storage, lane, seq = context.storage, room_lane(meeting.room_id), min(wanted) - 1
    while seq < max(wanted) and (page := await storage.messages.since(meeting.twinspace_id, seq, 500, lane)):
        found += [
            each for each in page if each.seq in wanted and each.text and subject_of(lane, each.seq) not in hidden
        ]
        seq = page[-1].seq
    users = await read_people(context, viewer, [message.user_id for message in found])
    return [
        RecordedMessage(
            seq=message.seq,
            display_name=users[message.user_id].display_name,
            text=message.text,
            posted_at_ms=message.posted_at_ms,
        )
        for message in found
    ]


async def _recordings(context: Context, meeting: records.HeldMeeting) -> list[str]:
    until_ms = meeting.ended_at_ms or context.now_ms()
    return [
        recording.id
        for recording in await context.storage.recordings.of_twinspace(meeting.twinspace_id)
        if recording.room_id == meeting.room_id and meeting.started_at_ms <= recording.started_at_ms <= until_ms
    ]


async def _rooms(context: Context, meeting: records.HeldMeeting) -> set[RoomId]:
    """The meeting's room and those of its groups."""
    plans = await context.storage.breakouts.of_room(meeting.room_id)
    return {meeting.room_id, *(group.room_id for plan in plans for group in groups_of(plan))}


async def _hands(context: Context, viewer: User, meeting: records.HeldMeeting) -> list[HandRaised]:
    until_ms = meeting.ended_at_ms or context.now_ms()
    hands = await read_hands(context, await _rooms(context, meeting), meeting.started_at_ms, until_ms)
    users = await read_people(context, viewer, [hand.pupil_id or hand.user_id for hand in hands])
    return [
        HandRaised(
            user_id=user.id,
            display_name=user.display_name,
            school_id=hand.school_id,
            raised_at_ms=hand.raised_at_ms,
            waited_ms=None if hand.ended_at_ms is None else hand.ended_at_ms - hand.raised_at_ms,
            was_called=hand.outcome == "called",
        )
        for hand in hands
        for user in (users[hand.pupil_id or hand.user_id],)
    ]


async def _present(context: Context, viewer: User, meeting: records.HeldMeeting) -> list[PersonPresent]:
    people = attendance_of(await context.storage.held_meetings.stays(meeting.id))
    users = await read_people(context, viewer, [person.user_id for person in people])
    return [
        PersonPresent(
            user_id=person.user_id,
            display_name=users[person.user_id].display_name,
            school_id=users[person.user_id].school_id,
            first_at_ms=person.spans[0][0],
            last_at_ms=person.spans[-1][1],
            minutes=person.minutes,
            breaks=len(person.spans) - 1,
        )
        for person in people
    ]
