"""Published form versions and the responses to them."""

from __future__ import annotations

from sqlalchemy import Connection, and_, update

from storage.records import ContentId, FormResponse, FormVersion, Json, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many, one, values
from storage.sql.tables import contents, form_responses, form_versions


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
            if db.execute(update(form_responses).where(same).values(values(response))).rowcount:
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


def _version(db: Connection, content_id: ContentId, version: int) -> FormVersion:
    statement = columns(form_versions, FormVersion).where(
        form_versions.c.content_id == content_id, form_versions.c.version == version
    )
    return one(db, FormVersion, statement)
