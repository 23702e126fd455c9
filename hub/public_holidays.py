"""The public holidays of a country, computed on this machine. School holidays are entered by each school's teachers."""

from __future__ import annotations

import datetime
from functools import lru_cache

import holidays

LANGUAGES = {"es": "es", "pl": "pl", "en": "en_US"}
"""The interface's languages as the library names them; it falls back to the country's own language by itself."""


def public_holidays(
    country: str, since: datetime.date, until: datetime.date, language: str
) -> list[tuple[datetime.date, str]]:
    """Those from one day to another, both included; none for a country that is not known."""
    found = []
    for year in range(since.year, until.year + 1):
        found += [each for each in _of_year(country, year, language.split("-")[0]) if since <= each[0] <= until]
    return found


@lru_cache(maxsize=256)
def _of_year(country: str, year: int, language: str) -> tuple[tuple[datetime.date, str], ...]:
    try:
        table = holidays.country_holidays(country, years=year, language=LANGUAGES.get(language, "en_US"))
    except NotImplementedError:
        return ()
    return tuple(sorted(table.items()))
