"""What was taken out of kept things for good."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Redaction:
    """A blob that a snapshot's tree names is no more: its hash stays in the tree, so that the chain still proves it."""

    blob: str
    """The hash in the tree."""
    copy: str | None
    """The hash of the blob that holds what is left; None: nothing is."""
    redacted_at_ms: int
