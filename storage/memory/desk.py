"""Everything that somebody's desk shows, in memory."""

from __future__ import annotations

from collections import Counter

from storage.memory.plan import MemoryPlan
from storage.memory.rows import Rows
from storage.records import ContentId, DeskRows, Member, School, SchoolId, TwinspaceId, User, UserId


class MemoryDesk:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def read(self, user: User, *, now_ms: int, until_ms: int, latest: int) -> DeskRows:
        rows = self._rows
        own = {space: row.member for (space, who), row in rows.members.items() if who == user.id and row.present}
        spaces = sorted((rows.twinspaces[each] for each in own), key=lambda each: (each.created_at_ms, each.id))
        present = [row.member for row in rows.members.values() if row.present and row.member.twinspace_id in own]
        people = [(member.twinspace_id, rows.users[member.user_id].user) for member in present]
        newest = sorted(rows.contents.values(), key=lambda each: (-each.changed_at_ms, each.id))
        by_space = {space: [each for each in newest if each.twinspace_id == space][:latest] for space in own}
        kept = {each.id for some in by_space.values() for each in some}
        return DeskRows(
            memberships=tuple((space, own[space.id]) for space in spaces),
            schools={space: found for space in own if (found := self._schools(people, space))},
            rooms=tuple(
                sorted(
                    (room for room in rows.rooms.values() if room.twinspace_id in own),
                    key=lambda room: (room.created_at_ms, room.id),
                )
            ),
            latest=tuple(each for each in newest if each.id in kept),
            hidden=frozenset(
                ContentId(subject_id) for space, kind, subject_id in rows.hidden if space in own and kind == "content"
            ),
            team_ids=frozenset(team.id for team in rows.teams.values() if user.id in team.user_ids),
            unread=self._unread(user.id, own),
            own_pupils=self._own_pupils(people, user),
            waiting_guests=self._waiting_guests(own, now_ms),
            meetings=tuple(await MemoryPlan(rows).meetings_of_member(user.id, now_ms, until_ms)),
        )

    def _schools(self, people: list[tuple[TwinspaceId, User]], space: TwinspaceId) -> tuple[School, ...]:
        ids: set[SchoolId] = {
            user.school_id for where, user in people if where == space and user.kind in ("teacher", "pupil")
        }
        return tuple(self._rows.schools[each] for each in sorted(ids))

    def _unread(self, user_id: UserId, own: dict[TwinspaceId, Member]) -> dict[TwinspaceId, int]:
        counted = {
            space: sum(
                message.lane == "all"
                and message.user_id != user_id
                and message.seq > self._rows.read_marks.get((user_id, space, "all"), 0)
                for message in self._rows.messages.get(space, [])
            )
            for space in own
        }
        return {space: count for space, count in counted.items() if count}

    def _own_pupils(self, people: list[tuple[TwinspaceId, User]], user: User) -> dict[TwinspaceId, tuple[UserId, ...]]:
        found: dict[TwinspaceId, tuple[UserId, ...]] = {}
        for space, pupil in sorted(people, key=lambda each: (each[0], each[1].id)):
            if pupil.kind == "pupil" and pupil.school_id == user.school_id:
                found[space] = (*found.get(space, ()), pupil.id)
        return found

    def _waiting_guests(self, own: dict[TwinspaceId, Member], now_ms: int) -> dict[TwinspaceId, int]:
        counted: Counter[TwinspaceId] = Counter()
        for user_id, link_id in self._rows.guests.items():
            link = self._rows.guest_links[link_id]
            is_open = link.revoked_at_ms is None and link.expires_at_ms > now_ms
            if link.twinspace_id in own and is_open and self._rows.users[user_id].user.state == "waiting":
                counted[link.twinspace_id] += 1
        return dict(counted)
