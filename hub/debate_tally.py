"""What a vote of a debate shows: counts, with small figures hidden."""

from __future__ import annotations

from hub.context import Context
from hub.payloads.debates import Tally
from hub.small_cells import suppress
from storage.records import Ballot, Choice, DebateId

CHOICES: tuple[Choice, ...] = ("for", "against", "undecided")


async def read_tally(context: Context, debate_id: DebateId, ballot: Ballot) -> Tally:
    """Small figures hidden, so that nobody can work out what one person chose."""
    counted = await context.storage.debates.tally(debate_id, ballot)
    cells, total = suppress({choice: counted.get(choice, 0) for choice in CHOICES})
    return Tally(votes_for=cells["for"], votes_against=cells["against"], undecided=cells["undecided"], total=total)
