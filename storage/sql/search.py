"""The search index on SQLite (FTS5) and PostgreSQL (tsvector). Both are given folded words, so both find the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.records import SearchEntry, SearchKind, SearchScope, Sight, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.prepared import Prepared
from storage.sql.rows import columns, many, values
from storage.sql.tables import hidden_things, search_entries
from storage.sql.visibility import hidden_ids, visible
from storage.words import Term, folded_words, terms_of

_TITLE_GAP = 16
"""Between title and text, so that no phrase reaches from one into the other."""
_TOP_POSITION = 16_383
"""PostgreSQL counts no further; words behind it are found, but no phrases there."""


class SqlSearch:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, entries: Sequence[SearchEntry]) -> None:
        # Folding is work for this thread, not for the one that holds the write lock.
        folded = [(entry, folded_words(entry.title), folded_words(entry.text)) for entry in entries]

        def work(db: Connection) -> None:
            upsert, forget, index = _POSTGRES if _is_postgres(db) else _SQLITE
            for entry, title, body in folded:
                ((number,),) = upsert.rows(db, **values(entry))
                forget.rows(db, number=number)
                index.rows(db, number=number, **_indexed(db, title, body))

        if folded:
            await self._database.write(work)

    async def erase(self, kind: SearchKind, entry_id: str) -> None:
        await self._erase(and_(search_entries.c.kind == kind, search_entries.c.id == entry_id))

    async def erase_item(self, item_id: str) -> None:
        await self._erase(search_entries.c.item_id == item_id)

    async def erase_author(self, user_id: UserId) -> None:
        await self._erase(search_entries.c.created_by == user_id)

    async def clear(self) -> None:
        await self._erase(search_entries.c.number.is_not(None))

    async def _erase(self, which: ColumnElement[bool]) -> None:
        def work(db: Connection) -> None:
            if not _is_postgres(db):
                # What is freed is overwritten with zeros from now on.
                db.execute(text("PRAGMA secure_delete=ON"))
            # Of the old text nothing stays, not even in the room that the row leaves.
            db.execute(update(search_entries).where(which).values(title="", text="", facets=()))
            numbers = list(db.execute(select(search_entries.c.number).where(which)).scalars())
            if not numbers:
                return
            _forget(db, numbers)
            db.execute(delete(search_entries).where(which))
            if not _is_postgres(db):
                # FTS5 only marks words as deleted until its parts are merged.
                db.execute(text("INSERT INTO search_index (search_index) VALUES ('optimize')"))

        await self._database.write(work)

    async def find(
        self,
        query: str,
        scope: SearchScope,
        kind: SearchKind,
        *,
        facets: Sequence[str] = (),
        twinspace_id: TwinspaceId | None = None,
        limit: int,
        offset: int = 0,
    ) -> list[SearchEntry]:
        terms = terms_of(query)
        if query.strip() and not terms:
            return []
        c = search_entries.c
        statement = columns(search_entries, SearchEntry).where(
            c.kind == kind, or_(c.until_ms.is_(None), c.until_ms > scope.now_ms), _visible(scope), ~_hidden()
        )
        if twinspace_id is not None:
            statement = statement.where(c.twinspace_id == twinspace_id)
        for facet in facets:
            statement = statement.where(type_coerce(c.facets, Text).contains(f'"{facet}"', autoescape=True))

        def work(db: Connection) -> list[SearchEntry]:
            asked = _match(db, statement, terms) if terms else statement
            page = asked.order_by(c.at_ms.desc(), c.id).limit(limit).offset(offset)
            return many(db, SearchEntry, page)

        return await self._database.read(work)

    async def times(self, kind: SearchKind, twinspace_id: TwinspaceId) -> dict[str, int]:
        statement = select(search_entries.c.id, search_entries.c.at_ms).where(*_of(kind, twinspace_id))
        return await self._database.read(lambda db: {row.id: row.at_ms for row in db.execute(statement)})

    async def newest_at_ms(self, kind: SearchKind, twinspace_id: TwinspaceId) -> int:
        statement = select(func.max(search_entries.c.at_ms)).where(*_of(kind, twinspace_id))
        return await self._database.read(lambda db: db.execute(statement).scalar() or 0)


def _of(kind: SearchKind, twinspace_id: TwinspaceId) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return search_entries.c.kind == kind, search_entries.c.twinspace_id == twinspace_id


def _visible(scope: SearchScope) -> ColumnElement[bool]:
    """The rung of the entry, and that of the item it speaks of as it is now."""
    c = search_entries.c
    together: dict[Sight, list[TwinspaceId]] = {}
    for twinspace_id, sight in scope.sights.items():
        together.setdefault(sight, []).append(twinspace_id)
    ways: list[ColumnElement[bool]] = [c.twinspace_id.is_(None)] if scope.at_large else []
    for sight, twinspace_ids in together.items():
        unhidden = [c.item_id.not_in(hidden_ids(twinspace_id, sight)) for twinspace_id in sorted(twinspace_ids)]
        of_item = or_(c.item_id.is_(None), and_(*unhidden))
        ways.append(and_(c.twinspace_id.in_(sorted(twinspace_ids)), visible(search_entries, sight), of_item))
    return or_(*ways) if ways else false()


def _hidden() -> Exists:
    """Somebody took it, or the item it speaks of, out of sight."""
    c, h = search_entries.c, hidden_things.c
    message_id = h.twinspace_id.concat(":").concat(h.subject_id)
    is_it = or_(
        and_(h.kind == "message", c.kind == "message", c.id == message_id),
        and_(h.kind != "message", or_(h.subject_id == c.item_id, h.subject_id == c.id)),
    )
    return exists().where(h.twinspace_id == c.twinspace_id, is_it)


def _is_postgres(db: Connection) -> bool:
    return db.dialect.name == "postgresql"


def _forget(db: Connection, numbers: Sequence[int]) -> None:
    _, forget, _ = _POSTGRES if _is_postgres(db) else _SQLITE
    for number in numbers:
        forget.rows(db, number=number)


def _upsert(insert: Any) -> Prepared:
    names = [column.name for column in search_entries.c if column.name != "number"]
    written = insert(search_entries).values({name: bindparam(name) for name in names})
    anew = written.on_conflict_do_update(
        index_elements=["kind", "id"], set_={name: written.excluded[name] for name in names}
    )
    return Prepared(anew.returning(search_entries.c.number))


_POSTGRES = (
    _upsert(postgres_insert),
    Prepared(text("DELETE FROM search_index WHERE number = :number")),
    Prepared(text("INSERT INTO search_index (number, words) VALUES (:number, CAST(:words AS tsvector))")),
)
_SQLITE = (
    _upsert(sqlite_insert),
    Prepared(text("DELETE FROM search_index WHERE rowid = :number")),
    Prepared(text("INSERT INTO search_index (rowid, title, text) VALUES (:number, :title, :text)")),
)
"""Write an entry anew, take its words out of the index, put them in."""


def _indexed(db: Connection, title: Sequence[str], body: Sequence[str]) -> dict[str, str]:
    return {"words": _vector(title, body)} if _is_postgres(db) else {"title": " ".join(title), "text": " ".join(body)}


def _match(db: Connection, statement: Select[Any], terms: Sequence[Term]) -> Select[Any]:
    """Only what holds all terms, best first."""
    if _is_postgres(db):
        return (
            statement.join(text("search_index"), text("search_index.number = search_entries.number"))
            .where(text("search_index.words @@ CAST(:query AS tsquery)"))
            .order_by(text("ts_rank('{0.1, 0.1, 0.1, 0.8}', search_index.words, CAST(:query AS tsquery), 1) DESC"))
            .params(query=_tsquery(terms))
        )
    return (
        statement.join(text("search_index"), text("search_index.rowid = search_entries.number"))
        .where(text("search_index MATCH :query"))
        .order_by(text("bm25(search_index, 8.0, 1.0)"))
        .params(query=_fts5_query(terms))
    )


# Words hold letters and digits alone, so nothing in them has a meaning in the databases' languages.


def _fts5_query(terms: Sequence[Term]) -> str:
    def shown(term: Term) -> str:
        return f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'

    wanted = " AND ".join(shown(term) for term in terms if not term.is_excluded)
    return f"({wanted})" + "".join(f" NOT {shown(term)}" for term in terms if term.is_excluded)


def _tsquery(terms: Sequence[Term]) -> str:
    def shown(term: Term) -> str:
        words = [f"'{word}'" for word in term.words]
        words[-1] += ":*" if term.is_prefix else ""
        return f"{'!' if term.is_excluded else ''}({' <-> '.join(words)})"

    return " & ".join(shown(term) for term in terms)


def _vector(title: Sequence[str], body: Sequence[str]) -> str:
    places: dict[str, list[str]] = {}
    for at, word in enumerate(title, 1):
        places.setdefault(word, []).append(f"{min(at, _TOP_POSITION)}A")
    for at, word in enumerate(body, len(title) + _TITLE_GAP):
        places.setdefault(word, []).append(f"{min(at, _TOP_POSITION)}")
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())
