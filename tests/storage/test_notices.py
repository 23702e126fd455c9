"""The contract of notices, preferences, calendar feeds and deliveries, over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import NotFound
from storage.records import Delivery, Login, LoginId, Notice, Preferences, PushSubscription, UserId
from tests.storage.conftest import OpenAgain
from tests.storage.people import ANA, LUCIA, SPACE, settle

LETTER = Delivery("letter", "mail", ANA.id, {"subject": "Hola"}, 100)
LOGIN = Login(LoginId("login"), ANA.id, "browser", b"secret", 1, 1000)
BROWSER = PushSubscription("https://push.example/1", ANA.id, LOGIN.id, "key", "auth", 5)
MAREK = replace(ANA, id=UserId("marek"), name="marek", email="marek@school.example")


async def tell(storage: Storage, kind: str = "plan", subject: str = "a", *, at_ms: int = 10) -> list[Notice]:
    return await storage.notices.add(
        [ANA.id, LUCIA.id], kind=kind, twinspace_id=SPACE.id, subject_id=subject, details={"title": "T"}, at_ms=at_ms
    )


async def test_notices_come_newest_first_and_are_read(storage: Storage) -> None:
    await settle(storage)
    first, _ = await tell(storage)
    second, _ = await tell(storage, subject="b")
    third, _ = await tell(storage, kind="flag")
    assert await storage.notices.of_user(ANA.id, 10) == [third, second, first]
    assert await storage.notices.of_user(ANA.id, 1, before_seq=third.seq) == [second]
    await storage.notices.mark_read(ANA.id, first.seq, [third.seq], 20)
    assert [each.read_at_ms for each in await storage.notices.of_user(ANA.id, 10)] == [20, None, 20]
    assert await storage.notices.unread_count(ANA.id) == 1
    assert await storage.notices.unread_count(LUCIA.id) == 3
    assert await storage.notices.unread_since(ANA.id, 9) == [second]
    assert await storage.notices.unread_since(ANA.id, 10) == []


async def test_an_unread_notice_about_the_same_gives_way_to_the_newer(storage: Storage) -> None:
    await settle(storage)
    await tell(storage)
    newer, _ = await tell(storage, at_ms=20)
    assert await storage.notices.of_user(ANA.id, 10) == [newer]
    await storage.notices.mark_read(ANA.id, newer.seq, [], 30)
    await tell(storage, at_ms=40)
    assert len(await storage.notices.of_user(ANA.id, 10)) == 2


async def test_old_notices_are_forgotten(storage: Storage) -> None:
    await settle(storage)
    await tell(storage, at_ms=10)
    await tell(storage, subject="b", at_ms=20)
    assert await storage.notices.forget(20) == 2
    assert [each.at_ms for each in await storage.notices.of_user(ANA.id, 10)] == [20]


async def test_a_notice_for_nobody_known_tells_nobody(storage: Storage) -> None:
    await settle(storage)
    with pytest.raises(NotFound):
        await storage.notices.add(
            [ANA.id, UserId("absent")], kind="plan", twinspace_id=None, subject_id="a", details={}, at_ms=1
        )
    assert await storage.notices.of_user(ANA.id, 10) == []


async def test_digests_are_for_those_with_an_address_who_want_them(storage: Storage) -> None:
    await settle(storage)
    await storage.users.add_user(MAREK)
    await storage.notices.add([MAREK.id, ANA.id], kind="plan", twinspace_id=None, subject_id="a", details={}, at_ms=10)
    assert await storage.notices.digest_candidates() == [MAREK.id]
    told = Preferences(MAREK.id, mail_secret="s", digest_at_ms=50)
    assert await storage.notices.start_digest(told, 0, [replace(LETTER, user_id=MAREK.id)])
    assert not await storage.notices.start_digest(told, 0, [replace(LETTER, id="again")])
    assert await storage.notices.digest_candidates() == []
    assert [each.id for each in await storage.deliveries.take(100, 10, 9)] == ["letter"]
    await storage.notices.add([MAREK.id], kind="plan", twinspace_id=None, subject_id="b", details={}, at_ms=60)
    assert await storage.notices.digest_candidates() == [MAREK.id]
    await storage.preferences.put(replace(told, digest="off", digest_at_ms=0))
    assert await storage.notices.digest_candidates() == []
    assert (await storage.preferences.get(MAREK.id)).digest_at_ms == 50


async def test_who_never_chose_has_the_defaults(storage: Storage) -> None:
    await settle(storage)
    assert await storage.preferences.get(ANA.id) == Preferences(ANA.id)
    chosen = Preferences(ANA.id, "Atlantic/Canary", "weekly", "21:00", "08:00", False, {"plan": {"mail": False}}, "s")
    await storage.preferences.put(Preferences(ANA.id))
    await storage.preferences.put(chosen)
    assert await storage.preferences.of_users([ANA.id, LUCIA.id]) == {
        ANA.id: chosen,
        LUCIA.id: Preferences(LUCIA.id),
    }
    assert await storage.preferences.find_by_mail_secret("s") == chosen
    for secret in ("", "other"):
        with pytest.raises(NotFound):
            await storage.preferences.find_by_mail_secret(secret)


async def test_a_new_calendar_address_ends_the_old_one(storage: Storage) -> None:
    await settle(storage)
    assert await storage.preferences.feed_since(ANA.id) is None
    await storage.preferences.put_feed(ANA.id, b"old", 10)
    await storage.preferences.put_feed(ANA.id, b"new", 20)
    assert await storage.preferences.find_feed(b"new") == ANA.id
    assert await storage.preferences.feed_since(ANA.id) == 20
    with pytest.raises(NotFound):
        await storage.preferences.find_feed(b"old")
    await storage.preferences.remove_feed(ANA.id)
    await storage.preferences.remove_feed(ANA.id)
    with pytest.raises(NotFound):
        await storage.preferences.find_feed(b"new")


async def test_what_was_taken_is_due_again_unless_it_was_finished(storage: Storage) -> None:
    await settle(storage)
    await storage.deliveries.queue([LETTER, replace(LETTER, id="later", due_at_ms=500)])
    await storage.deliveries.queue([replace(LETTER, data={"subject": "Other"})])
    assert await storage.deliveries.take(99, 60, 9) == []
    assert await storage.deliveries.take(100, 60, 9) == [replace(LETTER, tries=1)]
    assert await storage.deliveries.take(120, 60, 9) == []
    (again,) = await storage.deliveries.take(160, 60, 9)
    assert (again.id, again.tries) == ("letter", 2)
    await storage.deliveries.postpone("letter", 400)
    assert await storage.deliveries.take(399, 60, 9) == []
    await storage.deliveries.finish("letter")
    await storage.deliveries.finish("letter")
    assert [each.id for each in await storage.deliveries.take(900, 60, 9)] == ["later"]
    with pytest.raises(NotFound):
        await storage.deliveries.postpone("letter", 1)


async def test_two_processes_never_take_the_same(open_again: OpenAgain) -> None:
    one, other = await open_again(), await open_again()
    await settle(one)
    await one.deliveries.queue([replace(LETTER, id=f"letter{number}") for number in range(20)])
    taken = await asyncio.gather(*(storage.deliveries.take(100, 60, 5) for storage in (one, other) * 4))
    ids = [each.id for some in taken for each in some]
    assert len(ids) == len(set(ids))
    left = await one.deliveries.take(100, 60, 20)
    assert len(ids) + len(left) == 20


async def test_a_browser_takes_pushes_while_its_login_lives(storage: Storage) -> None:
    await settle(storage)
    await storage.logins.add(LOGIN)
    await storage.deliveries.subscribe(BROWSER)
    await storage.deliveries.subscribe(replace(BROWSER, auth="newer"))
    assert await storage.deliveries.subscriptions([ANA.id], 999) == [replace(BROWSER, auth="newer")]
    assert await storage.deliveries.subscriptions([LUCIA.id], 999) == []
    assert await storage.deliveries.subscriptions([ANA.id], 1000) == []
    await storage.logins.revoke(LOGIN.id, 50)
    assert await storage.deliveries.subscriptions([ANA.id], 60) == []
    await storage.deliveries.unsubscribe(BROWSER.endpoint)
    await storage.deliveries.unsubscribe(BROWSER.endpoint)
