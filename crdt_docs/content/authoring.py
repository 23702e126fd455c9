"""Contents that a program writes, in the Yjs shapes that the editors make: for demo projects and imports.

Call these inside the hub's edit of a new content; they add and never look at what is there.
"""

from __future__ import annotations

from typing import Any

from pycrdt import Array, Map, XmlElement, XmlFragment, XmlText

from crdt_docs.content.document import FRAGMENT
from crdt_docs.content.form import QUESTIONS, Definition
from crdt_docs.content.kind import Doc

Part = tuple[str, str | list[str]]
"""`("heading1" … "heading6" | "paragraph", text)` or `("list", [text])`."""


def write_text(doc: Doc, parts: list[Part]) -> None:
    """Put these parts before whatever the document holds."""
    children = doc.get(FRAGMENT, type=XmlFragment).children
    for index, (tag, text) in enumerate(parts):
        children.insert(index, _element(tag, text))


def _element(tag: str, text: str | list[str]) -> XmlElement:
    if isinstance(text, list):
        items = [XmlElement("listItem", None, [_element("paragraph", item)]) for item in text]
        return XmlElement("bulletList", None, items)
    if tag == "paragraph":
        return XmlElement("paragraph", None, [XmlText(text)])
    # Editors compare the level with numbers, so it has to be one in the document too.
    attributes: Any = {"level": int(tag.removeprefix("heading"))}
    return XmlElement("heading", attributes, [XmlText(text)])


def write_questions(doc: Doc, questions: list[Definition]) -> None:
    """Add questions in the form that `form.definition` reads."""
    array = doc.get(QUESTIONS, type=Array)
    for question in questions:
        values = dict(question)
        for name in ("options", "rows"):
            if name in values:
                values[name] = Array([Map(item) for item in values[name]])
        if "cells" in values:
            values["cells"] = Map(values["cells"])
        if "show_if" in values:
            values["show_if"] = Map(values["show_if"] | {"any_of": Array(values["show_if"]["any_of"])})
        array.append(Map(values))
