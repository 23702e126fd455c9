"""The resource shelf, the help desk, and the figures of the countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, distinct, exists, func, insert, select, update

from storage.ports import Conflict, NotFound
from storage.records import (
    BroughtThing,
    CountryCount,
    HelpNote,
    HelpQuestion,
    QuestionId,
    QuestionState,
    Resource,
    ResourceId,
    ResourceState,
    UserId,
)
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many, one
from storage.sql.tables import (
    brought_things,
    help_notes,
    help_questions,
    members,
    resource_ratings,
    resources,
    schools,
    services,
    twinspaces,
    users,
)

_rating = resource_ratings.c
_brought = brought_things.c


class SqlShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, resource: Resource) -> None:
        await self._database.write(add(resources, resource))

    async def get(self, resource_id: ResourceId) -> Resource:
        return await self._database.read(lambda db: _resource(db, resource_id))

    async def all(self, *, state: ResourceState | None = None, submitted_by: UserId | None = None) -> list[Resource]:
        statement = columns(resources, Resource).order_by(resources.c.submitted_at_ms.desc(), resources.c.id)
        if state is not None:
            statement = statement.where(resources.c.state == state)
        if submitted_by is not None:
            statement = statement.where(resources.c.submitted_by == submitted_by)
        return await self._database.read(lambda db: many(db, Resource, statement))

    async def decide(
        self, resource_id: ResourceId, state: ResourceState, *, by: UserId, at_ms: int, reason: str
    ) -> Resource:
        row = {"state": state, "decided_by": by, "decided_at_ms": at_ms, "reason": reason}

        def work(db: Connection) -> Resource:
            db.execute(update(resources).where(resources.c.id == resource_id).values(row))
            return _resource(db, resource_id)

        return await self._database.write(work)

    async def remove(self, resource_id: ResourceId) -> None:
        def work(db: Connection) -> None:
            lock(db, resources.c.id == resource_id, resources.c.id)
            db.execute(delete(resource_ratings).where(_rating.resource_id == resource_id))
            db.execute(delete(resources).where(resources.c.id == resource_id))

        await self._database.write(work)

    async def rate(self, resource_id: ResourceId, user_id: UserId, is_useful: bool) -> None:
        mine = and_(_rating.resource_id == resource_id, _rating.user_id == user_id)

        def work(db: Connection) -> None:
            lock(db, resources.c.id == resource_id, resources.c.id)
            db.execute(delete(resource_ratings).where(mine))
            if is_useful:
                db.execute(insert(resource_ratings).values(resource_id=resource_id, user_id=user_id))

        await self._database.write(work)

    async def useful(self, resource_ids: Sequence[ResourceId]) -> dict[ResourceId, int]:
        statement = (
            select(_rating.resource_id, func.count())
            .where(_rating.resource_id.in_(resource_ids))
            .group_by(_rating.resource_id)
        )
        return await self._database.read(lambda db: {ResourceId(row[0]): row[1] for row in db.execute(statement)})

    async def rated_by(self, user_id: UserId) -> set[ResourceId]:
        statement = select(_rating.resource_id).where(_rating.user_id == user_id)
        return await self._database.read(lambda db: {ResourceId(row) for row in db.execute(statement).scalars()})


class SqlHelpDesk:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, question: HelpQuestion, brought: BroughtThing | None = None) -> None:
        def work(db: Connection) -> None:
            add(help_questions, question)(db)
            if brought is not None:
                known = columns(brought_things, BroughtThing).where(_thing(brought.kind, brought.subject_id)).limit(1)
                state = next(iter(many(db, BroughtThing, known)), brought)
                add(brought_things, replace(brought, hidden_by=state.hidden_by, hidden_at_ms=state.hidden_at_ms))(db)

        await self._database.write(work)

    async def get(self, question_id: QuestionId) -> HelpQuestion:
        return await self._database.read(lambda db: _question(db, question_id))

    async def all(
        self,
        *,
        asked_by: UserId | None = None,
        country: str | None = None,
        states: Sequence[QuestionState] = (),
        is_faq: bool | None = None,
    ) -> list[HelpQuestion]:
        c = help_questions.c
        statement = columns(help_questions, HelpQuestion).order_by(c.changed_at_ms, c.id)
        for column, value in ((c.asked_by, asked_by), (c.country, country), (c.is_faq, is_faq)):
            if value is not None:
                statement = statement.where(column == value)
        if states:
            statement = statement.where(c.state.in_(states))
        return await self._database.read(lambda db: many(db, HelpQuestion, statement))

    async def take(
        self, question_id: QuestionId, owner_id: UserId, former_id: UserId | None, at_ms: int
    ) -> HelpQuestion:
        def work(db: Connection) -> HelpQuestion:
            lock(db, help_questions.c.id == question_id, help_questions.c.id)
            question = _question(db, question_id)
            if question.owner_id != former_id:
                raise Conflict("Somebody else has taken this question.")
            row: dict[str, Any] = {"owner_id": owner_id, "changed_at_ms": at_ms}
            if question.state == "open":
                row["state"] = "taken"
            return _change(db, question_id, row)

        return await self._database.write(work)

    async def write(
        self,
        question_id: QuestionId,
        user_id: UserId,
        text: str,
        at_ms: int,
        *,
        state: QuestionState,
        answer: str | None = None,
    ) -> HelpNote:
        def work(db: Connection) -> HelpNote:
            lock(db, help_questions.c.id == question_id, help_questions.c.id)
            seq = last_seq(db, help_notes.c.seq, help_notes.c.question_id, question_id) + 1
            note = HelpNote(question_id, seq, user_id, text, at_ms)
            add(help_notes, note)(db)
            row: dict[str, Any] = {"state": state, "changed_at_ms": at_ms}
            if answer is not None:
                row["answer"] = answer
            _change(db, question_id, row)
            return note

        return await self._database.write(work)

    async def notes(self, question_id: QuestionId) -> list[HelpNote]:
        here = columns(help_notes, HelpNote).where(help_notes.c.question_id == question_id)
        return await self._database.read(lambda db: many(db, HelpNote, here.order_by(help_notes.c.seq)))

    async def set_faq(self, question_id: QuestionId, is_faq: bool) -> HelpQuestion:
        return await self._database.write(lambda db: _change(db, question_id, {"is_faq": is_faq}))

    async def brought(self, question_id: QuestionId) -> BroughtThing | None:
        statement = columns(brought_things, BroughtThing).where(_brought.question_id == question_id)
        return await self._database.read(lambda db: next(iter(many(db, BroughtThing, statement)), None))

    async def hide_brought(self, kind: str, subject_id: str, by: UserId | None, at_ms: int) -> None:
        row = {"hidden_by": by, "hidden_at_ms": None if by is None else at_ms}
        statement = update(brought_things).where(_thing(kind, subject_id)).values(row)
        await self._database.write(lambda db: db.execute(statement).rowcount)

    async def blank_brought(self, kind: str, subject_id: str) -> None:
        statement = update(brought_things).where(_thing(kind, subject_id)).values(excerpt="")
        await self._database.write(lambda db: db.execute(statement).rowcount)

    async def hidden_among(self, kind: str, subject_ids: Sequence[str]) -> frozenset[str]:
        statement = select(_brought.subject_id).where(
            _brought.kind == kind, _brought.hidden_by.is_not(None), _brought.subject_id.in_(subject_ids)
        )
        return await self._database.read(lambda db: frozenset(db.execute(statement).scalars()))


class SqlStatistics:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_country(self) -> list[CountryCount]:
        def work(db: Connection) -> list[CountryCount]:
            return [
                CountryCount(measure, row[0], row[1])
                for measure, statement in _MEASURES.items()
                for row in db.execute(statement)
            ]

        return sorted(await self._database.read(work), key=lambda one: (one.measure, one.country))


def _thing(kind: str, subject_id: str) -> ColumnElement[bool]:
    return and_(_brought.kind == kind, _brought.subject_id == subject_id)


def _per_country(what: Any, *where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(schools.c.country, func.count(distinct(what)))
        .select_from(schools)
        .where(~exists().where(services.c.id == schools.c.id), *where)
        .group_by(schools.c.country)
    )


def _people(kind: str) -> Select[Any]:
    active = and_(users.c.school_id == schools.c.id, users.c.kind == kind, users.c.state == "active")
    return _per_country(users.c.id, active)


_MEASURES: dict[str, Select[Any]] = {
    "schools": _per_country(schools.c.id, schools.c.state == "listed"),
    "teachers": _people("teacher"),
    "pupils": _people("pupil"),
    "projects": _per_country(
        twinspaces.c.id,
        users.c.school_id == schools.c.id,
        members.c.user_id == users.c.id,
        members.c.present,
        members.c.role == "founder",
        members.c.twinspace_id == twinspaces.c.id,
        twinspaces.c.phase.in_(["idea", "before", "during", "after"]),
    ),
}


def _resource(db: Connection, resource_id: ResourceId) -> Resource:
    return one(db, Resource, columns(resources, Resource).where(resources.c.id == resource_id))


def _question(db: Connection, question_id: QuestionId) -> HelpQuestion:
    return one(db, HelpQuestion, columns(help_questions, HelpQuestion).where(help_questions.c.id == question_id))


def _change(db: Connection, question_id: QuestionId, row: dict[str, Any]) -> HelpQuestion:
    if db.execute(update(help_questions).where(help_questions.c.id == question_id).values(row)).rowcount == 0:
        raise NotFound(question_id)
    return _question(db, question_id)
