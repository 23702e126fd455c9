"""Reports, hidden things and the moderation log in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.moderation_log import sealed
from storage.ports import Conflict
from storage.records import Hidden, Json, ModerationEntry, Report, ReportId, TwinspaceId, UserId


class MemorySafety:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add_report(self, report: Report) -> None:
        self._rows.check_open()
        check_texts(report.kind, report.subject_id, report.reason, report.words, report.excerpt)
        find(self._rows.twinspaces, report.twinspace_id)
        for user_id in (report.reporter_id, report.author_id):
            if user_id is not None:
                find(self._rows.users, user_id)
        add(self._rows.reports, report.id, report)

    async def get_report(self, report_id: ReportId) -> Report:
        return find(self._rows.reports, report_id)

    async def reports(self, twinspace_ids: Sequence[TwinspaceId], *, only_unanswered: bool = False) -> list[Report]:
        found = [
            report
            for report in self._rows.reports.values()
            if report.twinspace_id in set(twinspace_ids) and not (only_unanswered and report.state == "answered")
        ]
        return sorted(found, key=lambda report: (report.reported_at_ms, report.id))

    async def claim_report(self, report_id: ReportId, user_id: UserId, at_ms: int) -> Report:
        report = self._unanswered(report_id)
        if report.state == "claimed" and report.handler_id != user_id:
            raise Conflict(f"{report.handler_id} was quicker.")
        claimed = replace(report, state="claimed", handler_id=user_id, handled_at_ms=at_ms)
        self._rows.reports[report_id] = claimed
        return claimed

    async def answer_report(self, report_id: ReportId, user_id: UserId, answer: str, at_ms: int) -> Report:
        check_texts(answer)
        report = self._unanswered(report_id)
        answered = replace(report, state="answered", handler_id=user_id, handled_at_ms=at_ms, answer=answer)
        self._rows.reports[report_id] = answered
        return answered

    def _unanswered(self, report_id: ReportId) -> Report:
        self._rows.check_open()
        report = find(self._rows.reports, report_id)
        if report.state == "answered":
            raise Conflict(f"{report.handler_id} was quicker.")
        return report

    async def forget_reports(self, before_ms: int, *, dry_run: bool = False) -> int:
        over = [
            report.id
            for report in self._rows.reports.values()
            if report.state == "answered" and (report.handled_at_ms or 0) < before_ms
        ]
        for report_id in [] if dry_run else over:
            del self._rows.reports[report_id]
        return len(over)

    async def hide(self, hidden: Hidden) -> None:
        self._rows.check_open()
        check_texts(hidden.kind, hidden.subject_id, hidden.excerpt)
        find(self._rows.twinspaces, hidden.twinspace_id)
        find(self._rows.users, hidden.hidden_by)
        row = replace(hidden, kept=stored_json(hidden.kept))
        add(self._rows.hidden, (hidden.twinspace_id, hidden.kind, hidden.subject_id), row)

    async def show(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> Hidden:
        self._rows.check_open()
        find(self._rows.hidden, (twinspace_id, kind, subject_id))
        return self._rows.hidden.pop((twinspace_id, kind, subject_id))

    async def hidden(self, twinspace_id: TwinspaceId) -> list[Hidden]:
        found = [hidden for hidden in self._rows.hidden.values() if hidden.twinspace_id == twinspace_id]
        return sorted(found, key=lambda hidden: (-hidden.hidden_at_ms, hidden.kind, hidden.subject_id))

    async def hidden_ids(self, twinspace_id: TwinspaceId, kind: str) -> frozenset[str]:
        return frozenset(hidden.subject_id for hidden in await self.hidden(twinspace_id) if hidden.kind == kind)

    async def is_hidden(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> bool:
        return (twinspace_id, kind, subject_id) in self._rows.hidden


class MemoryModerationLog:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def record(
        self,
        twinspace_id: TwinspaceId,
        *,
        action: str,
        user_id: UserId | None,
        kind: str,
        subject_id: str,
        reason: str,
        details: Json,
        at_ms: int,
    ) -> ModerationEntry:
        self._rows.check_open()
        check_texts(action, kind, subject_id, reason)
        find(self._rows.twinspaces, twinspace_id)
        if user_id is not None:
            find(self._rows.users, user_id)
        chain = self._rows.moderation_log.setdefault(twinspace_id, [])
        seq, parent = (chain[-1].seq + 1, chain[-1].hash) if chain else (1, "")
        kept = stored_json(details)
        entry = sealed(
            ModerationEntry(twinspace_id, seq, parent, "", action, user_id, kind, subject_id, reason, kept, at_ms)
        )
        chain.append(entry)
        return entry

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None
    ) -> list[ModerationEntry]:
        chain = self._rows.moderation_log.get(twinspace_id, [])
        older = [entry for entry in chain if before_seq is None or entry.seq < before_seq]
        return older[::-1][:limit]

    async def chains(self) -> list[TwinspaceId]:
        return sorted(twinspace_id for twinspace_id, chain in self._rows.moderation_log.items() if chain)

    async def forget(self, before_ms: int, *, dry_run: bool = False) -> int:
        count = 0
        for chain in self._rows.moderation_log.values():
            kept = next((place for place, entry in enumerate(chain) if entry.done_at_ms >= before_ms), len(chain) - 1)
            count += kept
            if not dry_run:
                del chain[:kept]
        return count
