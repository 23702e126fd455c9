"""A release of SQLAlchemy that renames what prepared statements rely on fails here, by name, and not in a lesson."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from storage.sql.prepared import RELIED_ON, Prepared


def test_the_compiler_still_has_what_prepared_statements_rely_on() -> None:
    compiler = sa.select(sa.literal(1)).compile(dialect=sqlite.dialect())
    missing = [name for name in RELIED_ON if not hasattr(compiler, name)]
    assert not missing, f"SQLAlchemy's compiler has no {', '.join(missing)} any more: see storage/sql/prepared.py"


def test_a_prepared_statement_gives_what_the_library_itself_gives() -> None:
    """Types of both ways: what is bound is written as the column keeps it, what comes back is read as such."""
    metadata = sa.MetaData()
    things = sa.Table(
        "things", metadata, sa.Column("id", sa.Integer), sa.Column("said", sa.JSON), sa.Column("is_kept", sa.Boolean)
    )
    add = sa.insert(things).values(id=sa.bindparam("id"), said=sa.bindparam("said"), is_kept=sa.bindparam("is_kept"))
    find = sa.select(things.c.id, things.c.said, things.c.is_kept).where(things.c.is_kept == sa.bindparam("is_kept"))
    engine = sa.create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            metadata.create_all(connection)
            prepared = Prepared(add)
            prepared.rows(connection, id=1, said={"a": [1, "ż"]}, is_kept=True)
            prepared.rows(connection, id=2, said=None, is_kept=False)
            for is_kept in (True, False):
                plain = [tuple(row) for row in connection.execute(find, {"is_kept": is_kept})]
                assert Prepared(find).rows(connection, is_kept=is_kept) == plain != []
    finally:
        engine.dispose()
