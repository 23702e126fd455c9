"""Reports, hidden things, the moderation log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from storage.moderation_log import sealed
from storage.ports import Conflict
from storage.records import Hidden, Json, ModerationEntry, Report, ReportId, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one
from storage.sql.tables import hidden_things, moderation_log, reports, twinspaces


class SqlSafety:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_report(self, report: Report) -> None:
        await self._database.write(add(reports, report))

    async def get_report(self, report_id: ReportId) -> Report:
        statement = columns(reports, Report).where(reports.c.id == report_id)
        return await self._database.read(lambda db: one(db, Report, statement))

    async def reports(self, twinspace_ids: Sequence[TwinspaceId], *, only_unanswered: bool = False) -> list[Report]:
        statement = columns(reports, Report).where(reports.c.twinspace_id.in_(sorted(set(twinspace_ids))))
        if only_unanswered:
            statement = statement.where(reports.c.state != "answered")
        statement = statement.order_by(reports.c.reported_at_ms, reports.c.id)
        return await self._database.read(lambda db: many(db, Report, statement))

    async def claim_report(self, report_id: ReportId, user_id: UserId, at_ms: int) -> Report:
        may = and_(reports.c.state != "answered", (reports.c.state == "open") | (reports.c.handler_id == user_id))
        return await self._handle(report_id, may, state="claimed", handler_id=user_id, handled_at_ms=at_ms)

    async def answer_report(self, report_id: ReportId, user_id: UserId, answer: str, at_ms: int) -> Report:
        may = reports.c.state != "answered"
        row = {"state": "answered", "handler_id": user_id, "handled_at_ms": at_ms, "answer": answer}
        return await self._handle(report_id, may, **row)

    async def _handle(self, report_id: ReportId, may: ColumnElement[bool], **row: object) -> Report:
        this = reports.c.id == report_id

        def work(db: Connection) -> Report:
            changed = db.execute(update(reports).where(this, may).values(**row)).rowcount
            report = one(db, Report, columns(reports, Report).where(this))
            if not changed:
                raise Conflict(f"{report.handler_id} was quicker.")
            return report

        return await self._database.write(work)

    async def forget_reports(self, before_ms: int, *, dry_run: bool = False) -> int:
        over = and_(reports.c.state == "answered", reports.c.handled_at_ms < before_ms)
        if dry_run:
            count = select(func.count()).select_from(reports).where(over)
            return await self._database.read(lambda db: int(db.execute(count).scalar() or 0))
        return await self._database.write(lambda db: db.execute(delete(reports).where(over)).rowcount)

    async def hide(self, hidden: Hidden) -> None:
        await self._database.write(add(hidden_things, hidden))

    async def show(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> Hidden:
        this = _is(twinspace_id, kind, subject_id)

        def work(db: Connection) -> Hidden:
            found = one(db, Hidden, columns(hidden_things, Hidden).where(this).with_for_update())
            db.execute(delete(hidden_things).where(this))
            return found

        return await self._database.write(work)

    async def hidden(self, twinspace_id: TwinspaceId) -> list[Hidden]:
        statement = (
            columns(hidden_things, Hidden)
            .where(hidden_things.c.twinspace_id == twinspace_id)
            .order_by(hidden_things.c.hidden_at_ms.desc(), hidden_things.c.kind, hidden_things.c.subject_id)
        )
        return await self._database.read(lambda db: many(db, Hidden, statement))

    async def hidden_ids(self, twinspace_id: TwinspaceId, kind: str) -> frozenset[str]:
        statement = select(hidden_things.c.subject_id).where(
            hidden_things.c.twinspace_id == twinspace_id, hidden_things.c.kind == kind
        )
        return await self._database.read(lambda db: frozenset(db.execute(statement).scalars()))

    async def is_hidden(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> bool:
        statement = select(hidden_things.c.kind).where(_is(twinspace_id, kind, subject_id))
        return await self._database.read(lambda db: db.execute(statement).first() is not None)


def _is(twinspace_id: TwinspaceId, kind: str, subject_id: str) -> ColumnElement[bool]:
    table = hidden_things.c
    return and_(table.twinspace_id == twinspace_id, table.kind == kind, table.subject_id == subject_id)


class SqlModerationLog:
    def __init__(self, database: Database) -> None:
        self._database = database

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
        newest = (
            columns(moderation_log, ModerationEntry)
            .where(moderation_log.c.twinspace_id == twinspace_id)
            .order_by(moderation_log.c.seq.desc())
            .limit(1)
        )

        def work(db: Connection) -> ModerationEntry:
            lock(db, twinspaces.c.id == twinspace_id, twinspaces.c.id)
            former = next(iter(many(db, ModerationEntry, newest)), None)
            entry = sealed(
                ModerationEntry(
                    twinspace_id,
                    former.seq + 1 if former else 1,
                    former.hash if former else "",
                    "",
                    action,
                    user_id,
                    kind,
                    subject_id,
                    reason,
                    details,
                    at_ms,
                )
            )
            add(moderation_log, entry)(db)
            return entry

        return await self._database.write(work)

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None
    ) -> list[ModerationEntry]:
        statement = columns(moderation_log, ModerationEntry).where(moderation_log.c.twinspace_id == twinspace_id)
        if before_seq is not None:
            statement = statement.where(moderation_log.c.seq < before_seq)
        statement = statement.order_by(moderation_log.c.seq.desc()).limit(limit)
        return await self._database.read(lambda db: many(db, ModerationEntry, statement))

    async def chains(self) -> list[TwinspaceId]:
        statement = select(moderation_log.c.twinspace_id).distinct().order_by(moderation_log.c.twinspace_id)
        return await self._database.read(lambda db: list(db.execute(statement).scalars()))

    async def forget(self, before_ms: int, *, dry_run: bool = False) -> int:
        table = moderation_log
        # What is still within its time holds the line: a clock that was set back must not tear a hole.
        kept = (
            select(table.c.twinspace_id, func.min(table.c.seq).label("seq"))
            .where(table.c.done_at_ms >= before_ms)
            .group_by(table.c.twinspace_id)
        )
        ends = select(table.c.twinspace_id, func.max(table.c.seq).label("seq")).group_by(table.c.twinspace_id)

        def work(db: Connection) -> int:
            first_kept = {row.twinspace_id: row.seq for row in db.execute(kept)}
            count = 0
            for row in db.execute(ends).all():
                over = and_(
                    table.c.twinspace_id == row.twinspace_id, table.c.seq < first_kept.get(row.twinspace_id, row.seq)
                )
                count += int(db.execute(select(func.count()).select_from(table).where(over)).scalar() or 0)
                if not dry_run:
                    db.execute(delete(table).where(over))
            return count

        return await (self._database.read(work) if dry_run else self._database.write(work))
