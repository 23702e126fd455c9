"""Schools, users, signing in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import PrivateAttr, StringConstraints, model_validator

from hub.payloads.fields import Id, Payload, Reply
from storage import records

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=12)]


SecondFactor = Literal["off", "on", "ask", "set_up"]
"""`ask`: this login still has to give one; `set_up`: the account needs a second factor and has none yet."""
Factor = Literal["code", "passkey"]


class School(Reply):
    id: str
    name: str
    city: str
    country: str
    region: str
    shape: str

    @classmethod
    def of(cls, school: records.School) -> Self:
        return cls(
            id=school.id,
            name=school.name,
            city=school.city,
            country=school.country,
            region=school.region,
            shape=school.shape,
        )


class User(Reply):
    id: str
    name: str
    display_name: str
    kind: records.UserKind
    language: str
    school: School
    state: records.UserState
    class_name: str
    duties: list[str]
    """What one may do outside TwinSpaces."""
    second_factor: SecondFactor
    factors: list[Factor]
    """What the account has beside its password."""

    @classmethod
    def of(
        cls,
        user: records.User,
        school: records.School,
        duties: Iterable[str],
        second_factor: SecondFactor,
        factors: Iterable[Factor],
    ) -> Self:
        return cls(
            id=user.id,
            name=user.name,
            display_name=user.display_name,
            kind=user.kind,
            language=user.language,
            school=School.of(school),
            state=user.state,
            class_name=user.class_name,
            duties=sorted(duties),
            second_factor=second_factor,
            factors=sorted(factors),
        )


class SetsCookie(Reply):
    """Carries, for the HTTP shell alone, the secret that becomes the cookie; none while it is empty."""

    _secret: str = PrivateAttr(default="")
    _max_age_s: int = PrivateAttr(default=0)

    def with_secret(self, secret: str, max_age_s: int) -> Self:
        self._secret = secret
        self._max_age_s = max_age_s
        return self

    @property
    def secret(self) -> str:
        return self._secret

    @property
    def max_age_s(self) -> int:
        return self._max_age_s


class SignedIn(User, SetsCookie):
    """A User, and the cookie of the new login."""


class SignedOut(Reply):
    """Tells the HTTP shell to delete the cookie."""


class SignIn(Payload):
    """Either a name and a password, or the words of a class card."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    class_key: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        with_name = self.name is not None and self.password is not None and self.class_key is None
        with_card = self.class_key is not None and self.name is None and self.password is None
        if not (with_name or with_card):
            raise ValueError("needs a name and a password, or the words of a class card")
        return self


class ChangeMe(Payload):
    language: Language


class MakeClassCard(Payload):
    twinspace_id: Id
    user_id: Id


class ClassCard(Reply):
    display_name: str
    words: str
    qr_svg: str
    sign_in_url: str
