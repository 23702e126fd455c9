"""What is over and goes, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from storage.memory.rows import Rows
from storage.ports.retention import Forgotten, Over
from storage.records import TwinspaceId, UserId

Key = TypeVar("Key")


class MemoryRetention:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def claim(self, job: str, day: str) -> bool:
        self._rows.check_open()
        if self._rows.daily_jobs.get(job, "") >= day:
            return False
        self._rows.daily_jobs[job] = day
        return True

    async def forget(self, kind: Forgotten, before_ms: int, *, dry_run: bool = False) -> int:
        self._rows.check_open()
        if kind == "messages":
            return self._empty_messages(before_ms, dry_run)
        if kind == "assessments":
            over_ids = {
                each.id for each in self._rows.assessments.values() if self._closed_before(each.twinspace_id, before_ms)
            }
            if not dry_run:
                self._rows.remove_assessments(over_ids)
            return len(over_ids)
        if kind == "consents":
            erased = [
                user_id for user_id, entries in self._rows.consents.items() if self._is_erased(user_id) and entries
            ]
            over = [
                (user_id, entry)
                for user_id in erased
                for entry in self._rows.consents[user_id]
                if entry.recorded_at_ms < before_ms
            ]
            for user_id, entry in [] if dry_run else over:
                self._rows.consents[user_id].remove(entry)
            return len(over)
        if kind in ("held_changes", "erasure_jobs"):
            return self._forget_settled(kind, before_ms, dry_run)
        tables: dict[str, tuple[dict[Any, Any], str]] = {
            "logins": (self._rows.logins, "expires_at_ms"),
            "tickets": (self._rows.tickets, "expires_at_ms"),
        }
        table, ends = tables.get(kind, ({}, ""))
        gone = [
            key
            for key, row in table.items()
            if getattr(row, ends) < before_ms
            or (getattr(row, "revoked_at_ms", None) is not None and row.revoked_at_ms < before_ms)
        ]
        return _remove(table, gone, dry_run)

    def _forget_settled(self, kind: Forgotten, before_ms: int, dry_run: bool) -> int:
        if kind == "erasure_jobs":
            jobs = self._rows.erasure_jobs
            return _remove(jobs, [key for key, job in jobs.items() if _is_before(job.ended_at_ms, before_ms)], dry_run)
        changes = self._rows.held_changes
        over = [
            key
            for key, held in changes.items()
            if (held.state == "refused" and _is_before(held.decided_at_ms, before_ms))
            # What was let through is on its way to the wall: it is never over.
            or (held.state != "approved" and self._closed_before(held.twinspace_id, before_ms))
        ]
        return _remove(changes, over, dry_run)

    def _empty_messages(self, before_ms: int, dry_run: bool) -> int:
        count = 0
        for said in self._rows.captions.values() if not dry_run else ():
            said[:] = [
                replace(each, text="") if self._closed_before(each.twinspace_id, before_ms) else each for each in said
            ]
        for twinspace_id, messages in self._rows.messages.items():
            if self._closed_before(twinspace_id, before_ms):
                count += sum(message.text != "" for message in messages)
                if not dry_run:
                    messages[:] = [replace(message, text="", versions=()) for message in messages]
        return count

    async def over(self, kind: Over, before_ms: int) -> list[str]:
        rows = self._rows
        if kind == "recordings":
            return sorted(each.id for each in rows.recordings.values() if each.ended_at_ms < before_ms)
        alive = [stored.user for stored in rows.users.values() if not self._is_erased(stored.user.id)]
        if kind == "registrations":
            return sorted(u.id for u in alive if u.state == "unconfirmed" and u.created_at_ms < before_ms)
        if kind == "guests":
            over = [u for u in alive if u.id in rows.guests]
            links = {u.id: rows.guest_links[rows.guests[u.id]] for u in over}
            return sorted(user_id for user_id, link in links.items() if link.expires_at_ms < before_ms)
        pupils = [u for u in alive if u.kind == "pupil" and u.created_at_ms < before_ms]
        return sorted(pupil.id for pupil in pupils if self._is_done(pupil.id, before_ms))

    def _is_done(self, user_id: UserId, before_ms: int) -> bool:
        spaces = [each.member.twinspace_id for each in self._rows.members.values() if each.member.user_id == user_id]
        used = [
            login.last_used_at_ms or login.created_at_ms
            for login in self._rows.logins.values()
            if login.user_id == user_id
        ]
        return all(self._closed_before(space, before_ms) for space in spaces) and all(at < before_ms for at in used)

    def _closed_before(self, twinspace_id: TwinspaceId, before_ms: int) -> bool:
        closings = [move.moved_at_ms for move in self._rows.moves.get(twinspace_id, []) if move.phase == "closed"]
        is_shut = self._rows.twinspaces[twinspace_id].phase in ("closed", "archived")
        return is_shut and bool(closings) and max(closings) < before_ms

    def _is_erased(self, user_id: UserId) -> bool:
        return self._rows.users[user_id].user.name.startswith("erased:")


def _remove(table: dict[Key, Any], over: list[Key], dry_run: bool) -> int:
    for key in [] if dry_run else over:
        del table[key]
    return len(over)


def _is_before(at_ms: int | None, before_ms: int) -> bool:
    return at_ms is not None and at_ms < before_ms
