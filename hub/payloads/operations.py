"""What watches the hub: health, readiness, metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from hub.payloads.fields import Reply


class Health(Reply):
    status: Literal["ok"]


class Readiness(Reply):
    status: Literal["ok", "unavailable"]
    storage: bool
    media: bool


class Text(Reply):
    """A reply that is not JSON made from a model: sent as it is."""

    content_type: str
    text: str


class Download(Reply):
    """A reply that is a file, to be kept by who asked for it."""

    content_type: str
    filename: str
    content: bytes


class StoredFile(Reply):
    """A reply that lies on the disk and may be large: sent in pieces, from any byte on."""

    content_type: str
    filename: str
    path: Path
    is_shown: bool = False
    """Whether a browser may show it; else it keeps it as a file."""
