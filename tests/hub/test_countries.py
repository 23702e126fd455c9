"""The table of countries: what comes with the hub, and what an operator may put in its place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from hub.countries import CONSENT_AGE_WITHOUT_LAW, CountriesError, read_countries

DAY = datetime.date(2026, 9, 1)
LINE = '[[country]]\ncode = "ES"\nstatus = "full"\nsince = 2016-01-01\n'


def test_the_network_has_36_full_and_6_plus_countries() -> None:
    statuses = [country.status for country in read_countries().on(DAY).values()]
    assert (statuses.count("full"), statuses.count("plus"), len(statuses)) == (36, 6, 42)


def test_nothing_holds_before_the_table_begins() -> None:
    assert read_countries().on(datetime.date(2015, 12, 31)) == {}


@pytest.mark.parametrize(("code", "age"), [("SE", 13), ("ES", 14), ("GR", 15), ("PL", 16)])
def test_the_age_of_own_consent_is_each_countrys_own(code: str, age: int) -> None:
    assert read_countries().on(DAY)[code].consent_age == age


def test_where_no_national_law_is_known_the_regulations_age_counts() -> None:
    slovenia = read_countries().on(DAY)["SI"]
    assert slovenia.own_consent_age is None and slovenia.consent_age == CONSENT_AGE_WITHOUT_LAW == 16


def test_a_status_changes_from_one_day_to_the_next(tmp_path: Path) -> None:
    own = tmp_path / "countries.toml"
    own.write_text(LINE + "until = 2026-08-31\n" + LINE.replace("full", "plus").replace("2016-01-01", "2026-09-01"))
    countries = read_countries(own)
    assert countries.on(datetime.date(2026, 8, 31))["ES"].status == "full"
    assert countries.on(DAY)["ES"].status == "plus"
    noon = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
    assert countries.at(int(noon.timestamp() * 1000)) == countries.on(DAY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("country = 5", "country: "),
        (LINE.replace("ES", "es"), "country.0.code: "),
        (LINE.replace("full", "half"), "country.0.status: "),
        (LINE + "own_consent_age = 12", "country.0.own_consent_age: "),
        (LINE + "until = 2015-01-01", "ends before it begins"),
        (LINE + "colour = 1", "country.0.colour: "),
        (LINE + LINE, "two lines for ES"),
        ("[[country", "is not TOML"),
    ],
)
def test_a_wrong_table_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    own = tmp_path / "countries.toml"
    own.write_text(text)
    with pytest.raises(CountriesError, match="countries.toml") as refused:
        read_countries(own)
    assert told in str(refused.value)


def test_a_table_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CountriesError, match="none.toml"):
        read_countries(tmp_path / "none.toml")
