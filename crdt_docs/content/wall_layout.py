"""How a wall is seen: the view it opens with, its columns, and who moves cards (CW13). Written by the hub alone."""

from __future__ import annotations

from typing import Any

from pycrdt import Map

from crdt_docs.content.kind import Doc, text_of, whole
from crdt_docs.errors import ContentError

LAYOUT, SECTIONS = "layout", "sections"
VIEWS = ("wall", "columns", "timeline", "map", "canvas")
MAX_SECTIONS = 20
MAX_SECTION_TITLE = 80

Section = dict[str, str]
"""`{id, title}`."""


def set_layout(
    doc: Doc, *, view: str | None = None, all_move: bool | None = None, sections: list[Section] | None = None
) -> None:
    """Change what is given. `sections` are all columns in their order: cards of one that is not among them stand in
    none. Raise ContentError."""
    if view is not None and view not in VIEWS:
        raise ContentError(f"Views are {', '.join(VIEWS)}.", field="view")
    if sections is not None:
        _check(sections)
    layout = _map(doc, LAYOUT)
    for name, given in (("view", view), ("all_move", all_move)):
        if given is not None and given != layout.get(name):
            layout[name] = given
    if sections is None:
        return
    known, wanted = _map(doc, SECTIONS), {section["id"] for section in sections}
    for gone in [key for key in known if key not in wanted]:
        del known[gone]
    for place, section in enumerate(sections):
        value: dict[str, Any] = {"title": section["title"], "place": place}
        if not isinstance(there := known.get(section["id"]), Map):
            known[section["id"]] = Map(value)
            continue
        for name, new in value.items():
            if there.get(name) != new:
                there[name] = new


def read_sections(doc: Doc) -> list[Section]:
    """In their order."""
    found = [
        (whole(each.get("place")), key, each) for key, each in _map(doc, SECTIONS).items() if isinstance(each, Map)
    ]
    return [{"id": key, "title": text_of(each.get("title"))} for _, key, each in sorted(found, key=lambda one: one[:2])]


def read_layout(doc: Doc) -> dict[str, Any]:
    """`{view, all_move, sections}`."""
    layout = _map(doc, LAYOUT)
    view = text_of(layout.get("view"))
    return {
        "view": view if view in VIEWS else VIEWS[0],
        "all_move": layout.get("all_move") is True,
        "sections": read_sections(doc),
    }


def _check(sections: list[Section]) -> None:
    if len(sections) > MAX_SECTIONS:
        raise ContentError(f"A wall has at most {MAX_SECTIONS} columns.", field="sections")
    if len({section["id"] for section in sections}) < len(sections):
        raise ContentError("Two columns have one id.", field="sections")
    for section in sections:
        if not section["title"].strip() or len(section["title"]) > MAX_SECTION_TITLE:
            raise ContentError(f"A column has a title of at most {MAX_SECTION_TITLE} characters.", field="sections")


def _map(doc: Doc, name: str) -> Any:
    return doc.get(name, type=Map)
