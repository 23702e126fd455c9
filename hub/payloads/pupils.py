"""The pupils of a teacher's own school: accounts, class cards, membership."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply
from hub.payloads.people import Language

FirstName = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True), STORABLE, ONE_LINE]
ClassName = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True), STORABLE, ONE_LINE]
ClassKey = Annotated[str, StringConstraints(min_length=1, max_length=60), STORABLE, ONE_LINE]
MAX_PUPILS_AT_ONCE = 60


class Pupil(Reply):
    user_id: str
    display_name: str
    class_name: str
    has_signed_in: bool
    asks_for_card: bool


class Pupils(Reply):
    pupils: list[Pupil]


class MakePupils(Payload):
    class_name: ClassName = ""
    first_names: Annotated[list[FirstName], Field(min_length=1, max_length=MAX_PUPILS_AT_ONCE)]
    language: Language
    """Of the class: its cards and what its pupils see at first."""
    twinspace_id: Id | None = None
    """Where they become members at once."""


class PupilRef(Payload):
    user_id: Id


class MakeClassCards(Payload):
    user_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_PUPILS_AT_ONCE)]

    @field_validator("user_ids")
    @classmethod
    def _each_once(cls, user_ids: list[str]) -> list[str]:
        if len(set(user_ids)) < len(user_ids):
            raise ValueError("names somebody twice")
        return user_ids


class NewCard(Reply):
    user_id: str
    display_name: str
    class_name: str
    words: str
    """Shown this once: the hub keeps only what proves it."""
    sign_in_url: str


class NewCards(Reply):
    cards: list[NewCard]


class CardToPrint(Payload):
    display_name: FirstName
    words: ClassKey


class PrintCards(Payload):
    language: Language
    class_name: ClassName = ""
    cards: Annotated[list[CardToPrint], Field(min_length=1, max_length=MAX_PUPILS_AT_ONCE)]


class AddPupils(Payload):
    twinspace_id: Id
    user_ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_PUPILS_AT_ONCE)]
    role: Literal["pupil", "pupil_editor"] = "pupil"


class MemberRef(Payload):
    twinspace_id: Id
    user_id: Id
