"""PROTOCOL.md and the code say the same, in both directions."""

from __future__ import annotations

import re
from pathlib import Path

from hub.access import Act, Duty
from hub.errors import HubError
from hub.protocol import ANNOUNCEMENTS, EVENTS, ROUTES

PAGE = (Path(__file__).parents[2] / "PROTOCOL.md").read_text("utf-8")


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}.*?$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"PROTOCOL.md has no section {title}"
    return found[1]


def rows(text: str, first_cell: str) -> list[list[str]]:
    """Table rows whose first cell fits the pattern."""
    # A bar inside a code span is part of the cell.
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|(?=(?:[^`]*`[^`]*`)*[^`]*$)", line)[1:-1]]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    return [row for row in cells if row and re.fullmatch(first_cell, row[0])]


def act_of(act: Act | Duty | None, *, is_open: bool = False) -> str:
    return "open" if is_open else act.value if act else "–"


def test_every_route_is_documented_with_its_act() -> None:
    documented = {row[0].strip("`"): row[1] for row in rows(section("HTTP"), r"`(GET|HEAD|POST|PUT|PATCH|DELETE) \S+`")}
    assert documented == {f"{r.method} {r.path}": act_of(r.act, is_open=r.open) for r in ROUTES}


def test_every_created_thing_is_documented_as_created() -> None:
    documented = {row[0].strip("`") for row in rows(section("HTTP"), r"`\w+ \S+`") if re.search(r"→ 201\b", row[2])}
    assert documented == {f"{r.method} {r.path}" for r in ROUTES if r.status == 201}


def test_every_event_is_documented_with_its_act() -> None:
    documented = {row[0].strip("`"): row[1] for row in rows(section("Socket.IO"), r"`\w+:\w+`") if len(row) == 3}
    assert documented == {event.name: act_of(event.act) for event in EVENTS}


def test_every_field_of_an_event_is_documented() -> None:
    for row in rows(section("Socket.IO"), r"`\w+:\w+`"):
        event = next((event for event in EVENTS if event.name == row[0].strip("`")), None)
        if event is not None and (fields := re.match(r"`\{(.*?)\}`", row[2])):
            flat = re.sub(r":\s*\[\{.*?\}\]", "", fields[1])
            named = {field.strip().rstrip("?").split(":")[0] for field in flat.split(",")}
            assert named == set(event.payload.model_fields), event.name


def test_every_announcement_is_documented() -> None:
    documented = {
        name
        for row in rows(section("Socket.IO"), r"`\w+:\w+`( / `\w+:\w+`)*")
        if len(row) == 2
        for name in re.findall(r"`(\w+:\w+)`", row[0])
    }
    assert documented == {announcement.name for announcement in ANNOUNCEMENTS}


def test_every_error_is_documented_with_its_status() -> None:
    documented = {row[0]: int(row[1]) for row in rows(section("Errors"), r"[a-z_]+") if row[1].isdigit()}
    assert documented == {error.code: error.status for error in HubError.__subclasses__()}


def test_every_error_has_a_sentence_for_people() -> None:
    for error in HubError.__subclasses__():
        assert error.sentence[0].isupper() and error.sentence.endswith("."), error.code
