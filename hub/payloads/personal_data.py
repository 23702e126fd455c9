"""What there is about a person: to take along, and to erase."""

from __future__ import annotations

from typing import Literal

from hub.payloads.fields import Id, Payload, Reply

CopyState = Literal["none", "working", "ready", "failed"]


class ErasePupil(Payload):
    user_id: Id
    texts: bool = True
    """False: the account and the name go, what was written stays under `a former pupil of …`."""


class CopyOf(Payload):
    user_id: Id


class PersonalCopy(Reply):
    """A copy of everything about one person, as a ZIP file that can be fetched once."""

    state: CopyState
    done: int
    """Of a hundred."""
    size_bytes: int
    asked_at_ms: int | None
