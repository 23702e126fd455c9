"""The consent ledger in memory."""

from __future__ import annotations

from collections.abc import Sequence

from storage.memory.rows import Rows, check_texts, find
from storage.records import Consent, Purpose, UserId


class MemoryConsents:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def record(
        self,
        user_ids: Sequence[UserId],
        purposes: Sequence[Purpose],
        *,
        granted: bool,
        given_by: str,
        how: str,
        given_on: str,
        until_ms: int | None,
        own_age: int,
        recorded_by: UserId,
        at_ms: int,
    ) -> list[Consent]:
        self._rows.check_open()
        check_texts(given_by, how, given_on)
        for user_id in (*user_ids, recorded_by):
            find(self._rows.users, user_id)
        added: list[Consent] = []
        for user_id in dict.fromkeys(user_ids):
            ledger = self._rows.consents.setdefault(user_id, [])
            for purpose in dict.fromkeys(purposes):
                entry = Consent(
                    user_id=user_id,
                    seq=len(ledger) + 1,
                    purpose=purpose,
                    granted=granted,
                    given_by=given_by,
                    how=how,
                    given_on=given_on,
                    until_ms=until_ms,
                    own_age=own_age,
                    recorded_by=recorded_by,
                    recorded_at_ms=at_ms,
                )
                ledger.append(entry)
                added.append(entry)
        return added

    async def of_user(self, user_id: UserId) -> list[Consent]:
        return list(self._rows.consents.get(user_id, []))

    async def run_out(self, after_ms: int, until_ms: int) -> list[Consent]:
        newest = await self.newest(list(self._rows.consents))
        ended = [(entry, entry.until_ms) for entry in newest if entry.granted and entry.until_ms is not None]
        return [entry for entry, end_ms in ended if after_ms < end_ms <= until_ms]

    async def newest(self, user_ids: Sequence[UserId]) -> list[Consent]:
        found: list[Consent] = []
        for user_id in sorted(set(user_ids)):
            by_purpose = {entry.purpose: entry for entry in self._rows.consents.get(user_id, [])}
            found += sorted(by_purpose.values(), key=lambda entry: entry.seq)
        return found
