"""Breakout rooms, running: opened, closed, watched over, called from."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hub.access import Act, access_room
from hub.actions.breakouts import access_breakouts, shown, tell
from hub.actions.contents import begin_content, start_content
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.lesson.breakouts import Group, closing, group_in, group_of, groups_of, moved, opened, state_of, with_boards
from hub.live_breakouts import leaders, place_in, read_notes
from hub.names import outward_all
from hub.payloads.breakouts import (
    AnswerCall,
    AssignPupil,
    BreakoutNote,
    Breakouts,
    BreakoutsRef,
    Broadcast,
    CalledTeacher,
    CallTeacher,
    CloseBreakouts,
    FindPlace,
    FoundPlace,
    OpenBreakouts,
    Overview,
    ToldAll,
)
from storage import ports, records
from storage.records import BreakoutNoteId, Content, ContentId, RoomId, UserId

MOST_TITLE = 120


async def open_breakouts(context: Context, session: Session, payload: OpenBreakouts) -> Breakouts:
    """All rooms at once, and everybody is moved. Opening what is open already changes nothing.

    Raise Conflict while the room is divided otherwise: nobody can be in two groups.
    """
    _, plan = await access_breakouts(context, session, payload.breakouts_id)
    for other in await context.storage.breakouts.of_room(plan.room_id):
        if other.id != plan.id and state_of(other, context.now_ms()) == "open":
            raise Conflict(f"“{other.title}” is open in this room. Close it first.")
    ids = [ContentId(secrets.token_urlsafe(12)) for _ in groups_of(plan)]
    plan, _ = await _change(context, plan, lambda plan: with_boards(plan, ids))
    await _make_rooms(context, session, plan)
    minutes = payload.minutes or plan.minutes
    plan, is_new = await _change(context, plan, lambda plan: opened(plan, context.now_ms(), minutes))
    if is_new:
        for group in groups_of(plan):
            for user_id in group.user_ids:
                place = place_in(plan, user_id, context.now_ms())
                await context.announce.to_user(user_id, "breakouts:moved", place)
        details = {"title": plan.title, "groups": len(groups_of(plan))}
        await record(context, plan.twinspace_id, "breakouts_opened", session.user, plan.id, details)
    return shown(context, plan)


async def close_breakouts(context: Context, session: Session, payload: CloseBreakouts) -> Breakouts:
    """Everybody sees the countdown and comes back at its end. A second call can only shorten it."""
    _, plan = await access_breakouts(context, session, payload.breakouts_id)
    plan, _ = await _change(context, plan, lambda plan: closing(plan, context.now_ms(), payload.in_s * 1000))
    return shown(context, plan)


async def open_rooms(context: Context, room: records.Room) -> list[RoomId]:
    """Into which this room is divided now."""
    plan = await _open_in(context, room)
    return [] if plan is None else [group.room_id for group in groups_of(plan)]


async def close_all(context: Context, room: records.Room) -> None:
    """At once, since the meeting that was divided ends."""
    plan = await _open_in(context, room)
    if plan is not None:
        await _change(context, plan, lambda plan: closing(plan, context.now_ms(), 0))


async def assign_pupil(context: Context, session: Session, payload: AssignPupil) -> Breakouts:
    """Move somebody into another group while the rooms are open."""
    access, plan = await access_breakouts(context, session, payload.breakouts_id)
    user_id = UserId(payload.user_id)
    try:
        await context.storage.twinspaces.get_member(access.twinspace.id, user_id)
    except ports.NotFound:
        raise Invalid("This person is not a member here.", field="user_id") from None
    if payload.group_id not in {group.id for group in groups_of(plan)}:
        raise Invalid("This group is not one of these.", field="group_id")
    if state_of(plan, context.now_ms()) != "open":
        raise Conflict("These rooms are not open. Change their plan instead.")
    former = group_of(plan, user_id)
    plan, is_new = await _change(context, plan, lambda plan: moved(plan, user_id, payload.group_id))
    if is_new:
        await context.announce.to_user(user_id, "breakouts:moved", place_in(plan, user_id, context.now_ms()))
        if former is not None and former.id != payload.group_id:
            await context.live_rooms.revoke(user_id, [former.room_id])
    return shown(context, plan)


async def find_place(context: Context, session: Session, payload: FindPlace) -> FoundPlace:
    """For who comes into a meeting, or comes back: a pupil without a group gets a place in one."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    plan = await _open_in(context, room)
    if plan is not None and session.user.kind == "pupil":
        plan = await context.live_breakouts.place(plan.id, session.user.id)
    if plan is None:
        return FoundPlace(place=None, notes=[])
    place = place_in(plan, session.user.id, context.now_ms())
    notes = await read_notes(context.storage, partial(outward_all, context), plan, since_ms=plan.opened_at_ms or 0)
    mine = [note for note in notes if note.group_id is None or (place is not None and note.group_id == place.group_id)]
    return FoundPlace(place=place, notes=mine)


async def call_teacher(context: Context, session: Session, payload: CallTeacher) -> BreakoutNote:
    """A hand raised for the whole group: every teacher is told, wherever in the hub they are. Calling again while
    nobody has answered is the same call."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    plan = await _open_in(context, room)
    group = group_in(plan, room.id) if plan is not None else None
    if plan is None or group is None:
        raise NotFound
    for note in await context.storage.breakouts.notes(plan.id, plan.opened_at_ms or 0):
        if note.kind == "call" and note.group_id == group.id and note.answered_by is None:
            return await _shown_note(context, plan, note)
    return await _tell_call(context, plan, group, await _note(context, session, plan, "call", group.id, ""))


async def answer_call(context: Context, session: Session, payload: AnswerCall) -> BreakoutNote:
    """“I am coming”: the group and the other teachers are told. The first answer counts."""
    _, plan = await access_breakouts(context, session, payload.breakouts_id)
    notes = {note.id: note for note in await context.storage.breakouts.notes(plan.id)}
    note = notes.get(BreakoutNoteId(payload.note_id))
    group = next((each for each in groups_of(plan) if note is not None and each.id == note.group_id), None)
    if note is None or group is None:
        raise NotFound
    answered = await context.storage.breakouts.answer_note(note.id, session.user.id, context.now_ms())
    return await _tell_call(context, plan, group, answered)


async def broadcast(context: Context, session: Session, payload: Broadcast) -> BreakoutNote:
    """One sentence to everybody in all rooms."""
    access, plan = await access_breakouts(context, session, payload.breakouts_id)
    if state_of(plan, context.now_ms()) != "open":
        raise Conflict("These rooms are not open.")
    note = await _shown_note(context, plan, await _note(context, session, plan, "broadcast", None, payload.text))
    people = {user_id for group in groups_of(plan) for user_id in group.user_ids}
    people |= set(await leaders(context.storage, plan.twinspace_id))
    told = ToldAll(breakouts_id=plan.id, note=note)
    await context.announce.to_members(access.twinspace.id, people, "breakouts:told", told)
    return note


async def watch_breakouts(context: Context, session: Session, payload: BreakoutsRef) -> Overview:
    """All rooms as they are; every change of one is announced from now on, until they close."""
    _, plan = await access_breakouts(context, session, payload.breakouts_id)
    context.live_breakouts.watch(plan.id, session.user.id)
    rooms = await context.live_breakouts.see(plan, groups_of(plan))
    return Overview(breakouts=shown(context, plan), rooms=rooms, now_ms=context.now_ms())


async def _make_rooms(context: Context, session: Session, plan: records.Breakouts) -> None:
    """What is there already stays: a hub that was killed in the middle of this goes on where it was."""
    storage = context.storage
    main = await storage.twinspaces.get_room(plan.room_id)
    for group in groups_of(plan):
        room = records.Room(
            group.room_id, plan.twinspace_id, group.title, context.now_ms(), main.is_encrypted, parent_id=main.id
        )
        try:
            await storage.twinspaces.add_room(room)
        except ports.Conflict:
            if (await storage.twinspaces.get_room(group.room_id)).is_encrypted != main.is_encrypted:
                await storage.twinspaces.set_encrypted(group.room_id, main.is_encrypted)
        for kind, content_id in group.contents().items():
            await _make_content(context, session, plan, group, kind, content_id)


async def _make_content(
    context: Context,
    session: Session,
    plan: records.Breakouts,
    group: Group,
    kind: str,
    content_id: ContentId,
) -> None:
    now_ms = context.now_ms()
    content = Content(
        id=content_id,
        twinspace_id=plan.twinspace_id,
        kind=kind,
        title=f"{group.title} · {plan.title}"[:MOST_TITLE],
        created_by=session.user.id,
        created_at_ms=now_ms,
        changed_at_ms=now_ms,
        school_id=session.user.school_id,
    )
    try:
        await begin_content(context, content)
    except ports.Conflict:
        await start_content(context, content)


async def _change(
    context: Context, plan: records.Breakouts, change: Callable[[records.Breakouts], records.Breakouts]
) -> tuple[records.Breakouts, bool]:
    """As it is after the change, and whether this changed it: whoever is quicker is taken as given."""
    while (wanted := change(plan)) != plan:
        wanted = replace(wanted, revision=plan.revision + 1)
        try:
            await context.storage.breakouts.change(wanted)
        except ports.Conflict:
            plan = await context.storage.breakouts.get(plan.id)
            continue
        await tell(context, wanted)
        return wanted, True
    return plan, False


async def _open_in(context: Context, room: records.Room) -> records.Breakouts | None:
    """Those into which this room is divided now, or of which it is one."""
    for plan in await context.storage.breakouts.of_room(room.parent_id or room.id):
        if state_of(plan, context.now_ms()) == "open":
            return plan
    return None


async def _note(
    context: Context,
    session: Session,
    plan: records.Breakouts,
    kind: records.BreakoutNoteKind,
    group_id: str | None,
    text: str,
) -> records.BreakoutNote:
    note_id = BreakoutNoteId(secrets.token_urlsafe(12))
    note = records.BreakoutNote(note_id, plan.id, kind, group_id, session.user.id, text, context.now_ms())
    await context.storage.breakouts.add_note(note)
    return note


async def _shown_note(context: Context, plan: records.Breakouts, note: records.BreakoutNote) -> BreakoutNote:
    shown_notes = await read_notes(context.storage, partial(outward_all, context), plan, since_ms=note.at_ms)
    return next(each for each in shown_notes if each.id == note.id)


async def _tell_call(
    context: Context, plan: records.Breakouts, group: Group, note: records.BreakoutNote
) -> BreakoutNote:
    shown_note = await _shown_note(context, plan, note)
    called = CalledTeacher(
        breakouts_id=plan.id,
        twinspace_id=plan.twinspace_id,
        main_room_id=plan.room_id,
        room_id=group.room_id,
        group_title=group.title,
        note=shown_note,
    )
    context.live_breakouts.note_call(plan.id, group.id)
    for user_id in {*await leaders(context.storage, plan.twinspace_id), *group.user_ids}:
        await context.announce.to_user(user_id, "breakouts:called", called)
    return shown_note
