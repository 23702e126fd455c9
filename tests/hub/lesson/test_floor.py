"""Whose turn it is: schools alternate, and who has had least of it goes first."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.floor import TalkTime, queue
from storage.records import Hand, HandId, RoomId, SchoolId, UserId

ES, PL, GR = SchoolId("es"), SchoolId("pl"), SchoolId("gr")
ROOM = RoomId("room")


def hand(number: int, school: SchoolId, *, pupil: str | None = None) -> Hand:
    return Hand(HandId(f"h{number:03}"), ROOM, UserId(pupil or f"u{number}"), None, school, number)


def schools(hands: list[Hand]) -> list[str]:
    return [each.school_id for each in hands]


def test_five_hands_from_spain_then_two_from_poland_alternate() -> None:
    hands = [hand(n, ES) for n in range(1, 6)] + [hand(n, PL) for n in (6, 7)]
    ordered = queue(hands, {})
    assert schools(ordered) == ["es", "pl", "es", "pl", "es", "es", "es"]
    assert [each.id for each in ordered if each.school_id == ES] == ["h001", "h002", "h003", "h004", "h005"]


def test_the_school_that_was_called_last_waits_and_who_was_called_before_goes_behind() -> None:
    called = replace(hand(1, ES, pupil="lucia"), ended_at_ms=50, outcome="called")
    hands = [called, hand(2, ES, pupil="lucia"), hand(3, ES), hand(4, PL)]
    ordered = queue(hands, {})
    assert schools(ordered) == ["pl", "es", "es"]
    assert [each.id for each in ordered] == ["h004", "h003", "h002"]


def test_the_school_that_spoke_least_begins() -> None:
    hands = [hand(1, ES), hand(2, PL), hand(3, GR)]
    assert schools(queue(hands, {ES: 300_000, PL: 60_000, GR: 5_000})) == ["gr", "pl", "es"]
    assert schools(queue(hands, {ES: 9_000, PL: 1_000})) == ["es", "pl", "gr"], "a cough costs no turn"


raised = st.lists(st.tuples(st.sampled_from([ES, PL, GR]), st.booleans()), max_size=25)


@given(raised=raised, spoken=st.dictionaries(st.sampled_from([ES, PL, GR]), st.integers(0, 600_000)))
def test_nobody_is_lost_and_no_school_goes_twice_while_another_waits(
    raised: list[tuple[SchoolId, bool]], spoken: dict[SchoolId, int]
) -> None:
    hands = [
        replace(hand(n, school), ended_at_ms=n, outcome="called") if was_called else hand(n, school)
        for n, (school, was_called) in enumerate(raised, 1)
    ]
    ordered = queue(hands, spoken)
    assert {each.id for each in ordered} == {each.id for each in hands if each.ended_at_ms is None}
    assert len(ordered) == len({each.id for each in ordered})
    for place, (before, after) in enumerate(zip(ordered, ordered[1:], strict=False)):
        if before.school_id == after.school_id:
            assert {each.school_id for each in ordered[place:]} == {before.school_id}
    assert queue(list(reversed(hands)), spoken) == ordered, "it does not matter how they were read"


def test_talk_time_is_counted_per_school_and_a_clock_that_goes_back_takes_nothing_away() -> None:
    talk = TalkTime()
    talk.note_speaker(ES, 10.0)
    talk.note_speaker(PL, 14.0)
    talk.note_speaker(None, 15.5)
    assert talk.spoken_ms(60.0) == {ES: 4_000, PL: 1_500}
    talk.note_speaker(ES, 60.0)
    assert talk.spoken_ms(61.0)[ES] == 5_000
    assert talk.spoken_ms(50.0)[ES] == 5_000
    assert talk.spoken_ms(62.0)[ES] == 6_000
