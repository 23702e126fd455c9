"""How a text comes to be, one character at a time: [position, characters removed, characters inserted] in order.

`HUB_TEST_TRACE` names a recorded one (JSON, gzipped, in the form of the editing-traces project: `txns` of `patches`).
Without it a writer is made up: words and sentences, slips that are taken back, returns to earlier places, cuts.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path

Edit = tuple[int, int, str]
WORDS = "río agua puente escuela rzeka szkoła most woda the river and we measure 7 cm of rain today ♥ 🙂".split()


def editing_trace(length: int) -> tuple[list[Edit], str]:
    """The edits, places counted in UTF-16 units as Yjs counts them, and the text they end in."""
    recorded = os.environ.get("HUB_TEST_TRACE")
    if recorded:
        trace = json.loads(gzip.decompress(Path(recorded).read_bytes()))
        edits = [(place, removed, inserted) for txn in trace["txns"] for place, removed, inserted in txn["patches"]]
        return edits, trace["endContent"]
    return _made_up(random.Random(2024), length)


def _made_up(rng: random.Random, length: int) -> tuple[list[Edit], str]:
    edits: list[Edit] = []
    text: list[str] = []
    caret = 0

    def insert(characters: str) -> None:
        nonlocal caret
        for character in characters:
            edits.append((_units(text[:caret]), 0, character))
            text.insert(caret, character)
            caret += 1

    def remove(count: int) -> None:
        nonlocal caret
        for _ in range(min(count, caret)):
            caret -= 1
            edits.append((_units(text[:caret]), _units(text[caret : caret + 1]), ""))
            del text[caret]

    while len(edits) < length:
        chance = rng.random()
        if chance < 0.80:
            insert(rng.choice(WORDS) + rng.choice([" ", " ", " ", ", ", ".\n"]))
        elif chance < 0.93:
            remove(rng.randrange(1, 6))
        elif chance < 0.95:
            remove(rng.randrange(10, 60))
        else:
            caret = rng.choice([len(text), rng.randrange(len(text) + 1)])
    return edits, "".join(text)


def _units(characters: list[str]) -> int:
    return sum(1 + (character > "\uffff") for character in characters)
