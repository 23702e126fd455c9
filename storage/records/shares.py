"""Links by which people see what is open to them who are no members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import TwinspaceId, UserId

ShareId = NewType("ShareId", str)
ShareAudience = Literal["families", "inspection", "public"]


@dataclass(frozen=True, slots=True)
class Share:
    id: ShareId
    twinspace_id: TwinspaceId
    audience: ShareAudience
    secret_hash: bytes
    title: str
    made_by: UserId
    created_at_ms: int
    expires_at_ms: int | None = None
    revoked_at_ms: int | None = None
    address: str = ""
    """The public page's, which is no secret; empty for the others, whose secret is shown once."""
    seal: str = ""
    """The hash of what was open to the inspection when the link was made, which is what it goes on showing."""
