"""Rubrics: what stands in them, and whose word it takes to seal them."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from hub.payloads.contents import ContentRef
from hub.payloads.fields import Id, Reply
from hub.payloads.form_sheets import SheetSigned
from hub.payloads.forms import Option
from hub.payloads.walls import CommentText


class SignRubric(ContentRef):
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Of the rubric that one saw."""


class Criterion(Option):
    cells: dict[str, str]
    """Level id → what it means for this criterion."""


class RubricFault(Reply):
    field: str | None
    """The id of the criterion or level that keeps it from being sealed."""
    sentence: str


class RubricVersion(Reply):
    content_id: str
    number: int
    sealed_at_ms: int | None


class Rubric(Reply):
    content_id: str
    number: int
    """Which version of the rubric it is."""
    versions: list[RubricVersion]
    """All that the reader may see, the oldest first."""
    levels: list[Option]
    criteria: list[Criterion]
    fault: RubricFault | None
    """Why it can't be sealed as it is."""
    digest: str
    """SHA-256 of levels and criteria as JSON with sorted keys; once it is sealed, for good."""
    school_ids: list[str]
    """Whose word it takes."""
    signed: list[SheetSigned]
    sealed_at_ms: int | None
    talk_id: str | None
    """The live document of what was said to it (`GET /walls/{talk_id}/held`: what waits); null: nothing yet."""


class PostRubricComment(ContentRef):
    client_comment_id: Id
    """Made by the client and kept as the comment's id; sent again it is answered with the one that is there."""
    criterion_id: Id
    level_id: Id | None = None
    """What this level means for the criterion; null: the criterion as a whole."""
    text: CommentText


class TalkBegun(Reply):
    content_id: str
    talk_id: str


class RubricChanged(Reply):
    content_id: str
    sealed: bool
