"""What was chosen in the polls of a wall's cards, in numbers: small ones, and what would tell them, are hidden."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from hub.context import Context
from hub.form_cells import hide_small
from hub.payloads.form_results import Count
from storage.records import CardVote, ContentId, SchoolId


async def votes_by_card(context: Context, content_id: ContentId) -> dict[str, list[CardVote]]:
    given: dict[str, list[CardVote]] = defaultdict(list)
    for vote in await context.storage.cards.votes(content_id):
        given[vote.card_id].append(vote)
    return given


def count_choices(options: list[str], votes: Iterable[CardVote]) -> list[Count]:
    """With small cells, and those from which they could be worked out, hidden."""
    counted: list[Counter[SchoolId]] = [Counter() for _ in options]
    voted = [vote for vote in votes if vote.option < len(options)]
    schools = sorted({vote.school_id for vote in voted})
    for vote in voted:
        counted[vote.option][vote.school_id] += 1
    shown = hide_small([{school: row[school] for school in schools} for row in counted])
    return [
        Count(value=str(place), label=option, total=total, by_school=by_school)
        for place, (option, (by_school, total)) in enumerate(zip(options, shown, strict=True))
    ]
