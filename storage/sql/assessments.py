"""Assessments by a sealed rubric."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select, update

from storage.ports import Conflict, NotFound
from storage.records import Assessment, AssessmentId, ContentId, Rating, TwinspaceId, UserId
from storage.records.assessments import without_passages
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, values
from storage.sql.tables import assessment_people, assessments, contents, ratings

ASSESSED, ASSESSOR = "assessed", "assessor"


class SqlAssessments:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, assessment: Assessment) -> None:
        row = {name: value for name, value in values(assessment).items() if name in assessments.c}

        def work(db: Connection) -> None:
            db.execute(insert(assessments).values(**row))
            for part, user_ids in ((ASSESSED, assessment.assessed), (ASSESSOR, assessment.assessors)):
                people = [{"assessment_id": assessment.id, "user_id": each, "part": part} for each in set(user_ids)]
                if people:
                    db.execute(insert(assessment_people), people)

        await self._database.write(work)

    async def get(self, assessment_id: AssessmentId) -> Assessment:
        found = await self._database.read(lambda db: _read(db, assessments.c.id == assessment_id))
        if not found:
            raise NotFound(assessment_id)
        return found[0]

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Assessment]:
        return await self._database.read(lambda db: _read(db, assessments.c.twinspace_id == twinspace_id))

    async def remove(self, assessment_id: AssessmentId) -> None:
        def work(db: Connection) -> None:
            lock(db, assessments.c.id == assessment_id, assessments.c.id)
            remove_assessments(db, select(assessments.c.id).where(assessments.c.id == assessment_id))

        await self._database.write(work)

    async def rate(self, rating: Rating) -> None:
        c = ratings.c
        same = (c.assessment_id == rating.assessment_id) & (c.user_id == rating.user_id)

        def work(db: Connection) -> None:
            lock(db, assessments.c.id == rating.assessment_id, assessments.c.id)
            revealed = select(assessments.c.revealed_at_ms).where(assessments.c.id == rating.assessment_id)
            if db.execute(revealed).scalar() is not None:
                raise Conflict("It is revealed already.")
            if not db.execute(update(ratings).where(same).values(values(rating))).rowcount:
                add(ratings, rating)(db)

        await self._database.write(work)

    async def ratings(self, assessment_id: AssessmentId) -> list[Rating]:
        statement = columns(ratings, Rating).where(ratings.c.assessment_id == assessment_id).order_by(ratings.c.user_id)
        return await self._database.read(lambda db: many(db, Rating, statement))

    async def reveal(self, assessment_id: AssessmentId, at_ms: int) -> Assessment:
        c = assessments.c

        def work(db: Connection) -> Assessment:
            lock(db, c.id == assessment_id, c.id)
            db.execute(
                update(assessments)
                .where(c.id == assessment_id, c.revealed_at_ms.is_(None))
                .values(revealed_at_ms=at_ms)
            )
            return _read(db, c.id == assessment_id)[0]

        return await self._database.write(work)

    async def move(self, assessment_id: AssessmentId, reveal_at_ms: int | None) -> Assessment:
        c = assessments.c

        def work(db: Connection) -> Assessment:
            lock(db, c.id == assessment_id, c.id)
            still = (c.id == assessment_id) & c.revealed_at_ms.is_(None)
            if not db.execute(update(assessments).where(still).values(reveal_at_ms=reveal_at_ms)).rowcount:
                raise Conflict("It is revealed already.")
            return _read(db, c.id == assessment_id)[0]

        return await self._database.write(work)

    async def open_in(self, twinspace_ids: Iterable[TwinspaceId]) -> list[tuple[Assessment, frozenset[UserId]]]:
        which = assessments.c.twinspace_id.in_(list(twinspace_ids))
        return await self._database.read(lambda db: _read_open(db, which))

    async def ending(self, before_ms: int) -> list[tuple[Assessment, frozenset[UserId]]]:
        which = assessments.c.reveal_at_ms < before_ms
        return await self._database.read(lambda db: _read_open(db, which))

    async def blank_passages(self, content_id: ContentId) -> None:
        r, a = ratings.c, assessments.c
        space = select(contents.c.twinspace_id).where(contents.c.id == content_id).scalar_subquery()
        here = select(r.assessment_id, r.user_id, r.evidence).join(assessments, a.id == r.assessment_id)

        def work(db: Connection) -> None:
            for row in db.execute(here.where(a.twinspace_id == space)).all():
                left = without_passages(row.evidence, content_id)
                if left != row.evidence:
                    same = (r.assessment_id == row.assessment_id) & (r.user_id == row.user_id)
                    db.execute(update(ratings).where(same).values(evidence=left))

        await self._database.write(work)

    async def given_to(self, user_id: UserId) -> list[tuple[Assessment, Rating]]:
        c = assessment_people.c
        about = select(c.assessment_id).where(c.user_id == user_id, c.part == ASSESSED)

        def work(db: Connection) -> list[tuple[Assessment, Rating]]:
            found = []
            for each in _read(db, assessments.c.id.in_(about) & assessments.c.revealed_at_ms.is_not(None)):
                statement = columns(ratings, Rating).where(
                    ratings.c.assessment_id == each.id,
                    ratings.c.user_id != user_id,
                    ratings.c.sent_at_ms.is_not(None),
                )
                found += [(each, rating) for rating in many(db, Rating, statement.order_by(ratings.c.user_id))]
            return found

        return await self._database.read(work)


def remove_assessments(db: Connection, ids: Select[tuple[str]]) -> None:
    """Those that the statement selects, with all that was said in them."""
    found = list(db.scalars(ids))
    for table, column in ((ratings, "assessment_id"), (assessment_people, "assessment_id"), (assessments, "id")):
        db.execute(delete(table).where(table.c[column].in_(found)))


def only_about(user_id: UserId) -> Select[tuple[str]]:
    """Assessments of nobody but this person."""
    c = assessment_people.c
    of_them = select(c.assessment_id).where(c.user_id == user_id, c.part == ASSESSED)
    of_others = select(c.assessment_id).where(c.user_id != user_id, c.part == ASSESSED)
    return select(assessments.c.id).where(assessments.c.id.in_(of_them), assessments.c.id.not_in(of_others))


def _read_open(db: Connection, which: ColumnElement[bool]) -> list[tuple[Assessment, frozenset[UserId]]]:
    still = which & assessments.c.revealed_at_ms.is_(None)
    found = _read(db, still)
    if not found:
        return []
    sent: dict[str, set[UserId]] = {}
    c = ratings.c
    given = select(c.assessment_id, c.user_id).join(assessments, assessments.c.id == c.assessment_id)
    for row in db.execute(given.where(still, c.sent_at_ms.is_not(None))):
        sent.setdefault(row.assessment_id, set()).add(UserId(row.user_id))
    return [(each, frozenset(sent.get(each.id, ()))) for each in found]


def _read(db: Connection, which: ColumnElement[bool]) -> list[Assessment]:
    people: dict[tuple[str, str], list[UserId]] = {}
    inside = select(assessment_people).join(assessments, assessments.c.id == assessment_people.c.assessment_id)
    for row in db.execute(inside.where(which).order_by(assessment_people.c.user_id)):
        people.setdefault((row.assessment_id, row.part), []).append(UserId(row.user_id))

    def of(assessment_id: str, part: str) -> tuple[UserId, ...]:
        found: Iterable[UserId] = people.get((assessment_id, part), ())
        return tuple(sorted(found))

    return [
        Assessment(
            id=row.id,
            twinspace_id=row.twinspace_id,
            rubric_id=row.rubric_id,
            title=row.title,
            subject=row.subject,
            assessed=of(row.id, ASSESSED),
            assessors=of(row.id, ASSESSOR),
            created_by=row.created_by,
            created_at_ms=row.created_at_ms,
            reveal_at_ms=row.reveal_at_ms,
            revealed_at_ms=row.revealed_at_ms,
        )
        for row in db.execute(select(assessments).where(which).order_by(assessments.c.created_at_ms, assessments.c.id))
    ]
