"""`document`: rich text that members write with Tiptap; the XML fragment `default` in y-tiptap's form (rules CD)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pycrdt import XmlElement, XmlFragment, XmlText

from crdt_docs.content.kind import Block, Doc, Kind, whole

FRAGMENT = "default"
"""What Tiptap's collaboration extension calls it unless told otherwise."""

SCHEMA_NUMBER = 1
"""Grows with every node, mark or attribute that editors learn; the client keeps the same number."""

MAX_DEPTH = 32
"""Lists in quotes in lists: deeper ones are left out of the blocks, since no editor makes them."""

MARKS = ("bold", "italic", "underline", "strike", "code")
"""In the order in which blocks list them. `link` carries its address and stands beside them."""

_ATTRIBUTE_HASH = "--"
"""y-prosemirror writes marks that may overlap as `name--hash`."""


def start(doc: Doc, title: str) -> None:
    """One empty paragraph: two editors that open an empty fragment at once would each put in their own."""
    doc.get(FRAGMENT, type=XmlFragment).children.append(XmlElement("paragraph"))


def blocks(doc: Doc) -> list[Block]:
    return list(_blocks(doc.get(FRAGMENT, type=XmlFragment), 0))


def _blocks(parent: Any, depth: int) -> Iterator[Block]:
    if depth >= MAX_DEPTH:
        return
    for child in parent.children:
        if isinstance(child, XmlElement):
            yield from _block(child, depth)
        elif spans := _spans_of_text(child):
            yield {"type": "paragraph", "spans": spans}


def _block(element: XmlElement, depth: int) -> Iterator[Block]:
    tag = element.tag
    attributes = element.attributes
    if tag == "paragraph":
        yield {"type": "paragraph", "spans": _spans(element)}
    elif tag == "heading":
        yield {"type": "heading", "level": min(6, max(1, whole(attributes.get("level"), 1))), "spans": _spans(element)}
    elif tag in ("bulletList", "orderedList"):
        items = [list(_blocks(item, depth + 1)) for item in element.children if isinstance(item, XmlElement)]
        block: Block = {"type": "list", "ordered": tag == "orderedList", "items": items}
        if tag == "orderedList":
            block["start"] = whole(attributes.get("start"), 1)
        yield block
    elif tag == "blockquote":
        yield {"type": "quote", "blocks": list(_blocks(element, depth + 1))}
    elif tag == "codeBlock":
        text = "".join(span["text"] for span in _spans(element))
        language = attributes.get("language")
        yield {"type": "code", "language": language if isinstance(language, str) else "", "text": text}
    elif tag == "horizontalRule":
        yield {"type": "rule"}
    else:
        # A node this hub does not know: its text is worth more than its form.
        yield from _blocks(element, depth + 1)


def _spans(element: XmlElement) -> list[dict[str, Any]]:
    spans: list[dict[str, Any]] = []
    for child in element.children:
        if isinstance(child, XmlText):
            spans += _spans_of_text(child)
        elif isinstance(child, XmlElement) and child.tag == "hardBreak":
            spans.append({"text": "\n"})
    return [
        {"text": "".join(span["text"] for span in group), **look}
        for look, group in ((dict(look), list(group)) for look, group in groupby(spans, _look))
    ]


def _look(span: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key, value) for key, value in span.items() if key != "text"]


def _spans_of_text(text: Any) -> list[dict[str, Any]]:
    if not isinstance(text, XmlText):
        return []
    spans = []
    for inserted, attributes in text.diff():
        if isinstance(inserted, str) and inserted:
            spans.append({"text": inserted} | _marks(attributes or {}))
    return spans


def _marks(attributes: dict[str, Any]) -> dict[str, Any]:
    present = {name.partition(_ATTRIBUTE_HASH)[0]: value for name, value in attributes.items() if value is not None}
    look: dict[str, Any] = {}
    if marks := [mark for mark in MARKS if mark in present]:
        look["marks"] = marks
    link = present.get("link")
    if isinstance(link, dict) and isinstance(link.get("href"), str):
        look["link"] = link["href"]
    return look


KIND = Kind(
    name="document",
    written_by="members",
    write_act="write",
    start=start,
    blocks=blocks,
    schema_number=SCHEMA_NUMBER,
)
