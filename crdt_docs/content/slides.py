"""The pages of a PDF under what is drawn on a whiteboard, one below the other (rules CB6 and CB7 in SPEC.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pycrdt import Map

from crdt_docs.content.kind import Block, Doc, text_of, whole

SLIDES = "slides"
MAX_PAGES = 200
MAX_TEXT_LENGTH = 2_000
WIDTH, GAP = 1_000, 80
"""In the board's pixels: every page is so wide, and so far above the next one."""
SHORTEST, TALLEST = WIDTH // 8, WIDTH * 8


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    top: int
    height: int
    text: str
    """Its words, for those who don't see it."""


@dataclass(frozen=True, slots=True)
class Slides:
    material_id: str
    version: int
    pages: tuple[Page, ...]

    def page_at(self, y: float) -> int:
        """The number of the page that lies at this height of the board, or last above it."""
        return next((page.number for page in reversed(self.pages) if page.top - GAP // 2 <= y), 1)


def lay(doc: Doc, material_id: str, version: int, pages: Sequence[tuple[int, int, str]]) -> None:
    """Put a PDF's pages (width, height, words) under a board."""
    kept = doc.get(SLIDES, type=Map)
    kept["material_id"] = material_id
    kept["version"] = version
    kept["pages"] = [
        {"height": _height(round(WIDTH * height / width)), "text": text[:MAX_TEXT_LENGTH]}
        for width, height, text in pages[:MAX_PAGES]
    ]


def slides(doc: Doc) -> Slides | None:
    """None for a board without any, or whose members wrote nonsense there."""
    kept = doc.get(SLIDES, type=Map)
    material_id, version, given = kept.get("material_id"), whole(kept.get("version")), kept.get("pages")
    if not isinstance(material_id, str) or version < 1 or not isinstance(given, list):
        return None
    pages: list[Page] = []
    top = 0
    for each in given[:MAX_PAGES]:
        said: dict[str, Any] = each if isinstance(each, dict) else {}
        height = _height(whole(said.get("height"), WIDTH))
        pages.append(Page(len(pages) + 1, top, height, text_of(said.get("text"))[:MAX_TEXT_LENGTH]))
        top += height + GAP
    return Slides(material_id, version, tuple(pages)) if pages else None


def page_id(number: int) -> str:
    return f"slide:{number}"


def blocks(found: Slides) -> list[Block]:
    return [
        {
            "type": "slide",
            "id": page_id(page.number),
            "page": page.number,
            "text": page.text,
            "material_id": found.material_id,
            "version": found.version,
            "box": [0, page.top, WIDTH, page.height],
        }
        for page in found.pages
    ]


def _height(pixels: int) -> int:
    return min(TALLEST, max(SHORTEST, pixels))
