"""Users and TwinSpaces in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.memory.rows import Rows, StoredMember, StoredUser, add, check_texts, find
from storage.ports import Conflict, NotFound
from storage.records import (
    Member,
    Project,
    ProjectId,
    Role,
    Room,
    RoomId,
    School,
    SchoolId,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
    UserState,
)


class MemoryUsers:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add_school(self, school: School) -> None:
        self._rows.check_open()
        check_texts(school.name, school.city)
        add(self._rows.schools, school.id, school)

    async def get_school(self, school_id: SchoolId) -> School:
        return find(self._rows.schools, school_id)

    async def schools_of(self, country: str) -> list[School]:
        found = [
            school
            for school in self._rows.schools.values()
            if school.country == country and school.state == "listed" and school.id not in self._rows.services
        ]
        return sorted(found, key=lambda school: (school.name, school.id))

    async def add_user(self, user: User, *, password_hash: str | None = None) -> None:
        add_users(self._rows, [StoredUser(user, password_hash)])

    async def add_pupils(self, pupils: Sequence[tuple[User, bytes]]) -> None:
        add_users(self._rows, [StoredUser(user, None, key_hash) for user, key_hash in pupils])

    async def pupils_of(self, school_id: SchoolId) -> list[User]:
        here = [
            stored.user
            for stored in self._rows.users.values()
            if stored.user.school_id == school_id and stored.user.kind == "pupil"
        ]
        return sorted(here, key=lambda user: (user.class_name, user.display_name, user.id))

    async def get_user(self, user_id: UserId) -> User:
        return find(self._rows.users, user_id).user

    async def find_user(self, name: str) -> User:
        for stored in self._rows.users.values():
            if stored.user.name == name:
                return stored.user
        raise NotFound(name)

    async def find_by_email(self, email: str) -> User:
        for stored in self._rows.users.values():
            if stored.user.email == email:
                return stored.user
        raise NotFound(email)

    async def password_hash(self, user_id: UserId) -> str | None:
        return find(self._rows.users, user_id).password_hash

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        self._rows.check_open()
        find(self._rows.users, user_id).password_hash = password_hash

    async def set_language(self, user_id: UserId, language: str) -> None:
        self._rows.check_open()
        check_texts(language)
        stored = find(self._rows.users, user_id)
        stored.user = replace(stored.user, language=language)

    async def set_state(self, user_id: UserId, state: UserState) -> None:
        self._rows.check_open()
        stored = find(self._rows.users, user_id)
        stored.user = replace(stored.user, state=state)

    async def set_class_key(self, user_id: UserId, key_hash: bytes) -> None:
        self._rows.check_open()
        stored = find(self._rows.users, user_id)
        if any(other is not stored and other.class_key_hash == key_hash for other in self._rows.users.values()):
            raise Conflict("Another user has this class key.")
        stored.class_key_hash = key_hash
        stored.user = replace(stored.user, card_asked_at_ms=None)

    async def ask_for_card(self, user_id: UserId, at_ms: int) -> None:
        self._rows.check_open()
        stored = find(self._rows.users, user_id)
        stored.user = replace(stored.user, card_asked_at_ms=at_ms)

    async def find_by_class_key(self, key_hash: bytes) -> User:
        for stored in self._rows.users.values():
            if stored.class_key_hash == key_hash:
                return stored.user
        raise NotFound("class key")

    async def find_by_class_keys(self, key_hashes: Sequence[bytes]) -> list[User]:
        wanted = set(key_hashes)
        found = [stored.user for stored in self._rows.users.values() if stored.class_key_hash in wanted]
        return sorted(found, key=lambda user: user.id)


def add_users(rows: Rows, added: Sequence[StoredUser]) -> None:
    """All or none."""
    rows.check_open()
    everybody = [*rows.users.values(), *added]
    for stored in added:
        user = stored.user
        check_texts(user.name, user.display_name, user.email, user.class_name)
        find(rows.schools, user.school_id)
        for other in everybody:
            if other is stored:
                continue
            same_mail = user.email is not None and other.user.email == user.email
            same_key = stored.class_key_hash is not None and other.class_key_hash == stored.class_key_hash
            if other.user.id == user.id or other.user.name == user.name or same_mail or same_key:
                raise Conflict(user.name)
    rows.users.update({stored.user.id: stored for stored in added})


class MemoryTwinspaces:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add_project(self, project: Project) -> None:
        self._rows.check_open()
        check_texts(project.title, project.summary)
        add(self._rows.projects, project.id, project)

    async def get_project(self, project_id: ProjectId) -> Project:
        return find(self._rows.projects, project_id)

    async def add(self, twinspace: Twinspace) -> None:
        self._rows.check_open()
        check_texts(twinspace.title, twinspace.summary)
        find(self._rows.projects, twinspace.project_id)
        add(self._rows.twinspaces, twinspace.id, twinspace)

    async def get(self, twinspace_id: TwinspaceId) -> Twinspace:
        return find(self._rows.twinspaces, twinspace_id)

    async def of_user(self, user_id: UserId) -> list[Twinspace]:
        return [
            twinspace
            for twinspace in await self.all()
            if (stored := self._rows.members.get((twinspace.id, user_id))) is not None and stored.present
        ]

    async def all(self) -> list[Twinspace]:
        return sorted(self._rows.twinspaces.values(), key=lambda one: (one.created_at_ms, one.id))

    async def add_member(self, member: Member) -> None:
        self._rows.check_open()
        find(self._rows.twinspaces, member.twinspace_id)
        find(self._rows.users, member.user_id)
        key = (member.twinspace_id, member.user_id)
        stored = self._rows.members.get(key)
        if stored is not None:
            if stored.present:
                raise Conflict(str(key))
            member = replace(member, epoch=max(member.epoch, stored.member.epoch))
        self._rows.members[key] = StoredMember(member, present=True)

    async def get_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> Member:
        return self._present(twinspace_id, user_id).member

    async def get_standing(self, twinspace_id: TwinspaceId, user_id: UserId) -> tuple[Twinspace, Member]:
        return find(self._rows.twinspaces, twinspace_id), self._present(twinspace_id, user_id).member

    async def members(self, twinspace_id: TwinspaceId) -> list[Member]:
        here = [
            stored.member
            for stored in self._rows.members.values()
            if stored.present and stored.member.twinspace_id == twinspace_id
        ]
        return sorted(here, key=lambda member: (member.joined_at_ms, member.user_id))

    async def set_role(self, twinspace_id: TwinspaceId, user_id: UserId, role: Role) -> Member:
        self._rows.check_open()
        stored = self._present(twinspace_id, user_id)
        stored.member = replace(stored.member, role=role, epoch=stored.member.epoch + 1)
        return stored.member

    async def remove_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> None:
        self._rows.check_open()
        stored = self._present(twinspace_id, user_id)
        stored.member = replace(stored.member, epoch=stored.member.epoch + 1)
        stored.present = False

    async def mute(
        self, twinspace_id: TwinspaceId, user_id: UserId, muted: Sequence[str], until_ms: int | None
    ) -> Member:
        self._rows.check_open()
        check_texts(*muted)
        stored = self._present(twinspace_id, user_id)
        stored.member = replace(
            stored.member,
            muted=tuple(muted),
            muted_until_ms=until_ms if muted else None,
            epoch=stored.member.epoch + 1,
        )
        return stored.member

    async def end_mute(self, twinspace_id: TwinspaceId, user_id: UserId, until_ms: int) -> bool:
        self._rows.check_open()
        stored = self._rows.members.get((twinspace_id, user_id))
        if stored is None or not stored.present or stored.member.muted_until_ms != until_ms:
            return False
        await self.mute(twinspace_id, user_id, (), None)
        return True

    async def add_room(self, room: Room) -> None:
        self._rows.check_open()
        check_texts(room.title)
        find(self._rows.twinspaces, room.twinspace_id)
        add(self._rows.rooms, room.id, room)

    async def get_room(self, room_id: RoomId) -> Room:
        return find(self._rows.rooms, room_id)

    async def rooms(self, twinspace_id: TwinspaceId) -> list[Room]:
        here = [room for room in self._rows.rooms.values() if room.twinspace_id == twinspace_id]
        return sorted(here, key=lambda room: (room.created_at_ms, room.id))

    async def set_encrypted(self, room_id: RoomId, is_encrypted: bool) -> Room:
        self._rows.check_open()
        room = self._rows.rooms[room_id] = replace(find(self._rows.rooms, room_id), is_encrypted=is_encrypted)
        return room

    async def count_ending(self, room_id: RoomId) -> Room:
        self._rows.check_open()
        former = find(self._rows.rooms, room_id)
        room = self._rows.rooms[room_id] = replace(former, endings=former.endings + 1)
        return room

    def _present(self, twinspace_id: TwinspaceId, user_id: UserId) -> StoredMember:
        stored = find(self._rows.members, (twinspace_id, user_id))
        if not stored.present:
            raise NotFound(user_id)
        return stored
