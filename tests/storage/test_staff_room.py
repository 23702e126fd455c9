"""The contracts of what teachers do among each other, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import (
    BroughtThing,
    Conversation,
    ConversationId,
    CountryCount,
    HelpQuestion,
    Idea,
    IdeaId,
    Member,
    Profile,
    QuestionId,
    Resource,
    ResourceId,
    School,
    SchoolId,
    Service,
    User,
    UserId,
)
from tests.storage.people import ANA, LUCIA, SCHOOL, SPACE, settle

ABSENT = UserId("absent")
MAREK = User(UserId("marek"), "teacher.pl", "Marek", "teacher", SCHOOL.id, "pl", 3)
PROFILE = Profile(ANA.id, "Rivers!", ("primary",), ("science",), ("es", "en"), True, 5)
IDEA = Idea(
    IdeaId("idea"), ANA.id, "Breads", "of Europe", "primary", 8, 11, ("cooking",), ("en",), ("PL",), "2027-01-31", 6, 6
)
PAIR = Conversation(ConversationId("pair"), "", ANA.id, 10, (ANA.id, MAREK.id), "ana marek")
RESOURCE = Resource(
    ResourceId("r"), "article", "Bread", "text", "", "CC-BY-4.0", "en", ("primary",), ("cooking",), ANA.id, 5
)
QUESTION = HelpQuestion(QuestionId("q"), ANA.id, "ES", "How?", "text", "es", 5, 5)


async def settle_all(storage: Storage) -> None:
    await settle(storage)
    await storage.users.add_user(MAREK)


async def test_profiles_and_ideas_are_kept_changed_and_removed(storage: Storage) -> None:
    await settle_all(storage)
    partners = storage.partners
    with pytest.raises(NotFound):
        await partners.profile(ANA.id)
    with pytest.raises(NotFound):
        await partners.put_profile(replace(PROFILE, user_id=ABSENT))
    await partners.put_profile(PROFILE)
    changed = replace(PROFILE, about="Bridges", is_listed=False)
    await partners.put_profile(changed)
    assert await partners.profile(ANA.id) == changed and await partners.profiles() == [changed]
    await partners.remove_profile(ANA.id)
    assert await partners.profiles() == []
    await partners.add_idea(IDEA)
    later = replace(IDEA, id=IdeaId("later"), user_id=MAREK.id, created_at_ms=9)
    await partners.add_idea(later)
    with pytest.raises(Conflict):
        await partners.add_idea(IDEA)
    await partners.change_idea(replace(IDEA, title="Cakes", user_id=MAREK.id, created_at_ms=99))
    assert await partners.idea(IDEA.id) == replace(IDEA, title="Cakes")
    assert [idea.id for idea in await partners.ideas()] == [later.id, IDEA.id]
    assert [idea.id for idea in await partners.ideas(ANA.id)] == [IDEA.id]
    await partners.remove_idea(IDEA.id)
    for gone in (partners.idea(IDEA.id), partners.remove_idea(IDEA.id), partners.change_idea(IDEA)):
        with pytest.raises(NotFound):
            await gone


async def test_a_pair_has_one_conversation_and_groups_as_many_as_they_like(storage: Storage) -> None:
    await settle_all(storage)
    talk = storage.conversations
    assert await talk.start(PAIR) == PAIR
    again = replace(PAIR, id=ConversationId("again"), created_by=MAREK.id, created_at_ms=20)
    assert await talk.start(again) == PAIR
    group = Conversation(ConversationId("group"), "Bakers", ANA.id, 30, (ANA.id, LUCIA.id, MAREK.id))
    await talk.start(group)
    assert await talk.get(group.id) == group
    with pytest.raises(NotFound):
        await talk.get(again.id)
    with pytest.raises(NotFound):
        await talk.start(replace(group, id=ConversationId("x"), user_ids=(ANA.id, ABSENT)))
    assert (await talk.started_since(ANA.id, 10), await talk.started_since(ANA.id, 11)) == (2, 1)
    assert await talk.started_since(MAREK.id, 0) == 0
    await talk.leave(PAIR.id, MAREK.id)
    assert (await talk.get(PAIR.id)).user_ids == (ANA.id,)
    with pytest.raises(NotFound):
        await talk.leave(PAIR.id, MAREK.id)
    assert (await talk.start(again)).user_ids == PAIR.user_ids


async def test_messages_are_numbered_counted_and_read(storage: Storage) -> None:
    await settle_all(storage)
    talk = storage.conversations
    await talk.start(PAIR)
    quiet = Conversation(ConversationId("quiet"), "Later", ANA.id, 12, (ANA.id, MAREK.id))
    await talk.start(quiet)

    async def say(user_id: UserId, text: str, key: str) -> tuple[int, bool]:
        message, is_new = await talk.append(PAIR.id, client_message_id=key, user_id=user_id, text=text, at_ms=11)
        return message.seq, is_new

    assert [await say(ANA.id, "Hi", "a"), await say(MAREK.id, "Ho", "a"), await say(MAREK.id, "Hey", "b")] == [
        (1, True),
        (2, True),
        (3, True),
    ]
    assert await say(ANA.id, "Hi", "a") == (1, False)
    with pytest.raises(NotFound):
        await talk.append(ConversationId("x"), client_message_id="a", user_id=ANA.id, text="", at_ms=1)
    assert [message.text for message in await talk.messages(PAIR.id, 2)] == ["Ho", "Hey"]
    assert [message.text for message in await talk.messages(PAIR.id, 2, before_seq=2)] == ["Hi"]
    states = await talk.of_user(ANA.id)
    assert [(state.conversation.id, state.unread, state.read_seq) for state in states] == [
        (quiet.id, 0, 0),
        (PAIR.id, 2, 1),
    ]
    assert states[1].latest is not None and states[1].latest.text == "Hey" and states[0].latest is None
    await talk.mark_read(PAIR.id, ANA.id, 99)
    await talk.mark_read(PAIR.id, ANA.id, 1)
    await talk.mark_read(PAIR.id, LUCIA.id, 1)
    assert [(state.unread, state.read_seq) for state in await talk.of_user(ANA.id)] == [(0, 0), (0, 3)]
    assert await talk.of_user(LUCIA.id) == []


async def test_blocks_are_set_once_and_lifted(storage: Storage) -> None:
    await settle_all(storage)
    talk = storage.conversations
    await talk.block(ANA.id, MAREK.id, 1)
    await talk.block(ANA.id, MAREK.id, 2)
    assert (await talk.blocked_by(ANA.id), await talk.blockers_of(MAREK.id)) == ([MAREK.id], [ANA.id])
    assert (await talk.blocked_by(MAREK.id), await talk.blockers_of(ANA.id)) == ([], [])
    with pytest.raises(NotFound):
        await talk.block(ANA.id, ABSENT, 1)
    await talk.unblock(ANA.id, MAREK.id)
    await talk.unblock(ANA.id, MAREK.id)
    assert await talk.blocked_by(ANA.id) == []


async def test_what_is_written_by_whom_one_blocks_is_neither_counted_nor_shown(storage: Storage) -> None:
    await settle_all(storage)
    talk = storage.conversations
    group = Conversation(ConversationId("group"), "Bakers", ANA.id, 10, (ANA.id, LUCIA.id, MAREK.id))
    await talk.start(group)
    for user_id, text in ((LUCIA.id, "Hello"), (MAREK.id, "Buy this")):
        await talk.append(group.id, client_message_id=text, user_id=user_id, text=text, at_ms=11)
    assert await talk.unread(ANA.id) == 2
    await talk.block(ANA.id, MAREK.id, 12)
    (state,) = await talk.of_user(ANA.id)
    assert state.latest is not None and (state.unread, state.latest.text) == (1, "Hello")
    assert (await talk.unread(ANA.id), await talk.unread(MAREK.id), await talk.unread(ABSENT)) == (1, 0, 0)
    await talk.unblock(ANA.id, MAREK.id)
    assert (await talk.of_user(ANA.id))[0].unread == 2


async def test_an_erased_message_keeps_its_place(storage: Storage) -> None:
    await settle_all(storage)
    talk = storage.conversations
    await talk.start(PAIR)
    for text in ("One", "Two"):
        await talk.append(PAIR.id, client_message_id=text, user_id=ANA.id, text=text, at_ms=11)
    await talk.erase(PAIR.id, 1)
    assert [message.text for message in await talk.messages(PAIR.id, 9)] == ["", "Two"]
    for seq in (0, 3):
        with pytest.raises(NotFound):
            await talk.erase(PAIR.id, seq)


async def test_a_brought_thing_is_hidden_in_every_question_that_brings_it(storage: Storage) -> None:
    await settle_all(storage)
    desk = storage.help_desk
    thing = BroughtThing(QUESTION.id, "letter", "pair:1", MAREK.id, "Buy this")
    await desk.ask(QUESTION, thing)
    assert (await desk.brought(QUESTION.id), await desk.brought(QuestionId("absent"))) == (thing, None)
    assert await desk.hidden_among("letter", ["pair:1"]) == frozenset()
    await desk.hide_brought("letter", "pair:1", ANA.id, 7)
    again = replace(QUESTION, id=QuestionId("again"))
    await desk.ask(again, replace(thing, question_id=again.id))
    for question in (QUESTION, again):
        assert await desk.brought(question.id) == replace(
            thing, question_id=question.id, hidden_by=ANA.id, hidden_at_ms=7
        )
    assert await desk.hidden_among("letter", ["pair:1", "pair:2"]) == {"pair:1"}
    assert await desk.hidden_among("post", ["pair:1"]) == await desk.hidden_among("letter", []) == frozenset()
    await desk.blank_brought("letter", "pair:1")
    await desk.hide_brought("letter", "pair:1", None, 8)
    for question in (QUESTION, again):
        assert await desk.brought(question.id) == replace(thing, question_id=question.id, excerpt="")


async def test_resources_are_decided_rated_and_removed(storage: Storage) -> None:
    await settle_all(storage)
    shelf = storage.shelf
    form = {"mode": "alone", "questions": [{"id": "a", "type": "faces", "required": True, "max": 3}]}
    other = replace(RESOURCE, id=ResourceId("s"), submitted_by=MAREK.id, submitted_at_ms=9, form=form)
    await shelf.add(RESOURCE)
    await shelf.add(other)
    with pytest.raises(NotFound):
        await shelf.add(replace(RESOURCE, id=ResourceId("t"), submitted_by=ABSENT))
    listed = await shelf.decide(RESOURCE.id, "listed", by=MAREK.id, at_ms=7, reason="Fine")
    assert listed == replace(RESOURCE, state="listed", decided_by=MAREK.id, decided_at_ms=7, reason="Fine")
    assert await shelf.get(RESOURCE.id) == listed
    assert await shelf.all() == [other, listed]
    assert (await shelf.all(state="waiting"), await shelf.all(submitted_by=ANA.id)) == ([other], [listed])
    for user_id in (ANA.id, ANA.id, MAREK.id):
        await shelf.rate(RESOURCE.id, user_id, True)
    assert await shelf.useful([RESOURCE.id, other.id]) == {RESOURCE.id: 2}
    await shelf.rate(RESOURCE.id, ANA.id, False)
    assert (await shelf.rated_by(ANA.id), await shelf.rated_by(MAREK.id)) == (set(), {RESOURCE.id})
    await shelf.remove(RESOURCE.id)
    for gone in (
        shelf.get(RESOURCE.id),
        shelf.remove(RESOURCE.id),
        shelf.rate(RESOURCE.id, ANA.id, True),
        shelf.decide(RESOURCE.id, "listed", by=ANA.id, at_ms=1, reason=""),
    ):
        with pytest.raises(NotFound):
            await gone
    assert await shelf.rated_by(MAREK.id) == set()


async def test_a_question_has_one_owner_and_an_answer(storage: Storage) -> None:
    await settle_all(storage)
    desk = storage.help_desk
    await desk.ask(QUESTION)
    await desk.ask(replace(QUESTION, id=QuestionId("pl"), country="PL", asked_by=MAREK.id, changed_at_ms=4))
    taken = await desk.take(QUESTION.id, MAREK.id, None, 6)
    assert (taken.owner_id, taken.state, taken.changed_at_ms) == (MAREK.id, "taken", 6)
    with pytest.raises(Conflict):
        await desk.take(QUESTION.id, ANA.id, None, 7)
    assert (await desk.take(QUESTION.id, ANA.id, MAREK.id, 7)).owner_id == ANA.id
    await desk.write(QUESTION.id, ANA.id, "Which browser?", 8, state="taken")
    note = await desk.write(QUESTION.id, ANA.id, "So.", 9, state="answered", answer="So.")
    assert note.seq == 2 and [each.text for each in await desk.notes(QUESTION.id)] == ["Which browser?", "So."]
    answered = await desk.get(QUESTION.id)
    assert (answered.state, answered.answer, answered.changed_at_ms) == ("answered", "So.", 9)
    assert [each.id for each in await desk.all()] == ["pl", "q"]
    assert [each.id for each in await desk.all(country="PL")] == ["pl"]
    assert [each.id for each in await desk.all(states=["answered", "closed"])] == ["q"]
    assert [each.id for each in await desk.all(asked_by=MAREK.id)] == ["pl"]
    assert await desk.all(is_faq=True) == []
    assert (await desk.set_faq(QUESTION.id, True)).is_faq
    assert [each.id for each in await desk.all(is_faq=True)] == ["q"]
    for gone in (
        desk.get(QuestionId("x")),
        desk.set_faq(QuestionId("x"), True),
        desk.take(QuestionId("x"), ANA.id, None, 1),
    ):
        with pytest.raises(NotFound):
            await gone


async def test_figures_count_what_is_there_now(storage: Storage) -> None:
    await settle_all(storage)
    users = storage.users
    service = School(SchoolId("service"), "Service", "", "ES", "star")
    await users.add_school(service)
    await storage.services.add(Service(service.id, "national"))
    await users.add_school(School(SchoolId("new"), "New", "", "ES", "star", state="proposed"))
    polish = School(SchoolId("pl"), "Szkoła", "", "PL", "star")
    await users.add_school(polish)
    await users.add_user(replace(MAREK, id=UserId("staff"), name="staff", kind="staff", school_id=service.id))
    await users.add_user(replace(MAREK, id=UserId("waits"), name="waits", state="waiting"))
    await users.add_user(replace(MAREK, id=UserId("pl"), name="pl", school_id=polish.id))
    for user_id in ("pl", "marek"):
        await storage.twinspaces.add_member(Member(SPACE.id, UserId(user_id), "founder", 1, 1))
    assert await storage.statistics.by_country() == [
        CountryCount("projects", "ES", 1),
        CountryCount("projects", "PL", 1),
        CountryCount("pupils", "ES", 1),
        CountryCount("schools", "ES", 1),
        CountryCount("schools", "PL", 1),
        CountryCount("teachers", "ES", 2),
        CountryCount("teachers", "PL", 1),
    ]
    await storage.phases.move(SPACE.id, former="during", phase="closed", moved_by=ANA.id, missing=[], at_ms=1)
    assert not [count for count in await storage.statistics.by_country() if count.measure == "projects"]
