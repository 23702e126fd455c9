"""The fields that payloads are made of, each with its limit: nothing of unknown size or form gets past them."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


class Payload(BaseModel):
    """What a client sends: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reply(BaseModel):
    """What the hub answers or announces."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Payload):
    """A request that needs no field."""


def _storable(text: str) -> str:
    # Databases refuse NUL, UTF-8 has no lone surrogates, and the other controls only serve to disguise text.
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        raise ValueError("contains characters that can't be shown")
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("has to be one line")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


STORABLE = AfterValidator(_storable)
ONE_LINE = AfterValidator(_one_line)
"""For fields of other files: `Annotated[str, StringConstraints(…), STORABLE, ONE_LINE]`, in this order."""
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Seq = Annotated[int, Field(ge=0, le=2**53 - 1)]
Limit = Annotated[int, Field(ge=1, le=200)]
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120, strip_whitespace=True),
    AfterValidator(_storable),
    AfterValidator(_one_line),
]
Text = Annotated[str, AfterValidator(_storable)]
ChatText = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_storable), AfterValidator(_not_blank)
]
CardTitle = Annotated[
    str,
    StringConstraints(max_length=120, strip_whitespace=True),
    AfterValidator(_storable),
    AfterValidator(_one_line),
]
CardText = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_storable)]
Tint = Annotated[int, Field(ge=1, le=6)]
AnswerText = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(_storable)]
Coordinate = Annotated[int, Field(strict=True, ge=0, le=1_000)]


class Stroke(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tint: Annotated[int, Field(strict=True, ge=1, le=6)]
    width: Annotated[int, Field(strict=True, ge=1, le=24)]
    points: Annotated[list[Coordinate], Field(max_length=12_000)]


class Drawing(BaseModel):
    """Strokes on a sheet of 1000 × 750: `points` are x, y, x, y …"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    strokes: Annotated[list[Stroke], Field(max_length=300)]


Answer = (
    AnswerText
    | Annotated[int, Field(strict=True)]
    | Annotated[float, Field(strict=True, allow_inf_nan=False)]
    | Annotated[list[Id], Field(max_length=60)]
    | Annotated[dict[Id, Id], Field(max_length=60)]
    | Drawing
    | None
)
"""A text, date, option or file, a number, several options, a row's option for each row, or a drawing."""
