"""Time zones: what the clocks of a place show, in both directions, and which zone a country's schools live in."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

FALLBACK = "Europe/Brussels"
ZONES: dict[str, str] = tomllib.loads(files("hub").joinpath("time_zones.toml").read_text("utf-8"))["zones"]


class NoSuchTime(ValueError):
    """The clocks of the zone never show this time: they go forward over it."""


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _known()


def zone_of_country(country: str) -> str:
    return ZONES.get(country, FALLBACK)


def instant_ms(local: str, zone: str) -> int:
    """When the clocks of the zone show `2026-10-25T02:30`; where they show it twice, the first time.

    Raise NoSuchTime when they go forward over it, ValueError when it is no time at all.
    """
    naive = datetime.datetime.fromisoformat(local)
    at = naive.replace(tzinfo=ZoneInfo(zone))
    if at.astimezone(datetime.UTC).astimezone(at.tzinfo).replace(tzinfo=None) != naive:
        raise NoSuchTime(f"{local} does not exist in {zone}: the clocks go forward over it")
    return int(at.timestamp()) * 1000


def local_time(at_ms: int, zone: str) -> datetime.datetime:
    """What the clocks of the zone show then."""
    return datetime.datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
