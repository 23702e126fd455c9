"""The code of conduct of a TwinSpace, and which school accepts it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.ids import ContentId, SchoolId, TwinspaceId, UserId


@dataclass(frozen=True, slots=True)
class Code:
    """Which document of the TwinSpace is its code of conduct."""

    twinspace_id: TwinspaceId
    content_id: ContentId


@dataclass(frozen=True, slots=True)
class CodeAcceptance:
    """A school accepts the text with this hash; another text has to be accepted anew."""

    twinspace_id: TwinspaceId
    school_id: SchoolId
    text_hash: str
    user_id: UserId
    accepted_at_ms: int
