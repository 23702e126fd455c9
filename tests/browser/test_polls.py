"""A quiz question asked in a meeting: the teacher asks, a pupil answers, everybody sees the end."""

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
        assert await one.axe() == []
        assert one.complaints == []
