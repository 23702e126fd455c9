"""What a card holds beside its words, and where it stands in each view of its wall (rules CW10 to CW12)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crdt_docs.content.kind import text_of, whole
from crdt_docs.content.questions.dates import is_day
from crdt_docs.errors import ContentError

CARD_KINDS = ("text", "image", "file", "audio", "drawing", "link", "pointer", "poll")
WITH_FILE = ("image", "file", "audio")
TARGET_KINDS = ("content", "material")
TINTS = range(1, 7)
MAX_TITLE = 200
MAX_TEXT = 4_000
MAX_ALT = 500
MAX_URL = 2_000
MAX_DRAWING = 100_000
"""Of a drawing as JSON: 300 strokes of 6,000 points are less."""
OPTIONS = range(2, 9)
MAX_OPTION = 120
CANVAS = (20_000, 20_000)
"""The sheet of the free canvas: places on it are of a card's upper left corner."""

CHANGEABLE = ("title", "text", "tint", "alt", "url", "drawing", "target_kind", "target_id", "nobody_pictured")
"""A poll's options stay as they were: people have chosen by them. Another file is another card."""
NOTHING_MORE: Mapping[str, Any] = {
    "kind": "text",
    "file_id": "",
    "file_name": "",
    "media_type": "",
    "size_bytes": 0,
    "width": 0,
    "height": 0,
    "has_preview": False,
    "nobody_pictured": False,
    "alt": "",
    "url": "",
    "drawing": "",
    "target_kind": "",
    "target_id": "",
    "options": [],
}
"""What a card of words has beside them. `drawing` is JSON, read only where it is shown."""
NOWHERE: Mapping[str, Any] = {
    "section": "",
    "begins_on": "",
    "ends_on": "",
    "country": "",
    "east": None,
    "north": None,
    "x": None,
    "y": None,
    "z": 0,
}
"""A card's places: column, days, on the map in thousandths of a degree, on the canvas. Placed in one, it keeps its
places in the others."""
_RANGES = {
    "east": range(-180_000, 180_001),
    "north": range(-90_000, 90_001),
    "x": range(CANVAS[0] + 1),
    "y": range(CANVAS[1] + 1),
    "z": range(1 << 31),
}


def check_body(card: Mapping[str, Any]) -> None:
    """Raise ContentError when a card can't be like this; fields that are missing are as of a card of words."""
    body = {**NOTHING_MORE, **card}
    kind, words = body["kind"], {"title": MAX_TITLE, "text": MAX_TEXT, "alt": MAX_ALT, "url": MAX_URL}
    if kind not in CARD_KINDS:
        raise ContentError(f"Cards are {', '.join(CARD_KINDS)}.", field="kind")
    for name, limit in words.items():
        if len(body[name]) > limit:
            raise ContentError(f"The {name} of a card has at most {limit} characters.", field=name)
    if body["tint"] not in TINTS:
        raise ContentError("There are six tints, 1 to 6.", field="tint")
    if len(body["drawing"]) > MAX_DRAWING:
        raise ContentError("This drawing is too large for a card.", field="drawing")
    _check_is_whole(body, kind)


def _check_is_whole(body: Mapping[str, Any], kind: str) -> None:
    if kind == "text" and not body["title"].strip() and not body["text"].strip():
        raise ContentError("A card needs a title or a text.", field="text")
    needed = {"drawing": "drawing", "link": "url", "pointer": "target_id", **dict.fromkeys(WITH_FILE, "file_id")}
    for name in {"drawing", "url", "target_id", "file_id"}:
        if (needed.get(kind) == name) != bool(body[name]):
            problem = f"A card of this kind needs {name}." if needed.get(kind) == name else f"It can't have {name}."
            raise ContentError(problem, field=name)
    if kind == "pointer" and body["target_kind"] not in TARGET_KINDS:
        raise ContentError(f"A card points to {' or '.join(TARGET_KINDS)}.", field="target_kind")
    options = body["options"]
    if kind == "poll" and not body["title"].strip():
        raise ContentError("A poll needs a question.", field="title")
    if (kind == "poll" and len(options) not in OPTIONS) or (kind != "poll" and options):
        raise ContentError(f"A poll has {OPTIONS[0]} to {OPTIONS[-1]} options.", field="options")
    if any(not option.strip() or len(option) > MAX_OPTION for option in options) or len({*options}) < len(options):
        raise ContentError(f"Options are different words of at most {MAX_OPTION} characters.", field="options")


def check_places(places: Mapping[str, Any]) -> None:
    """Of all places of a card. Raise ContentError."""
    for name, allowed in _RANGES.items():
        if (value := places.get(name)) is not None and value not in allowed:
            raise ContentError(f"{name} is {allowed[0]} to {allowed[-1]}.", field=name)
    for one, other in (("east", "north"), ("x", "y")):
        if (places.get(one) is None) != (places.get(other) is None):
            raise ContentError(f"A place has {one} and {other}, or neither.", field=other)
    begins, ends = places.get("begins_on") or "", places.get("ends_on") or ""
    for name, day in (("begins_on", begins), ("ends_on", ends)):
        if day and not is_day(day):
            raise ContentError("A day is written as 2026-05-09.", field=name)
    if ends and (not begins or ends < begins):
        raise ContentError("A period ends when it has begun, not before.", field="ends_on")


def read_more(value: Mapping[str, Any]) -> dict[str, Any]:
    """Body and places of what a wall's document holds of a card; what is missing there as of a card of words."""
    found: dict[str, Any] = {}
    for name, default in {**NOTHING_MORE, **NOWHERE}.items():
        given = value.get(name)
        match default:
            case bool():
                found[name] = given is True
            case str():
                found[name] = text_of(given) or default
            case list():
                found[name] = [text_of(each) for each in given] if isinstance(given, list) else []
            case _:
                found[name] = default if given is None else whole(given, default or 0)
    return found


def strokes_of(drawing: str) -> Any:
    """The drawing as it is shown: `{strokes: [{tint, width, points}]}`, or None."""
    return json.loads(drawing) if drawing else None
