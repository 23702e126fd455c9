"""The words of a content without their form: for the search index and for counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crdt_docs.content.kind import Block


def plain_text(blocks: Iterable[Block]) -> str:
    """A line for each heading, paragraph, list item, card, question or cell; nothing of a block of unknown form."""
    return "\n".join(line for block in blocks for line in _lines(block) if line.strip())


def _lines(block: Block) -> Iterator[str]:
    match block:
        case {"spans": spans}:
            yield "".join(span["text"] for span in spans)
        case {"type": "list", "items": items}:
            for item in items:
                for inner in item:
                    yield from _lines(inner)
        case {"type": "quote", "blocks": blocks}:
            for inner in blocks:
                yield from _lines(inner)
        case {"type": "code", "text": text}:
            yield text
        case {"type": "card", "title": title, "text": text}:
            yield title
            yield text
            yield from (str(block.get(name) or "") for name in ("alt", "file_name", "url"))
            yield from block.get("options") or ()
            for comment in block.get("comments") or ():
                yield comment["text"]
        case {"type": "drawn" | "slide"}:
            yield block.get("text", "")
        case {"type": "question", "question": question}:
            yield question["label"]
            for option in question.get("options") or ():
                yield option["label"]
        case {"type": "rubric", "levels": levels, "criteria": criteria}:
            for level in levels:
                yield level["label"]
            for criterion in criteria:
                yield criterion["label"]
                yield from criterion["cells"].values()
