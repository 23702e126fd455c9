"""Figures of the countries: counted when they are asked for, never typed, never so small that they show a person."""

from __future__ import annotations

from hub.context import Caller, Context
from hub.payloads.fields import Nothing
from hub.payloads.statistics import CountryFigure, Figures, Measure
from hub.small_cells import SMALLEST, suppress

MEASURES = ("schools", "teachers", "pupils", "projects")
COUNTED_ONCE = frozenset({"schools", "teachers", "pupils"})
"""A project counts in each of its countries: those figures make no total, so none can be worked out from it."""


async def read_statistics(context: Context, caller: Caller, payload: Nothing) -> Figures:
    """The same for everybody, with or without an account."""
    now_ms = context.now_ms()
    counted = await context.storage.statistics.by_country()
    countries = sorted(context.countries.at(now_ms))
    measures = []
    for name in MEASURES:
        counts = dict.fromkeys(countries, 0) | {each.country: each.count for each in counted if each.measure == name}
        if name in COUNTED_ONCE:
            cells, total = suppress(counts)
        else:
            cells, total = {place: count if count >= SMALLEST else None for place, count in counts.items()}, None
        figures = [CountryFigure(country=country, count=count) for country, count in cells.items()]
        measures.append(Measure(name=name, countries=figures, total=total))
    return Figures(measures=measures, counted_at_ms=now_ms)
