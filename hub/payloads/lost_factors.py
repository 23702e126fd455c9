"""Taking away a second factor that its owner has lost."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from hub.payloads.fields import STORABLE, Payload
from hub.payloads.registrations import Email


class ResetFactors(Payload):
    email: Email
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True), STORABLE]
    """How one made sure that it is they: it is sent with the letter."""
