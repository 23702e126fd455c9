"""`rubric`: criteria × levels that pupils and teachers agree on, until it is sealed (rules CR in SPEC.md).

Root `Y.Array "criteria"` and `Y.Array "levels"` hold ids. All words are root texts, which are there for everybody at
once: two may begin one at the same moment, and what is being written stays while its row moves.
They are `"criterion:<id>"`, `"level:<id>"` and `"cell:<criterion id>|<level id>"`.
"""

from __future__ import annotations

import re
from typing import Any

from pycrdt import Array, Text

from crdt_docs.content.kind import Block, Doc, Kind
from crdt_docs.errors import ContentError

CRITERIA = "criteria"
LEVELS = "levels"
MAX_CRITERIA = 12
MAX_LEVELS = 6
"""More do not fit beside each other on paper, and nobody tells seven levels apart."""
MAX_NAME = 200
MAX_CELL = 500

_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")

Definition = dict[str, Any]
"""`{"levels": [{id, label}], "criteria": [{id, label, cells: {level id: text}}]}`, plain JSON."""


def definition(doc: Doc) -> Definition:
    """The rubric as it stands: of what was moved twice at once the first place counts; words are trimmed."""
    levels = [
        {"id": level, "label": _text(doc, f"level:{level}")} for level in _ids(doc.get(LEVELS, type=Array), MAX_LEVELS)
    ]
    criteria = []
    for criterion in _ids(doc.get(CRITERIA, type=Array), MAX_CRITERIA):
        cells = {level["id"]: _text(doc, f"cell:{criterion}|{level['id']}") for level in levels}
        filled = {level: words for level, words in cells.items() if words}
        criteria.append({"id": criterion, "label": _text(doc, f"criterion:{criterion}"), "cells": filled})
    return {"levels": levels, "criteria": criteria}


def check_definition(rubric: Definition) -> None:
    """Raise ContentError, naming the criterion or level, when nobody could assess by it as it is."""
    levels, criteria = rubric["levels"], rubric["criteria"]
    if not criteria:
        raise ContentError("A rubric needs at least one criterion.", field=CRITERIA)
    if len(criteria) > MAX_CRITERIA:
        raise ContentError(f"A rubric has at most {MAX_CRITERIA} criteria.", field=CRITERIA)
    if not 2 <= len(levels) <= MAX_LEVELS:
        raise ContentError(f"A rubric has two to {MAX_LEVELS} levels.", field=LEVELS)
    for word, items in (("Level", levels), ("Criterion", criteria)):
        for number, item in enumerate(items, 1):
            if not item["label"]:
                raise ContentError(f"{word} {number} has no words yet.", field=item["id"])
            if len(item["label"]) > MAX_NAME:
                raise ContentError(f"{word} {number} is longer than {MAX_NAME} characters.", field=item["id"])
    for number, criterion in enumerate(criteria, 1):
        if any(len(words) > MAX_CELL for words in criterion["cells"].values()):
            sentence = f"A level of criterion {number} is described in more than {MAX_CELL} characters."
            raise ContentError(sentence, field=criterion["id"])


def read_checked(doc: Doc) -> Definition:
    """What would be sealed now. Raise ContentError."""
    rubric = definition(doc)
    check_definition(rubric)
    return rubric


def write(doc: Doc, rubric: Definition) -> None:
    """Fill an empty document with this rubric: what a new version starts from."""
    doc.get(LEVELS, type=Array).extend([level["id"] for level in rubric["levels"]])
    doc.get(CRITERIA, type=Array).extend([criterion["id"] for criterion in rubric["criteria"]])
    texts = {f"level:{level['id']}": level["label"] for level in rubric["levels"]}
    for criterion in rubric["criteria"]:
        texts[f"criterion:{criterion['id']}"] = criterion["label"]
        texts |= {f"cell:{criterion['id']}|{level}": words for level, words in criterion["cells"].items()}
    for name, words in texts.items():
        doc.get(name, type=Text).insert(0, words)


def blocks(doc: Doc) -> list[Block]:
    rubric = definition(doc)
    return [{"type": "rubric", **rubric}] if rubric["criteria"] or rubric["levels"] else []


def start(doc: Doc, title: str) -> None:
    """Three levels and two criteria without words: something to begin with."""
    doc.get(LEVELS, type=Array).extend([f"level-{number}" for number in (1, 2, 3)])
    doc.get(CRITERIA, type=Array).extend([f"criterion-{number}" for number in (1, 2)])


def _ids(values: Any, most: int) -> list[str]:
    """One more than there may be at most is read, so that it is noticed; nobody makes the hub read a million."""
    found: dict[str, None] = {}
    for value in values:
        if isinstance(value, str) and _ID.fullmatch(value):
            found[value] = None
            if len(found) > most:
                break
    return list(found)


def _text(doc: Doc, name: str) -> str:
    return str(doc.get(name, type=Text)).strip()


KIND = Kind(name="rubric", written_by="members", write_act="write", start=start, blocks=blocks, can_be_sealed=True)
