"""A wall to take along: a sheet for spreadsheets, a page of its own, or data; always in the order of the wall."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from html import escape
from typing import Any

from hub import wall_contents
from hub.form_sheet import Sheet
from hub.wall_contents import NOTHING, Held

Words = Mapping[str, str]
"""`title`, `text`, `contents`, `author`, `school`, `posted`, `comments`, `votes`, `stars`, in the reader's language."""
COLUMNS = ("title", "text", "contents", "author", "school", "posted", "comments", "votes", "stars")
_STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#16282c;"
    "background:#f7f4ec}ol{list-style:none;padding:0;display:grid;gap:1rem;"
    "grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr));align-items:start}"
    "article{padding:1rem;border:1px solid #7b8784;border-radius:10px;background:#fffdf8;break-inside:avoid}"
    "h2{margin:0 0 .5rem;font-size:1.2rem}p{margin:0 0 .5rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    "footer,blockquote{font-size:.9rem;color:#46595c}blockquote{margin:.5rem 0 0;padding-left:.75rem;"
    "border-left:3px solid #7b8784}img,svg{display:block;max-width:100%;height:auto;margin:0 0 .5rem;background:#fff}"
)


def make_sheet(
    blocks: list[dict[str, Any]], words: Words, schools: Mapping[str, str], held: Mapping[str, Held]
) -> Sheet:
    """A row for each card; its comments in one cell, a line for each."""
    return Sheet(
        [words[name] for name in COLUMNS],
        [
            [
                card["title"],
                card["text"],
                "\n".join(filter(None, (held.get(card["id"], NOTHING).line, *held.get(card["id"], NOTHING).options))),
                card["author_name"],
                schools.get(card["school_id"], ""),
                _day(card["created_at_ms"]),
                "\n".join(f"{each['author_name']}: {each['text']}" for each in card["comments"]),
                card["marks"]["votes"],
                _mean(card["marks"]["stars"]),
            ]
            for card in blocks
        ],
    )


def as_json(content_id: str, title: str, blocks: list[dict[str, Any]]) -> bytes:
    data = {"content_id": content_id, "kind": "wall", "title": title, "cards": blocks}
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def as_html(
    title: str,
    blocks: list[dict[str, Any]],
    words: Words,
    schools: Mapping[str, str],
    language: str,
    held: Mapping[str, Held],
) -> bytes:
    """One file without script or anything from elsewhere; opens from a stick."""
    cards = "\n".join(f"<li>{_card(card, words, schools, held.get(card['id'], NOTHING))}</li>" for card in blocks)
    page = (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{escape(title)}</h1>\n<ol>\n{cards}\n</ol>\n</main>\n</body>\n</html>\n'
    )
    return page.encode()


def _card(card: dict[str, Any], words: Words, schools: Mapping[str, str], held: Held) -> str:
    said = " · ".join((author_of(card, schools), *marks_of(card, words)))
    parts = [
        f'<h2 dir="auto">{escape(card["title"])}</h2>' if card["title"] else "",
        wall_contents.as_html(card, held),
        f'<p dir="auto">{escape(card["text"])}</p>' if card["text"] else "",
        f"<footer>{escape(said)}</footer>",
        *(
            f'<blockquote dir="auto">{escape(each["author_name"])}: {escape(each["text"])}</blockquote>'
            for each in card["comments"]
        ),
    ]
    return f"<article>{''.join(parts)}</article>"


def author_of(card: dict[str, Any], schools: Mapping[str, str]) -> str:
    """Who, of which school, and when."""
    who = (card["author_name"], schools.get(card["school_id"]), _day(card["created_at_ms"]))
    return " · ".join(filter(None, who))


def marks_of(card: dict[str, Any], words: Words) -> list[str]:
    """What others gave it, in words."""
    marks = card["marks"]
    given = [f"{words['votes']}: {marks['votes']}"] if marks["votes"] else []
    return given + ([f"{words['stars']}: {_mean(marks['stars'])}"] if marks["stars"] else [])


def _day(at_ms: int) -> str:
    return datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC).date().isoformat()


def _mean(stars: Mapping[str, int]) -> float | None:
    count = sum(stars.values())
    return round(sum(int(each) * times for each, times in stars.items()) / count, 1) if count else None
