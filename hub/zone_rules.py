"""A time zone's rules as iCalendar's VTIMEZONE (RFC 5545, 3.6.5), read off the zone itself.

Written here because icalendar's own gives the onset in the local time that holds after it, where the RFC wants the one
that held before: calendars that believe it are an hour wrong on the morning the clocks go forward.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

HOUR = datetime.timedelta(hours=1)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
YEARS_OF_A_RULE = 5
"""A change that comes in this many years on the same weekday of the same month is taken for a rule."""


@dataclass(frozen=True, slots=True)
class Onset:
    """A moment at which the clocks change."""

    local: datetime.datetime
    """What they show just before, without a zone."""
    before: datetime.timedelta
    after: datetime.timedelta
    name: str
    is_summer: bool


@lru_cache(maxsize=256)
def zone_rules(zone: str, first_year: int, last_year: int) -> Timezone:
    """The zone from the first day of one year on, as a component to be put into a calendar (and not to be changed)."""
    component = Timezone()
    component.add("tzid", zone)
    info = ZoneInfo(zone)
    start = datetime.datetime(first_year, 1, 1, tzinfo=datetime.UTC).astimezone(info)
    offset = start.utcoffset() or datetime.timedelta()
    began = Onset(start.replace(tzinfo=None), offset, offset, start.tzname() or zone, bool(start.dst()))
    component.add_component(_observance(began, [began], by_rule=False))
    onsets = list(_onsets(info, first_year, max(last_year, first_year + YEARS_OF_A_RULE)))
    groups: dict[tuple[object, ...], list[Onset]] = {}
    for onset in onsets:
        groups.setdefault((onset.before, onset.after, onset.name, onset.is_summer), []).append(onset)
    for same in groups.values():
        component.add_component(_observance(same[0], same, by_rule=_is_rule(same)))
    return component


def _onsets(info: ZoneInfo, first_year: int, last_year: int) -> Iterator[Onset]:
    at = datetime.datetime(first_year, 1, 1, tzinfo=datetime.UTC)
    end = datetime.datetime(last_year + 1, 1, 1, tzinfo=datetime.UTC)
    while at < end:
        # Day by day, then hour by hour and minute by minute where the offset differs.
        if _offset(info, at) != _offset(info, at + 24 * HOUR):
            step = HOUR
            while _offset(info, at) == _offset(info, at + step):
                at += step
            step = datetime.timedelta(minutes=1)
            while _offset(info, at) == _offset(info, at + step):
                at += step
            at += step
            before = _offset(info, at - step)
            shown = at.astimezone(info)
            yield Onset(
                (at + before).replace(tzinfo=None), before, _offset(info, at), shown.tzname() or "", bool(shown.dst())
            )
        else:
            at += 24 * HOUR


def _offset(info: ZoneInfo, at: datetime.datetime) -> datetime.timedelta:
    return at.astimezone(info).utcoffset() or datetime.timedelta()


def _is_rule(same: list[Onset]) -> bool:
    def place(onset: Onset) -> tuple[object, ...]:
        return onset.local.month, onset.local.weekday(), _from_the_end(onset.local), onset.local.time()

    years = [onset.local.year for onset in same]
    consecutive = years == list(range(years[0], years[0] + len(years)))
    return len(same) >= YEARS_OF_A_RULE and consecutive and len({place(onset) for onset in same}) == 1


def _from_the_end(local: datetime.datetime) -> bool:
    """Whether it is the last such weekday of its month: the only kind of rule that Europe's zones follow."""
    return (local + datetime.timedelta(days=7)).month != local.month


def _observance(first: Onset, same: list[Onset], *, by_rule: bool) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if first.is_summer else TimezoneStandard()
    part.add("dtstart", first.local)
    part.add("tzoffsetfrom", first.before)
    part.add("tzoffsetto", first.after)
    part.add("tzname", first.name)
    if by_rule and _from_the_end(first.local):
        part.add("rrule", {"freq": "yearly", "bymonth": first.local.month, "byday": f"-1{DAYS[first.local.weekday()]}"})
    elif len(same) > 1:
        part.add("rdate", [onset.local for onset in same[1:]])
    return part
