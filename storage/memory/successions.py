"""Successions of founders in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from storage.memory.rows import Rows, StoredMember, add, check_texts, find
from storage.ports import Conflict, NotFound
from storage.records import Founding, Member, Succession, SuccessionId, SuccessionState, TwinspaceId, UserId


class MemorySuccessions:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, succession: Succession) -> None:
        self._rows.check_open()
        check_texts(succession.reason)
        for user_id in succession.people:
            find(self._rows.users, user_id)
        self._check_founders(succession)
        if any(each.state == "open" for each in await self.of_twinspace(succession.twinspace_id)):
            raise Conflict(succession.twinspace_id)
        add(self._rows.successions, succession.id, succession)

    async def get(self, succession_id: SuccessionId) -> Succession:
        return find(self._rows.successions, succession_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Succession]:
        return _in_order(each for each in self._rows.successions.values() if each.twinspace_id == twinspace_id)

    async def open(self, user_id: UserId | None = None) -> list[Succession]:
        still = [each for each in self._rows.successions.values() if each.state == "open"]
        return _in_order(each for each in still if user_id is None or user_id in each.people)

    async def agree(self, succession_id: SuccessionId, user_id: UserId, at_ms: int) -> Succession:
        found = self._open(succession_id)
        for name in ("leaving", "remaining", "successor"):
            if getattr(found, f"{name}_id") == user_id:
                if getattr(found, f"{name}_agreed_at_ms") is None:
                    said: dict[str, Any] = {f"{name}_agreed_at_ms": at_ms}
                    found = replace(found, **said)
                self._rows.successions[succession_id] = found
                return found
        raise NotFound(user_id)

    async def end(
        self, succession_id: SuccessionId, state: SuccessionState, *, by: UserId, reason: str, at_ms: int
    ) -> Succession:
        found = self._open(succession_id)
        check_texts(reason)
        find(self._rows.users, by)
        ended = replace(found, state=state, ended_by=by, ended_at_ms=at_ms, reason=reason)
        self._rows.successions[succession_id] = ended
        return ended

    async def fulfil(self, succession_id: SuccessionId, at_ms: int) -> Succession:
        found = self._open(succession_id)
        founding = self._check_founders(found)
        founders = (founding.proposed_by, founding.partner_id)
        first, second = (found.successor_id if each == found.leaving_id else each for each in founders)
        self._rows.foundings[found.twinspace_id] = replace(founding, proposed_by=first, partner_id=second)
        members, key = self._rows.members, (found.twinspace_id, found.successor_id)
        if key in members:
            follows = members[key].member
            joined = follows.joined_at_ms if members[key].present else at_ms
            known = replace(
                follows, role="founder", epoch=follows.epoch + 1, muted=(), muted_until_ms=None, joined_at_ms=joined
            )
            members[key] = StoredMember(known, present=True)
        else:
            members[key] = StoredMember(Member(*key, "founder", 1, at_ms), present=True)
        left = members.get((found.twinspace_id, found.leaving_id))
        if left is not None and left.present:
            left.member = replace(left.member, role="teacher", epoch=left.member.epoch + 1)
            left.present = found.stays
        done = replace(found, state="done", ended_at_ms=at_ms)
        self._rows.successions[succession_id] = done
        return done

    def _open(self, succession_id: SuccessionId) -> Succession:
        self._rows.check_open()
        found = find(self._rows.successions, succession_id)
        if found.state != "open":
            raise Conflict(found.state)
        return found

    def _check_founders(self, succession: Succession) -> Founding:
        founding = find(self._rows.foundings, succession.twinspace_id)
        if {founding.proposed_by, founding.partner_id} != {succession.leaving_id, succession.remaining_id}:
            raise Conflict(succession.twinspace_id)
        return founding


def _in_order(found: Iterable[Succession]) -> list[Succession]:
    return sorted(found, key=lambda each: (each.proposed_at_ms, each.id))
