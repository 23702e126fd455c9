"""Notices, preferences, calendar feeds and what is on its way, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from storage.memory.rows import Rows, check_texts, find, stored_json
from storage.ports import Conflict, NotFound
from storage.records import Delivery, Json, Notice, Preferences, PushSubscription, TwinspaceId, UserId


class MemoryNotices:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

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
        self._rows.check_open()
        check_texts(kind, subject_id)
        wanted = sorted(set(user_ids))
        for user_id in wanted:
            find(self._rows.users, user_id)
        if twinspace_id is not None:
            find(self._rows.twinspaces, twinspace_id)
        added = []
        for user_id in wanted:
            mine = self._rows.notices.setdefault(user_id, [])
            seq = max((each.seq for each in mine), default=0) + 1
            notice = Notice(user_id, seq, kind, twinspace_id, subject_id, stored_json(details), at_ms)
            mine[:] = [
                each
                for each in mine
                if each.read_at_ms is not None or (each.kind, each.subject_id) != (kind, subject_id)
            ] + [notice]
            added.append(notice)
        return added

    async def of_user(self, user_id: UserId, limit: int, before_seq: int | None = None) -> list[Notice]:
        mine = [each for each in self._rows.notices.get(user_id, []) if before_seq is None or each.seq < before_seq]
        return mine[::-1][:limit]

    async def unread_count(self, user_id: UserId) -> int:
        return sum(each.read_at_ms is None for each in self._rows.notices.get(user_id, []))

    async def mark_read(self, user_id: UserId, up_to_seq: int, seqs: Iterable[int], at_ms: int) -> None:
        self._rows.check_open()
        chosen = set(seqs)
        mine = self._rows.notices.get(user_id, [])
        for place, each in enumerate(mine):
            if each.read_at_ms is None and (each.seq <= up_to_seq or each.seq in chosen):
                mine[place] = replace(each, read_at_ms=at_ms)

    async def digest_candidates(self) -> list[UserId]:
        found = []
        for user_id, stored in sorted(self._rows.users.items()):
            chosen = self._rows.preferences.get(user_id, Preferences(user_id))
            wanted = stored.user.email is not None and stored.user.state == "active" and chosen.digest != "off"
            if wanted and await self.unread_since(user_id, chosen.digest_at_ms):
                found.append(user_id)
        return found

    async def unread_since(self, user_id: UserId, at_ms: int) -> list[Notice]:
        mine = self._rows.notices.get(user_id, [])
        return [each for each in mine if each.read_at_ms is None and each.at_ms > at_ms]

    async def start_digest(self, chosen: Preferences, former_ms: int, deliveries: Sequence[Delivery]) -> bool:
        self._rows.check_open()
        find(self._rows.users, chosen.user_id)
        if self._rows.preferences.get(chosen.user_id, Preferences(chosen.user_id)).digest_at_ms != former_ms:
            return False
        self._rows.preferences[chosen.user_id] = chosen
        _queue(self._rows, deliveries)
        return True

    async def forget(self, before_ms: int) -> int:
        self._rows.check_open()
        gone = 0
        for mine in self._rows.notices.values():
            kept = [each for each in mine if each.at_ms >= before_ms]
            gone += len(mine) - len(kept)
            mine[:] = kept
        return gone


class MemoryPreferences:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, user_id: UserId) -> Preferences:
        return self._rows.preferences.get(user_id, Preferences(user_id))

    async def of_users(self, user_ids: Iterable[UserId]) -> dict[UserId, Preferences]:
        return {user_id: await self.get(user_id) for user_id in user_ids}

    async def put(self, chosen: Preferences) -> None:
        self._rows.check_open()
        check_texts(chosen.time_zone)
        find(self._rows.users, chosen.user_id)
        former = self._rows.preferences.get(chosen.user_id, chosen)
        kept = replace(chosen, kinds=stored_json(chosen.kinds), digest_at_ms=former.digest_at_ms)
        self._rows.preferences[chosen.user_id] = kept

    async def find_by_mail_secret(self, secret: str) -> Preferences:
        for each in self._rows.preferences.values():
            if secret and each.mail_secret == secret:
                return each
        raise NotFound("secret")

    async def put_feed(self, user_id: UserId, secret_hash: bytes, at_ms: int) -> None:
        self._rows.check_open()
        find(self._rows.users, user_id)
        if any(other == secret_hash and whose != user_id for whose, (other, _) in self._rows.feeds.items()):
            raise Conflict("Another feed has this secret.")
        self._rows.feeds[user_id] = (secret_hash, at_ms)

    async def find_feed(self, secret_hash: bytes) -> UserId:
        for user_id, (known, _) in self._rows.feeds.items():
            if known == secret_hash:
                return user_id
        raise NotFound("calendar feed")

    async def feed_since(self, user_id: UserId) -> int | None:
        found = self._rows.feeds.get(user_id)
        return found[1] if found else None

    async def remove_feed(self, user_id: UserId) -> None:
        self._rows.check_open()
        self._rows.feeds.pop(user_id, None)


class MemoryDeliveries:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def queue(self, waiting: Sequence[Delivery]) -> None:
        self._rows.check_open()
        _queue(self._rows, waiting)

    async def take(self, now_ms: int, lease_ms: int, limit: int) -> list[Delivery]:
        self._rows.check_open()
        due = sorted(
            (each for each in self._rows.deliveries.values() if each.due_at_ms <= now_ms),
            key=lambda each: (each.due_at_ms, each.id),
        )[:limit]
        for each in due:
            self._rows.deliveries[each.id] = replace(each, due_at_ms=now_ms + lease_ms, tries=each.tries + 1)
        return [replace(each, tries=each.tries + 1) for each in due]

    async def postpone(self, delivery_id: str, due_at_ms: int) -> None:
        self._rows.check_open()
        found = find(self._rows.deliveries, delivery_id)
        self._rows.deliveries[delivery_id] = replace(found, due_at_ms=due_at_ms)

    async def finish(self, delivery_id: str) -> None:
        self._rows.check_open()
        self._rows.deliveries.pop(delivery_id, None)

    async def subscribe(self, subscription: PushSubscription) -> None:
        self._rows.check_open()
        find(self._rows.users, subscription.user_id)
        find(self._rows.logins, subscription.login_id)
        self._rows.push_subscriptions[subscription.endpoint] = subscription

    async def subscriptions(self, user_ids: Iterable[UserId], now_ms: int) -> list[PushSubscription]:
        wanted, logins = set(user_ids), self._rows.logins
        found = [
            each
            for each in self._rows.push_subscriptions.values()
            if each.user_id in wanted
            and logins[each.login_id].revoked_at_ms is None
            and logins[each.login_id].expires_at_ms > now_ms
        ]
        return sorted(found, key=lambda each: (each.created_at_ms, each.endpoint))

    async def unsubscribe(self, endpoint: str) -> None:
        self._rows.check_open()
        self._rows.push_subscriptions.pop(endpoint, None)


def _queue(rows: Rows, waiting: Sequence[Delivery]) -> None:
    for each in waiting:
        find(rows.users, each.user_id)
    for each in waiting:
        rows.deliveries.setdefault(each.id, replace(each, data=stored_json(each.data)))
