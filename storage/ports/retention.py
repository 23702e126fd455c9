"""What is over and goes."""

from __future__ import annotations

from typing import Literal, Protocol

Forgotten = Literal[
    "logins",
    "tickets",
    "challenges",
    "notices",
    "deliveries",
    "messages",
    "consents",
    "assessments",
    "held_changes",
    "erasure_jobs",
]
Over = Literal["recordings", "pupils", "guests", "registrations"]


class Retention(Protocol):
    """`before_ms` is a time: what ended before it is over."""

    async def claim(self, job: str, day: str) -> bool:
        """Whether the caller does this job today: of all processes of the hub one gets True, once a day."""
        ...

    async def forget(self, kind: Forgotten, before_ms: int, *, dry_run: bool = False) -> int:
        """Take it away, or only count it. Messages are emptied, and keep their place in the order."""
        ...

    async def over(self, kind: Over, before_ms: int) -> list[str]:
        """The ids of what has to be taken away by the hub, since more hangs on it than rows.

        Pupils: every project that they are or were in was closed before that time, and they did not sign in since.
        Guests: their link ended. Registrations: never confirmed.
        """
        ...
