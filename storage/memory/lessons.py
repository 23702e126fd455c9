"""Meetings that were held, who was in them, and the rooms that they were divided into, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.ports import Conflict
from storage.records import (
    BreakoutNote,
    BreakoutNoteId,
    Breakouts,
    BreakoutsId,
    HeldMeeting,
    HeldMeetingId,
    Json,
    RoomId,
    Rung,
    Stay,
    StayId,
    TeamId,
    TwinspaceId,
    UserId,
)

STALE = "The breakout rooms were changed in the meantime."


class MemoryBreakouts:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, breakouts: Breakouts) -> None:
        add(self._rows.breakouts, breakouts.id, self._stored(breakouts))

    async def get(self, breakouts_id: BreakoutsId) -> Breakouts:
        return find(self._rows.breakouts, breakouts_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Breakouts]:
        return _newest(each for each in self._rows.breakouts.values() if each.twinspace_id == twinspace_id)

    async def of_room(self, room_id: RoomId) -> list[Breakouts]:
        return _newest(each for each in self._rows.breakouts.values() if each.room_id == room_id)

    async def open_after(self, at_ms: int) -> list[Breakouts]:
        opened = [each for each in self._rows.breakouts.values() if each.opened_at_ms is not None]
        return _newest(each for each in opened if each.closes_at_ms is None or each.closes_at_ms > at_ms)

    async def change(self, breakouts: Breakouts) -> None:
        if find(self._rows.breakouts, breakouts.id).revision != breakouts.revision - 1:
            raise Conflict(STALE)
        self._rows.breakouts[breakouts.id] = self._stored(breakouts)

    async def remove(self, breakouts_id: BreakoutsId, revision: int) -> None:
        self._rows.check_open()
        if find(self._rows.breakouts, breakouts_id).revision != revision:
            raise Conflict(STALE)
        del self._rows.breakouts[breakouts_id]
        for note in await self.notes(breakouts_id):
            del self._rows.breakout_notes[note.id]

    async def add_note(self, note: BreakoutNote) -> None:
        self._rows.check_open()
        check_texts(note.text)
        find(self._rows.breakouts, note.breakouts_id)
        find(self._rows.users, note.user_id)
        add(self._rows.breakout_notes, note.id, note)

    async def answer_note(self, note_id: BreakoutNoteId, user_id: UserId, at_ms: int) -> BreakoutNote:
        self._rows.check_open()
        note = find(self._rows.breakout_notes, note_id)
        if note.answered_by is None:
            note = self._rows.breakout_notes[note_id] = replace(note, answered_by=user_id, answered_at_ms=at_ms)
        return note

    async def notes(self, breakouts_id: BreakoutsId, since_ms: int = 0) -> list[BreakoutNote]:
        here = [each for each in self._rows.breakout_notes.values() if each.breakouts_id == breakouts_id]
        return sorted((each for each in here if each.at_ms >= since_ms), key=lambda each: (each.at_ms, each.id))

    def _stored(self, breakouts: Breakouts) -> Breakouts:
        self._rows.check_open()
        check_texts(breakouts.title)
        find(self._rows.twinspaces, breakouts.twinspace_id)
        find(self._rows.rooms, breakouts.room_id)
        find(self._rows.users, breakouts.created_by)
        if breakouts.meeting_id is not None:
            find(self._rows.planned_meetings, breakouts.meeting_id)
        return replace(breakouts, groups=stored_json(breakouts.groups), apart=stored_json(breakouts.apart))


def _newest(found: Iterable[Breakouts]) -> list[Breakouts]:
    return sorted(found, key=lambda each: (-each.created_at_ms, each.id))


class MemoryHeldMeetings:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def begin(self, meeting: HeldMeeting) -> None:
        self._rows.check_open()
        check_texts(meeting.title, meeting.agenda)
        find(self._rows.twinspaces, meeting.twinspace_id)
        find(self._rows.rooms, meeting.room_id)
        find(self._rows.users, meeting.created_by)
        stored = replace(meeting, talk=stored_json(meeting.talk), record=stored_json(meeting.record))
        add(self._rows.held_meetings, meeting.id, stored)

    async def get(self, held_id: HeldMeetingId) -> HeldMeeting:
        return find(self._rows.held_meetings, held_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[HeldMeeting]:
        return self._newest(each for each in self._all() if each.twinspace_id == twinspace_id)

    async def running(self) -> list[HeldMeeting]:
        return self._newest(each for each in self._all() if each.ended_at_ms is None)

    async def end(self, held_id: HeldMeetingId, at_ms: int, record: Json) -> bool:
        self._rows.check_open()
        meeting = find(self._rows.held_meetings, held_id)
        if meeting.ended_at_ms is not None:
            return False
        self._rows.held_meetings[held_id] = replace(meeting, ended_at_ms=at_ms, record=stored_json(record))
        return True

    async def set_visibility(self, held_id: HeldMeetingId, visibility: Rung, team_id: TeamId | None) -> HeldMeeting:
        self._rows.check_open()
        changed = replace(find(self._rows.held_meetings, held_id), visibility=visibility, team_id=team_id)
        self._rows.held_meetings[held_id] = changed
        return changed

    async def begin_stay(self, stay: Stay) -> None:
        self._rows.check_open()
        check_texts(*stay.pupils)
        find(self._rows.held_meetings, stay.held_id)
        find(self._rows.rooms, stay.room_id)
        find(self._rows.users, stay.user_id)
        add(self._rows.stays, stay.id, stay)

    async def see(
        self, held_id: HeldMeetingId, stay_ids: Collection[StayId], at_ms: int, talk: Json | None = None
    ) -> None:
        self._rows.check_open()
        meeting = find(self._rows.held_meetings, held_id)
        said = meeting.talk if talk is None else stored_json(talk)
        self._rows.held_meetings[held_id] = replace(meeting, seen_at_ms=at_ms, talk=said)
        for stay_id in stay_ids:
            if stay_id in self._rows.stays:
                self._rows.stays[stay_id] = replace(self._rows.stays[stay_id], seen_at_ms=at_ms)

    async def stays(self, held_id: HeldMeetingId) -> list[Stay]:
        here = [each for each in self._rows.stays.values() if each.held_id == held_id]
        return sorted(here, key=lambda each: (each.joined_at_ms, each.id))

    async def breakout_rooms_of(self, twinspace_id: TwinspaceId, user_id: UserId) -> frozenset[RoomId]:
        here = [room for room in self._rows.rooms.values() if room.twinspace_id == twinspace_id and room.parent_id]
        was = {each.room_id for each in self._rows.stays.values() if user_id in (each.user_id, *each.pupils)}
        return frozenset(room.id for room in here if room.id in was)

    async def forget_stays(self, before_ms: int, *, dry_run: bool = False) -> int:
        self._rows.check_open()
        ended = {each.id for each in self._all() if each.ended_at_ms is not None and each.ended_at_ms < before_ms}
        over = [each.id for each in self._rows.stays.values() if each.held_id in ended]
        for stay_id in [] if dry_run else over:
            del self._rows.stays[stay_id]
        return len(over)

    def _all(self) -> Iterable[HeldMeeting]:
        return self._rows.held_meetings.values()

    def _newest(self, found: Iterable[HeldMeeting]) -> list[HeldMeeting]:
        return sorted(found, key=lambda each: (-each.started_at_ms, each.id))
