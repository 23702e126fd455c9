"""Structured debates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.payloads.fields import Id, Payload, Reply, Title
from hub.payloads.forum import PostNumber
from storage.records import Ballot, Choice, DebateState, Side


class OpenDebate(Payload):
    twinspace_id: Id
    motion: Title
    turn_s: Annotated[int, Field(ge=15, le=900)] = 120


class DebateRef(Payload):
    debate_id: Id


class MoveDebate(DebateRef):
    former: DebateState
    """What the page showed: of two who move it on at once one is told to look again."""
    state: DebateState


class CastVote(DebateRef):
    ballot: Ballot
    choice: Choice


class AskTurn(DebateRef):
    side: Side


class TurnRef(DebateRef):
    seq: PostNumber


class Turn(Reply):
    seq: int
    user_id: str
    display_name: str
    school_id: str
    side: Side
    started_at_ms: int | None
    ended_at_ms: int | None


class Tally(Reply):
    """None: fewer than five, or hidden beside such a figure."""

    votes_for: int | None
    votes_against: int | None
    undecided: int | None
    total: int | None


class DebateSummary(Reply):
    id: str
    twinspace_id: str
    motion: str
    turn_s: int
    state: DebateState
    created_by: str
    display_name: str
    created_at_ms: int
    closed_at_ms: int | None


class Debates(Reply):
    debates: list[DebateSummary]


class Debate(DebateSummary):
    turns: list[Turn]
    my_choice: Choice | None
    """In the vote that is open."""
    before: Tally | None
    """Of both votes nothing is told until the debate is closed."""
    after: Tally | None
    now_ms: int
    """The hub's clock, by which turns are timed."""


class DebateChanged(Reply):
    """Look again."""

    debate_id: str
    twinspace_id: str
