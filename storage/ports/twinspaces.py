"""Projects, their TwinSpaces, and who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import (
    GuestLink,
    GuestLinkId,
    Member,
    Project,
    ProjectId,
    Role,
    Room,
    RoomId,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
)


class Guests(Protocol):
    """Invitations by link, and who came by them."""

    async def add_link(self, link: GuestLink) -> None: ...
    async def find_link(self, secret_hash: bytes) -> GuestLink: ...
    async def get_link(self, link_id: GuestLinkId) -> GuestLink: ...
    async def links_of(self, twinspace_id: TwinspaceId) -> list[GuestLink]:
        """Newest first."""
        ...

    async def revoke_link(self, link_id: GuestLinkId, at_ms: int) -> None:
        """The first time counts."""
        ...

    async def add_guest(self, user: User, link_id: GuestLinkId) -> None:
        """Store the account and which link it came by, together."""
        ...

    async def guests_of(self, link_id: GuestLinkId) -> list[User]:
        """In the order in which they came."""
        ...

    async def link_of(self, user_id: UserId) -> GuestLink:
        """The link that this guest came by."""
        ...


class Twinspaces(Protocol):
    async def add_project(self, project: Project) -> None: ...
    async def get_project(self, project_id: ProjectId) -> Project: ...
    async def add(self, twinspace: Twinspace) -> None: ...
    async def get(self, twinspace_id: TwinspaceId) -> Twinspace: ...
    async def of_user(self, user_id: UserId) -> list[Twinspace]:
        """The TwinSpaces in which the user is a member, oldest first."""
        ...

    async def all(self) -> list[Twinspace]: ...
    async def add_member(self, member: Member) -> None: ...
    async def get_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> Member: ...
    async def get_standing(self, twinspace_id: TwinspaceId, user_id: UserId) -> tuple[Twinspace, Member]:
        """Both of one moment. Raise NotFound when there is no such TwinSpace, or the user is no member of it."""
        ...

    async def members(self, twinspace_id: TwinspaceId) -> list[Member]: ...
    async def set_role(self, twinspace_id: TwinspaceId, user_id: UserId, role: Role) -> Member:
        """Change the role and raise the epoch by one; returns the new row."""
        ...

    async def remove_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> None:
        """The epoch is remembered: who is added again gets a greater one than ever before."""
        ...

    async def mute(
        self, twinspace_id: TwinspaceId, user_id: UserId, muted: Sequence[str], until_ms: int | None
    ) -> Member:
        """In place of a former mute, and none with nothing in `muted`. Raises the epoch by one."""
        ...

    async def end_mute(self, twinspace_id: TwinspaceId, user_id: UserId, until_ms: int) -> bool:
        """Lift a mute whose time is over and raise the epoch; False when it has another end by now, or none."""
        ...

    async def add_room(self, room: Room) -> None: ...
    async def get_room(self, room_id: RoomId) -> Room: ...
    async def rooms(self, twinspace_id: TwinspaceId) -> list[Room]: ...
    async def set_encrypted(self, room_id: RoomId, is_encrypted: bool) -> Room:
        """Whether its meetings are encrypted end to end from now on; returns the new row."""
        ...

    async def count_ending(self, room_id: RoomId) -> Room:
        """A teacher has ended the meeting there; returns the new row."""
        ...
