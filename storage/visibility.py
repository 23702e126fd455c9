"""The rule of the visibility ladder, as a pure function; `storage.sql.visibility` says the same to a database."""

from __future__ import annotations

from storage.records import Item, Sight


def sees(sight: Sight, item: Item) -> bool:
    if item.created_by == sight.user_id or item.visibility in sight.rungs:
        return True
    is_of_school = sight.school_id is not None and item.school_id == sight.school_id
    match item.visibility:
        case "team":
            return item.team_id in sight.team_ids or is_of_school
        case "school":
            return is_of_school
        case _:
            return False
