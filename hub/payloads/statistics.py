"""Figures of the countries."""

from __future__ import annotations

from hub.payloads.fields import Reply


class CountryFigure(Reply):
    country: str
    count: int | None
    """None: fewer than five, or hidden beside such a figure."""


class Measure(Reply):
    name: str
    """`schools`, `teachers`, `pupils`, `projects`"""
    countries: list[CountryFigure]
    total: int | None
    """None: fewer than five in all, or counted in several countries at once."""


class Figures(Reply):
    measures: list[Measure]
    counted_at_ms: int
