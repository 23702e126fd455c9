"""Passkeys, identities at a school's provider, and the questions that come before both."""

from __future__ import annotations

from typing import Protocol

from storage.records import Challenge, ChallengePurpose, Identity, Passkey, PasskeyId, UserId


class Passkeys(Protocol):
    async def add(self, passkey: Passkey) -> None:
        """Raise Conflict when the credential is known, whosever it is."""
        ...

    async def find(self, credential_id: bytes) -> Passkey: ...
    async def of_user(self, user_id: UserId) -> list[Passkey]:
        """Oldest first."""
        ...

    async def rename(self, user_id: UserId, passkey_id: PasskeyId, title: str) -> None:
        """Raise NotFound unless it is this user's."""
        ...

    async def note_use(self, passkey_id: PasskeyId, *, sign_count: int, is_synced: bool, at_ms: int) -> None:
        """Raise Conflict when the counter did not grow, unless it has always been 0; NotFound when it was removed."""
        ...

    async def note_copy(self, passkey_id: PasskeyId, at_ms: int) -> None:
        """The first time counts."""
        ...

    async def remove(self, user_id: UserId, passkey_id: PasskeyId) -> None:
        """Raise NotFound unless it is this user's."""
        ...

    async def remove_all(self, user_id: UserId) -> int:
        """Returns how many there were."""
        ...


class Identities(Protocol):
    async def add(self, identity: Identity) -> None:
        """Raise Conflict when issuer and subject belong to somebody, or the user is linked to this issuer already."""
        ...

    async def find(self, issuer: str, subject: str) -> Identity: ...
    async def of_user(self, user_id: UserId) -> list[Identity]: ...
    async def note_use(self, issuer: str, subject: str, at_ms: int) -> None: ...
    async def remove(self, user_id: UserId, issuer: str) -> None:
        """Raise NotFound unless the user is linked to this issuer."""
        ...


class Challenges(Protocol):
    async def add(self, challenge: Challenge, at_ms: int) -> None:
        """Those that expired before `at_ms` are forgotten on the way."""
        ...

    async def take(self, secret_hash: bytes, purpose: ChallengePurpose, at_ms: int) -> Challenge:
        """Raise NotFound when it is absent, expired or was taken: of two at once one wins."""
        ...
