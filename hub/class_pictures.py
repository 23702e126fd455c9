"""Reads how each school's people took part in a meeting, as far as `hub.lesson.learning_picture` lets it be said."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.authorship import read_authorship
from hub.context import Context
from hub.errors import HubError
from hub.lesson.learning_picture import count_of, level_of, middle, shares
from hub.lesson.polls import voices
from hub.roster import read_users
from hub.small_cells import SMALLEST
from storage.records import ContentId, Hand, HeldMeeting, Json, Message, Poll, RoomId, SchoolId

logger = logging.getLogger(__name__)

MOST_DOCUMENTS = 40
"""Reading who wrote a long document takes seconds."""


@dataclass
class _Doings:
    """Of one way to take part: how often each school did it, and which of its people."""

    often: Counter[SchoolId] = field(default_factory=Counter)
    who: dict[SchoolId, set[str]] = field(default_factory=dict)

    def note(self, school_id: SchoolId, who: str, times: int = 1) -> None:
        self.often[school_id] += times
        self.who.setdefault(school_id, set()).add(who)


async def read_picture(
    context: Context,
    meeting: HeldMeeting,
    people: Mapping[SchoolId, int],
    messages: Sequence[Message],
    polls: Sequence[Poll],
    documents: Collection[ContentId],
    hands: Sequence[Hand],
    until_ms: int,
) -> Json:
    """One entry for each school of five people and more, in the order of their ids; without names, and of few nothing.

    `people`: how many of each school were there.
    """
    large = {school_id: count for school_id, count in people.items() if count >= SMALLEST}
    talk = shares({school_id: meeting.talk.get(school_id, 0) for school_id in people}, people)
    chat = await _chat(context, messages)
    written = await _written(context, documents, meeting.started_at_ms, until_ms)
    text = shares(written.often, {school_id: len(written.who.get(school_id, ())) for school_id in people})
    raised, called = _Doings(), _Doings()
    for hand in hands:
        raised.note(hand.school_id, hand.pupil_id or hand.user_id)
        if hand.outcome == "called":
            called.note(hand.school_id, hand.pupil_id or hand.user_id)
    answered = await _answered(context, polls)
    picture = []
    for school_id, count in sorted(large.items()):
        asked = len(raised.who.get(school_id, ()))
        spoke = len(called.who.get(school_id, ()))
        wrote = len(chat.who.get(school_id, ()))
        edited = len(written.who.get(school_id, ()))
        waits = [hand.ended_at_ms - hand.raised_at_ms for hand in _called(hands, school_id) if hand.ended_at_ms]
        picture.append(
            {
                "school_id": school_id,
                "talk_percent": talk[school_id],
                "hands": level_of(asked, count),
                "hands_raised": count_of(raised.often[school_id], asked),
                "hands_called": count_of(called.often[school_id], spoke),
                "hands_wait_ms": middle(waits) if spoke >= SMALLEST else None,
                "chat": level_of(wrote, count),
                "chat_lines": count_of(chat.often[school_id], wrote),
                "polls": level_of(min(answered[school_id], count), count) if polls else None,
                "documents": level_of(edited, count) if documents else None,
                "documents_percent": text[school_id],
            }
        )
    return picture


async def read_hands(context: Context, rooms: Iterable[RoomId], since_ms: int, until_ms: int) -> list[Hand]:
    """Those that were raised in these rooms in that time, in their order."""
    found = [hand for room_id in rooms for hand in await context.storage.hands.of_room(room_id, since_ms)]
    return sorted(
        (hand for hand in found if since_ms <= hand.raised_at_ms <= until_ms),
        key=lambda hand: (hand.raised_at_ms, hand.id),
    )


def _called(hands: Iterable[Hand], school_id: SchoolId) -> list[Hand]:
    return [hand for hand in hands if hand.outcome == "called" and hand.school_id == school_id]


async def _chat(context: Context, messages: Sequence[Message]) -> _Doings:
    writers = await read_users(context.storage, [message.user_id for message in messages])
    found = _Doings()
    for message in messages:
        found.note(writers[message.user_id].school_id, message.user_id)
    return found


async def _answered(context: Context, polls: Sequence[Poll]) -> Counter[SchoolId]:
    """How many of each school answered the poll that most of them answered."""
    most: Counter[SchoolId] = Counter()
    for poll in polls:
        votes = await context.storage.polls.votes(poll.id)
        users = await read_users(context.storage, [vote.user_id for vote in votes])
        found: Counter[SchoolId] = Counter()
        for vote in votes:
            found[users[vote.user_id].school_id] += voices(vote.counts, is_many=poll.is_many, seats=vote.seats)
        most |= found
    return most


async def _written(context: Context, documents: Collection[ContentId], since_ms: int, until_ms: int) -> _Doings:
    """Characters that were written in that time and are still there."""
    found = _Doings()
    for content_id in sorted(documents)[:MOST_DOCUMENTS]:
        try:
            authorship = await read_authorship(context, content_id)
        except HubError as error:
            logger.warning("who wrote %s in a meeting can't be read now: %s", content_id, error)
            continue
        for run in authorship.runs:
            if run.school_id is not None and run.user_id is not None and run.written_at_ms is not None:
                if since_ms <= run.written_at_ms <= until_ms:
                    found.note(run.school_id, run.user_id, len(run.text))
    return found
