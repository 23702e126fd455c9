"""A wall on paper: its cards in order, each whole on a page where it fits on one, with all that is said to it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from io import BytesIO
from typing import Any, cast

from fpdf import FPDF

from hub.wall_contents import INKS, NOTHING, SHEET, Held
from hub.wall_export import Words, author_of, marks_of

MARGIN_MM = 15.0
PICTURE_MM = (80.0, 60.0)
"""At most this wide and high."""
INK, SOFT, EDGE = "#16282c", "#46595c", "#7b8784"


def as_pdf(
    title: str,
    blocks: list[dict[str, Any]],
    words: Words,
    schools: Mapping[str, str],
    language: str,
    held: Mapping[str, Held],
) -> bytes:
    pdf = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_margin(MARGIN_MM)
    pdf.set_auto_page_break(True, MARGIN_MM)
    for style, name in (("", "regular"), ("B", "bold")):
        with as_file(files("hub").joinpath("fonts", f"commissioner_{name}.ttf")) as path:
            pdf.add_font("Commissioner", style, path)
    pdf.add_page()
    _say(pdf, title, 20, bold=True)
    for card in blocks:
        _card(pdf, card, words, schools, held.get(card["id"], NOTHING))
    return bytes(pdf.output())


def _card(pdf: FPDF, card: dict[str, Any], words: Words, schools: Mapping[str, str], held: Held) -> None:
    with pdf.offset_rendering() as tried:
        # The recorder stands for the file; the library does not say so in its types.
        _write_card(cast(FPDF, tried), card, words, schools, held)
    # One that is longer than a page begins where the one before ends.
    if tried.page_break_triggered and pdf.get_y() > pdf.eph / 2:
        pdf.add_page()
    _write_card(pdf, card, words, schools, held)


def _write_card(pdf: FPDF, card: dict[str, Any], words: Words, schools: Mapping[str, str], held: Held) -> None:
    pdf.ln(4)
    pdf.set_draw_color(EDGE)
    pdf.set_line_width(0.3)
    pdf.line(MARGIN_MM, pdf.get_y(), MARGIN_MM + pdf.epw, pdf.get_y())
    pdf.ln(2)
    if card["title"]:
        _say(pdf, card["title"], 14, bold=True)
    _write_contents(pdf, card, held)
    if card["text"]:
        _say(pdf, card["text"], 11)
    _say(pdf, " · ".join((author_of(card, schools), *marks_of(card, words))), 9, colour=SOFT)
    for comment in card["comments"]:
        _say(pdf, f"{comment['author_name']}: {comment['text']}", 10, indent_mm=6, colour=SOFT)


def _write_contents(pdf: FPDF, card: dict[str, Any], held: Held) -> None:
    wide_mm, high_mm = PICTURE_MM
    if (held.picture is not None or card["drawing"]) and pdf.will_page_break(high_mm):
        pdf.add_page()
    if held.picture is not None:
        top = pdf.get_y()
        about = card["alt"] or card["title"]
        shown = pdf.image(
            BytesIO(held.picture), MARGIN_MM, top, wide_mm, high_mm, keep_aspect_ratio=True, alt_text=about or None
        )
        pdf.set_y(top + shown.rendered_height + 2)
    if card["drawing"]:
        top, scale = pdf.get_y(), high_mm / SHEET[1]
        for stroke in card["drawing"]["strokes"]:
            pdf.set_draw_color(INKS[stroke["tint"] - 1])
            pdf.set_line_width(max(0.1, stroke["width"] * scale))
            numbers = stroke["points"]
            points = [
                (MARGIN_MM + x * scale, top + y * scale) for x, y in zip(numbers[::2], numbers[1::2], strict=False)
            ]
            pdf.polyline(points if len(points) > 1 else [*points, *points])
        pdf.set_y(top + high_mm + 2)
    if held.line:
        _say(pdf, held.line, 10, colour=SOFT)
    for option in held.options:
        _say(pdf, f"– {option}", 10, indent_mm=4)


def _say(pdf: FPDF, text: str, size: int, *, bold: bool = False, indent_mm: float = 0, colour: str = INK) -> None:
    pdf.set_text_color(colour)
    pdf.set_font("Commissioner", "B" if bold else "", size)
    pdf.set_x(MARGIN_MM + indent_mm)
    pdf.multi_cell(pdf.epw - indent_mm, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
