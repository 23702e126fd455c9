"""What cards hold beside their words, as files to take along show it: a picture, strokes, and what it is in a line."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

INKS = ("#16282c", "#0f4c5c", "#b4431f", "#3c6e1f", "#8a5a00", "#6a4c93")
SHEET = (1_000, 750)
"""Of a drawing, in its own units."""
KINDS = ("image", "file", "audio", "drawing", "link", "pointer", "poll")


@dataclass(frozen=True, slots=True)
class Held:
    """Of one card."""

    line: str
    """What it is, and what it is called."""
    picture: bytes | None = None
    """A small WebP."""
    options: tuple[str, ...] = ()


NOTHING = Held("")


def held_by(
    card: Mapping[str, Any], words: Mapping[str, str], picture: bytes | None, totals: Mapping[int, int]
) -> Held:
    """`words` has a name for each of `KINDS`; `totals` what may be told of a poll, by the place of the option."""
    if card["kind"] not in KINDS:
        return NOTHING
    name = {"image": "", "audio": "", "file": card["file_name"], "link": card["url"]}.get(card["kind"], "")
    line = ": ".join(filter(None, (words[card["kind"]], " · ".join(filter(None, (name, card["alt"]))))))
    options = tuple(
        f"{option} ({totals[place]})" if place in totals else option for place, option in enumerate(card["options"])
    )
    return Held(line, picture, options)


def as_html(card: Mapping[str, Any], held: Held) -> str:
    """Nothing in it is fetched, and a link goes only where it says."""
    if held is NOTHING:
        return ""
    about = escape(card["alt"] or card["title"] or held.line)
    parts = []
    if held.picture is not None:
        data = b64encode(held.picture).decode()
        parts.append(f'<img src="data:image/webp;base64,{data}" alt="{about}">')
    if card["drawing"]:
        parts.append(_drawn(card["drawing"]["strokes"], about))
    if card["kind"] == "link":
        # Addresses are checked when they are written down; one that was not is words, no link.
        said = escape(held.line)
        if card["url"].startswith(("https://", "http://")):
            said = f'<a href="{escape(card["url"])}" rel="noopener">{said}</a>'
        parts.append(f"<p>{said}</p>")
    elif held.picture is None and not card["drawing"]:
        parts.append(f'<p dir="auto">{escape(held.line)}</p>')
    if held.options:
        options = "".join(f'<li dir="auto">{escape(option)}</li>' for option in held.options)
        parts.append(f"<ul>{options}</ul>")
    return "".join(parts)


def _drawn(strokes: list[dict[str, Any]], about: str) -> str:
    lines = "".join(
        f'<polyline points="{" ".join(str(number) for number in stroke["points"])}" '
        f'stroke="{INKS[stroke["tint"] - 1]}" stroke-width="{stroke["width"]}"/>'
        for stroke in strokes
    )
    return (
        f'<svg viewBox="0 0 {SHEET[0]} {SHEET[1]}" role="img" aria-label="{about}" fill="none" '
        f'stroke-linecap="round" stroke-linejoin="round">{lines}</svg>'
    )
