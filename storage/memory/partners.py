"""Partners in memory."""

from __future__ import annotations

from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.records import (
    Idea,
    IdeaId,
    Profile,
    UserId,
)


class MemoryPartners:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._profiles: dict[UserId, Profile] = {}
        self._ideas: dict[IdeaId, Idea] = {}

    async def put_profile(self, profile: Profile) -> None:
        self._rows.check_open()
        check_texts(profile.about, *profile.subjects, *profile.languages, *profile.stages)
        find(self._rows.users, profile.user_id)
        self._profiles[profile.user_id] = profile

    async def profile(self, user_id: UserId) -> Profile:
        return find(self._profiles, user_id)

    async def remove_profile(self, user_id: UserId) -> None:
        self._rows.check_open()
        find(self._profiles, user_id)
        del self._profiles[user_id]

    async def profiles(self) -> list[Profile]:
        return sorted(self._profiles.values(), key=lambda profile: profile.user_id)

    async def add_idea(self, idea: Idea) -> None:
        self._rows.check_open()
        check_texts(idea.title, idea.text, *idea.subjects, *idea.languages, *idea.countries)
        find(self._rows.users, idea.user_id)
        add(self._ideas, idea.id, idea)

    async def change_idea(self, idea: Idea) -> None:
        self._rows.check_open()
        check_texts(idea.title, idea.text, *idea.subjects, *idea.languages, *idea.countries)
        former = find(self._ideas, idea.id)
        self._ideas[idea.id] = replace(idea, user_id=former.user_id, created_at_ms=former.created_at_ms)

    async def idea(self, idea_id: IdeaId) -> Idea:
        return find(self._ideas, idea_id)

    async def remove_idea(self, idea_id: IdeaId) -> None:
        self._rows.check_open()
        find(self._ideas, idea_id)
        del self._ideas[idea_id]

    async def ideas(self, user_id: UserId | None = None) -> list[Idea]:
        found = [idea for idea in self._ideas.values() if user_id in (None, idea.user_id)]
        return sorted(found, key=lambda idea: (-idea.created_at_ms, idea.id))
