"""One device as a class: who sits before it."""

from __future__ import annotations

from dataclasses import replace

from hub.access import Access, Act, access_room
from hub.consents import read_allowed
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.lesson.class_seats import SeatError, class_of, fill_seat
from hub.names import outward_all
from hub.payloads.room_powers import (
    ClassList,
    ClassSeat,
    ClassSeats,
    ListedPupil,
    ListPupils,
    NamePupil,
    SeatedPupil,
    SeatPupils,
)
from hub.payloads.rooms import RoomRef
from storage.records import Room, RoomId, SeatPupil, TwinspaceId, User, UserId


async def own_pupils(context: Context, user: User, twinspace_id: TwinspaceId) -> dict[UserId, User]:
    """The class list: pupils of one's own school who are members, by name."""
    members = {member.user_id for member in await context.storage.twinspaces.members(twinspace_id)}
    own = [each for each in await context.storage.users.pupils_of(user.school_id) if each.id in members]
    return {each.id: each for each in sorted(own, key=lambda each: (each.display_name.casefold(), each.id))}


async def take_seat(
    context: Context, session: Session, access: Access, room: Room, pupil_ids: list[str]
) -> tuple[list[SeatPupil], str]:
    """Check and store; the room is open. Who sits there, and of what class. Raise Invalid with what is wrong."""
    if not access.may(Act.INVITE):
        raise NotFound
    # Both classes read the names of a seat: each pupil is called there as every school may call them.
    own = await own_pupils(context, session.user, room.twinspace_id)
    class_list = await outward_all(context, own.values())
    try:
        pupils = fill_seat(room.id, session.user.id, [UserId(each) for each in pupil_ids], class_list)
    except SeatError as error:
        raise Invalid(str(error), field="pupil_ids") from None
    former = {each.pupil_id: each.name for each in context.room_powers.seats(room.id)}
    pupils = [replace(each, name=former.get(each.pupil_id, each.name)) for each in pupils]
    await context.room_powers.put_seat(room, session.user.id, pupils)
    return pupils, class_of(own[each.pupil_id] for each in pupils)


async def list_pupils(context: Context, session: Session, payload: ListPupils) -> ClassList:
    """Whom one may tick for a class seat."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.INVITE)
    found = await own_pupils(context, session.user, room.twinspace_id)
    return ClassList(
        pupils=[
            ListedPupil(pupil_id=each.id, name=each.display_name, class_name=each.class_name) for each in found.values()
        ]
    )


async def seat_pupils(context: Context, session: Session, payload: SeatPupils) -> ClassSeat:
    """Tick others while the meeting runs: somebody came late, somebody went home, or a class gathers before me."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.INVITE)
    context.live_rooms.roster.require_session(room.id, session.id)
    pupils, class_name = await take_seat(context, session, access, room, payload.pupil_ids)
    context.live_rooms.seat(room.id, session.id, len(pupils), class_name)
    context.room_powers.bulletin.tell_seats(room.id)
    context.live_rooms.roster.tell_occupancy(room.id)
    return (await _shown(context, room.id, pupils))[0]


async def list_seats(context: Context, session: Session, payload: RoomRef) -> ClassSeats:
    """Who sits where: for who leads, and for the class itself its own."""
    access, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MEET)
    context.live_rooms.roster.require_session(room.id, session.id)
    seats = context.room_powers.seats_in_use(room.id)
    if not access.may(Act.MODERATE):
        seats = [each for each in seats if each.seat_id == session.user.id]
    return ClassSeats(room_id=room.id, seats=await _shown(context, room.id, seats))


async def name_pupil(context: Context, session: Session, payload: NamePupil) -> None:
    """A name before a class seat was wrong."""
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.MODERATE)
    await context.room_powers.open(room)
    seats = context.room_powers.seats(room.id)
    holder = next((each.seat_id for each in seats if each.pupil_id == payload.pupil_id), None)
    if holder is None:
        raise NotFound("This pupil sits before no class seat here.")
    own = [each for each in seats if each.seat_id == holder]
    renamed = [replace(each, name=payload.name) if each.pupil_id == payload.pupil_id else each for each in own]
    await context.room_powers.put_seat(room, holder, renamed)
    context.room_powers.bulletin.tell_seats(room.id)
    context.room_powers.bulletin.tell_hands(room.id)


async def _shown(context: Context, room_id: RoomId, pupils: list[SeatPupil]) -> list[ClassSeat]:
    people = [await context.storage.users.get_user(each.pupil_id) for each in pupils]
    allowed = await read_allowed(context, people)
    known = {each.id: each for each in people}
    seats: dict[UserId, list[SeatPupil]] = {}
    for each in pupils:
        seats.setdefault(each.seat_id, []).append(each)
    return [
        ClassSeat(
            room_id=room_id,
            seat_id=seat_id,
            class_name=class_of(known[each.pupil_id] for each in seated),
            pupils=[SeatedPupil(pupil_id=each.pupil_id, name=each.name) for each in seated],
            without_camera=[
                each.pupil_id for each in seated if "live_camera" not in allowed.get(each.pupil_id, frozenset())
            ],
        )
        for seat_id, seated in seats.items()
    ]
