"""Teachers who look for partners, and their project ideas."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from hub.payloads.fields import STORABLE, Id, Payload, Reply, Title
from hub.payloads.foundings import Day, ShortTitle, Stage
from hub.payloads.people import Language, School
from hub.payloads.places import CountryCode
from hub.payloads.search import Offset, Piece, Query

About = Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True), STORABLE]
Subjects = Annotated[list[ShortTitle], Field(max_length=12)]
Languages = Annotated[list[Language], Field(max_length=8)]
Age = Annotated[int, Field(ge=3, le=20)]


class PutProfile(Payload):
    about: About = ""
    stages: Annotated[list[Stage], Field(max_length=5)] = []
    subjects: Subjects = []
    languages: Languages = []
    is_listed: bool = False
    """Without it nobody finds one."""


class MyProfile(Reply):
    about: str
    stages: list[str]
    subjects: list[str]
    languages: list[str]
    is_listed: bool


class FoundProfile(Reply):
    user_id: str
    display_name: str
    school: School
    about: str
    snippet: list[Piece]
    stages: list[str]
    subjects: list[str]
    languages: list[str]


class FoundProfiles(Reply):
    profiles: list[FoundProfile]
    more: bool


class FindPartners(Payload):
    q: Query = ""
    country: CountryCode | None = None
    language: Language | None = None
    stage: Stage | None = None
    subject: ShortTitle | None = None
    offset: Offset = 0


class PersonRef(Payload):
    user_id: Id


class _Idea(Payload):
    title: Title
    text: About
    stage: Stage
    ages_from: Age
    ages_to: Age
    subjects: Annotated[list[ShortTitle], Field(min_length=1, max_length=12)]
    languages: Annotated[list[Language], Field(min_length=1, max_length=8)]
    countries: Annotated[list[CountryCode], Field(max_length=42)] = []
    """Where partners are looked for; none: anywhere."""
    open_until: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ages_to < self.ages_from:
            raise ValueError("ends with a younger age than it begins with")
        return self


class MakeIdea(_Idea):
    pass


class ChangeIdea(_Idea):
    idea_id: Id


class IdeaRef(Payload):
    idea_id: Id


class Idea(Reply):
    id: str
    user_id: str
    display_name: str
    school: School
    title: str
    text: str
    stage: Stage
    ages_from: int
    ages_to: int
    subjects: list[str]
    languages: list[str]
    countries: list[str]
    open_until: str
    is_open: bool
    is_mine: bool
    changed_at_ms: int


class Ideas(Reply):
    ideas: list[Idea]
    more: bool


class PersonPage(FoundProfile):
    """A teacher as teachers of other schools see them."""

    ideas: list[Idea]
    is_blocked: bool
    """Whether I have blocked them."""
