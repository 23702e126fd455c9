"""Writes many appends in few statements of SQLite.

The driver lets go of the interpreter's lock at every step of a statement, and takes it again after up to 5 ms while the
event loop is busy. So a batch is a handful of statements, not one per update.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from storage.sql.append import Append, bindings, counts

_COLUMNS = 5
_MOST_ROWS = 1000
_COUNTED_ROWS = 64
"""Up to so many rows every number has a statement of its own; the driver keeps 256 of them prepared."""

_RESERVE = """
INSERT INTO doc_heads (content_id, last_seq) SELECT key, value FROM json_each(?) WHERE true
ON CONFLICT (content_id) DO UPDATE SET last_seq = last_seq + excluded.last_seq
RETURNING content_id, last_seq
"""
_BIND = "INSERT OR IGNORE INTO doc_writers (content_id, client_id, user_id) VALUES (?,?,?)"
_INSERT = {
    rows: "INSERT INTO doc_log (content_id, seq, data, user_id, written_at_ms) VALUES "
    + ",".join(["(?,?,?,?,?)"] * rows)
    for rows in (*range(1, _COUNTED_ROWS + 1), _MOST_ROWS)
}
"""SQLite allows 32,766 values in one statement."""


def write_appends(connection: sqlite3.Connection, appends: Sequence[Append]) -> list[int]:
    """Write them in the open transaction and return the last seq of each."""
    needed = counts(appends)
    heads = dict(connection.execute(_RESERVE, (json.dumps(needed),)).fetchall())
    next_seq = {content_id: heads[content_id] - count + 1 for content_id, count in needed.items()}

    values: list[object] = []
    last_seqs: list[int] = []
    for append in appends:
        seq = next_seq[append.content_id]
        for update, user_id in append.entries:
            values += (append.content_id, seq, update, user_id, append.at_ms)
            seq += 1
        next_seq[append.content_id] = seq
        last_seqs.append(seq - 1)

    start = 0
    while left := (len(values) - start) // _COLUMNS:
        rows = _MOST_ROWS if left >= _MOST_ROWS else min(left, _COUNTED_ROWS)
        end = start + rows * _COLUMNS
        connection.execute(_INSERT[rows], values[start:end])
        start = end
    if bound := bindings(appends):
        connection.executemany(_BIND, bound)
    return last_seqs
