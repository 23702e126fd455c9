"""Who the ids in a reply belong to: each user and school is read once per reply."""

from __future__ import annotations

from collections.abc import Iterable

from storage.ports import Storage
from storage.records import School, SchoolId, User, UserId


async def read_users(storage: Storage, user_ids: Iterable[UserId]) -> dict[UserId, User]:
    return {user_id: await storage.users.get_user(user_id) for user_id in dict.fromkeys(user_ids)}


async def read_schools(storage: Storage, school_ids: Iterable[SchoolId]) -> dict[SchoolId, School]:
    return {school_id: await storage.users.get_school(school_id) for school_id in dict.fromkeys(school_ids)}
