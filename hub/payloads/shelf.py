"""The resource shelf and the help desk."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply, Title
from hub.payloads.foundings import ShortTitle, Stage
from hub.payloads.people import Language, School
from hub.payloads.search import Offset, Piece, Query
from storage.records import QuestionState, ResourceState

Sort = Literal["good_practice", "article", "tool", "tutorial"]
"""What one writes down as it is; a form template is made of a form."""
Licence = Literal[
    "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "EUPL-1.2", "MIT", "all_rights_reserved"
]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True), STORABLE]
Reason = Annotated[str, StringConstraints(max_length=1_000, strip_whitespace=True), STORABLE]


def _web_address(link: str) -> str:
    if link and not link.startswith(("https://", "http://")):
        raise ValueError("has to begin with https://")
    return link


Link = Annotated[
    str,
    StringConstraints(max_length=500, strip_whitespace=True),
    STORABLE,
    ONE_LINE,
    AfterValidator(_web_address),
]


class AddResource(Payload):
    sort: Sort
    title: Title
    text: LongText
    link: Link = ""
    licence: Licence
    language: Language
    stages: Annotated[list[Stage], Field(max_length=5)] = []
    subjects: Annotated[list[ShortTitle], Field(max_length=12)] = []


class ResourceRef(Payload):
    resource_id: Id


class DecideResource(ResourceRef):
    decision: Literal["listed", "refused"]
    reason: Reason = ""

    @model_validator(mode="after")
    def _with_reason(self) -> Self:
        if self.decision == "refused" and not self.reason:
            raise ValueError("needs a reason to refuse")
        return self


class RateResource(ResourceRef):
    is_useful: bool


class FindResources(Payload):
    q: Query = ""
    sort: Sort | Literal["form_template"] | None = None
    language: Language | None = None
    stage: Stage | None = None
    subject: ShortTitle | None = None
    offset: Offset = 0


class Resource(Reply):
    id: str
    sort: str
    title: str
    text: str
    snippet: list[Piece]
    link: str
    licence: str
    language: str
    stages: list[str]
    subjects: list[str]
    submitted_by: str
    display_name: str
    school: School
    submitted_at_ms: int
    state: ResourceState
    reason: str
    useful_count: int
    i_find_it_useful: bool
    is_mine: bool
    question_count: int | None
    """Of a form template."""


class Resources(Reply):
    resources: list[Resource]
    more: bool


class AskQuestion(Payload):
    title: Title
    text: LongText


class QuestionRef(Payload):
    question_id: Id


class WriteNote(QuestionRef):
    text: LongText
    answers: bool = False
    """The service's answer: it counts, and may become a frequent one."""


class TakeQuestion(QuestionRef):
    former_owner_id: Id | None = None
    """Who had it on the page that one looks at; None: nobody."""


class SetFaq(QuestionRef):
    is_faq: bool


class HideBrought(QuestionRef):
    is_hidden: bool


class Brought(Reply):
    """What a question brings before the service: something said among teachers at large."""

    kind: str
    author_id: str
    author_name: str
    excerpt: str
    """What was there when it was reported; empty once it is erased."""
    is_hidden: bool


class HelpNote(Reply):
    seq: int
    user_id: str
    display_name: str
    text: str
    written_at_ms: int


class HelpQuestionSummary(Reply):
    id: str
    title: str
    country: str
    language: str
    state: QuestionState
    asked_by: str
    display_name: str
    owner_id: str | None
    owner_name: str | None
    asked_at_ms: int
    changed_at_ms: int
    is_faq: bool


class HelpQuestion(HelpQuestionSummary):
    text: str
    answer: str
    notes: list[HelpNote]
    may_answer: bool
    brought: Brought | None


class HelpQuestions(Reply):
    questions: list[HelpQuestionSummary]


class FrequentQuestion(Reply):
    id: str
    title: str
    text: str
    answer: str
    language: str


class FrequentQuestions(Reply):
    questions: list[FrequentQuestion]


class HelpChanged(Reply):
    """Look again."""

    question_id: str
