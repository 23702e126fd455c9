"""What a quiz sums up to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.quizzes import Answer, Question, scores, together

QUESTION = st.builds(Question, st.sampled_from([(0,), (1,)]), st.booleans())
ANSWER = st.integers(1, 6).flatmap(lambda seats: st.integers(0, seats).map(lambda n: Answer((n, seats - n), seats)))
GAME = st.lists(st.tuples(QUESTION, st.dictionaries(st.sampled_from("abcd"), ANSWER)), max_size=5)


@given(GAME)
def test_nobody_has_more_right_than_there_was_and_sums_are_sums(game: list[tuple[Question, dict[str, Answer]]]) -> None:
    found = scores([question for question, _ in game], [answers for _, answers in game])
    assert set(found) == {account for _, answers in game for account in answers}
    for score in found.values():
        assert 0 <= score.right <= score.of <= score.people * len(game)
        assert score.right == sum(one or 0 for one in score.each)
    total = together(list(found.values()), len(game))
    assert (total.right, total.of) == (sum(s.right for s in found.values()), sum(s.of for s in found.values()))
    assert total.right == sum(one or 0 for one in total.each)


def test_a_question_that_was_not_answered_is_not_right() -> None:
    one = Question((0,), False)
    found = scores([one, one], [{"ana": Answer((1, 0), 1)}, {"class": Answer((2, 1), 3)}])
    assert (found["ana"].right, found["ana"].of, found["ana"].each) == (1, 2, (1, 0))
    assert (found["class"].people, found["class"].right, found["class"].of) == (3, 2, 6)


def test_of_a_class_that_chooses_several_nothing_is_guessed() -> None:
    found = scores([Question((0, 1), True)], [{"class": Answer((3, 3), 3), "ana": Answer((1, 1), 1)}])
    assert (found["class"].of, found["class"].each) == (0, (None,))
    assert (found["ana"].right, found["ana"].of) == (1, 1)
    assert together(list(found.values()), 1).each == (1,)
