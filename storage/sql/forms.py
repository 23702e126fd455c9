"""Published form versions and the responses to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection, and_, case, delete, func, select, update

from storage.ports import Conflict, NotFound
from storage.records import (
    AnonymousResponse,
    ClassTally,
    ContentId,
    FormDraft,
    FormResponse,
    FormVersion,
    Json,
    SchoolId,
    TallyId,
    UserId,
)
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many, one, values
from storage.sql.tables import (
    anonymous_responses,
    class_tallies,
    contents,
    form_drafts,
    form_receipts,
    form_responses,
    form_versions,
)

AT_ONCE = 500
"""Databases take so many values in one question at least."""


class SqlForms:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def publish(
        self, content_id: ContentId, definition: Json, *, published_by: UserId, at_ms: int
    ) -> FormVersion:
        def work(db: Connection) -> FormVersion:
            lock(db, contents.c.id == content_id, contents.c.id)
            number = last_seq(db, form_versions.c.version, form_versions.c.content_id, content_id) + 1
            add(form_versions, FormVersion(content_id, number, definition, published_by, at_ms))(db)
            return _version(db, content_id, number)

        return await self._database.write(work)

    async def latest_version(self, content_id: ContentId) -> FormVersion:
        statement = (
            columns(form_versions, FormVersion)
            .where(form_versions.c.content_id == content_id)
            .order_by(form_versions.c.version.desc())
            .limit(1)
        )
        return await self._database.read(lambda db: one(db, FormVersion, statement))

    async def get_version(self, content_id: ContentId, version: int) -> FormVersion:
        return await self._database.read(lambda db: _version(db, content_id, version))

    async def put_response(self, response: FormResponse) -> bool:
        frozen = and_(form_versions.c.content_id == response.content_id, form_versions.c.version == response.version)
        same = and_(
            form_responses.c.content_id == response.content_id,
            form_responses.c.version == response.version,
            form_responses.c.user_id == response.user_id,
        )

        def work(db: Connection) -> bool:
            lock(db, frozen, form_versions.c.content_id)
            _drop_draft(db, response.content_id, response.version, response.user_id)
            former = form_responses.c.submitted_at_ms
            later = case((former >= response.submitted_at_ms, former + 1), else_=response.submitted_at_ms)
            changed = values(response) | {"submitted_at_ms": later}
            if db.execute(update(form_responses).where(same).values(changed)).rowcount:
                return False
            add(form_responses, response)(db)
            return True

        return await self._database.write(work)

    async def get_response(self, content_id: ContentId, version: int, user_id: UserId) -> FormResponse:
        statement = columns(form_responses, FormResponse).where(
            form_responses.c.content_id == content_id,
            form_responses.c.version == version,
            form_responses.c.user_id == user_id,
        )
        return await self._database.read(lambda db: one(db, FormResponse, statement))

    async def responses(self, content_id: ContentId, version: int) -> list[FormResponse]:
        statement = (
            columns(form_responses, FormResponse)
            .where(form_responses.c.content_id == content_id, form_responses.c.version == version)
            .order_by(form_responses.c.submitted_at_ms, form_responses.c.user_id)
        )
        return await self._database.read(lambda db: many(db, FormResponse, statement))

    async def stamps(self, content_id: ContentId, version: int) -> dict[UserId, int]:
        c = form_responses.c
        here = (c.content_id == content_id) & (c.version == version)
        statement = select(c.user_id, c.submitted_at_ms).where(here)
        return await self._database.read(lambda db: {user_id: at_ms for user_id, at_ms in db.execute(statement).all()})

    async def responses_of(
        self, content_id: ContentId, version: int, user_ids: Collection[UserId]
    ) -> list[FormResponse]:
        c, asked = form_responses.c, list(user_ids)

        def work(db: Connection) -> list[FormResponse]:
            found: list[FormResponse] = []
            for start in range(0, len(asked), AT_ONCE):
                here = (c.content_id == content_id) & (c.version == version)
                here &= c.user_id.in_(asked[start : start + AT_ONCE])
                found += many(db, FormResponse, columns(form_responses, FormResponse).where(here))
            return found

        return await self._database.read(work)

    async def count_responses(self, content_id: ContentId, version: int) -> int:
        def work(db: Connection) -> int:
            count = 0
            for table in (form_responses, anonymous_responses):
                here = (table.c.content_id == content_id) & (table.c.version == version)
                count += db.execute(select(func.count()).select_from(table).where(here)).scalar() or 0
            return count

        return await self._database.read(work)

    async def put_anonymous(self, response: AnonymousResponse, user_id: UserId, *, batch_size: int) -> None:
        content_id, version, school_id = response.content_id, response.version, response.school_id
        c, r = anonymous_responses.c, form_receipts.c

        def work(db: Connection) -> None:
            frozen = (form_versions.c.content_id == content_id) & (form_versions.c.version == version)
            lock(db, frozen, form_versions.c.content_id)
            mine = (r.content_id == content_id) & (r.version == version) & (r.user_id == user_id)
            if db.execute(select(r.user_id).where(mine)).first() is not None:
                raise Conflict(f"{content_id}/{version}")
            here = (c.content_id == content_id) & (c.version == version) & (c.school_id == school_id)
            count = db.execute(select(func.count()).select_from(anonymous_responses).where(here)).scalar() or 0
            add(anonymous_responses, replace(response, batch=count // batch_size))(db)
            db.execute(form_receipts.insert().values(content_id=content_id, version=version, user_id=user_id))

        await self._database.write(work)

    async def anonymous_responses(self, content_id: ContentId, version: int) -> list[AnonymousResponse]:
        c = anonymous_responses.c
        here = (c.content_id == content_id) & (c.version == version)
        statement = columns(anonymous_responses, AnonymousResponse).where(here).order_by(c.id)
        return await self._database.read(lambda db: many(db, AnonymousResponse, statement))

    async def batches(self, content_id: ContentId, version: int) -> dict[tuple[SchoolId, int], int]:
        c = anonymous_responses.c
        here = (c.content_id == content_id) & (c.version == version)
        statement = select(c.school_id, c.batch, func.count()).where(here).group_by(c.school_id, c.batch)
        return await self._database.read(
            lambda db: {(school_id, batch): count for school_id, batch, count in db.execute(statement).all()}
        )

    async def anonymous_of(
        self, content_id: ContentId, version: int, school_id: SchoolId, batch: int
    ) -> list[AnonymousResponse]:
        c = anonymous_responses.c
        here = (c.content_id == content_id) & (c.version == version)
        here &= (c.school_id == school_id) & (c.batch == batch)
        statement = columns(anonymous_responses, AnonymousResponse).where(here).order_by(c.id)
        return await self._database.read(lambda db: many(db, AnonymousResponse, statement))

    async def has_answered(self, content_id: ContentId, version: int, user_id: UserId) -> bool:
        c = form_receipts.c
        mine = (c.content_id == content_id) & (c.version == version) & (c.user_id == user_id)
        return await self._database.read(lambda db: db.execute(select(c.user_id).where(mine)).first() is not None)

    async def put_draft(
        self, content_id: ContentId, version: int, user_id: UserId, changes: Mapping[str, Json], *, at_ms: int
    ) -> FormDraft:
        c = form_drafts.c
        mine = (c.content_id == content_id) & (c.version == version) & (c.user_id == user_id)

        def work(db: Connection) -> FormDraft:
            frozen = (form_versions.c.content_id == content_id) & (form_versions.c.version == version)
            lock(db, frozen, form_versions.c.content_id)
            found = many(db, FormDraft, columns(form_drafts, FormDraft).where(mine))
            former = found[0] if found else FormDraft(content_id, version, user_id, {}, at_ms, at_ms)
            draft = replace(former, answers=_changed(former.answers, changes), changed_at_ms=at_ms)
            if found:
                db.execute(update(form_drafts).where(mine).values(values(draft)))
            else:
                add(form_drafts, draft)(db)
            return draft

        return await self._database.write(work)

    async def get_draft(self, content_id: ContentId, user_id: UserId) -> FormDraft:
        c = form_drafts.c
        mine = (c.content_id == content_id) & (c.user_id == user_id)
        statement = columns(form_drafts, FormDraft).where(mine).order_by(c.version.desc()).limit(1)
        return await self._database.read(lambda db: one(db, FormDraft, statement))

    async def put_tally(self, tally: ClassTally) -> bool:
        def work(db: Connection) -> bool:
            if db.execute(update(class_tallies).where(class_tallies.c.id == tally.id).values(values(tally))).rowcount:
                return False
            add(class_tallies, tally)(db)
            return True

        return await self._database.write(work)

    async def get_tally(self, tally_id: TallyId) -> ClassTally:
        statement = columns(class_tallies, ClassTally).where(class_tallies.c.id == tally_id)
        return await self._database.read(lambda db: one(db, ClassTally, statement))

    async def tallies(self, content_id: ContentId, version: int) -> list[ClassTally]:
        c = class_tallies.c
        here = (c.content_id == content_id) & (c.version == version)
        statement = columns(class_tallies, ClassTally).where(here).order_by(c.entered_at_ms, c.id)
        return await self._database.read(lambda db: many(db, ClassTally, statement))

    async def remove_tally(self, tally_id: TallyId) -> None:
        def work(db: Connection) -> None:
            if not db.execute(delete(class_tallies).where(class_tallies.c.id == tally_id)).rowcount:
                raise NotFound(tally_id)

        await self._database.write(work)


def _drop_draft(db: Connection, content_id: ContentId, version: int, user_id: UserId) -> None:
    c = form_drafts.c
    db.execute(delete(form_drafts).where(c.content_id == content_id, c.version == version, c.user_id == user_id))


def _changed(answers: Json, changes: Mapping[str, Json]) -> Json:
    return {key: answer for key, answer in {**answers, **changes}.items() if answer is not None}


def _version(db: Connection, content_id: ContentId, version: int) -> FormVersion:
    statement = columns(form_versions, FormVersion).where(
        form_versions.c.content_id == content_id, form_versions.c.version == version
    )
    return one(db, FormVersion, statement)
