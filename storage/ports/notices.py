"""Notices, preferences, calendar feeds, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from storage.records import (
    Delivery,
    Json,
    Notice,
    Preferences,
    PushSubscription,
    TwinspaceId,
    UserId,
)


class Notices(Protocol):
    async def add(
        self,
        user_ids: Iterable[UserId],
        *,
        kind: str,
        twinspace_id: TwinspaceId | None,
        subject_id: str,
        details: Json,
        at_ms: int,
    ) -> list[Notice]:
        """One for each user, in place of an unread one of the same kind about the same subject."""
        ...

    async def of_user(self, user_id: UserId, limit: int, before_seq: int | None = None) -> list[Notice]:
        """Newest first."""
        ...

    async def unread_count(self, user_id: UserId) -> int: ...
    async def mark_read(self, user_id: UserId, up_to_seq: int, seqs: Iterable[int], at_ms: int) -> None:
        """Those up to `up_to_seq`, and these."""
        ...

    async def digest_candidates(self) -> list[UserId]:
        """Who has an address, wants a digest, and has unread notices since the last one."""
        ...

    async def unread_since(self, user_id: UserId, at_ms: int) -> list[Notice]:
        """Unread ones that came later than this, oldest first."""
        ...

    async def start_digest(self, chosen: Preferences, former_ms: int, deliveries: Sequence[Delivery]) -> bool:
        """Store the preferences with their new `digest_at_ms` and queue the letter, together.

        False, and nothing done, when another process has moved `digest_at_ms` on from `former_ms` already.
        """
        ...

    async def forget(self, before_ms: int) -> int:
        """Remove notices that came before this; returns how many."""
        ...


class PreferencesPort(Protocol):
    async def get(self, user_id: UserId) -> Preferences:
        """Who never chose anything has the defaults."""
        ...

    async def of_users(self, user_ids: Iterable[UserId]) -> dict[UserId, Preferences]: ...
    async def put(self, preferences: Preferences) -> None:
        """In place of the former ones, except for `digest_at_ms`, which only a digest moves."""
        ...

    async def find_by_mail_secret(self, secret: str) -> Preferences: ...
    async def put_feed(self, user_id: UserId, secret_hash: bytes, at_ms: int) -> None:
        """The address of the user's calendar, in place of a former one."""
        ...

    async def find_feed(self, secret_hash: bytes) -> UserId: ...
    async def feed_since(self, user_id: UserId) -> int | None:
        """When the address was made; None when there is none."""
        ...

    async def remove_feed(self, user_id: UserId) -> None:
        """If there is one."""
        ...


class Deliveries(Protocol):
    """The queue of letters and pushes. Several processes may take from it: each gets what no other holds."""

    async def queue(self, deliveries: Sequence[Delivery]) -> None:
        """One whose id is there already stays as it is."""
        ...

    async def take(self, now_ms: int, lease_ms: int, limit: int) -> list[Delivery]:
        """What is due, oldest first, with one more try counted; it is due again after the lease unless finished."""
        ...

    async def postpone(self, delivery_id: str, due_at_ms: int) -> None: ...
    async def finish(self, delivery_id: str) -> None:
        """Sent, or given up. If it is there."""
        ...

    async def subscribe(self, subscription: PushSubscription) -> None:
        """In place of an earlier one of the same endpoint, whoever it belonged to."""
        ...

    async def subscriptions(self, user_ids: Iterable[UserId], now_ms: int) -> list[PushSubscription]:
        """Those whose login is neither ended nor expired."""
        ...

    async def unsubscribe(self, endpoint: str) -> None:
        """If it is there."""
        ...
