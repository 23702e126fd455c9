"""What columns are made of, the same on every database."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, MetaData, Text, TypeDecorator

from storage.text import storable


class StorableText(TypeDecorator[str]):
    """Text that every database keeps alike; refuses what only some would keep."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value as text: PostgreSQL's jsonb would refuse `\\u0000` and change numbers."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class TextList(TypeDecorator[tuple[str, ...]]):
    """A few short texts that are only read and written together."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return json.dumps([storable(each) for each in value or ()], separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(json.loads(value or "[]"))


class IntegerList(TypeDecorator[tuple[int, ...]]):
    """A few whole numbers that are only read and written together."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str:
        return json.dumps(value or (), separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...]:
        return tuple(json.loads(value or "[]"))


# Names of constraints must be the same on every database, or a later migration can't drop one.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[str]:
    return Column("id", StorableText, primary_key=True)


def text_column(name: str, *, key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, StorableText, primary_key=key, nullable=nullable)


def ref_column(name: str, target: str, *, key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, StorableText, ForeignKey(target), primary_key=key, nullable=nullable)


def time_column(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def visibility_columns() -> tuple[Column[str], Column[str], Column[str]]:
    """What the visibility ladder asks of every table of items, beside `id`, `twinspace_id` and `created_by`."""
    return (
        added_text_column("visibility", "twinspace"),
        text_column("team_id", nullable=True),
        text_column("school_id", nullable=True),
    )


def added_text_column(name: str, start: str) -> Column[str]:
    """A column that an older table was given later; `start` is what its rows had then."""
    return Column(name, StorableText, nullable=False, server_default=start)
