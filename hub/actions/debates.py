"""Structured debates: a motion, a vote, turns on two sides by the hub's clock, another vote, and what it changed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from hub.access import Access, Act, access_twinspace
from hub.actions.journal import record
from hub.context import Context, Session
from hub.debate_tally import read_tally
from hub.errors import Conflict, Invalid, NotFound
from hub.names import read_people
from hub.payloads.debates import (
    AskTurn,
    CastVote,
    Debate,
    DebateChanged,
    DebateRef,
    Debates,
    DebateSummary,
    MoveDebate,
    OpenDebate,
    Turn,
    TurnRef,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.staff_room_entries import debate_entry
from storage import ports, records
from storage.records import DebateId, DebateState, TwinspaceId, User

NEXT: dict[DebateState, DebateState] = {"before": "speaking", "speaking": "after", "after": "closed"}


async def list_debates(context: Context, session: Session, payload: TwinspaceRef) -> Debates:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    hidden = await context.storage.safety.hidden_ids(access.twinspace.id, "debate")
    found = await context.storage.debates.of_twinspace(access.twinspace.id)
    return Debates(
        debates=await _summaries(context, session.user, [debate for debate in found if debate.id not in hidden])
    )


async def open_debate(context: Context, session: Session, payload: OpenDebate) -> Debate:
    """The first vote is open from now on."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.BUILD)
    debate = records.Debate(
        DebateId(secrets.token_urlsafe(12)),
        access.twinspace.id,
        payload.motion,
        payload.turn_s,
        "before",
        session.user.id,
        context.now_ms(),
    )
    await context.storage.debates.add(debate)
    context.search_index.put(debate_entry(debate))
    await _told(context, debate)
    await record(context, debate.twinspace_id, "debate_opened", session.user, debate.id, {"title": debate.motion})
    return await _shown(context, session.user, debate)


async def read_debate(context: Context, session: Session, payload: DebateRef) -> Debate:
    _, debate = await _access(context, session, payload, Act.READ)
    return await _shown(context, session.user, debate)


async def move_debate(context: Context, session: Session, payload: MoveDebate) -> Debate:
    """One step on; there is no way back. Raise Conflict when somebody else has moved it."""
    _, debate = await _access(context, session, payload, Act.BUILD)
    if NEXT.get(payload.former) != payload.state:
        raise Invalid("A debate goes on one step at a time: before, speaking, after, closed.", field="state")
    try:
        moved = await context.storage.debates.move(debate.id, payload.former, payload.state, context.now_ms())
    except ports.Conflict:
        raise Conflict("Somebody else has moved the debate on.") from None
    await _told(context, moved)
    if moved.state == "closed":
        await record(context, moved.twinspace_id, "debate_closed", session.user, moved.id, {"title": moved.motion})
    return await _shown(context, session.user, moved)


async def cast_vote(context: Context, session: Session, payload: CastVote) -> Debate:
    """One for each person, replaced as long as the vote is open. Nobody can ask who has voted what."""
    _, debate = await _access(context, session, payload, Act.ANSWER)
    try:
        await context.storage.debates.vote(debate.id, payload.ballot, session.user.id, payload.choice)
    except ports.Conflict:
        raise Conflict("This vote is not open.") from None
    return await _shown(context, session.user, debate)


async def ask_turn(context: Context, session: Session, payload: AskTurn) -> Debate:
    """Wait for a turn on one side."""
    _, debate = await _access(context, session, payload, Act.ANSWER)
    try:
        await context.storage.debates.ask_turn(debate.id, session.user.id, payload.side, context.now_ms())
    except ports.Conflict:
        raise Conflict("You wait or speak already, or nobody takes turns now.") from None
    await _told(context, debate)
    return await _shown(context, session.user, debate)


async def drop_turn(context: Context, session: Session, payload: TurnRef) -> None:
    """Wait no longer: one's own turn, or anybody's for who leads."""
    access, debate = await _access(context, session, payload, Act.ANSWER)
    turn = await _turn(context, debate, payload.seq)
    if turn.user_id != session.user.id and not access.may(Act.BUILD):
        raise NotFound
    await context.storage.debates.drop_turn(debate.id, turn.seq)
    await _told(context, debate)


async def start_turn(context: Context, session: Session, payload: TurnRef) -> Debate:
    """Its clock runs from now on."""
    _, debate = await _access(context, session, payload, Act.BUILD)
    turn = await _turn(context, debate, payload.seq)
    try:
        await context.storage.debates.start_turn(debate.id, turn.seq, context.now_ms())
    except ports.Conflict:
        raise Conflict("Somebody is speaking.") from None
    await _told(context, debate)
    return await _shown(context, session.user, debate)


async def end_turn(context: Context, session: Session, payload: TurnRef) -> Debate:
    """By the speaker, or by who leads. A turn over its time is not cut off: the class sees it."""
    access, debate = await _access(context, session, payload, Act.ANSWER)
    turn = await _turn(context, debate, payload.seq)
    if turn.user_id != session.user.id and not access.may(Act.BUILD):
        raise NotFound
    await context.storage.debates.end_turn(debate.id, turn.seq, context.now_ms())
    await _told(context, debate)
    return await _shown(context, session.user, debate)


async def _access(context: Context, session: Session, payload: DebateRef, act: Act) -> tuple[Access, records.Debate]:
    try:
        debate = await context.storage.debates.get(DebateId(payload.debate_id))
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, session.user, debate.twinspace_id, act)
    if await context.storage.safety.is_hidden(debate.twinspace_id, "debate", debate.id):
        raise NotFound
    return access, debate


async def _turn(context: Context, debate: records.Debate, seq: int) -> records.Turn:
    for turn in await context.storage.debates.turns(debate.id):
        if turn.seq == seq:
            return turn
    raise NotFound


async def _told(context: Context, debate: records.Debate) -> None:
    changed = DebateChanged(debate_id=debate.id, twinspace_id=debate.twinspace_id)
    await context.announce.to_twinspace(debate.twinspace_id, "debate:changed", changed)


async def _summaries(context: Context, user: User, debates: Sequence[records.Debate]) -> list[DebateSummary]:
    users = await read_people(context, user, [debate.created_by for debate in debates])
    return [
        DebateSummary(
            id=debate.id,
            twinspace_id=debate.twinspace_id,
            motion=debate.motion,
            turn_s=debate.turn_s,
            state=debate.state,
            created_by=debate.created_by,
            display_name=users[debate.created_by].display_name,
            created_at_ms=debate.created_at_ms,
            closed_at_ms=debate.closed_at_ms,
        )
        for debate in debates
    ]


async def _shown(context: Context, user: User, debate: records.Debate) -> Debate:
    storage = context.storage.debates
    (summary,) = await _summaries(context, user, [debate])
    turns = await storage.turns(debate.id)
    users = await read_people(context, user, [turn.user_id for turn in turns])
    is_closed = debate.state == "closed"
    return Debate(
        **summary.model_dump(),
        turns=[
            Turn(
                seq=turn.seq,
                user_id=turn.user_id,
                display_name=users[turn.user_id].display_name,
                school_id=users[turn.user_id].school_id,
                side=turn.side,
                started_at_ms=turn.started_at_ms,
                ended_at_ms=turn.ended_at_ms,
            )
            for turn in turns
        ],
        my_choice=await storage.choice(debate.id, debate.state, user.id)
        if debate.state == "before" or debate.state == "after"
        else None,
        before=await read_tally(context, debate.id, "before") if is_closed else None,
        after=await read_tally(context, debate.id, "after") if is_closed else None,
        now_ms=context.now_ms(),
    )
