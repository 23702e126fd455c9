"""Schools, support services, accounts, registrations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import Decision, Registration, School, SchoolId, Service, ServiceLevel, User, UserId, UserState


class Users(Protocol):
    async def add_school(self, school: School) -> None: ...
    async def get_school(self, school_id: SchoolId) -> School: ...
    async def schools_of(self, country: str) -> list[School]:
        """The listed schools of a country by name, without the support services."""
        ...

    async def add_user(self, user: User, *, password_hash: str | None = None) -> None:
        """Raise Conflict when the id, the name or the e-mail address is taken."""
        ...

    async def add_pupils(self, pupils: Sequence[tuple[User, bytes]]) -> None:
        """All of them with their class keys, or none: raise Conflict when a name or a key is taken."""
        ...

    async def pupils_of(self, school_id: SchoolId) -> list[User]:
        """By class, then by name."""
        ...

    async def get_user(self, user_id: UserId) -> User: ...
    async def find_user(self, name: str) -> User: ...
    async def find_by_email(self, email: str) -> User: ...
    async def password_hash(self, user_id: UserId) -> str | None: ...
    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None: ...
    async def set_language(self, user_id: UserId, language: str) -> None: ...
    async def set_state(self, user_id: UserId, state: UserState) -> None: ...
    async def set_class_key(self, user_id: UserId, key_hash: bytes) -> None:
        """Replace the pupil's class card key, which meets a wish for one. Raise Conflict when another has this key."""
        ...

    async def ask_for_card(self, user_id: UserId, at_ms: int) -> None: ...

    async def find_by_class_key(self, key_hash: bytes) -> User: ...
    async def find_by_class_keys(self, key_hashes: Sequence[bytes]) -> list[User]:
        """Everybody who has one of these keys."""
        ...


class Services(Protocol):
    """The support services and what they decide."""

    async def add(self, service: Service) -> None:
        """The school row with the same id must be there."""
        ...

    async def get(self, service_id: SchoolId) -> Service: ...
    async def find(self, level: ServiceLevel, country: str, region: str | None = None) -> list[Service]:
        """The services of this level and place; the central ones have every country. None: every region."""
        ...

    async def people(self, service_ids: Sequence[SchoolId]) -> list[UserId]:
        """Who works for these services, with an account that is open."""
        ...

    async def register(self, user: User, registration: Registration, *, password_hash: str | None) -> UserId:
        """Store the teacher and the request together, in place of an earlier one whose address was never confirmed.

        Returns the id that the user has: the earlier one's if there is one. Raise Conflict when the name or the e-mail
        address is taken.
        """
        ...

    async def registration(self, user_id: UserId) -> Registration: ...
    async def waiting(self, country: str | None, region: str | None) -> list[tuple[Registration, User, School]]:
        """Undecided requests of confirmed addresses, oldest first; None: every country, every region."""
        ...

    async def ask_again(self, user_id: UserId, message: str, at_ms: int) -> None:
        """The request of a user who was refused waits once more; the former reason stays until it is decided again.

        Raise Conflict unless it was refused.
        """
        ...

    async def decide(self, user_id: UserId, decision: Decision, *, by: UserId, at_ms: int, reason: str) -> None:
        """Set the user's state with it, and list the school when accepted. Raise Conflict when it was decided."""
        ...
