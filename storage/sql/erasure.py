"""Erasure, and what there is about one person: by the tables' own references, so that no table is forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, and_, delete, insert, select, update

from storage.ports import NotFound
from storage.records import ContentId, DebateId, ErasureJob, ErasureJobId, Json, Redaction, TwinspaceId, UserId
from storage.sql.assessments import only_about, remove_assessments
from storage.sql.database import HubDatabase
from storage.sql.personal import BLANKED, DELETED, DELETED_WITH_TEXTS, NAMES_IN, SECRETS
from storage.sql.rows import add, columns, lock, many, one
from storage.sql.tables import (
    anonymous_responses,
    assessments,
    class_tallies,
    contents,
    debates,
    doc_log,
    doc_states,
    erasure_jobs,
    form_drafts,
    form_receipts,
    form_responses,
    form_versions,
    held_changes,
    journal,
    members,
    messages,
    metadata,
    notices,
    recordings,
    redactions,
    reports,
    seals,
    sheet_signatures,
    users,
)

OF_FORMS = (
    form_responses,
    form_drafts,
    form_receipts,
    anonymous_responses,
    class_tallies,
    seals,
    sheet_signatures,
)


class SqlErasure:
    def __init__(self, database: HubDatabase) -> None:
        self._database = database

    async def erase_message(self, twinspace_id: TwinspaceId, seq: int, lane: str = "all") -> None:
        c = messages.c
        this = (c.twinspace_id == twinspace_id) & (c.lane == lane) & (c.seq == seq)

        def work(db: Connection) -> None:
            if not db.execute(update(messages).where(this).values(text="", versions=())).rowcount:
                raise NotFound(f"{twinspace_id}/{seq}")

        await self._database.write(work)

    async def blank_reports(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> None:
        c = reports.c
        of_it = (c.twinspace_id == twinspace_id) & (c.kind == kind) & (c.subject_id == subject_id)
        await self._database.write(lambda db: db.execute(update(reports).where(of_it).values(excerpt="")).rowcount)

    async def erase_content(self, content_id: ContentId) -> None:
        def work(db: Connection) -> None:
            if not db.execute(update(contents).where(contents.c.id == content_id).values(title="")).rowcount:
                raise NotFound(content_id)
            _forget_details(db, [content_id])
            remove_assessments(db, select(assessments.c.id).where(assessments.c.rubric_id == content_id))
            # The heads stay: a seq is never handed out twice. Others point to the versions, so those go last.
            for table in (doc_log, doc_states, held_changes, *OF_FORMS, form_versions):
                db.execute(delete(table).where(table.c.content_id == content_id))

        await self._database.write(work)

    async def erase_debate(self, debate_id: DebateId) -> None:
        def work(db: Connection) -> None:
            if not db.execute(update(debates).where(debates.c.id == debate_id).values(motion="")).rowcount:
                raise NotFound(debate_id)
            _forget_details(db, [debate_id])

        await self._database.write(work)

    async def erase_person(self, user_id: UserId, *, display_name: str, texts: bool) -> list[str]:
        def work(db: Connection) -> list[str]:
            former = db.execute(select(users.c.display_name, users.c.name).where(users.c.id == user_id)).first()
            if former is None:
                raise NotFound(user_id)
            blobs = _own_files(db, user_id) if texts else []
            if texts:
                # What the hub told of it quotes the motion.
                _forget_details(db, list(db.scalars(select(debates.c.id).where(debates.c.created_by == user_id))))
            # What was said about nobody else is about nobody.
            remove_assessments(db, only_about(user_id))
            gone = {**DELETED, **(DELETED_WITH_TEXTS if texts else {})}
            for table in reversed(metadata.sorted_tables):
                if table.name in gone:
                    db.execute(delete(table).where(table.c[gone[table.name]] == user_id))
            for (name, column), blank in BLANKED.items() if texts else ():
                table = metadata.tables[name]
                if name == "posts":
                    _forget_versions(db, user_id)
                db.execute(update(table).where(table.c[column] == user_id).values(**blank))
            _rename(db, user_id, former.display_name, display_name)
            nobody = f"erased:{secrets.token_urlsafe(9)}"
            row = {
                "name": nobody,
                "display_name": display_name,
                "email": None,
                "password_hash": None,
                "class_key_hash": None,
                "class_name": "",
                "state": "closed",
            }
            db.execute(update(users).where(users.c.id == user_id).values(**row))
            ended = update(members).where(members.c.user_id == user_id, members.c.present)
            db.execute(ended.values(present=False, epoch=members.c.epoch + 1))
            return blobs

        return await self._database.write(work)

    async def person_rows(self, user_id: UserId) -> dict[str, list[dict[str, Json]]]:
        def work(db: Connection) -> dict[str, list[dict[str, Json]]]:
            found = {"users": _rows(db, users, users.c.id == user_id)}
            for table in metadata.sorted_tables:
                pointing = [column for column in table.columns if _points_to_users(column)]
                # What teachers did about the person with authority is the others' affair as well.
                if table.name in ("reports", "hidden_things", "search_entries"):
                    pointing = [column for column in pointing if column.name == "reporter_id"]
                # Who decided on a pupil's card takes no copy of it along.
                pointing = [
                    column for column in pointing if column.name != "decided_by" or table.name != "held_changes"
                ]
                for column in pointing:
                    if rows := _rows(db, table, column == user_id):
                        found.setdefault(table.name, []).extend(row for row in rows if row not in found[table.name])
            return {name: rows for name, rows in found.items() if rows}

        return await self._database.read(work)

    async def redact(self, redaction: Redaction) -> None:
        def work(db: Connection) -> None:
            db.execute(delete(redactions).where(redactions.c.blob == redaction.blob))
            db.execute(
                insert(redactions).values(
                    blob=redaction.blob, copy=redaction.copy, redacted_at_ms=redaction.redacted_at_ms
                )
            )

        await self._database.write(work)

    async def redactions(self) -> dict[str, Redaction]:
        statement = columns(redactions, Redaction)
        found = await self._database.read(lambda db: many(db, Redaction, statement))
        return {redaction.blob: redaction for redaction in found}

    async def add_job(self, job: ErasureJob) -> ErasureJob:
        c = erasure_jobs.c
        same = and_(c.user_id.is_not_distinct_from(job.user_id), c.texts == job.texts, c.state == "waiting")

        def work(db: Connection) -> ErasureJob:
            lock(db, users.c.id == job.asked_by, users.c.id)
            known = many(db, ErasureJob, columns(erasure_jobs, ErasureJob).where(same).limit(1))
            if not known:
                add(erasure_jobs, job)(db)
            return known[0] if known else job

        return await self._database.write(work)

    async def get_job(self, job_id: ErasureJobId) -> ErasureJob:
        statement = columns(erasure_jobs, ErasureJob).where(erasure_jobs.c.id == job_id)
        return await self._database.read(lambda db: one(db, ErasureJob, statement))

    async def take_job(self, now_ms: int, until_ms: int) -> ErasureJob | None:
        c = erasure_jobs.c
        free = columns(erasure_jobs, ErasureJob).where(c.state != "done", c.taken_until_ms <= now_ms)
        free = free.order_by(c.asked_at_ms, c.id).limit(1).with_for_update(skip_locked=True)

        def work(db: Connection) -> ErasureJob | None:
            found = many(db, ErasureJob, free)
            if not found:
                return None
            taken = replace(found[0], state="working", taken_until_ms=until_ms)
            db.execute(update(erasure_jobs).where(c.id == taken.id).values(state="working", taken_until_ms=until_ms))
            return taken

        return await self._database.write(work)

    async def note_job(self, job_id: ErasureJobId, done: int, until_ms: int) -> None:
        await self._set_job(job_id, done=done, taken_until_ms=until_ms)

    async def finish_job(self, job_id: ErasureJobId, at_ms: int) -> None:
        await self._set_job(job_id, state="done", done=100, ended_at_ms=at_ms)

    async def _set_job(self, job_id: ErasureJobId, **row: object) -> None:
        def work(db: Connection) -> None:
            if not db.execute(update(erasure_jobs).where(erasure_jobs.c.id == job_id).values(**row)).rowcount:
                raise NotFound(job_id)

        await self._database.write(work)

    async def scrub(self) -> None:
        await self._database.scrub()


def _points_to_users(column: Any) -> bool:
    return any(key.target_fullname == "users.id" for key in column.foreign_keys)


def _rows(db: Connection, table: Table, which: Any) -> list[dict[str, Json]]:
    shown = [c for c in table.columns if c.name not in SECRETS and not isinstance(c.type, LargeBinary)]
    return [dict(row._mapping) for row in db.execute(select(*shown).where(which))]


def _own_files(db: Connection, user_id: UserId) -> list[str]:
    """The blobs of the person's recorded voice and pictures, and of files they brought that nobody else has too."""
    blobs: list[str] = []
    for row in db.execute(select(recordings.c.id, recordings.c.files)).all():
        kept = [file for file in row.files if file.get("user_id") != user_id]
        if len(kept) < len(row.files):
            blobs += [file["blob"] for file in row.files if file.get("user_id") == user_id]
            db.execute(update(recordings).where(recordings.c.id == row.id).values(files=kept))
    brought = [metadata.tables[name] for name in ("material_files", "card_files")]
    others = {
        blob
        for files in brought
        for blob in db.execute(select(files.c.blob).where(files.c.uploaded_by != user_id)).scalars()
    }
    for files in brought:
        for row in db.execute(select(files.c.blob, files.c.preview).where(files.c.uploaded_by == user_id)).all():
            blobs += [blob for blob in (row.blob, row.preview) if blob and row.blob not in others]
    return blobs


def _forget_details(db: Connection, subject_ids: Sequence[str]) -> None:
    """What journal and notices say of these things."""
    for table in (journal, notices):
        db.execute(update(table).where(table.c.subject_id.in_(subject_ids)).values(details={}))


def _forget_versions(db: Connection, user_id: UserId) -> None:
    """What the person's posts said before they were edited."""
    posts, versions = metadata.tables["posts"], metadata.tables["post_versions"]
    for post in db.execute(select(posts.c.thread_id, posts.c.seq).where(posts.c.user_id == user_id)).all():
        of_it = (versions.c.thread_id == post.thread_id) & (versions.c.seq == post.seq)
        db.execute(update(versions).where(of_it).values(text=""))


def _rename(db: Connection, user_id: UserId, former: str, display_name: str) -> None:
    """Take the name out of what the hub itself wrote, in the TwinSpaces where the person is or was."""
    spaces = select(members.c.twinspace_id).where(members.c.user_id == user_id)
    for name, column in NAMES_IN.items():
        table = metadata.tables[name]
        key = list(table.primary_key.columns)
        statement = select(*key, table.c[column])
        if "twinspace_id" in table.columns:
            statement = statement.where(table.c.twinspace_id.in_(spaces))
        for row in db.execute(statement).all():
            *ids, value = row
            renamed = _without(value, former, display_name)
            if renamed != value:
                this = [part == given for part, given in zip(key, ids, strict=True)]
                db.execute(update(table).where(*this).values({column: renamed}))


def _without(value: Any, former: str, display_name: str) -> Any:
    if isinstance(value, str):
        return display_name if value == former else value
    if isinstance(value, list):
        return [_without(item, former, display_name) for item in value]
    if isinstance(value, dict):
        return {key: _without(item, former, display_name) for key, item in value.items()}
    return value
