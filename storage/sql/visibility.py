"""The visibility ladder as a condition on rows. A property test holds it to `storage.visibility.sees`."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Table,
    and_,
    false,
    func,
    not_,
    or_,
    select,
    union,
    update,
)

from storage.ports import NotFound
from storage.records import Rung, Sight, TeamId, TwinspaceId
from storage.sql.rows import columns, one
from storage.sql.tables import contents, held_meetings, materials

R = TypeVar("R")

ITEMS: tuple[Table, ...] = (contents, materials, held_meetings)
"""Every table of items: those with `visibility_columns()`. What the journal says of a hidden one is hidden with it."""


def visible(table: Table, sight: Sight) -> ColumnElement[bool]:
    """Rows of the table that the viewer sees. Never NULL, so that `not_(visible(…))` is the opposite."""
    item = table.c
    of_school = func.coalesce(item.school_id, "") == sight.school_id if sight.school_id is not None else false()
    of_team = func.coalesce(item.team_id, "").in_(sorted(sight.team_ids))
    ways = [
        item.visibility.in_(sorted(sight.rungs)),
        and_(item.visibility == "team", or_(of_team, of_school)),
        and_(item.visibility == "school", of_school),
    ]
    if sight.user_id is not None:
        ways.append(item.created_by == sight.user_id)
    return or_(*ways)


def hidden_ids(twinspace_id: TwinspaceId, sight: Sight) -> CompoundSelect[tuple[str]]:
    """The ids of the TwinSpace's items that the viewer does not see, of every table."""
    return union(
        *(
            select(table.c.id).where(table.c.twinspace_id == twinspace_id, not_(visible(table, sight)))
            for table in ITEMS
        )
    )


def set_visibility(
    table: Table, kind: type[R], item_id: str, visibility: Rung, team_id: TeamId | None, db: Connection
) -> R:
    """Returns the row as it is now. Raise NotFound when it is not there."""
    changed = update(table).where(table.c.id == item_id).values(visibility=visibility, team_id=team_id)
    if db.execute(changed).rowcount == 0:
        raise NotFound(item_id)
    return one(db, kind, columns(table, kind).where(table.c.id == item_id))
