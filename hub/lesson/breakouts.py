"""What a set of breakout rooms is at a moment: planned, open or closed, and whose place is where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Literal

from storage.records import Breakouts, ContentId, RoomId, SchoolId, UserId

BreakoutState = Literal["planned", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Group:
    """One room and who belongs into it. The ids are given when it is planned, the rows exist once it was opened."""

    id: str
    title: str
    user_ids: tuple[UserId, ...]
    adult_id: UserId | None
    """Who looks after it first; every teacher may come in."""
    room_id: RoomId
    document_id: ContentId
    wall_id: ContentId
    board_id: ContentId | None = None
    """None: planned before groups had whiteboards; it gets one when it is opened."""

    def contents(self) -> dict[str, ContentId]:
        """What it works in, by kind."""
        found = {"document": self.document_id, "wall": self.wall_id}
        return found if self.board_id is None else {**found, "whiteboard": self.board_id}

    def stored(self) -> dict[str, object]:
        return {**asdict(self), "user_ids": [*self.user_ids]}


def groups_of(breakouts: Breakouts) -> list[Group]:
    return [Group(**{**row, "user_ids": tuple(row["user_ids"])}) for row in breakouts.groups]


def with_groups(breakouts: Breakouts, groups: Iterable[Group]) -> Breakouts:
    return replace(breakouts, groups=[group.stored() for group in groups])


def with_boards(breakouts: Breakouts, new_ids: Iterable[ContentId]) -> Breakouts:
    """With a whiteboard for each group that has none, called by the next of these ids."""
    ids = iter(new_ids)
    groups = groups_of(breakouts)
    if all(group.board_id is not None for group in groups):
        return breakouts
    boards = [group.board_id or next(ids) for group in groups]
    return with_groups(breakouts, [replace(group, board_id=board) for group, board in zip(groups, boards, strict=True)])


def state_of(breakouts: Breakouts, now_ms: int) -> BreakoutState:
    """The clock closes rooms, not an act of the hub: a hub that is away at that moment finds them closed."""
    if breakouts.opened_at_ms is None:
        return "planned"
    return "closed" if breakouts.closes_at_ms is not None and now_ms >= breakouts.closes_at_ms else "open"


def opened(breakouts: Breakouts, now_ms: int, minutes: int | None) -> Breakouts:
    """Open from now on; what is open already stays as it is."""
    if state_of(breakouts, now_ms) == "open":
        return breakouts
    closes_at_ms = None if minutes is None else now_ms + minutes * 60_000
    return replace(breakouts, opened_at_ms=now_ms, closes_at_ms=closes_at_ms)


def closing(breakouts: Breakouts, now_ms: int, in_ms: int) -> Breakouts:
    """To be closed that soon; never later than was said before, and what is closed stays closed."""
    if state_of(breakouts, now_ms) != "open":
        return breakouts
    wanted = now_ms + max(in_ms, 0)
    ends = wanted if breakouts.closes_at_ms is None else min(wanted, breakouts.closes_at_ms)
    return replace(breakouts, closes_at_ms=ends)


def group_of(breakouts: Breakouts, user_id: UserId) -> Group | None:
    return next((group for group in groups_of(breakouts) if user_id in group.user_ids), None)


def group_in(breakouts: Breakouts, room_id: str) -> Group | None:
    return next((group for group in groups_of(breakouts) if group.room_id == room_id), None)


def in_two_groups(user_ids: Iterable[Collection[str]]) -> str | None:
    """Somebody who stands in more than one group, or twice in one."""
    seen: set[str] = set()
    for group in user_ids:
        for user_id in group:
            if user_id in seen:
                return user_id
            seen.add(user_id)
    return None


def placed(breakouts: Breakouts, user_id: UserId, schools: Mapping[UserId, SchoolId]) -> Breakouts:
    """With a place for somebody who is in no group: where nobody is whom they are to be apart from, then where their
    school is missing, then in the smallest group. `schools`: of everybody who may be in a group, the newcomer too.
    """
    groups = groups_of(breakouts)
    if not groups or group_of(breakouts, user_id) is not None:
        return breakouts
    apart = {other for pair in breakouts.apart if user_id in pair for other in pair}

    def fault(group: Group) -> tuple[bool, bool, int]:
        mates = [mate for mate in group.user_ids if mate in schools]
        lacks_school = all(schools[mate] != schools.get(user_id) for mate in mates)
        return bool(apart.intersection(mates)), not lacks_school, len(group.user_ids)

    return moved(breakouts, user_id, min(groups, key=fault).id)


def moved(breakouts: Breakouts, user_id: UserId, group_id: str) -> Breakouts:
    """With this person in that group and in no other."""
    return with_groups(
        breakouts,
        [
            replace(
                group,
                user_ids=(
                    *(each for each in group.user_ids if each != user_id),
                    *([user_id] if group.id == group_id else []),
                ),
            )
            for group in groups_of(breakouts)
        ],
    )


def partners(history: Sequence[Breakouts]) -> dict[tuple[str, str], int]:
    """How often two sat together in rooms that were opened."""
    met: dict[tuple[str, str], int] = {}
    for breakouts in history:
        if breakouts.opened_at_ms is None:
            continue
        for group in groups_of(breakouts):
            for pair in combinations(sorted(group.user_ids), 2):
                met[pair] = met.get(pair, 0) + 1
    return met
