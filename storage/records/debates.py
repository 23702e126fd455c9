"""Structured debates: a motion, two sides, turns, and a vote before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import TwinspaceId, UserId

DebateId = NewType("DebateId", str)
DebateState = Literal["before", "speaking", "after", "closed"]
"""`before` and `after`: the vote is open; `speaking`: turns are taken."""
Side = Literal["for", "against"]
Choice = Literal["for", "against", "undecided"]
Ballot = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Debate:
    id: DebateId
    twinspace_id: TwinspaceId
    motion: str
    turn_s: int
    """How long one may speak."""
    state: DebateState
    created_by: UserId
    created_at_ms: int
    closed_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    debate_id: DebateId
    seq: int
    user_id: UserId
    side: Side
    asked_at_ms: int
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
