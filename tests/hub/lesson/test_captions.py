"""Who captions which language, and whose turn it is."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.errors import Conflict, HubError, NotFound
from hub.lesson.captions import MOST_LANGUAGES, MOST_PEOPLE, Captioning


def test_the_baton_goes_round() -> None:
    captioning = Captioning()
    for user in ("ana", "jan", "eva"):
        captioning.take("es", user)
    captioning.check_turn("es", "ana")
    with pytest.raises(Conflict):
        captioning.check_turn("es", "jan")
    captioning.hand_on("es", "jan")
    captioning.check_turn("es", "jan")
    captioning.leave("es", "jan")
    captioning.check_turn("es", "eva")
    captioning.leave("es", "eva")
    captioning.check_turn("es", "ana")


def test_several_type_together() -> None:
    captioning = Captioning()
    captioning.take("pl", "ana")
    captioning.take("pl", "jan")
    captioning.share("pl", "together")
    for user in ("ana", "jan"):
        captioning.check_turn("pl", user)
    with pytest.raises(NotFound):
        captioning.check_turn("pl", "eva")
    with pytest.raises(NotFound):
        captioning.check_turn("en", "ana")
    with pytest.raises(NotFound):
        captioning.hand_on("pl", "eva")


def test_who_left_the_meeting_left_the_desk() -> None:
    captioning = Captioning()
    captioning.take("pl", "ana")
    captioning.take("en", "jan")
    assert captioning.keep_only({"jan"})
    assert [desk.language for desk in captioning.desks()] == ["en"]
    assert not captioning.keep_only({"jan"})


def test_there_is_an_end_to_languages_and_chairs() -> None:
    captioning = Captioning()
    for number in range(MOST_LANGUAGES):
        captioning.take(f"l{number}", "ana")
    with pytest.raises(Conflict):
        captioning.take("one-more", "ana")
    for number in range(1, MOST_PEOPLE):
        captioning.take("l0", f"p{number}")
    with pytest.raises(Conflict):
        captioning.take("l0", "one-more")


class Desks(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.captioning = Captioning()

    languages = st.sampled_from(["es", "pl"])
    people = st.sampled_from(["ana", "jan", "eva"])

    @rule(language=languages, user=people)
    def take(self, language: str, user: str) -> None:
        self.captioning.take(language, user)

    @rule(language=languages, user=people)
    def leave(self, language: str, user: str) -> None:
        self.captioning.leave(language, user)

    @rule(language=languages, user=people)
    def hand_on(self, language: str, user: str) -> None:
        try:
            self.captioning.hand_on(language, user)
        except HubError:
            assert not self.captioning.sits_at(language, user)

    @rule(here=st.sets(people))
    def keep_only(self, here: set[str]) -> None:
        self.captioning.keep_only(here)

    @invariant()
    def somebody_who_sits_there_has_the_baton(self) -> None:
        for desk in self.captioning.desks():
            assert desk.user_ids and desk.holder in desk.user_ids
            assert len(set(desk.user_ids)) == len(desk.user_ids)


TestDesks = Desks.TestCase
