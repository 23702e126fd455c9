"""What is said of a whiteboard beside its document: who draws on it, and who may not for now."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from hub.payloads.fields import Id, Payload, Reply


class BoardLock(Reply):
    content_id: str
    is_locked: bool
    """Members without `moderate` only read it."""
    held: list[str]
    """These only read it in any case; without `moderate` one hears of oneself alone."""
    may_write: bool
    """Whether the asker may."""
    revision: int


class ChangeBoardLock(Payload):
    """What is not given stays."""

    content_id: Id
    is_locked: bool | None = None
    hold: list[Id] = Field(default=[], max_length=500)
    free: list[Id] = Field(default=[], max_length=500)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if set(self.hold) & set(self.free):
            raise ValueError("nobody can be held and freed at once")
        return self


class ExportBoard(Payload):
    content_id: Id
    format: Literal["svg", "png", "pdf"] = "svg"


class BoardLocked(Reply):
    content_id: str
    is_locked: bool
    revision: int


class Drawer(Reply):
    client_id: int
    """As Yjs has it; a member has one for each tab they wrote in."""
    user_id: str
    display_name: str
    school_id: str


class Drawers(Reply):
    drawers: list[Drawer]
