"""Passkeys, identities at a school's provider, and the questions that come before both, in memory."""

from __future__ import annotations

from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.ports import Conflict, NotFound
from storage.records import Challenge, ChallengePurpose, Identity, Passkey, PasskeyId, UserId


class MemoryPasskeys:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, passkey: Passkey) -> None:
        self._rows.check_open()
        check_texts(passkey.title)
        find(self._rows.users, passkey.user_id)
        if any(other.credential_id == passkey.credential_id for other in self._rows.passkeys.values()):
            raise Conflict("This passkey is known.")
        add(self._rows.passkeys, passkey.id, passkey)

    async def find(self, credential_id: bytes) -> Passkey:
        for passkey in self._rows.passkeys.values():
            if passkey.credential_id == credential_id:
                return passkey
        raise NotFound("passkey")

    async def of_user(self, user_id: UserId) -> list[Passkey]:
        mine = [passkey for passkey in self._rows.passkeys.values() if passkey.user_id == user_id]
        return sorted(mine, key=lambda passkey: (passkey.created_at_ms, passkey.id))

    async def rename(self, user_id: UserId, passkey_id: PasskeyId, title: str) -> None:
        check_texts(title)
        self._rows.passkeys[passkey_id] = replace(self._own(user_id, passkey_id), title=title)

    async def note_use(self, passkey_id: PasskeyId, *, sign_count: int, is_synced: bool, at_ms: int) -> None:
        self._rows.check_open()
        passkey = find(self._rows.passkeys, passkey_id)
        if (sign_count or passkey.sign_count) and sign_count <= passkey.sign_count:
            raise Conflict("The counter of this passkey did not grow.")
        self._rows.passkeys[passkey_id] = replace(
            passkey, sign_count=sign_count, is_synced=is_synced, last_used_at_ms=at_ms
        )

    async def note_copy(self, passkey_id: PasskeyId, at_ms: int) -> None:
        self._rows.check_open()
        passkey = find(self._rows.passkeys, passkey_id)
        if passkey.copied_at_ms is None:
            self._rows.passkeys[passkey_id] = replace(passkey, copied_at_ms=at_ms)

    async def remove(self, user_id: UserId, passkey_id: PasskeyId) -> None:
        del self._rows.passkeys[self._own(user_id, passkey_id).id]

    async def remove_all(self, user_id: UserId) -> int:
        self._rows.check_open()
        mine = await self.of_user(user_id)
        for passkey in mine:
            del self._rows.passkeys[passkey.id]
        return len(mine)

    def _own(self, user_id: UserId, passkey_id: PasskeyId) -> Passkey:
        self._rows.check_open()
        passkey = find(self._rows.passkeys, passkey_id)
        if passkey.user_id != user_id:
            raise NotFound(passkey_id)
        return passkey


class MemoryIdentities:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, identity: Identity) -> None:
        self._rows.check_open()
        check_texts(identity.issuer, identity.subject)
        find(self._rows.users, identity.user_id)
        if any(other.issuer == identity.issuer for other in await self.of_user(identity.user_id)):
            raise Conflict("The user is linked to this issuer already.")
        add(self._rows.identities, (identity.issuer, identity.subject), identity)

    async def find(self, issuer: str, subject: str) -> Identity:
        return find(self._rows.identities, (issuer, subject))

    async def of_user(self, user_id: UserId) -> list[Identity]:
        mine = [identity for identity in self._rows.identities.values() if identity.user_id == user_id]
        return sorted(mine, key=lambda identity: (identity.linked_at_ms, identity.issuer))

    async def note_use(self, issuer: str, subject: str, at_ms: int) -> None:
        self._rows.check_open()
        identity = find(self._rows.identities, (issuer, subject))
        self._rows.identities[issuer, subject] = replace(identity, last_used_at_ms=at_ms)

    async def remove(self, user_id: UserId, issuer: str) -> None:
        self._rows.check_open()
        for identity in await self.of_user(user_id):
            if identity.issuer == issuer:
                del self._rows.identities[identity.issuer, identity.subject]
                return
        raise NotFound(issuer)


class MemoryChallenges:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, challenge: Challenge, at_ms: int) -> None:
        self._rows.check_open()
        if challenge.user_id is not None:
            find(self._rows.users, challenge.user_id)
        for key, other in list(self._rows.challenges.items()):
            if other.expires_at_ms <= at_ms:
                del self._rows.challenges[key]
        stored = replace(challenge, details=stored_json(challenge.details))
        add(self._rows.challenges, challenge.secret_hash, stored)

    async def take(self, secret_hash: bytes, purpose: ChallengePurpose, at_ms: int) -> Challenge:
        self._rows.check_open()
        challenge = find(self._rows.challenges, secret_hash)
        if challenge.purpose != purpose or challenge.expires_at_ms <= at_ms:
            raise NotFound("challenge")
        return self._rows.challenges.pop(secret_hash)
