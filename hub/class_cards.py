"""Class cards on paper: ten to an A4 page, to be cut apart; drawn from what the teacher holds, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import segno
from fpdf import FPDF

from hub.phrases import phrase

COLUMNS, ROWS = 2, 5
MARGIN_MM = 10.0
CARD_WIDTH_MM = (210 - 2 * MARGIN_MM) / COLUMNS
CARD_HEIGHT_MM = (297 - 2 * MARGIN_MM) / ROWS
PADDING_MM = 5.0
QR_MM = 36.0
INK, SOFT, LAKE = (22, 40, 44), (74, 90, 94), (15, 76, 92)


@dataclass(frozen=True, slots=True)
class Card:
    display_name: str
    key: str
    sign_in_url: str


def draw(cards: Sequence[Card], *, language: str, class_name: str, address: str) -> bytes:
    """A PDF with one card each, in this order."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    pdf.set_title(" ".join(filter(None, (phrase("card_page", language), class_name))))
    pdf.set_lang(language)
    for style, name in (("", "regular"), ("B", "bold")):
        with as_file(files("hub").joinpath("fonts", f"commissioner_{name}.ttf")) as path:
            pdf.add_font("Commissioner", style, path)
    how = phrase("card_how", language, address=address)
    for number, card in enumerate(cards):
        place = number % (COLUMNS * ROWS)
        if place == 0:
            pdf.add_page()
            _cutting_lines(pdf)
        x = MARGIN_MM + place % COLUMNS * CARD_WIDTH_MM
        y = MARGIN_MM + place // COLUMNS * CARD_HEIGHT_MM
        _card(pdf, x, y, card, how, class_name)
    return bytes(pdf.output())


def _cutting_lines(pdf: FPDF) -> None:
    pdf.set_draw_color(160)
    pdf.set_line_width(0.2)
    pdf.set_dash_pattern(dash=1.5, gap=1.5)
    for column in range(COLUMNS + 1):
        x = MARGIN_MM + column * CARD_WIDTH_MM
        pdf.line(x, MARGIN_MM, x, 297 - MARGIN_MM)
    for row in range(ROWS + 1):
        y = MARGIN_MM + row * CARD_HEIGHT_MM
        pdf.line(MARGIN_MM, y, 210 - MARGIN_MM, y)
    pdf.set_dash_pattern()


def _card(pdf: FPDF, x: float, y: float, card: Card, how: str, class_name: str) -> None:
    left, top = x + PADDING_MM, y + PADDING_MM
    width = CARD_WIDTH_MM - QR_MM - 2 * PADDING_MM - 2
    *words, number = card.key.split("-")
    pdf.set_text_color(*SOFT)
    pdf.set_font("Commissioner", "", 7.5)
    pdf.text(left, top + 2, " · ".join(filter(None, ("TwinSpace", class_name))))
    pdf.set_text_color(*INK)
    _fit(pdf, "B", 14, card.display_name, width)
    pdf.text(left, top + 9.5, card.display_name)
    pdf.set_text_color(*LAKE)
    _fit(pdf, "B", 12.5, max(words, key=len, default=""), width)
    for line, word in enumerate(words):
        pdf.text(left, top + 16.5 + line * 5.6, word)
    pdf.text(left, top + 16.5 + len(words) * 5.6, number)
    pdf.set_text_color(*SOFT)
    pdf.set_font("Commissioner", "", 6.5)
    pdf.set_xy(left, y + CARD_HEIGHT_MM - PADDING_MM - 8)
    pdf.multi_cell(width, 2.9, how, align="L")
    _qr(pdf, x + CARD_WIDTH_MM - PADDING_MM - QR_MM, y + (CARD_HEIGHT_MM - QR_MM) / 2, card.sign_in_url)


def _fit(pdf: FPDF, style: str, size_pt: float, text: str, width_mm: float) -> None:
    """The largest font up to this size in which the text fits into the width."""
    pdf.set_font("Commissioner", style, size_pt)
    needed = pdf.get_string_width(text)
    if needed > width_mm:
        pdf.set_font("Commissioner", style, size_pt * width_mm / needed)


def _qr(pdf: FPDF, x: float, y: float, text: str) -> None:
    """Drawn as rectangles: sharp at every resolution."""
    matrix = [list(row) for row in segno.make(text, micro=False).matrix]
    cell = QR_MM / len(matrix)
    pdf.set_fill_color(0)
    for row, modules in enumerate(matrix):
        column = 0
        while column < len(modules):
            run = column
            while run < len(modules) and modules[run]:
                run += 1
            if run > column:
                pdf.rect(x + column * cell, y + row * cell, (run - column) * cell, cell, style="F")
            column = max(run, column + 1)
