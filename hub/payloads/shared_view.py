"""What everybody in a meeting looks at together: what is opened for all, who is seen large, and the timer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.lesson.shared_view import LONGEST_MS, MOST_IN_SPOTLIGHT
from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply
from storage import records

Anchor = Annotated[str, StringConstraints(max_length=200), STORABLE, ONE_LINE]
Step = Literal["start", "pause", "resume", "add", "end"]


class PlaceIn(Payload):
    """Where in a content the presenter is; which of them a kind uses is its own matter."""

    anchor: Anchor = ""
    """A part of it that everybody has: a card, a question, the number of a block."""
    offset: Annotated[float, Field(ge=-1_000, le=1_000, allow_inf_nan=False)] = 0
    """How far below the beginning of that part, in heights of the part."""


class OpenForAll(Payload):
    room_id: Id
    content_id: Id
    place: PlaceIn = PlaceIn()


class OpenedForAll(Reply):
    is_open: bool
    unseen_by: list[str]
    """The users in the meeting who may not see it; while there are any it isn't opened, and a rung would have to be
    changed first."""


class TurnTo(Payload):
    room_id: Id
    content_id: Id
    place: PlaceIn


class PutInSpotlight(Payload):
    room_id: Id
    user_ids: Annotated[list[Id], Field(max_length=MOST_IN_SPOTLIGHT)]
    """None: nobody is seen larger than the others."""


class SetTimer(Payload):
    room_id: Id
    step: Step
    length_ms: Annotated[int, Field(ge=1_000, le=LONGEST_MS)] = 60_000
    """With `start` its length, with `add` how much more; else not looked at."""


class OpenedContent(Reply):
    content_id: str
    presenter_id: str
    """The user whose place the others follow."""
    opened_at_ms: int
    anchor: str
    offset: float


class Timer(Reply):
    length_ms: int
    ends_at_ms: int | None
    """By the hub's clock; None: it stands still."""
    left_ms: int
    """When this was said."""


class SharedView(Reply):
    """Announced, and told to who joins. Of two with the same room the one of the higher revision is newer."""

    room_id: str
    revision: int
    opened: OpenedContent | None
    spotlight: list[str]
    """The users who are seen large; those who aren't there are passed over."""
    timer: Timer | None
    now_ms: int
    """The hub's clock when this was said: whose own clock differs subtracts."""

    @classmethod
    def of(cls, view: records.SharedView, left_ms: int, now_ms: int) -> SharedView:
        opened = timer = None
        if view.opened_id is not None and view.opened_by is not None:
            place = PlaceIn.model_validate(dict(view.place))
            opened = OpenedContent(
                content_id=view.opened_id,
                presenter_id=view.opened_by,
                opened_at_ms=view.opened_at_ms,
                anchor=place.anchor,
                offset=place.offset,
            )
        if view.timer_length_ms:
            timer = Timer(length_ms=view.timer_length_ms, ends_at_ms=view.timer_ends_at_ms, left_ms=left_ms)
        return cls(
            room_id=view.room_id,
            revision=view.revision,
            opened=opened,
            spotlight=list(view.spotlight),
            timer=timer,
            now_ms=now_ms,
        )


class Unseen(Reply):
    """Announced to who presents: somebody came who may not see what is open."""

    room_id: str
    user_id: str
