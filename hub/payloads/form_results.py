"""What a form's answers come to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.payloads.contents import ContentRef
from hub.payloads.fields import ONE_LINE, STORABLE, Drawing, Id, Payload, Reply
from hub.payloads.forms import Option, QuestionType, Version, Words

Shown = int | Literal["few", "kept"]
"""A number of people; `few`: under five; `kept`: not told, since it would give away one that is."""


class Count(Reply):
    value: str | int
    label: str
    total: Shown
    by_school: dict[str, Shown]
    place: float | None = None


class RowResults(Option):
    counts: list[Count]


class Amounts(Reply):
    least: float
    greatest: float
    mean: float
    by_school: dict[str, float]


class QuestionResults(Reply):
    id: str
    type: QuestionType
    label: str
    words: Words | None = None
    answer_count: int
    tally_count: int
    """How many of them are hands that a teacher counted."""
    counts: list[Count] | None = None
    rows: list[RowResults] | None = None
    amounts: Amounts | None = None
    texts: list[str] | None = None
    drawings: list[Drawing] | None = None
    files: list[str] | None = None
    mean: float | None = None
    mean_is_rough: bool = False
    """Told in halves, since numbers beside it are hidden."""
    right_count: Shown | None = None


class ReadResults(ContentRef):
    version: Version | None = None


class ExportResults(ReadResults):
    format: Literal["csv", "xlsx"] = "csv"


class Results(Reply):
    content_id: str
    version: int
    newest_version: int
    round: Literal["before", "after"] | None
    anonymous: bool
    response_count: int
    tally_count: int
    waiting_count: int
    """Anonymous answers that are not among the figures yet: a school's are shown five at a time."""
    questions: list[QuestionResults]


class Pair(Reply):
    """One question, asked before and after."""

    before: QuestionResults
    after: QuestionResults
    change: float | None
    """Of the mean."""


class Comparison(Reply):
    before_version: int | None
    after_version: int | None
    pairs: list[Pair]


Pupils = Annotated[int, Field(ge=0, le=200)]
ClassTitle = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), STORABLE, ONE_LINE]


class PutTally(Payload):
    content_id: Id
    tally_id: Id
    version: Version
    title: ClassTitle
    counts: Annotated[dict[Id, Annotated[dict[Id, Pupils], Field(max_length=60)]], Field(max_length=200)]


class TallyRef(ContentRef):
    tally_id: Id


class ClassTally(Reply):
    tally_id: str
    version: int
    school_id: str
    title: str
    pupils: int
    counts: dict[str, dict[str, int]]
    entered_at_ms: int
    is_mine: bool
    """Of my school: mine to change."""


class ClassTallies(Reply):
    tallies: list[ClassTally]
