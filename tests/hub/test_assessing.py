"""The rules of assessing, whoever is in it and whenever one looks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.assessing import is_nameless, is_over, shown_to
from storage.records import Assessment, AssessmentId, ContentId, Rating, SchoolId, TwinspaceId, User, UserId

SCHOOL = SchoolId("s")
PEOPLE = [User(UserId(name), name, name, "pupil", SCHOOL, "en", 1) for name in ("p", "q", "r")]
PEOPLE.append(User(UserId("t"), "t", "t", "teacher", SCHOOL, "en", 1))
IDS = st.sets(st.sampled_from([user.id for user in PEOPLE]), min_size=1).map(lambda ids: tuple(sorted(ids)))
TIMES = st.integers(0, 20)


@settings(max_examples=200)
@given(assessed=IDS, assessors=IDS, sent=IDS, present=IDS, now_ms=TIMES, reveal_at_ms=st.none() | TIMES)
def test_nothing_is_shown_before_its_time_and_a_classmates_name_never(
    assessed: tuple[UserId, ...],
    assessors: tuple[UserId, ...],
    sent: tuple[UserId, ...],
    present: tuple[UserId, ...],
    now_ms: int,
    reveal_at_ms: int | None,
) -> None:
    subject = {"kind": "content", "id": "c", "part_id": None}
    ids = (AssessmentId("a"), TwinspaceId("t"), ContentId("r"))
    assessment = Assessment(*ids, "", subject, assessed, assessors, UserId("t"), 1, reveal_at_ms)
    sent = tuple(each for each in sent if each in assessors)
    ratings = [Rating(assessment.id, each, {}, {}, [], 1, 1 if each in sent else None) for each in assessors]
    over = is_over(assessment, sent, present, now_ms)
    due = reveal_at_ms is not None and now_ms >= reveal_at_ms
    assert over == (due or (bool(sent) and all(each in sent for each in assessors if each in present)))
    for viewer in PEOPLE:
        for watching in {False, viewer.kind == "teacher"}:
            seen = shown_to(assessment, ratings, viewer, watching=watching, over=over)
            may = over and (watching or viewer.id in assessed)
            assert {each.user_id for each in seen} == (set(sent) if may else set())
            for rater in PEOPLE:
                if not watching and rater.kind == "pupil" and rater.id not in assessed and rater is not viewer:
                    assert is_nameless(assessment, rater, viewer, watching=watching)
