"""Who was refused asks again, and who lost a card asks for another, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Registration, User, UserId
from tests.storage.people import ANA, LUCIA, SCHOOL, settle

EVA = User(UserId("eva"), "eva", "Eva", "teacher", SCHOOL.id, "es", 3, email="eva@ies.example", state="waiting")


async def test_who_was_refused_waits_once_more(storage: Storage) -> None:
    await settle(storage)
    await storage.services.register(EVA, Registration(EVA.id, "Let me in.", 3), password_hash=None)
    with pytest.raises(Conflict):
        await storage.services.ask_again(EVA.id, "Please.", 4)
    await storage.services.decide(EVA.id, "refused", by=ANA.id, at_ms=5, reason="Who are you?")
    assert (await storage.users.get_user(EVA.id)).state == "refused"
    await storage.services.ask_again(EVA.id, "The music teacher.", 6)
    waits = Registration(EVA.id, "The music teacher.", 6, reason="Who are you?")
    assert await storage.services.registration(EVA.id) == waits
    assert [user.id for _, user, _ in await storage.services.waiting(None, None)] == [EVA.id]
    with pytest.raises(Conflict):
        await storage.services.ask_again(EVA.id, "Again.", 7)
    await storage.services.decide(EVA.id, "accepted", by=ANA.id, at_ms=8, reason="")
    for nobody in (EVA.id, UserId("nobody")):
        with pytest.raises(Conflict):
            await storage.services.ask_again(nobody, "Again.", 9)


async def test_a_wish_for_a_card_lasts_until_there_is_one(storage: Storage) -> None:
    await settle(storage)
    await storage.users.ask_for_card(LUCIA.id, 7)
    assert await storage.users.get_user(LUCIA.id) == replace(LUCIA, card_asked_at_ms=7)
    await storage.users.set_class_key(LUCIA.id, b"key")
    assert await storage.users.get_user(LUCIA.id) == LUCIA
    with pytest.raises(NotFound):
        await storage.users.ask_for_card(UserId("nobody"), 7)
