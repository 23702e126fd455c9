"""`whiteboard`: what many hands draw in at once; one map for each object (rules CB in SPEC.md).

Members write it, so nothing in it is trusted: what is read here is put into bounds, and what is nothing is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pycrdt import Array, Map

from crdt_docs.content import slides
from crdt_docs.content.kind import Block, Doc, Kind, text_of, whole
from crdt_docs.content.polyline import unpack

OBJECTS = "objects"

ObjectType = Literal["pen", "marker", "line", "arrow", "rectangle", "ellipse", "text", "note", "picture"]
TYPES: frozenset[str] = frozenset(get_args(ObjectType))
STROKES: frozenset[str] = frozenset({"pen", "marker"})
MAX_OBJECTS = 20_000
MAX_POINTS = 4_000
MAX_TEXT_LENGTH = 4_000
FARTHEST = 1_000_000
"""Coordinates are whole numbers, one to a pixel at natural size."""
TINTS, WIDTHS = 6, 64


@dataclass(frozen=True, slots=True)
class BoardObject:
    id: str
    type: str
    tint: int
    width: int
    """Of the line; of a text, how large its letters are."""
    box: tuple[int, int, int, int] | None
    """x, y, width, height; lines and arrows go from x, y and may go backwards. None of a stroke: as it was drawn."""
    points: tuple[tuple[int, int, int], ...] = ()
    """Of a stroke: x, y, and how hard it was pressed, 0 to 31; all 0 where nothing was measured."""
    text: str = ""
    """Words on it; of a picture, what it shows."""
    order: str = ""
    material_id: str | None = None
    page: int = 0
    """Of a picture that is a page of a PDF, from 1."""
    version: int | None = None
    """Of the PDF whose page it is; None: the newest."""


def start(doc: Doc, title: str) -> None:
    doc.get(OBJECTS, type=Map)


def objects(doc: Doc) -> list[BoardObject]:
    """From the lowest to the topmost."""
    kept = doc.get(OBJECTS, type=Map)
    found = []
    for object_id in sorted(kept.keys())[:MAX_OBJECTS]:
        if (each := _object(object_id, kept[object_id])) is not None:
            found.append(each)
    return sorted(found, key=lambda each: (each.order, each.id))


def ground(doc: Doc) -> list[BoardObject]:
    """Pages that lie under everything, as pictures that nobody can move or take off."""
    if (laid := slides.slides(doc)) is None:
        return []
    return [
        BoardObject(
            id=slides.page_id(page.number),
            type="picture",
            tint=1,
            width=1,
            box=(0, page.top, slides.WIDTH, page.height),
            text=page.text,
            material_id=laid.material_id,
            page=page.number,
            version=laid.version,
        )
        for page in laid.pages
    ]


def blocks(doc: Doc) -> list[Block]:
    """Pages that lie under it come first; of an object on slides it is said on which page it is."""
    drawn = objects(doc)
    if (laid := slides.slides(doc)) is None:
        return [_block(each) for each in drawn]
    return slides.blocks(laid) + [{**_block(each), "slide": laid.page_at(_middle(each))} for each in drawn]


def remove_objects(doc: Doc, object_ids: Collection[str]) -> int:
    """Take these off, as far as they are there; returns how many that were."""
    kept = doc.get(OBJECTS, type=Map)
    there = [object_id for object_id in object_ids if object_id in kept]
    for object_id in there:
        del kept[object_id]
    return len(there)


def _object(object_id: str, kept: Any) -> BoardObject | None:
    if not isinstance(kept, Map):
        return None
    look = _plain(kept.get("look"))
    if not isinstance(look, dict) or look.get("type") not in TYPES:
        return None
    kind = look["type"]
    points = _points(kept.get("points"), bool(look.get("pressed"))) if kind in STROKES else ()
    box = _box(_plain(kept.get("box")))
    material_id = look.get("material_id")
    if (box is None and not points) or (kind == "picture" and not isinstance(material_id, str)):
        return None
    order = kept.get("order")
    return BoardObject(
        id=object_id,
        type=kind,
        tint=min(TINTS, max(1, whole(look.get("tint"), 1))),
        width=min(WIDTHS, max(1, whole(look.get("width"), 4))),
        box=box,
        points=points,
        text=text_of(kept.get("words"))[:MAX_TEXT_LENGTH],
        order=order if isinstance(order, str) else "",
        material_id=material_id if kind == "picture" else None,
        page=max(0, whole(look.get("page"))) if kind == "picture" else 0,
    )


def _plain(value: Any) -> Any:
    """A plain value, also where another client made a shared type of it."""
    if isinstance(value, Map):
        return {key: value[key] for key in value.keys()}
    return list(value) if isinstance(value, Array) else value


def _box(value: Any) -> tuple[int, int, int, int] | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in value):
        return None
    x, y, width, height = (_near(whole(each)) for each in value)
    return x, y, width, height


def _points(value: Any, is_pressed: bool) -> tuple[tuple[int, int, int], ...]:
    if not isinstance(value, Array):
        return ()
    text = "".join(part for part in value if isinstance(part, str))
    read = unpack(text, 3 if is_pressed else 2, MAX_POINTS)
    return tuple((_near(point[0]), _near(point[1]), min(31, max(0, point[2])) if is_pressed else 0) for point in read)


def _near(number: int) -> int:
    return min(FARTHEST, max(-FARTHEST, number))


def _middle(each: BoardObject) -> float:
    if each.box is not None:
        return each.box[1] + each.box[3] / 2
    heights = [point[1] for point in each.points]
    return (min(heights) + max(heights)) / 2


def _block(each: BoardObject) -> Block:
    block: Block = {"type": "drawn", "id": each.id, "shape": each.type, "tint": each.tint, "width": each.width}
    if each.box is not None:
        block["box"] = list(each.box)
    if each.points:
        block["points"] = [number for point in each.points for number in point]
    if each.text:
        block["text"] = each.text
    if each.material_id is not None:
        block |= {"material_id": each.material_id, "page": each.page}
    return block


KIND = Kind(
    name="whiteboard",
    written_by="members",
    write_act="write",
    start=start,
    blocks=blocks,
    can_be_locked=True,
)
