"""Which posts, threads and messages somebody has taken out of sight."""

from __future__ import annotations

from collections.abc import Sequence

from hub.context import Context
from storage.records import TwinspaceId


async def hidden_among(
    context: Context, twinspace_id: TwinspaceId | None, kind: str, subject_ids: Sequence[str]
) -> frozenset[str]:
    """Which of these somebody has hidden: the TwinSpace's teachers, or at large (None) a support service."""
    if twinspace_id is None:
        return await context.storage.help_desk.hidden_among(kind, subject_ids)
    return (await context.storage.safety.hidden_ids(twinspace_id, kind)).intersection(subject_ids)
