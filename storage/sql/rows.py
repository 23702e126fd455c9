"""From rows to records. A table's columns are named like the record's fields, so no mapping is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, func, insert, select

from storage.ports import NotFound

R = TypeVar("R")


def columns(table: Table, kind: type[R]) -> Select[Any]:
    """`SELECT` of the record's fields, in their order."""
    return select(*(table.c[field.name] for field in fields(kind)))  # type: ignore[arg-type]


def one(connection: Connection, kind: type[R], statement: Select[Any]) -> R:
    """Raise NotFound when there is no such row."""
    row = connection.execute(statement).first()
    if row is None:
        raise NotFound(kind.__name__)
    return kind(*row)


def many(connection: Connection, kind: type[R], statement: Select[Any]) -> list[R]:
    return [kind(*row) for row in connection.execute(statement)]


def values(record: Any) -> dict[str, Any]:
    """Column values of a record; not `asdict`, which would copy JSON values through and through."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def add(table: Table, record: Any, **more: Any) -> Callable[[Connection], None]:
    """Work that inserts the record."""

    def work(connection: Connection) -> None:
        connection.execute(insert(table).values(**values(record), **more))

    return work


def last_seq(connection: Connection, seq: Column[int], owner: Column[str], owner_id: str) -> int:
    """The greatest seq of the owner's rows, 0 when there are none; the caller holds the owner's lock."""
    return connection.execute(select(func.max(seq)).where(owner == owner_id)).scalar() or 0


def lock(connection: Connection, row: ColumnElement[bool], key: Column[Any]) -> None:
    """Hold the row until the transaction ends, so that one writer at a time hands out its next seq.

    Raise NotFound when it is not there. On PostgreSQL `FOR NO KEY UPDATE`: others may point to the row meanwhile;
    on SQLite there is one writer anyway.
    """
    if connection.execute(select(key).where(row).with_for_update(key_share=True)).first() is None:
        raise NotFound(key.table.name)
