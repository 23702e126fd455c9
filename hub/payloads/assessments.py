"""Assessments by a sealed rubric."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from hub.payloads.contents import ContentRef
from hub.payloads.fields import STORABLE, Id, Payload, Reply, Title
from hub.payloads.forms import Option
from hub.payloads.rubrics import Criterion

By = Literal["self", "peer", "teacher"]
PinKind = Literal["content", "card", "material", "snapshot"]
SubjectKind = Literal["content", "card", "material", "team", "member"]
People = Annotated[list[Id], Field(min_length=1, max_length=60)]
RatingText = Annotated[str, StringConstraints(max_length=1_000, strip_whitespace=True), STORABLE]


Position = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,200}={0,2}$")]


class SubjectRef(Payload):
    kind: SubjectKind
    id: Id
    part_id: Id | None = None
    """Of a card, its id; `id` is the wall."""


class BeginAssessment(ContentRef):
    title: Title
    subject: SubjectRef
    assessed_ids: People
    """Whose work it is: they see what is given, once it is shown."""
    assessor_ids: People
    reveal_at_ms: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = None
    """Shown at this time at the latest; without it, when all are in."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.subject.kind == "member" and self.assessed_ids != [self.subject.id]:
            raise ValueError("whoever it is about is who is assessed, and nobody else")
        return self


class AssessmentRef(Payload):
    assessment_id: Id


class MoveReveal(AssessmentRef):
    reveal_at_ms: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = None
    """None: when all are in."""
    at_once: bool = False
    """Now, with what is in."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.at_once and self.reveal_at_ms is not None:
            raise ValueError("it is shown at once or at a time, not both")
        return self


class PassageRef(Payload):
    """A part of a document's text: Yjs relative positions in base64url, and the words between them."""

    start: Position
    end: Position
    words: Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True), STORABLE]


class PinRef(Payload):
    criterion_id: Id
    kind: PinKind
    id: Id
    part_id: Id | None = None
    """Of a card, its id; of a snapshot, the id of the content in it."""
    passage: PassageRef | None = None
    """Of a document; without it, all of it is meant."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.passage is not None and self.kind != "content":
            raise ValueError("only of a document a passage is pinned")
        return self


class Rate(AssessmentRef):
    levels: Annotated[dict[Id, Id], Field(max_length=12)]
    words: Annotated[dict[Id, RatingText], Field(max_length=12)] = {}
    evidence: Annotated[list[PinRef], Field(max_length=40)] = []
    send: bool = False
    """Every criterion has its level then. It can be changed until all of it is shown."""


class Subject(Reply):
    kind: SubjectKind
    id: str | None
    part_id: str | None
    title: str | None
    """None, as is its id, for what is not open to the reader."""
    content_kind: str | None


class Passage(Reply):
    start: str
    end: str
    words: str | None
    """As they were when it was pinned; None when they were erased."""
    is_there: bool
    """Whether these words still stand in the document."""


class Pin(Reply):
    criterion_id: str
    kind: PinKind
    id: str | None
    part_id: str | None
    title: str | None
    """None, as is its id, for what is not open to the reader."""
    content_kind: str | None
    passage: Passage | None


class AssessedPerson(Reply):
    user_id: str
    display_name: str
    school_id: str


class Progress(Reply):
    by: By
    sent: int
    of: int
    missing: list[str]
    """Whose is missing, for teachers."""


class OwnRating(Reply):
    by: By
    levels: dict[str, str]
    words: dict[str, str]
    evidence: list[Pin]
    sent_at_ms: int | None


class GivenRating(Reply):
    by: By
    is_mine: bool
    user_id: str | None
    """None, as the name, for a classmate's."""
    display_name: str | None
    school_id: str | None
    levels: dict[str, str]
    words: dict[str, str]
    evidence: list[Pin]


class AssessmentLine(Reply):
    id: str
    twinspace_id: str
    rubric_id: str
    rubric_title: str
    rubric_number: int
    title: str
    subject: Subject
    assessed: list[AssessedPerson]
    i_assess: bool
    i_am_assessed: bool
    i_watch: bool
    """Whether it is my business as a teacher."""
    i_sent: bool
    reveal_at_ms: int | None
    is_shown: bool


class AssessmentDetail(AssessmentLine):
    levels: list[Option]
    criteria: list[Criterion]
    mine: OwnRating | None
    progress: list[Progress]
    """How many are in; empty for those who only assess."""
    given: list[GivenRating]
    """Side by side, once it is shown; empty before, and for those who only assess."""


class AssessmentLines(Reply):
    assessments: list[AssessmentLine]


class AssessmentChanged(Reply):
    twinspace_id: str
    assessment_id: str
