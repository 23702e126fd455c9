"""Passkeys, identities and one-use challenges, over every implementation of the ports."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Challenge, Identity, Passkey, PasskeyId, UserId
from tests.storage.people import ANA, LUCIA, settle

PHONE = Passkey(PasskeyId("phone"), b"credential", ANA.id, "My phone", b"cose", 7, ("internal", "hybrid"), True, 10)
KEY = replace(PHONE, id=PasskeyId("key"), credential_id=b"other", title="Key", sign_count=0, created_at_ms=11)
ISSUER = "https://sso.school.example"


async def test_passkeys_are_found_renamed_and_removed(storage: Storage) -> None:
    await settle(storage)
    await storage.passkeys.add(KEY)
    await storage.passkeys.add(PHONE)
    assert await storage.passkeys.of_user(ANA.id) == [PHONE, KEY]
    assert await storage.passkeys.find(b"credential") == PHONE
    await storage.passkeys.rename(ANA.id, PHONE.id, "Old phone")
    assert (await storage.passkeys.find(b"credential")).title == "Old phone"
    await storage.passkeys.remove(ANA.id, PHONE.id)
    with pytest.raises(NotFound):
        await storage.passkeys.find(b"credential")
    assert await storage.passkeys.remove_all(ANA.id) == 1
    assert await storage.passkeys.of_user(ANA.id) == []


async def test_a_passkey_is_its_owners_alone(storage: Storage) -> None:
    await settle(storage)
    await storage.passkeys.add(PHONE)
    with pytest.raises(NotFound):
        await storage.passkeys.rename(LUCIA.id, PHONE.id, "Mine")
    with pytest.raises(NotFound):
        await storage.passkeys.remove(LUCIA.id, PHONE.id)
    for taken in (replace(KEY, user_id=LUCIA.id, credential_id=b"credential"), replace(KEY, id=PHONE.id)):
        with pytest.raises(Conflict):
            await storage.passkeys.add(taken)
    with pytest.raises(NotFound):
        await storage.passkeys.add(replace(KEY, user_id=UserId("nobody")))
    assert await storage.passkeys.of_user(ANA.id) == [PHONE]


async def test_the_counter_of_a_passkey_only_grows(storage: Storage) -> None:
    await settle(storage)
    await storage.passkeys.add(PHONE)
    await storage.passkeys.add(KEY)
    await storage.passkeys.note_use(PHONE.id, sign_count=8, is_synced=False, at_ms=20)
    used = replace(PHONE, sign_count=8, is_synced=False, last_used_at_ms=20)
    for count in (8, 7, 0):
        with pytest.raises(Conflict):
            await storage.passkeys.note_use(PHONE.id, sign_count=count, is_synced=True, at_ms=30)
    assert await storage.passkeys.find(b"credential") == used
    # An authenticator without a counter says 0 every time.
    for at_ms in (21, 22):
        await storage.passkeys.note_use(KEY.id, sign_count=0, is_synced=True, at_ms=at_ms)
    uses = [storage.passkeys.note_use(PHONE.id, sign_count=9, is_synced=False, at_ms=40) for _ in range(2)]
    assert sorted(str(type(each)) for each in await asyncio.gather(*uses, return_exceptions=True)) == sorted(
        [str(Conflict), str(type(None))]
    )
    await storage.passkeys.note_copy(PHONE.id, 50)
    await storage.passkeys.note_copy(PHONE.id, 60)
    assert (await storage.passkeys.find(b"credential")).copied_at_ms == 50
    for call in (
        storage.passkeys.note_use(PasskeyId("none"), sign_count=1, is_synced=True, at_ms=1),
        storage.passkeys.note_copy(PasskeyId("none"), 1),
    ):
        with pytest.raises(NotFound):
            await call


async def test_an_identity_belongs_to_one_user_and_a_user_has_one_at_each_issuer(storage: Storage) -> None:
    await settle(storage)
    identity = Identity(ISSUER, "ana-1", ANA.id, 10)
    await storage.identities.add(identity)
    assert await storage.identities.find(ISSUER, "ana-1") == identity
    for taken in (replace(identity, user_id=LUCIA.id), replace(identity, subject="ana-2")):
        with pytest.raises(Conflict):
            await storage.identities.add(taken)
    elsewhere = Identity("https://other.example", "ana-1", ANA.id, 11)
    await storage.identities.add(elsewhere)
    await storage.identities.note_use(ISSUER, "ana-1", 20)
    assert await storage.identities.of_user(ANA.id) == [replace(identity, last_used_at_ms=20), elsewhere]
    with pytest.raises(NotFound):
        await storage.identities.remove(LUCIA.id, ISSUER)
    await storage.identities.remove(ANA.id, ISSUER)
    with pytest.raises(NotFound):
        await storage.identities.find(ISSUER, "ana-1")


async def test_a_challenge_is_taken_once_for_its_purpose_and_in_time(storage: Storage) -> None:
    await settle(storage)
    challenge = Challenge(b"secret", "new_passkey", 100, ANA.id, {"nonce": "ñ", "list": [1, None]})
    await storage.challenges.add(challenge, 10)
    with pytest.raises(NotFound):
        await storage.challenges.take(b"secret", "passkey_sign_in", 50)
    with pytest.raises(NotFound):
        await storage.challenges.take(b"secret", "new_passkey", 100)
    takes = [storage.challenges.take(b"secret", "new_passkey", 99) for _ in range(3)]
    taken = await asyncio.gather(*takes, return_exceptions=True)
    assert challenge in taken and sum(isinstance(each, NotFound) for each in taken) == 2


async def test_challenges_that_expired_are_forgotten(storage: Storage) -> None:
    await settle(storage)
    challenge = Challenge(b"secret", "passkey_sign_in", 100)
    await storage.challenges.add(challenge, 10)
    with pytest.raises(Conflict):
        await storage.challenges.add(challenge, 99)
    await storage.challenges.add(replace(challenge, expires_at_ms=200), 100)
    assert (await storage.challenges.take(b"secret", "passkey_sign_in", 150)).expires_at_ms == 200
