"""The table of countries: read from a data file, checked when the hub starts, asked by day."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
CONSENT_AGE_WITHOUT_LAW = 16
"""Article 8(1) of Regulation (EU) 2016/679, where no national law sets a lower age."""


class CountriesError(Exception):
    """The data file can't be used; the message names the file and what is wrong in it."""


class CountryStatus(BaseModel):
    """One line of the table: what a country is from one day to another, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    status: Literal["full", "plus"]
    since: datetime.date
    until: datetime.date | None = None
    own_consent_age: Annotated[int, Field(ge=13, le=16)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("ends before it begins")
        return self

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def consent_age(self) -> int:
        """The age from which pupils of this country consent for themselves."""
        return CONSENT_AGE_WITHOUT_LAW if self.own_consent_age is None else self.own_consent_age


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    country: list[CountryStatus]


@dataclass(frozen=True, slots=True)
class Countries:
    lines: tuple[CountryStatus, ...]

    def on(self, day: datetime.date) -> Mapping[str, CountryStatus]:
        """What holds on that day, by code in alphabetical order."""
        return {line.code: line for line in self.lines if line.holds_on(day)}

    def at(self, now_ms: int) -> Mapping[str, CountryStatus]:
        return self.on(datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date())


def read_countries(path: Path | None = None) -> Countries:
    """The table that comes with the hub, or the operator's own. Raise CountriesError."""
    name = str(path) if path is not None else "hub/countries.toml"
    try:
        text = (
            path.read_text("utf-8") if path is not None else files("hub").joinpath("countries.toml").read_text("utf-8")
        )
        lines = _Table.model_validate(tomllib.loads(text)).country
    except OSError as error:
        raise CountriesError(f"{name}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CountriesError(f"{name} is not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CountriesError(f"{name}, {place}: {first['msg']}.") from error
    for number, line in enumerate(lines):
        for other in lines[:number]:
            if line.code == other.code and (line.holds_on(other.since) or other.holds_on(line.since)):
                raise CountriesError(f"{name}: two lines for {line.code} hold on the same day.")
    return Countries(tuple(sorted(lines, key=lambda line: (line.code, line.since))))
