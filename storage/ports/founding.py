"""How a project is agreed on, and the steps of its life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import (
    Founding,
    KeptAgreement,
    Phase,
    PhaseMove,
    Reopening,
    Signature,
    TwinspaceId,
    UserId,
    Verdict,
)


class Foundings(Protocol):
    """Projects as two teachers propose, sign and open them. Signatures and verdicts are never changed."""

    async def add(self, founding: Founding) -> None: ...
    async def get(self, twinspace_id: TwinspaceId) -> Founding: ...
    async def change(self, founding: Founding) -> None:
        """Replace what may be edited: everything but the ids and when it was proposed."""
        ...

    async def of_user(self, user_id: UserId) -> list[Founding]:
        """Proposed by or to the user, newest first."""
        ...

    async def unopened(self) -> list[Founding]:
        """Those whose TwinSpace is in the phase `founding`, oldest first."""
        ...

    async def sign(self, signature: Signature) -> bool:
        """Returns whether it is new: the same founder signs the same text once."""
        ...

    async def signatures(self, twinspace_id: TwinspaceId) -> list[Signature]:
        """Oldest first."""
        ...

    async def kept_agreement(self, twinspace_id: TwinspaceId) -> tuple[int, KeptAgreement | None]:
        """How far the log of the agreement's text goes now, and what was kept last. Raise NotFound."""
        ...

    async def keep_agreement(self, kept: KeptAgreement) -> None:
        """In place of what was kept before."""
        ...

    async def decide(
        self,
        twinspace_id: TwinspaceId,
        *,
        agreement: str,
        country: str,
        decided_by: UserId,
        approved: bool,
        reason: str,
        at_ms: int,
    ) -> Verdict: ...
    async def verdicts(self, twinspace_id: TwinspaceId) -> list[Verdict]:
        """Oldest first."""
        ...


class Phases(Protocol):
    """The life of projects."""

    async def move(
        self,
        twinspace_id: TwinspaceId,
        *,
        former: Phase,
        phase: Phase,
        moved_by: UserId,
        missing: Sequence[str],
        at_ms: int,
    ) -> PhaseMove:
        """Set the phase, raise every member's epoch and forget who asked to reopen, together.

        Raise Conflict when the TwinSpace is not in the phase `former`: of two moves at once one wins.
        """
        ...

    async def moves(self, twinspace_id: TwinspaceId) -> list[PhaseMove]:
        """Oldest first."""
        ...

    async def ask_reopening(self, reopening: Reopening) -> None:
        """A second request of the same user changes nothing."""
        ...

    async def reopenings(self, twinspace_id: TwinspaceId) -> list[Reopening]:
        """Oldest first."""
        ...
