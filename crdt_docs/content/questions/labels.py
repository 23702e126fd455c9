"""Lists of things with an id and words: the options of a choice, the rows of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pycrdt import Array, Map

from crdt_docs.content.kind import text_of

MAX_LABEL = 500
MAX_ID = 64

Labelled = list[dict[str, str]]


def read_labelled(value: Any, *, also: Sequence[str] = ()) -> Labelled:
    """What has no id is left out; of two with one id the first counts. `also`: more texts that each of them has."""
    found: dict[str, dict[str, str]] = {}
    for each in value if isinstance(value, Array) else ():
        its_id = each.get("id") if isinstance(each, Map) else None
        if isinstance(its_id, str) and 0 < len(its_id) <= MAX_ID:
            more = {name: text_of(each.get(name)).strip() for name in also}
            found.setdefault(its_id, {"id": its_id, "label": text_of(each.get("label")).strip(), **more})
    return list(found.values())


def problem_of(items: Labelled, word: str, *, least: int, most: int) -> str | None:
    """`word` names one of them: `option`."""
    if len(items) < least:
        return f"needs at least {least} {word}s"
    if len(items) > most:
        return f"has more than {most} {word}s"
    if any(not item["label"] for item in items):
        return f"has an {word} without words" if word[0] in "aeiou" else f"has a {word} without words"
    if any(len(item["label"]) > MAX_LABEL for item in items):
        return f"has {'an' if word[0] in 'aeiou' else 'a'} {word} longer than {MAX_LABEL} characters"
    return None
