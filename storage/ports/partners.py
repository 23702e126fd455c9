"""Teachers who look for partners, and their ideas; they are found through Search."""

from __future__ import annotations

from typing import Protocol

from storage.records import Idea, IdeaId, Profile, UserId


class Partners(Protocol):
    async def put_profile(self, profile: Profile) -> None:
        """In place of the teacher's former one."""
        ...

    async def profile(self, user_id: UserId) -> Profile: ...
    async def remove_profile(self, user_id: UserId) -> None: ...
    async def profiles(self) -> list[Profile]:
        """Every one, listed or not."""
        ...

    async def add_idea(self, idea: Idea) -> None: ...
    async def change_idea(self, idea: Idea) -> None:
        """Replace everything but the author and when it was made."""
        ...

    async def idea(self, idea_id: IdeaId) -> Idea: ...
    async def remove_idea(self, idea_id: IdeaId) -> None: ...
    async def ideas(self, user_id: UserId | None = None) -> list[Idea]:
        """This teacher's, or everybody's; newest first."""
        ...
