"""Countries and their schools."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from hub.payloads.fields import Payload, Reply
from hub.payloads.people import School

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Country(Reply):
    code: str
    """ISO 3166-1 alpha-2; the client knows the names."""
    status: Literal["full", "plus"]
    consent_age: int


class Countries(Reply):
    countries: list[Country]


class SchoolsOf(Payload):
    country: CountryCode


class Schools(Reply):
    schools: list[School]
    regions: list[str]
    """The regions that have a support service of their own."""
