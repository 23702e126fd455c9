"""Real-time text: the lines that people in one meeting are writing, letter by letter (EN 301 549 6.2, after T.140).

An edit takes some characters away at a place and puts others there; edits of a line are numbered, and whoever is out of
step says or asks for the whole line. Characters are Unicode code points.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from hub.errors import Conflict, Invalid, NotFound

MOST_CHARACTERS = 2_000


@dataclass(slots=True)
class Line:
    peer_id: str
    language: str
    """Of captions; empty: what the person says themselves."""
    line_id: str
    begun_at_ms: int
    revision: int = 0
    text: str = ""


@dataclass(slots=True)
class LiveText:
    """One open line for each person, and one more for each language they caption."""

    _lines: dict[tuple[str, str], Line] = field(default_factory=dict)

    def edit(
        self,
        peer_id: str,
        language: str,
        line_id: str,
        revision: int,
        *,
        at: int,
        removed: int,
        inserted: str,
        now_ms: int,
    ) -> Line:
        """Raise Conflict when an edit before this one is missing: then the whole line has to be said."""
        line = self._lines.get((peer_id, language))
        if line is None or line.line_id != line_id:
            line = Line(peer_id, language, line_id, now_ms)
        if revision != line.revision + 1:
            raise Conflict(f"The line is at edit {line.revision}. Say the whole line.")
        if at + removed > len(line.text):
            raise Invalid("This edit takes away what is not there.", field="at")
        text = line.text[:at] + inserted + line.text[at + removed :]
        return self._keep(line, revision, text)

    def replace(self, peer_id: str, language: str, line_id: str, revision: int, *, text: str, now_ms: int) -> Line:
        """The whole line, whatever is known of it. Raise Conflict when a later one is known."""
        line = self._lines.get((peer_id, language))
        if line is None or line.line_id != line_id:
            line = Line(peer_id, language, line_id, now_ms)
        if revision < line.revision:
            raise Conflict(f"The line is at edit {line.revision} already.")
        return self._keep(line, revision, text)

    def _keep(self, line: Line, revision: int, text: str) -> Line:
        if len(text) > MOST_CHARACTERS:
            raise Invalid(f"A line has at most {MOST_CHARACTERS:,} characters: finish it, begin another.", field="text")
        line.revision, line.text = revision, text
        self._lines[line.peer_id, line.language] = line
        return line

    def begun_at_ms(self, peer_id: str, language: str, line_id: str) -> int | None:
        """None: the line is not open; it was said at once."""
        line = self._lines.get((peer_id, language))
        return line.begun_at_ms if line is not None and line.line_id == line_id else None

    def end(self, peer_id: str, language: str, line_id: str) -> Line:
        """Raise NotFound when it is not open."""
        line = self._lines.get((peer_id, language))
        if line is None or line.line_id != line_id:
            raise NotFound("This line is not open.")
        del self._lines[peer_id, language]
        return line

    def keep_only(self, peer_ids: Collection[str]) -> None:
        """Forget the lines of those who have left."""
        for key in [key for key in self._lines if key[0] not in peer_ids]:
            del self._lines[key]

    def lines(self) -> list[Line]:
        """In the order in which they were begun."""
        return sorted(self._lines.values(), key=lambda line: line.begun_at_ms)
