"""The life of a project: move it on, close it on every channel at once, open it again by two schools."""

from __future__ import annotations

from hub.access import Access, Act, access_twinspace, acts_of
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Conflict, HubError, Invalid
from hub.notices import notify
from hub.payloads.phases import AskReopening, Life, MovePhase, PhaseChanged, PhaseMove, Reopening
from hub.payloads.snapshots import Snapshot
from hub.payloads.twinspaces import TwinspaceRef
from hub.phases import NEXT, REOPENED, SHUT, missing_for
from hub.roster import read_users
from hub.snapshots import take
from storage import ports, records
from storage.records import Phase, Twinspace, TwinspaceId, User

SAID = {
    "agreement": "the agreement is not signed by both as it is now",
    "pupils": "a school has no pupils here yet",
    "consents": "consents are not written down for every pupil",
    "plan": "there is no work plan yet",
    "code": "a school has not accepted the code of conduct as it is now",
    "work": "there is no document, wall or form yet",
    "evaluation": "no form has been answered",
}


async def read_life(context: Context, session: Session, payload: TwinspaceRef) -> Life:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    return await _shown(context, access.twinspace.id)


async def move_phase(context: Context, session: Session, payload: MovePhase) -> Life:
    """Move the project on by one phase; everything is kept under a name as it was at that moment.

    Raise Conflict when it is in another phase than the mover saw, or when something is missing that the mover did not
    say to have seen.
    """
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.STEER)
    twinspace = access.twinspace
    _check_seen(twinspace, payload.former)
    if NEXT.get(twinspace.phase) != payload.phase:
        raise Invalid(f"After “{twinspace.phase}” comes “{NEXT.get(twinspace.phase, 'nothing')}”.", field="phase")
    missing = await missing_for(context, twinspace, payload.phase)
    if missing and not payload.although_missing:
        said = "; ".join(SAID[thing.code] for thing in missing)
        raise Conflict(f"Something is still missing: {said}.", field="although_missing")
    await _move(context, twinspace, payload.phase, session.user, [thing.code for thing in missing])
    return await _shown(context, twinspace.id)


async def ask_reopening(context: Context, session: Session, payload: AskReopening) -> Life:
    """Ask to open a closed project again; it opens when teachers of two schools have asked."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.STEER)
    twinspace = access.twinspace
    _check_seen(twinspace, payload.former)
    if twinspace.phase not in SHUT:
        raise Invalid(f"The project is not closed: it is “{twinspace.phase}”.", field="former")
    asked = records.Reopening(twinspace.id, session.user.id, session.user.school_id, context.now_ms())
    await context.storage.phases.ask_reopening(asked)
    await record(context, twinspace.id, "reopening_asked", session.user, twinspace.id, {"title": twinspace.title})
    asking = await _still_steering(context, access)
    if len({each.school_id for each in asking}) > 1:
        try:
            await _move(context, twinspace, REOPENED, session.user, [])
        except Conflict:
            pass  # The other school asked at the same instant and opened it.
    return await _shown(context, twinspace.id)


async def _still_steering(context: Context, access: Access) -> list[records.Reopening]:
    """Requests of those who may steer the project now: one who was removed meanwhile doesn't count."""
    members = {member.user_id: member for member in await context.storage.twinspaces.members(access.twinspace.id)}
    return [
        asked
        for asked in await context.storage.phases.reopenings(access.twinspace.id)
        if asked.user_id in members and Act.STEER in acts_of(members[asked.user_id].role, access.twinspace.phase)
    ]


def _check_seen(twinspace: Twinspace, former: Phase) -> None:
    if twinspace.phase != former:
        raise Conflict(f"Somebody moved the project in the meantime: it is “{twinspace.phase}” now.", field="former")


async def _move(context: Context, twinspace: Twinspace, phase: Phase, user: User, missing: list[str]) -> None:
    """Move, make everything that is open obey, then keep everything. Raise Conflict when somebody was quicker."""
    phases = context.storage.phases
    try:
        await phases.move(
            twinspace.id,
            former=twinspace.phase,
            phase=phase,
            moved_by=user.id,
            missing=missing,
            at_ms=context.now_ms(),
        )
    except ports.Conflict as error:
        raise Conflict(f"Somebody moved the project in the meantime. {error}", field="former") from None
    await _make_open_things_obey(context, twinspace.id, phase)
    # Kept after the move: what a closed project holds can't change between the snapshot and its end.
    try:
        taken, content_count = await take(context, twinspace.id, phase, user, cause="phase")
    except (HubError, ports.StorageError):
        await phases.move(
            twinspace.id,
            former=phase,
            phase=twinspace.phase,
            moved_by=user.id,
            missing=[],
            at_ms=context.now_ms(),
        )
        raise
    await context.announce.to_twinspace(
        twinspace.id, "phase:changed", PhaseChanged(twinspace_id=twinspace.id, phase=phase)
    )
    await context.announce.to_twinspace(twinspace.id, "snapshot:taken", Snapshot.of(taken, content_count))
    await _notify(context, twinspace, phase, user)
    details = {"title": twinspace.title, "former": twinspace.phase, "phase": phase, "missing": missing}
    await record(context, twinspace.id, "phase_moved", user, twinspace.id, details)


async def _notify(context: Context, twinspace: Twinspace, phase: Phase, user: User) -> None:
    members = await context.storage.twinspaces.members(twinspace.id)
    others = [member.user_id for member in members if member.user_id != user.id]
    details = {"title": twinspace.title, "phase": phase, "by": user.display_name}
    await notify(context, others, "phase", subject_id=twinspace.id, details=details, twinspace_id=twinspace.id)


async def _make_open_things_obey(context: Context, twinspace_id: TwinspaceId, phase: Phase) -> None:
    """Documents and meetings of this process, now; those of others follow the stored row within a second."""
    await context.live_docs.reauthorise(None, twinspace_id)
    members = {member.user_id: member for member in await context.storage.twinspaces.members(twinspace_id)}
    rooms = {room.id for room in await context.storage.twinspaces.rooms(twinspace_id)}
    for room_id, user_id in context.live_rooms.roster.places():
        member = members.get(user_id)
        if room_id in rooms and (member is None or Act.MEET not in acts_of(member.role, phase)):
            await context.live_rooms.revoke(user_id, [room_id])


async def _shown(context: Context, twinspace_id: TwinspaceId) -> Life:
    storage = context.storage
    twinspace = await storage.twinspaces.get(twinspace_id)
    moves = await storage.phases.moves(twinspace_id)
    reopenings = await storage.phases.reopenings(twinspace_id)
    users = await read_users(storage, [each.moved_by for each in moves] + [each.user_id for each in reopenings])
    following = NEXT.get(twinspace.phase)
    return Life(
        twinspace_id=twinspace_id,
        phase=twinspace.phase,
        next=following,
        missing=await missing_for(context, twinspace, following) if following else [],
        moves=[
            PhaseMove(
                former=move.former,
                phase=move.phase,
                moved_by=move.moved_by,
                display_name=users[move.moved_by].display_name,
                moved_at_ms=move.moved_at_ms,
                missing=[code for code in SAID if code in move.missing],
            )
            for move in moves
        ],
        reopenings=[
            Reopening(
                user_id=asked.user_id,
                display_name=users[asked.user_id].display_name,
                school_id=asked.school_id,
                asked_at_ms=asked.asked_at_ms,
            )
            for asked in reopenings
        ],
    )
