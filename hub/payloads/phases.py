"""The life of a project: in which phase it is, what comes next, and what is missing for it."""

from __future__ import annotations

from typing import Literal

from hub.payloads.fields import Id, Payload, Reply
from storage.records import Phase

Missing = Literal["agreement", "pupils", "consents", "work", "evaluation", "plan", "code"]


class MissingThing(Reply):
    code: Missing
    count: int
    """How many: signatures, schools, pupils; 1 where there is nothing to count."""


class PhaseMove(Reply):
    former: Phase
    phase: Phase
    moved_by: str
    display_name: str
    moved_at_ms: int
    missing: list[Missing]


class Reopening(Reply):
    user_id: str
    display_name: str
    school_id: str
    asked_at_ms: int


class Life(Reply):
    twinspace_id: str
    phase: Phase
    next: Phase | None
    missing: list[MissingThing]
    """For the next phase."""
    moves: list[PhaseMove]
    reopenings: list[Reopening]
    """Who asked to open it again, while it is closed."""


class MovePhase(Payload):
    twinspace_id: Id
    former: Phase
    """In which phase the mover saw it."""
    phase: Phase
    although_missing: bool = False
    """The mover has seen what is missing."""


class AskReopening(Payload):
    twinspace_id: Id
    former: Phase


class PhaseChanged(Reply):
    """Announced: the project is in another phase; what one may do has changed."""

    twinspace_id: str
    phase: Phase
