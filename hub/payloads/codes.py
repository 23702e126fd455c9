"""The code of conduct: a document of the TwinSpace that each school accepts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply, Title
from hub.payloads.foundings import Hash

Rule = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True), STORABLE, ONE_LINE]


class CodeOfSchool(Reply):
    school_id: str
    accepted_at_ms: int | None
    """The text as it is now; None: not yet, or only an earlier one."""
    accepted_by: str | None
    accepted_before: bool


class Code(Reply):
    twinspace_id: str
    content_id: str | None
    """None: there is no code yet."""
    text_hash: str | None
    """What one accepts: the document as it is now."""
    schools: list[CodeOfSchool]


class BeginCode(Payload):
    twinspace_id: Id
    title: Title
    rules: Annotated[list[Rule], Field(min_length=1, max_length=30)]
    """What the document begins with; the schools write on from there."""


class AcceptCode(Payload):
    twinspace_id: Id
    text_hash: Hash
