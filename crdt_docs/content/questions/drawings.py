"""Questions that are answered by a drawing: strokes on a sheet, kept as numbers, so that nothing in it can run."""

from __future__ import annotations

from typing import Any

from crdt_docs.content.questions.question_type import Question, QuestionType, no_problem, nothing_more, wrong

SHEET = (1000, 750)
"""Width and height of the sheet on which the points lie."""
MAX_STROKES = 300
MAX_POINTS = 6_000
"""Of all strokes together: about 40 KB."""
TINTS = 6
WIDTHS = (4, 10, 24)


def _clean(question: Question, answer: Any) -> dict[str, Any] | None:
    if answer == "":
        return None
    strokes = answer.get("strokes") if isinstance(answer, dict) else None
    if not isinstance(strokes, list) or set(answer) != {"strokes"}:
        raise wrong(question, "The answer has to be a drawing: {strokes: [{tint, width, points}]}.")
    if len(strokes) > MAX_STROKES:
        raise wrong(question, f"A drawing has at most {MAX_STROKES} strokes.")
    cleaned = [_clean_stroke(question, stroke) for stroke in strokes]
    if sum(len(stroke["points"]) for stroke in cleaned) > 2 * MAX_POINTS:
        raise wrong(question, f"A drawing has at most {MAX_POINTS} points.")
    return {"strokes": cleaned} if cleaned else None


def _clean_stroke(question: Question, stroke: Any) -> dict[str, Any]:
    if not isinstance(stroke, dict) or set(stroke) != {"tint", "width", "points"}:
        raise wrong(question, "A stroke has a tint, a width and points.")
    tint, width, points = stroke["tint"], stroke["width"], stroke["points"]
    if not _is_whole(tint) or not 1 <= tint <= TINTS or width not in WIDTHS:
        raise wrong(question, f"A stroke has a tint from 1 to {TINTS} and a width of {', '.join(map(str, WIDTHS))}.")
    if not isinstance(points, list) or not points or len(points) % 2:
        raise wrong(question, "A stroke's points are x, y, x, y …")
    on_sheet = (_is_whole(each) and 0 <= each <= SHEET[place % 2] for place, each in enumerate(points))
    if not all(on_sheet):
        raise wrong(question, f"A stroke's points lie on a sheet of {SHEET[0]} × {SHEET[1]}.")
    return {"tint": tint, "width": width, "points": points}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


TYPES = (QuestionType("drawing", "drawings", nothing_more, no_problem, _clean),)
