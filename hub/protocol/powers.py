"""What a meeting allows, its lobby, class seats, hands and reactions."""

from __future__ import annotations

from hub.access import Act
from hub.actions import class_seats, hands, lobby, room_powers
from hub.payloads import room_powers as payloads
from hub.payloads.rooms import RoomRef
from hub.table import READING, Announcement, Event, Limit

REACTING = Limit(per_minute=30, burst=5)
RINGING = Limit(per_minute=6, burst=3)

# fmt: off
EVENTS: tuple[Event, ...] = (
    Event("room:lock", room_powers.lock_part, payloads.LockPart, None,
          "Close a part of the meeting to everybody who doesn't lead, or open it.", Act.MODERATE),
    Event("room:except", room_powers.except_person, payloads.MakeException, None,
          "Name the one to whom a closed part is open, in place of the one before.", Act.MODERATE),
    Event("room:hold", room_powers.hold_part, payloads.HoldPart, None,
          "Take a part from one person until it is given back, or give it back.", Act.MODERATE),
    Event("room:camera_to_staff", room_powers.show_to_staff, payloads.CameraToStaff, None,
          "Whether one person's pictures go to the schools' adults alone.", Act.MODERATE),
    Event("room:interpret", room_powers.give_channel, payloads.GiveChannel, None,
          "Give somebody the channel of a language to interpret into, or take it back.", Act.MODERATE),
    Event("room:name", room_powers.name_person, payloads.NamePerson, None,
          "Correct the name under which somebody is in this room.", Act.MODERATE),
    Event("room:remove", room_powers.remove_person, payloads.PersonInRoom, None,
          "End somebody's part in the meeting, and keep them out until let in again.", Act.MODERATE),
    Event("room:let_in", room_powers.let_in, payloads.PersonInRoom, None,
          "Whoever was removed may come again.", Act.MODERATE),
    Event("room:react", room_powers.react, payloads.ReactInRoom, None, "Show one of a few reactions.", Act.MEET,
          limit=REACTING),
    Event("lobby:switch", lobby.switch_lobby, payloads.SwitchLobby, None,
          "Whether everybody but teachers waits to be let in.", Act.MODERATE),
    Event("lobby:list", lobby.list_waiting, RoomRef, payloads.LobbyTold, "Who waits before the meeting.", Act.MODERATE,
          limit=READING),
    Event("lobby:admit", lobby.admit, payloads.Admit, payloads.Admitted,
          "Let in one person, one school's, or everybody who waits.", Act.MODERATE),
    Event("lobby:send_back", lobby.send_back, payloads.PersonInRoom, None,
          "Out of the meeting and into its lobby.", Act.MODERATE),
    Event("lobby:ring", lobby.ring, RoomRef, None, "Who waits asks for a teacher.", Act.MEET, limit=RINGING),
    Event("lobby:leave", lobby.leave_lobby, RoomRef, None, "Wait no longer.", None),
    Event("seat:pupils", class_seats.list_pupils, payloads.ListPupils, payloads.ClassList,
          "The pupils of one's own school, to be ticked for a class seat.", Act.INVITE, limit=READING),
    Event("seat:put", class_seats.seat_pupils, payloads.SeatPupils, payloads.ClassSeat,
          "Say anew who sits before this class seat.", Act.INVITE),
    Event("seat:list", class_seats.list_seats, RoomRef, payloads.ClassSeats, "Who sits before the class seats.",
          Act.MEET, limit=READING),
    Event("seat:name", class_seats.name_pupil, payloads.NamePupil, None,
          "Correct the name of a pupil before a class seat.", Act.MODERATE),
    Event("hand:list", hands.list_hands, RoomRef, payloads.Hands,
          "Raised hands in the order of their turns, and each school's talk time.", Act.MEET, limit=READING),
    Event("hand:raise", hands.raise_hand, payloads.RaiseHand, None,
          "Raise one's hand, or before a class seat a pupil's.", Act.MEET),
    Event("hand:lower", hands.lower_hand, payloads.LowerHand, None,
          "Lower one's own hand, or as a teacher anybody's.", Act.MEET),
    Event("hand:call", hands.call_hand, payloads.CallHand, None,
          "Give the floor to whose turn it is, or to one that is named.", Act.MODERATE),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("room:rules", payloads.RoomState,
                 "What holds in the room now, for who is told; also when a pause begins or ends."),
    Announcement("room:removed", payloads.RoomLeft, "A teacher ended this person's part in the meeting."),
    Announcement("room:ended", payloads.RoomLeft, "A teacher ended the meeting for all."),
    Announcement("room:reacted", payloads.RoomReacted, "Somebody reacts; those of a moment together."),
    Announcement("room:hands", payloads.Hands, "The queue of hands, or the schools' talk times, changed."),
    Announcement("room:called", payloads.Called, "Somebody was given the floor."),
    Announcement("room:seats", payloads.SeatsChanged, "Other pupils sit before a class seat, or under other names."),
    Announcement("lobby:changed", payloads.LobbyTold, "Who waits; told to teachers in the meeting."),
    Announcement("lobby:rang", payloads.LobbyRang, "Somebody in the lobby asks for a teacher; told to teachers."),
    Announcement("lobby:admitted", payloads.LobbyMoved, "Told to who was let in: join now."),
    Announcement("lobby:sent_back", payloads.LobbyMoved, "Told to who was sent back into the lobby, and waits."),
)
# fmt: on
