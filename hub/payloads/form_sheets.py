"""Sheets that several schools fill in together."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from hub.payloads.contents import ContentRef
from hub.payloads.fields import Answer, Reply
from hub.payloads.forms import Version


class SheetRef(ContentRef):
    version: Version | None = None


class SignSheet(ContentRef):
    version: Version
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Of the answers that one saw."""


class SheetWriter(Reply):
    client_id: int
    """The Yjs client that wrote."""
    user_id: str
    display_name: str
    school_id: str


class SheetSigned(Reply):
    school_id: str
    user_id: str
    display_name: str
    signed_at_ms: int
    is_current: bool
    """Nothing was changed since."""


class Sheet(Reply):
    content_id: str
    sheet_id: str
    version: int
    answers: dict[str, Answer]
    """What would be handed in now; answers that can't be, left out."""
    faults: dict[str, str]
    """Question id → why its answer can't be handed in."""
    digest: str
    school_ids: list[str]
    """Whose word it takes."""
    signed: list[SheetSigned]
    submitted_at_ms: int | None
    writers: list[SheetWriter]


class SheetChanged(Reply):
    content_id: str
    version: int
    submitted: bool
