"""A question and a quiz asked in a meeting: the teacher asks, a pupil answers, everybody sees the end."""

from __future__ import annotations

import asyncio

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person

TWINSPACE = "Rivers that join us"
PASSWORD = "twinspace-demo"


async def open_polls(person: Person) -> None:
    await person.page.get_by_role("button", name=person.pattern("call_more")).click()
    await person.page.get_by_role("menuitemcheckbox", name=person.words("poll_title")).click()


async def test_a_quiz_question_is_asked_answered_and_ended(person: People) -> None:
    ana, lucia = await asyncio.gather(person("Ana"), person("Lucía", width=360, height=740))
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await lucia.sign_in_with_card("Olive wave GUITAR", language="es")
    for one in (ana, lucia):
        await one.enter(TWINSPACE)
        await one.join_meeting()
        await open_polls(one)
    await expect(lucia.page.get_by_text(lucia.words("polls_none"))).to_be_visible()

    await ana.button("poll_new").click()
    await ana.page.get_by_label(ana.words("poll_question"), exact=True).fill("Which river is longer?")
    await ana.page.get_by_label(ana.words("poll_options"), exact=True).fill("* Wisła\nGuadalhorce")
    await ana.button("poll_ask").click()

    await lucia.page.get_by_label("Guadalhorce").check()
    await lucia.button("poll_answer").click()
    await expect(lucia.page.get_by_text(lucia.words("poll_answered"))).to_be_visible()
    await expect(ana.page.get_by_text(ana.pattern("poll_voices"))).to_be_visible()
    await lucia.page.get_by_label("Wisła").check()
    await lucia.button("poll_answer_again").click()
    await expect(ana.page.get_by_text(ana.pattern("poll_were_right", count="1"))).to_be_visible()
    await expect(lucia.page.get_by_text(lucia.words("poll_right"))).to_have_count(0)
    await ana.button("poll_end").click()
    for one in (ana, lucia):
        await expect(one.page.get_by_text(one.words("poll_right"))).to_be_visible()

    await play_a_quiz(ana, lucia)
    for one in (ana, lucia):
        assert await one.axe() == []
        assert one.complaints == []


async def play_a_quiz(ana: Person, lucia: Person) -> None:
    """Of two questions the pupil knows one; the score is hers alone."""
    quiz = ana.page.get_by_role("region", name="Bread and rivers")
    await ana.button("quiz_new").click()
    await ana.page.get_by_label(ana.words("quiz_title"), exact=True).fill("Bread and rivers")
    questions = ana.page.get_by_label(ana.words("quiz_questions"), exact=True)
    await questions.fill("Which is a bread?\n* Mollete\nSerrano\n\nWhich is a river?\nWisła\nGiewont")
    await ana.button("quiz_start").click()
    await expect(ana.page.get_by_text(ana.pattern("quiz_no_right", place="2"))).to_be_visible()
    await questions.fill("Which is a bread?\n* Mollete\nSerrano\n\nWhich is a river?\n* Wisła\nGiewont")
    await ana.button("quiz_start").click()

    await lucia.page.get_by_label("Mollete").check()
    await lucia.button("poll_answer").click()
    await expect(lucia.page.get_by_text(lucia.words("poll_answered"))).to_be_visible()
    await quiz.get_by_role("button", name=ana.pattern("quiz_next", place="2")).click()
    await lucia.page.get_by_label("Giewont").check()
    await lucia.button("poll_answer").click()
    await expect(lucia.page.get_by_text(lucia.words("poll_answered"))).to_be_visible()
    await quiz.get_by_role("button", name=ana.words("quiz_end")).click()
    await expect(lucia.page.get_by_text(lucia.pattern("quiz_mine", right="1", of="2"))).to_be_visible()
    # One pupil is too few for a school's sum, and nowhere stands a name.
    await expect(quiz.get_by_text(ana.words("quiz_school_hidden"))).to_be_visible()
    await expect(quiz.get_by_text("Lucía")).to_have_count(0)
    await expect(lucia.page.get_by_role("list", name=lucia.words("quiz_schools"))).to_have_count(0)
