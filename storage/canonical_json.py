"""One way to write a JSON value as bytes, so that equal values have equal hashes on every machine.

Keys sorted by code point, no white space, UTF-8, strings in Unicode's normal form C, whole numbers within what every
JSON reader keeps exactly. (RFC 8785 does it alike, but sorts by UTF-16 and writes fractions, which are refused here.)
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from storage.records import Json

LARGEST_INTEGER = 2**53 - 1
"""Beyond it JavaScript rounds (RFC 7493, section 2.2)."""


def canonical_json(value: Json) -> bytes:
    """Raise ValueError, naming the place, for what has no canonical form: fractions, NaN, half a surrogate pair …"""
    return json.dumps(
        _canonical(value, "$"), ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")
    ).encode()


def _canonical(value: Any, place: str) -> Json:
    match value:
        case None | bool():
            return value
        case str():
            return _canonical_text(value, place)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise ValueError(f"{place} is a number too large for JSON: {value}.")
            return int(value)
        case float():
            # A CRDT hands back 3 as 3.0.
            if not value.is_integer():
                raise ValueError(f"{place} is no whole number: {value}.")
            return _canonical(int(value), place)
        case list() | tuple():
            return [_canonical(item, f"{place}[{index}]") for index, item in enumerate(value)]
        case dict():
            return _canonical_object(value, place)
        case _:
            raise ValueError(f"{place} is no JSON value but {type(value).__name__}.")


def _canonical_object(value: dict[Any, Any], place: str) -> dict[str, Json]:
    written: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise ValueError(f"{place} has a key that is no text: {key!r}.")
        name = _canonical_text(key, place)
        if name in written:
            raise ValueError(f"{place} has the key {name!r} twice.")
        written[name] = _canonical(item, f"{place}.{name}")
    return written


def _canonical_text(text: str, place: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{place} holds half a surrogate pair.") from error
    return unicodedata.normalize("NFC", text)
