"""Drafts, answers without a name, class tallies, seals: the contract over every store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import (
    AnonymousResponse,
    ClassTally,
    ContentId,
    ContentLock,
    FormResponse,
    Seal,
    SheetSignature,
    TallyId,
    UserId,
)
from tests.storage.people import ANA, FORM, LUCIA, SCHOOL, settle

TALLY = ClassTally(TallyId("1b"), FORM.id, 1, SCHOOL.id, ANA.id, "1B", 24, {"face": {"3": 20, "1": 4}}, 20)


async def publish(storage: Storage, versions: int = 1) -> None:
    await settle(storage)
    for number in range(versions):
        await storage.forms.publish(FORM.id, {"questions": []}, published_by=ANA.id, at_ms=9 + number)


async def test_a_draft_takes_one_answer_after_the_other_and_goes_with_the_answers(storage: Storage) -> None:
    await publish(storage, versions=2)
    forms = storage.forms
    first = await forms.put_draft(FORM.id, 1, LUCIA.id, {"a": "x", "b": {"row": "1"}}, at_ms=20)
    assert (first.answers, first.begun_at_ms) == ({"a": "x", "b": {"row": "1"}}, 20)
    later = await forms.put_draft(FORM.id, 1, LUCIA.id, {"a": None, "c": [1, 2]}, at_ms=30)
    assert (later.answers, later.begun_at_ms, later.changed_at_ms) == ({"b": {"row": "1"}, "c": [1, 2]}, 20, 30)
    assert await forms.get_draft(FORM.id, LUCIA.id) == later
    newer = await forms.put_draft(FORM.id, 2, LUCIA.id, {"a": 1}, at_ms=31)
    assert await forms.get_draft(FORM.id, LUCIA.id) == newer
    await forms.put_response(FormResponse(FORM.id, 2, LUCIA.id, SCHOOL.id, {"a": 1}, 40))
    assert await forms.get_draft(FORM.id, LUCIA.id) == later
    assert (await forms.count_responses(FORM.id, 2), await forms.count_responses(FORM.id, 1)) == (1, 0)
    for version, user_id in ((3, LUCIA.id), (1, UserId("nobody"))):
        with pytest.raises(NotFound):
            await forms.put_draft(FORM.id, version, user_id, {}, at_ms=1)


async def test_answers_without_a_name_come_in_batches_and_once_from_each(storage: Storage) -> None:
    await publish(storage)
    forms = storage.forms
    await forms.put_anonymous(AnonymousResponse("zz", FORM.id, 1, SCHOOL.id, 9, {"a": 1}), LUCIA.id, batch_size=1)
    await forms.put_anonymous(AnonymousResponse("aa", FORM.id, 1, SCHOOL.id, 9, {"a": 2}), ANA.id, batch_size=1)
    assert [(each.id, each.batch) for each in await forms.anonymous_responses(FORM.id, 1)] == [("aa", 1), ("zz", 0)]
    assert await forms.has_answered(FORM.id, 1, LUCIA.id) and not await forms.has_answered(FORM.id, 2, LUCIA.id)
    with pytest.raises(Conflict):
        await forms.put_anonymous(AnonymousResponse("bb", FORM.id, 1, SCHOOL.id, 0, {}), LUCIA.id, batch_size=1)
    assert (await forms.count_responses(FORM.id, 1), await forms.responses(FORM.id, 1)) == (2, [])


async def test_stamps_tell_whose_answers_have_to_be_read_again(storage: Storage) -> None:
    await publish(storage)
    forms = storage.forms
    assert await forms.stamps(FORM.id, 1) == {} and await forms.responses_of(FORM.id, 1, [ANA.id]) == []
    for user_id in (LUCIA.id, ANA.id):
        await forms.put_response(FormResponse(FORM.id, 1, user_id, SCHOOL.id, {"a": 1}, 40))
    assert await forms.stamps(FORM.id, 1) == {LUCIA.id: 40, ANA.id: 40}
    # A clock that stands still or goes back makes no second answer look like the first.
    for at_ms, later in ((40, 41), (7, 42), (50, 50)):
        await forms.put_response(FormResponse(FORM.id, 1, ANA.id, SCHOOL.id, {"a": at_ms}, at_ms))
        assert await forms.stamps(FORM.id, 1) == {LUCIA.id: 40, ANA.id: later}
    [found] = await forms.responses_of(FORM.id, 1, [ANA.id, UserId("nobody")])
    assert (found.user_id, found.answers) == (ANA.id, {"a": 50})


async def test_batches_of_anonymous_answers_are_counted_and_read_one_by_one(storage: Storage) -> None:
    await publish(storage)
    forms = storage.forms
    for name, user_id in (("zz", LUCIA.id), ("aa", ANA.id)):
        await forms.put_anonymous(AnonymousResponse(name, FORM.id, 1, SCHOOL.id, 0, {"a": name}), user_id, batch_size=1)
    assert await forms.batches(FORM.id, 1) == {(SCHOOL.id, 0): 1, (SCHOOL.id, 1): 1}
    assert [each.id for each in await forms.anonymous_of(FORM.id, 1, SCHOOL.id, 1)] == ["aa"]
    assert await forms.anonymous_of(FORM.id, 1, SCHOOL.id, 2) == []


async def test_a_tally_is_put_right_and_taken_out(storage: Storage) -> None:
    await publish(storage)
    assert await storage.forms.put_tally(TALLY)
    changed = replace(TALLY, pupils=25, entered_at_ms=21)
    assert not await storage.forms.put_tally(changed)
    assert await storage.forms.tallies(FORM.id, 1) == [changed]
    assert await storage.forms.get_tally(TALLY.id) == changed
    await storage.forms.remove_tally(TALLY.id)
    for ask in (storage.forms.remove_tally, storage.forms.get_tally):
        with pytest.raises(NotFound):
            await ask(TALLY.id)
    with pytest.raises(NotFound):
        await storage.forms.put_tally(replace(TALLY, version=7))


async def test_a_content_is_sealed_once_and_what_was_kept_first_stays(storage: Storage) -> None:
    await settle(storage)
    seals = storage.seals
    assert await seals.begin(FORM.id, sealed_by=ANA.id, at_ms=20) == Seal(FORM.id, ANA.id, 20)
    with pytest.raises(Conflict):
        await seals.begin(FORM.id, sealed_by=LUCIA.id, at_ms=21)
    await seals.abandon(FORM.id)
    with pytest.raises(NotFound):
        await seals.get(FORM.id)
    await seals.begin(FORM.id, sealed_by=LUCIA.id, at_ms=22)
    sealed = await seals.finish(FORM.id, {"a": 1})
    assert (sealed.sealed_by, sealed.sealed) == (LUCIA.id, {"a": 1})
    assert await seals.finish(FORM.id, {"a": 2}) == sealed
    await seals.abandon(FORM.id)
    assert await seals.get(FORM.id) == sealed
    # Only when somebody's words are erased is there less of it.
    await seals.redact(FORM.id, {})
    assert await seals.get(FORM.id) == replace(sealed, sealed={})
    with pytest.raises(NotFound):
        await seals.redact(ContentId("absent"), {})
    with pytest.raises(NotFound):
        await seals.begin(ContentId("absent"), sealed_by=ANA.id, at_ms=1)


async def test_locks_count_their_changes_and_lose_none(storage: Storage) -> None:
    await settle(storage)
    seals = storage.seals
    assert await seals.lock(FORM.id) == ContentLock(FORM.id)

    def hold(user_id: UserId) -> Callable[[ContentLock], ContentLock]:
        return lambda lock: replace(lock, held=(*lock.held, user_id), changed_by=ANA.id, changed_at_ms=5)

    await asyncio.gather(*(seals.change_lock(FORM.id, hold(user.id)) for user in (ANA, LUCIA)))
    locked = await seals.change_lock(FORM.id, lambda lock: replace(lock, is_locked=True))
    assert (locked.is_locked, set(locked.held), locked.revision) == (True, {ANA.id, LUCIA.id}, 3)
    assert await seals.lock(FORM.id) == locked
    with pytest.raises(NotFound):
        await seals.change_lock(ContentId("absent"), lambda lock: lock)


async def test_the_newest_word_of_a_school_counts(storage: Storage) -> None:
    await settle(storage)
    word = SheetSignature(FORM.id, SCHOOL.id, ANA.id, "one", 20)
    await storage.seals.sign(word)
    await storage.seals.sign(replace(word, digest="two", signed_at_ms=21))
    assert await storage.seals.signatures(FORM.id) == [replace(word, digest="two", signed_at_ms=21)]


async def test_what_is_erased_takes_its_answers_along(storage: Storage) -> None:
    await publish(storage)
    await storage.forms.put_draft(FORM.id, 1, LUCIA.id, {"a": 1}, at_ms=20)
    await storage.forms.put_anonymous(AnonymousResponse("zz", FORM.id, 1, SCHOOL.id, 0, {}), LUCIA.id, batch_size=5)
    await storage.forms.put_tally(TALLY)
    await storage.seals.begin(FORM.id, sealed_by=ANA.id, at_ms=20)
    await storage.erasure.erase_content(FORM.id)
    assert await storage.forms.tallies(FORM.id, 1) == [] and await storage.forms.anonymous_responses(FORM.id, 1) == []
    for missing in (storage.forms.get_draft(FORM.id, LUCIA.id), storage.seals.get(FORM.id)):
        with pytest.raises(NotFound):
            await missing
