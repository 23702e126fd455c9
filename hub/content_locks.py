"""Keeps members from writing a content for a while: all who don't moderate, or single ones, on every door.

What a session of theirs sends from then on is refused (rule CB5); what they wrote before stays.
"""

from __future__ import annotations

from hub.access import Access, Act
from hub.context import Context
from storage.records import ContentId, ContentLock, UserId


def holds(lock: ContentLock, user_id: UserId, *, moderates: bool) -> bool:
    """Whether this member only reads for now."""
    return not moderates and (lock.is_locked or user_id in lock.held)


async def is_locked_for(context: Context, access: Access, content_id: ContentId) -> bool:
    lock = await context.storage.seals.lock(content_id)
    return holds(lock, access.user.id, moderates=access.may(Act.MODERATE))
