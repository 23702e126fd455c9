"""A statement that runs often: compiled once, and on SQLite given to the driver without SQLAlchemy's part of the way.

That part cost ten times what SQLite does for a row found by its key. The columns' types still say how values are kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.sql.compiler import SQLCompiler

RELIED_ON = ("_result_columns", "positiontup", "post_compile_params", "params", "binds")
"""Of SQLAlchemy's compiler, of which the first is not documented: pinned to a minor version, and tried by name."""

_Process = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    binds: tuple[tuple[str, _Process, Any], ...]
    """Name, how the driver wants it, and what it is unless the caller says."""
    results: tuple[_Process, ...]
    is_plain: bool
    """The rows are the record's values as the driver gives them."""


class Prepared:
    """`statement` names with `bindparam` what changes from run to run; lists of unknown length are not possible."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: _Compiled | None = None

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Run it in the connection's transaction."""
        if connection.dialect.name != "sqlite":
            result = connection.execute(self._statement, values)
            return [tuple(row) for row in result] if result.returns_rows else []
        compiled = self._compiled or self._compile(connection)
        given = [
            process(values.get(name, default)) if process is not None else values.get(name, default)
            for name, process, default in compiled.binds
        ]
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        found: list[tuple[Any, ...]] = driver.execute(compiled.text, given).fetchall()
        if compiled.is_plain:
            return found
        return [
            tuple(
                process(value) if process is not None else value
                for process, value in zip(compiled.results, row, strict=True)
            )
            for row in found
        ]

    def _compile(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        compiler: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        assert isinstance(compiler, SQLCompiler) and not compiler.post_compile_params

        def bind(name: str) -> tuple[str, _Process, Any]:
            parameter = compiler.binds[name]
            process = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            return name, process, compiler.params.get(name)

        columns = compiler._result_columns
        results = tuple(column[3].dialect_impl(dialect).result_processor(dialect, None) for column in columns)
        self._compiled = _Compiled(
            compiler.string,
            tuple(bind(name) for name in compiler.positiontup or ()),
            results,
            all(process is None for process in results),
        )
        return self._compiled
