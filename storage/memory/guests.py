"""Invitations by link, and who came by them, in memory."""

from __future__ import annotations

from dataclasses import replace

from storage.memory.people import add_users
from storage.memory.rows import Rows, StoredUser, add, check_texts, find
from storage.ports import Conflict, NotFound
from storage.records import GuestLink, GuestLinkId, TwinspaceId, User, UserId


class MemoryGuests:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add_link(self, link: GuestLink) -> None:
        self._rows.check_open()
        check_texts(link.title)
        find(self._rows.twinspaces, link.twinspace_id)
        find(self._rows.users, link.made_by)
        if any(other.secret_hash == link.secret_hash for other in self._rows.guest_links.values()):
            raise Conflict("Another link has this secret.")
        add(self._rows.guest_links, link.id, link)

    async def find_link(self, secret_hash: bytes) -> GuestLink:
        for link in self._rows.guest_links.values():
            if link.secret_hash == secret_hash:
                return link
        raise NotFound("guest link")

    async def get_link(self, link_id: GuestLinkId) -> GuestLink:
        return find(self._rows.guest_links, link_id)

    async def links_of(self, twinspace_id: TwinspaceId) -> list[GuestLink]:
        here = [link for link in self._rows.guest_links.values() if link.twinspace_id == twinspace_id]
        return sorted(here, key=lambda link: (-link.created_at_ms, link.id))

    async def revoke_link(self, link_id: GuestLinkId, at_ms: int) -> None:
        self._rows.check_open()
        link = find(self._rows.guest_links, link_id)
        if link.revoked_at_ms is None:
            self._rows.guest_links[link_id] = replace(link, revoked_at_ms=at_ms)

    async def add_guest(self, user: User, link_id: GuestLinkId) -> None:
        find(self._rows.guest_links, link_id)
        add_users(self._rows, [StoredUser(user, None)])
        self._rows.guests[user.id] = link_id

    async def guests_of(self, link_id: GuestLinkId) -> list[User]:
        came = [self._rows.users[user_id].user for user_id, by in self._rows.guests.items() if by == link_id]
        return sorted(came, key=lambda user: (user.created_at_ms, user.id))

    async def link_of(self, user_id: UserId) -> GuestLink:
        return self._rows.guest_links[find(self._rows.guests, user_id)]
