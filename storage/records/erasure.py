"""What was taken out of kept things for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import UserId

ErasureJobId = NewType("ErasureJobId", str)
ErasureState = Literal["waiting", "working", "done"]


@dataclass(frozen=True, slots=True)
class Redaction:
    """A blob that a snapshot's tree names is no more: its hash stays in the tree, so that the chain still proves it."""

    blob: str
    """The hash in the tree."""
    copy: str | None
    """The hash of the blob that holds what is left; None: nothing is."""
    redacted_at_ms: int


@dataclass(frozen=True, slots=True)
class ErasureJob:
    """Somebody asked for an erasure; the row is there until its time is over, so that no crash forgets it."""

    id: ErasureJobId
    """Nobody can guess it: whoever has it may ask how far it is, also without the account that is gone."""
    user_id: UserId | None
    """Whom to erase; None: rewrite the files, for what was taken out already."""
    texts: bool
    """With everything that they wrote."""
    asked_by: UserId
    asked_at_ms: int
    state: ErasureState = "waiting"
    done: int = 0
    """Of a hundred."""
    taken_until_ms: int = 0
    """Until then the process that took it has it for itself."""
    ended_at_ms: int | None = None
