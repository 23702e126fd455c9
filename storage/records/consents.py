"""The consent ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.records.ids import UserId

Purpose = Literal[
    "account", "live_voice", "live_camera", "recording", "image_public", "first_name_to_partner", "external_tool"
]
"""What somebody may consent to, each apart from the others."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry of the ledger: it is never changed; what holds is the newest entry of its purpose."""

    user_id: UserId
    seq: int
    """1, 2, 3 … of this user, without a hole."""
    purpose: Purpose
    granted: bool
    """False: refused, or withdrawn."""
    given_by: str
    """`guardian`, or `self` where the country's law lets them consent themselves."""
    how: str
    """`paper`, `in_person`, `online`"""
    given_on: str
    """ISO 8601 date: when it was said, which may be days before somebody wrote it down here."""
    until_ms: int | None
    """None: until it is withdrawn."""
    own_age: int
    """From which age the country lets pupils consent themselves, as it was known when this was written."""
    recorded_by: UserId
    recorded_at_ms: int
