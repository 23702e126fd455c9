"""Captions typed by people: who captions which language in one meeting, and whose turn it is.

A language is taken by one or several. With the `baton` one types and hands on; `together` all type at once, and every
line is credited to who typed it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from hub.errors import Conflict, NotFound

Mode = Literal["baton", "together"]
MOST_LANGUAGES = 12
MOST_PEOPLE = 20
"""At one desk."""


@dataclass(slots=True)
class Desk:
    language: str
    mode: Mode = "baton"
    user_ids: list[str] = field(default_factory=list)
    """In the order in which they came, and in which the baton goes round."""
    holder: str | None = None
    """Who types, where the baton goes round."""


@dataclass(slots=True)
class Captioning:
    _desks: dict[str, Desk] = field(default_factory=dict)

    def take(self, language: str, user_id: str) -> None:
        """Sit down at a language's desk. Raise Conflict when there is no room."""
        desk = self._desks.get(language)
        if desk is None:
            if len(self._desks) >= MOST_LANGUAGES:
                raise Conflict(f"A meeting is captioned in at most {MOST_LANGUAGES} languages.")
            desk = self._desks[language] = Desk(language)
        if user_id in desk.user_ids:
            return
        if len(desk.user_ids) >= MOST_PEOPLE:
            raise Conflict(f"At most {MOST_PEOPLE} people caption one language.")
        desk.user_ids.append(user_id)
        desk.holder = desk.holder or user_id

    def leave(self, language: str, user_id: str) -> None:
        desk = self._desks.get(language)
        if desk is None or user_id not in desk.user_ids:
            return
        place = desk.user_ids.index(user_id)
        desk.user_ids.remove(user_id)
        if not desk.user_ids:
            del self._desks[language]
        elif desk.holder == user_id:
            desk.holder = desk.user_ids[place % len(desk.user_ids)]

    def hand_on(self, language: str, user_id: str) -> None:
        """The baton goes to this one. Raise NotFound unless they sit there."""
        desk = self._require(language)
        if user_id not in desk.user_ids:
            raise NotFound("They don't caption this language.")
        desk.holder = user_id

    def share(self, language: str, mode: Mode) -> None:
        self._require(language).mode = mode

    def sits_at(self, language: str, user_id: str) -> bool:
        desk = self._desks.get(language)
        return desk is not None and user_id in desk.user_ids

    def check_turn(self, language: str, user_id: str) -> None:
        """Raise NotFound for who does not caption this language, Conflict while another one has the baton."""
        desk = self._require(language)
        if user_id not in desk.user_ids:
            raise NotFound("You don't caption this language. Take its desk first.")
        if desk.mode == "baton" and desk.holder != user_id:
            raise Conflict("Somebody else has the baton.")

    def keep_only(self, user_ids: Collection[str]) -> bool:
        """Those who have left the meeting have left their desks; whether there were any."""
        seats = [(desk.language, each) for desk in self._desks.values() for each in desk.user_ids]
        gone = [(language, each) for language, each in seats if each not in user_ids]
        for language, user_id in gone:
            self.leave(language, user_id)
        return bool(gone)

    def desks(self) -> list[Desk]:
        return [self._desks[language] for language in sorted(self._desks)]

    def _require(self, language: str) -> Desk:
        if language not in self._desks:
            raise NotFound("Nobody captions this language.")
        return self._desks[language]
