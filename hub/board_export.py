"""A whiteboard to take along: as a drawing that can be enlarged (SVG), as a picture (PNG), or on paper (PDF).

All three are made of the same strokes, outlines and lines of text. Nothing in them runs, and nothing is fetched.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import as_file, files
from math import hypot

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from crdt_docs.content.whiteboard import STROKES, BoardObject

INKS = ("#16282c", "#0f4c5c", "#b4431f", "#3c6e1f", "#8a5a00", "#6a4c93")
NOTES = ("#fff3c9", "#ddf0ea", "#f9e0da", "#e6e2f5", "#e3edd3", "#ffffff")
INK, EDGE, PAPER = "#16282c", "#7b8784", "#fffdf8"
MARKER_OPACITY = 0.4
NOTE_PADDING, LINE_HEIGHT = 12, 1.3
MARGIN = 24
MOST_PX = 3_000
SMOOTHING = 2
"""A picture is drawn so many times as large and made smaller: Pillow draws without soft edges."""
PAGE_MM, BORDER_MM = (297.0, 210.0), 10.0
MM_PER_PX = 25.4 / 96
SMALLEST_SCALE = 0.5
"""A board that would be smaller than this on one page is split on several."""
MOST_PAGES = 30

Pictures = Mapping[str, bytes]
"""Object id → a small WebP, for those that the reader may see."""
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the table that stands beside the drawing."""

    what: str
    text: str
    who: str


def frame_of(each: BoardObject) -> Area:
    if each.box is not None:
        x, y, width, height = each.box
        return min(x, x + width), min(y, y + height), max(x, x + width), max(y, y + height)
    columns, rows = [point[0] for point in each.points], [point[1] for point in each.points]
    return min(columns), min(rows), max(columns), max(rows)


def extent(objects: Sequence[BoardObject]) -> Area:
    """Everything that shows, with a margin."""
    if not objects:
        return 0.0, 0.0, 800.0, 600.0
    frames = [_shown(each) for each in objects]
    return (
        min(frame[0] for frame in frames) - MARGIN,
        min(frame[1] for frame in frames) - MARGIN,
        max(frame[2] for frame in frames) + MARGIN,
        max(frame[3] for frame in frames) + MARGIN,
    )


def under(ground: Sequence[BoardObject], drawn: Sequence[BoardObject]) -> list[BoardObject]:
    """The pages on which something was drawn: the others' pictures are in the PDF that they are from."""
    frames = [frame_of(each) for each in drawn]
    return [page for page in ground if any(_touch(frame_of(page), frame) for frame in frames)]


def as_svg(objects: Sequence[BoardObject], title: str, listed: Sequence[Listed], pictures: Pictures) -> bytes:
    said = "\n".join(_sentence(each) for each in listed)
    about = f"<title>{escape(title)}</title>\n<desc>{escape(said)}</desc>\n"
    return _svg(objects, extent(objects), about, pictures).encode()


def as_png(objects: Sequence[BoardObject], title: str, listed: Sequence[Listed], pictures: Pictures) -> bytes:
    left, top, right, bottom = extent(objects)
    scale = min(1.0, MOST_PX / max(right - left, bottom - top))
    size = round((right - left) * scale), round((bottom - top) * scale)
    times = scale * SMOOTHING
    image = Image.new("RGB", (size[0] * SMOOTHING, size[1] * SMOOTHING), PAPER)
    for each in objects:
        _draw(image, each, times, left, top, pictures)
    about = PngInfo()
    about.add_itxt("Title", title)
    about.add_itxt("Description", "\n".join(_sentence(each) for each in listed))
    out = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "PNG", pnginfo=about)
    return out.getvalue()


def as_pdf(
    objects: Sequence[BoardObject],
    title: str,
    listed: Sequence[Listed],
    pictures: Pictures,
    language: str,
    heading: str,
) -> bytes:
    """The drawing, split on pages where it is large, and what is on it in words after it."""
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_auto_page_break(False)
    for style, name in (("", "regular"), ("B", "bold")):
        with as_file(files("hub").joinpath("fonts", f"commissioner_{name}.ttf")) as path:
            pdf.add_font("Commissioner", style, path)
    for area, scale in pages(extent(objects)):
        pdf.add_page()
        here = [each for each in objects if _touch(_shown(each), area)]
        _on_page(pdf, here, area, scale * MM_PER_PX, pictures)
    _in_words(pdf, title, heading, listed)
    return bytes(pdf.output())


def pages(whole: Area) -> list[tuple[Area, float]]:
    """Which part of the board is on each page, and how large a pixel is there."""
    left, top, right, bottom = whole
    width_px, height_px = [(side - 2 * BORDER_MM) / MM_PER_PX for side in PAGE_MM]
    scale = min(1.0, width_px / (right - left), height_px / (bottom - top))
    if scale < SMALLEST_SCALE:
        scale = SMALLEST_SCALE
        while _count(right - left, width_px / scale) * _count(bottom - top, height_px / scale) > MOST_PAGES:
            scale *= 0.9
    wide, high = width_px / scale, height_px / scale
    return [
        ((left + column * wide, top + row * high, left + (column + 1) * wide, top + (row + 1) * high), scale)
        for row in range(_count(bottom - top, high))
        for column in range(_count(right - left, wide))
    ]


def _count(length: float, step: float) -> int:
    # What is a hair longer than a page is a page.
    return max(1, -int(-(length - 0.01) // step))


def _touch(one: Area, other: Area) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _shown(each: BoardObject) -> Area:
    left, top, right, bottom = frame_of(each)
    beyond = each.width * 4 + 6 if each.type == "arrow" else 1 if each.type in ("text", "note") else each.width
    return left - beyond, top - beyond, right + beyond, bottom + beyond


def _sentence(each: Listed) -> str:
    return ": ".join(filter(None, (f"{each.what}, {each.who}" if each.who else each.what, each.text)))


def _points(each: BoardObject) -> list[tuple[float, float]]:
    """A stroke's points where they are now."""
    columns, rows = [point[0] for point in each.points], [point[1] for point in each.points]
    left, top, width, height = min(columns), min(rows), max(columns) - min(columns), max(rows) - min(rows)
    x, y, wide, high = each.box or (left, top, width, height)
    across, down = wide / width if width else 1.0, high / height if height else 1.0
    return [(x + (column - left) * across, y + (row - top) * down) for column, row, _ in each.points]


def _head(each: BoardObject) -> list[tuple[float, float]]:
    assert each.box is not None
    x, y, width, height = each.box
    length = hypot(width, height) or 1
    size = min(each.width * 4 + 6, max(length, 8))
    dx, dy = width / length, height / length
    tip = x + width, y + height
    return [
        tip,
        (tip[0] - dx * size - dy * size / 2, tip[1] - dy * size + dx * size / 2),
        (tip[0] - dx * size + dy * size / 2, tip[1] - dy * size - dx * size / 2),
    ]


def _lines(each: BoardObject) -> list[tuple[float, float, str]]:
    """Where each line of a text begins; what does not fit on a note is left to the list."""
    left, top, right, bottom = frame_of(each)
    padding = NOTE_PADDING if each.type == "note" else 0
    font, y = _font(each.width), top + padding
    placed = []
    for line in wrap(each.text, right - left - 2 * padding, font):
        if each.type == "note" and y + each.width > bottom:
            break
        placed.append((left + padding, y, line))
        y += each.width * LINE_HEIGHT
    return placed


def wrap(text: str, width: float, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines of at most this width; a word that is longer is cut."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if font.getlength(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while len(word) > 1 and font.getlength(word) > width:
                fits = next((at for at in range(len(word) - 1, 1, -1) if font.getlength(word[:at]) <= width), 1)
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        lines.append(line)
    return lines


def _font(size: float) -> ImageFont.FreeTypeFont:
    with as_file(files("hub").joinpath("fonts", "commissioner_regular.ttf")) as path:
        return ImageFont.truetype(str(path), max(1, round(size)))


# SVG


def _svg(objects: Iterable[BoardObject], area: Area, about: str, pictures: Pictures) -> str:
    left, top, right, bottom = area
    drawn = "\n".join(_element(each, pictures) for each in objects)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{left:.0f} {top:.0f} {right - left:.0f} '
        f'{bottom - top:.0f}" width="{right - left:.0f}" height="{bottom - top:.0f}">\n{about}'
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{right - left:.0f}" height="{bottom - top:.0f}" fill="{PAPER}"/>\n'
        f"{drawn}\n</svg>\n"
    )


def _element(each: BoardObject, pictures: Pictures) -> str:
    colour = INKS[each.tint - 1]
    look = f'fill="none" stroke="{colour}" stroke-width="{each.width}" stroke-linecap="round" stroke-linejoin="round"'
    if each.type in STROKES:
        seen = f' stroke-opacity="{MARKER_OPACITY}"' if each.type == "marker" else ""
        return f'<path d="{_path(_points(each))}" {look}{seen}/>'
    left, top, right, bottom = frame_of(each)
    assert each.box is not None
    x, y, width, height = each.box
    sides = f'x="{left:.0f}" y="{top:.0f}" width="{right - left:.0f}" height="{bottom - top:.0f}"'
    match each.type:
        case "rectangle":
            return f"<rect {sides} {look}/>"
        case "ellipse":
            middle = f'cx="{x + width / 2:.1f}" cy="{y + height / 2:.1f}"'
            return f'<ellipse {middle} rx="{abs(width) / 2:.1f}" ry="{abs(height) / 2:.1f}" {look}/>'
        case "line" | "arrow":
            drawn = f'<path d="M{x} {y}L{x + width} {y + height}" {look}/>'
            if each.type == "arrow":
                drawn += f'<path d="{_path(_head(each))}Z" fill="{colour}"/>'
            return drawn
        case "picture":
            if (picture := pictures.get(each.id)) is None:
                return f'<rect {sides} fill="none" stroke="{EDGE}" stroke-width="2"/>'
            address = f"data:image/png;base64,{b64encode(_as_png(picture)).decode()}"
            return f'<image {sides} preserveAspectRatio="none" href="{address}"/>'
    box = f'<rect {sides} fill="{NOTES[each.tint - 1]}" stroke="{EDGE}"/>' if each.type == "note" else ""
    fill = INK if each.type == "note" else colour
    return box + "".join(
        f'<text x="{at:.0f}" y="{down + each.width * 0.8:.0f}" font-family="Commissioner, sans-serif" '
        f'font-size="{each.width}" fill="{fill}">{escape(line)}</text>'
        for at, down, line in _lines(each)
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    (x, y), *rest = points
    # A dot has no length: a line of nothing with round ends shows one.
    return f"M{x:.1f} {y:.1f}" + ("".join(f"L{at:.1f} {down:.1f}" for at, down in rest) or "h0.1")


def _as_png(webp: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(webp)).save(out, "PNG")
    return out.getvalue()


# PNG


def _draw(image: Image.Image, each: BoardObject, times: float, left: float, top: float, pictures: Pictures) -> None:
    def at(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        return [((x - left) * times, (y - top) * times) for x, y in points]

    pen = ImageDraw.Draw(image)
    colour, width = INKS[each.tint - 1], max(1, round(each.width * times))
    frame = frame_of(each)
    corners = at([(frame[0], frame[1]), (frame[2], frame[3])])
    if each.type == "marker":
        mask = Image.new("L", image.size)
        _stroke(ImageDraw.Draw(mask), at(_points(each)), round(255 * MARKER_OPACITY), width)
        image.paste(colour, mask=mask)
    elif each.type == "pen":
        _stroke(pen, at(_points(each)), colour, width)
    elif each.type == "rectangle":
        pen.rectangle(corners, outline=colour, width=width)
    elif each.type == "ellipse":
        pen.ellipse(corners, outline=colour, width=width)
    elif each.type in ("line", "arrow"):
        assert each.box is not None
        begin = each.box[:2]
        _stroke(pen, at([begin, (begin[0] + each.box[2], begin[1] + each.box[3])]), colour, width)
        if each.type == "arrow":
            pen.polygon(at(_head(each)), fill=colour)
    elif each.type == "picture":
        size = max(1, round(corners[1][0] - corners[0][0])), max(1, round(corners[1][1] - corners[0][1]))
        if (picture := pictures.get(each.id)) is None:
            pen.rectangle(corners, outline=EDGE, width=2)
        elif size[0] <= image.width * 2 and size[1] <= image.height * 2:
            with Image.open(io.BytesIO(picture)) as opened:
                image.paste(opened.convert("RGB").resize(size), (round(corners[0][0]), round(corners[0][1])))
    else:
        if each.type == "note":
            pen.rectangle(corners, fill=NOTES[each.tint - 1], outline=EDGE, width=max(1, round(times)))
        font = _font(each.width * times)
        for x, y, line in _lines(each):
            pen.text(at([(x, y)])[0], line, fill=INK if each.type == "note" else colour, font=font)


def _stroke(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], colour: str | int, width: int) -> None:
    if len(points) > 1:
        pen.line(points, fill=colour, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=colour)


# PDF


def _on_page(pdf: FPDF, objects: Sequence[BoardObject], area: Area, scale: float, pictures: Pictures) -> None:
    def at(x: float, y: float) -> tuple[float, float]:
        return BORDER_MM + (x - area[0]) * scale, BORDER_MM + (y - area[1]) * scale

    for each in objects:
        left, top, right, bottom = frame_of(each)
        sides = (*at(left, top), (right - left) * scale, (bottom - top) * scale)
        colour = INKS[each.tint - 1]
        if each.type in STROKES:
            _line(pdf, [at(x, y) for x, y in _points(each)], each, scale)
        elif each.type in ("line", "arrow"):
            assert each.box is not None
            begin = each.box[:2]
            _line(pdf, [at(*begin), at(begin[0] + each.box[2], begin[1] + each.box[3])], each, scale)
            if each.type == "arrow":
                pdf.set_fill_color(colour)
                pdf.polygon([at(x, y) for x, y in _head(each)], style="F")
        elif each.type == "picture" and (picture := pictures.get(each.id)) is not None:
            pdf.image(io.BytesIO(picture), x=sides[0], y=sides[1], w=sides[2], h=sides[3], alt_text=each.text or None)
        elif each.type in ("rectangle", "ellipse", "picture"):
            pdf.set_draw_color(EDGE if each.type == "picture" else colour)
            pdf.set_line_width(each.width * scale)
            (pdf.ellipse if each.type == "ellipse" else pdf.rect)(*sides)
        else:
            if each.type == "note":
                pdf.set_fill_color(NOTES[each.tint - 1])
                pdf.set_draw_color(EDGE)
                pdf.set_line_width(0.2)
                pdf.rect(*sides, style="DF")
            pdf.set_text_color(INK if each.type == "note" else colour)
            pdf.set_font("Commissioner", size=max(1.0, each.width * scale / 25.4 * 72))
            for x, y, line in _lines(each):
                pdf.text(*at(x, y + each.width * 0.8), line)


def _line(pdf: FPDF, points: Sequence[tuple[float, float]], each: BoardObject, scale: float) -> None:
    with pdf.new_path() as path:
        path.style.auto_close = False
        path.style.fill_color = None
        path.style.stroke_color = INKS[each.tint - 1]
        path.style.stroke_width = each.width * scale
        path.style.stroke_cap_style = "round"
        path.style.stroke_join_style = "round"
        if each.type == "marker":
            path.style.stroke_opacity = MARKER_OPACITY
        path.move_to(*points[0])
        for x, y in points[1:] or [(points[0][0] + 0.01, points[0][1])]:
            path.line_to(x, y)


def _in_words(pdf: FPDF, title: str, heading: str, listed: Sequence[Listed]) -> None:
    """For whoever does not see the drawing, and for what no longer fits on a note."""
    pdf.set_auto_page_break(True, BORDER_MM)
    pdf.add_page()
    pdf.set_text_color(INK)
    pdf.set_font("Commissioner", "B", 18)
    pdf.multi_cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Commissioner", "B", 12)
    pdf.multi_cell(0, 7, heading, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Commissioner", size=10)
    for number, each in enumerate(listed, 1):
        pdf.multi_cell(0, 5, f"{number}. {_sentence(each)}", new_x="LMARGIN", new_y="NEXT")
