"""Forms that teachers keep for others, and those that every hub has ready-made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.payloads.contents import ContentRef
from hub.payloads.fields import Id, Payload, Reply, Title
from hub.payloads.forms import Question
from hub.payloads.foundings import ShortTitle, Stage
from hub.payloads.people import Language, School
from hub.payloads.search import Offset, Query
from hub.payloads.shelf import Licence, LongText
from hub.payloads.twinspaces import TwinspaceRef
from storage.records import ResourceState


class KeepTemplate(ContentRef):
    title: Title
    text: LongText
    """What it is good for."""
    licence: Licence
    language: Language
    """In which the questions are written first; the form's other languages come along."""
    stages: Annotated[list[Stage], Field(max_length=5)] = []
    subjects: Annotated[list[ShortTitle], Field(max_length=12)] = []


class FindTemplates(Payload):
    q: Query = ""
    language: Language | None = None
    offset: Offset = 0
    """So many of the shelf's are known already; the ready-made and one's own come with the first only."""


class TemplateRef(Payload):
    template_id: Id


class MakeForm(TwinspaceRef):
    template_id: Id
    title: Title


class FormTemplateLine(Reply):
    id: str
    title: str
    text: str
    licence: str
    languages: list[str]
    stages: list[str]
    subjects: list[str]
    question_count: int
    origin: Literal["ready_made", "mine", "shelf"]
    """`mine`: not on the shelf, or not yet."""
    state: ResourceState
    display_name: str | None
    school: School | None


class FormTemplate(FormTemplateLine):
    mode: Literal["alone", "together"]
    anonymous: bool
    is_quiz: bool
    questions: list[Question]
    """As somebody sees them who is to answer."""


class FormTemplates(Reply):
    templates: list[FormTemplateLine]
    more: bool
