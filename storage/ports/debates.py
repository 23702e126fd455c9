"""Structured debates."""

from __future__ import annotations

from typing import Protocol

from storage.records import Ballot, Choice, Debate, DebateId, DebateState, Side, Turn, TwinspaceId, UserId


class Debates(Protocol):
    async def add(self, debate: Debate) -> None: ...
    async def get(self, debate_id: DebateId) -> Debate: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Debate]:
        """Newest first."""
        ...

    async def move(self, debate_id: DebateId, former: DebateState, state: DebateState, at_ms: int) -> Debate:
        """A running turn ends with it. Raise Conflict when it is not in the state `former`."""
        ...

    async def ask_turn(self, debate_id: DebateId, user_id: UserId, side: Side, at_ms: int) -> Turn:
        """Raise Conflict when the user waits or speaks already, or nobody may speak now."""
        ...

    async def drop_turn(self, debate_id: DebateId, seq: int) -> None:
        """Raise NotFound unless it waits."""
        ...

    async def start_turn(self, debate_id: DebateId, seq: int, at_ms: int) -> Turn:
        """Raise Conflict while somebody speaks, NotFound unless it waits."""
        ...

    async def end_turn(self, debate_id: DebateId, seq: int, at_ms: int) -> Turn:
        """Raise NotFound unless it runs."""
        ...

    async def turns(self, debate_id: DebateId) -> list[Turn]:
        """In the order in which they were asked for."""
        ...

    async def vote(self, debate_id: DebateId, ballot: Ballot, user_id: UserId, choice: Choice) -> None:
        """One for each person: another one replaces it. Raise Conflict when this vote is not open."""
        ...

    async def choice(self, debate_id: DebateId, ballot: Ballot, user_id: UserId) -> Choice | None: ...
    async def tally(self, debate_id: DebateId, ballot: Ballot) -> dict[Choice, int]:
        """How often each choice was made; those nobody made are left out."""
        ...
