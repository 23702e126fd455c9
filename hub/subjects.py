"""What can be reported and hidden: how each kind of thing is found, taken out of sight everywhere, and put back.

A new kind is one class and one line in SUBJECTS. Who reads such things asks `storage.safety` which of them are hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from crdt_docs.content import KINDS, wall, wall_talk
from crdt_docs.errors import Absent
from hub.access import Access, Act, access_content, access_material, access_twinspace
from hub.breakout_people import access_said
from hub.context import Context
from hub.errors import Invalid, NotFound
from hub.lane_names import parse_subject
from hub.lanes import access_lane
from hub.names import outward
from hub.rubric_talk import locate_comment
from storage import ports
from storage.records import (
    ContentId,
    DebateId,
    Hidden,
    Json,
    MaterialId,
    RecordingId,
    RoomId,
    Thread,
    ThreadId,
    TwinspaceId,
    User,
    UserId,
)

EXCERPT_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Found:
    author_id: UserId | None
    excerpt: str
    """What there is to see, in words."""


class Subject(Protocol):
    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        """As the user may see it. Raise NotFound."""
        ...

    async def take_away(self, context: Context, user: User, twinspace_id: TwinspaceId, subject_id: str) -> Json:
        """Called before the thing counts as hidden: take it out of what is open; returns what `put_back` needs."""
        ...

    async def put_back(self, context: Context, user: User, hidden: Hidden) -> None:
        """Called when the thing counts as hidden no more."""
        ...

    async def make_open_things_obey(self, context: Context, twinspace_id: TwinspaceId, subject_id: str) -> None:
        """Called after the thing was hidden or shown."""
        ...


class _Plain:
    """A thing that every reader asks for anew, so that hiding it takes nothing but saying so."""

    async def take_away(self, context: Context, user: User, twinspace_id: TwinspaceId, subject_id: str) -> Json:
        return None

    async def put_back(self, context: Context, user: User, hidden: Hidden) -> None: ...

    async def make_open_things_obey(self, context: Context, twinspace_id: TwinspaceId, subject_id: str) -> None: ...


class MessageSubject(_Plain):
    """`subject_id` is the seq, with the lane before it where that is not everybody's."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        name, seq = parse_subject(subject_id)
        lane = await access_lane(context, user, access.twinspace.id, name, Act.READ)
        try:
            found = await context.storage.messages.get(lane.twinspace_id, lane.name, seq)
        except ports.NotFound:
            raise NotFound from None
        return Found(found.user_id, found.text)


class CaptionSubject(_Plain):
    """A line of a meeting's captions; `subject_id` is `<room>:<seq>`."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        room_id, _, seq = subject_id.rpartition(":")
        if not seq.isdecimal() or len(seq) > 15:
            raise NotFound
        _, room = await access_said(context, user, RoomId(room_id))
        try:
            found = await context.storage.captions.get(room.id, int(seq))
        except ports.NotFound:
            raise NotFound from None
        if found.twinspace_id != access.twinspace.id:
            raise NotFound
        return Found(found.user_id, found.text)


class ContentSubject(_Plain):
    """A document, wall or form as a whole."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        _, content = await access_content(context, user, ContentId(subject_id), Act.READ)
        if content.twinspace_id != access.twinspace.id:
            raise NotFound
        blocks = await context.live_docs.read(content.id, content.kind, KINDS[content.kind].blocks)
        return Found(content.created_by, "\n".join([content.title, *_words_of(blocks)]))

    async def make_open_things_obey(self, context: Context, twinspace_id: TwinspaceId, subject_id: str) -> None:
        # Every open document asks again whether it may be read; the hidden one ends in every process.
        await context.live_docs.reauthorise(None, twinspace_id)


class CardSubject(_Plain):
    """A card on a wall; `subject_id` is `<content>:<card>`. The wall is read live, so the card has to leave it."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        content_id, _, card_id = subject_id.partition(":")
        _, content = await access_content(context, user, ContentId(content_id), Act.READ)
        if content.twinspace_id != access.twinspace.id or content.kind != wall.KIND.name:
            raise NotFound
        card = await self._read(context, content.id, card_id)
        return Found(UserId(card["author_id"]), "\n".join(filter(None, (card["title"], card["text"]))))

    async def take_away(self, context: Context, user: User, twinspace_id: TwinspaceId, subject_id: str) -> Json:
        content_id, _, card_id = subject_id.partition(":")

        return await context.live_docs.edit(
            ContentId(content_id), wall.KIND.name, lambda doc: wall.remove_card(doc, card_id), user_id=user.id
        )

    async def put_back(self, context: Context, user: User, hidden: Hidden) -> None:
        content_id = ContentId(hidden.subject_id.partition(":")[0])
        await context.live_docs.edit(
            content_id, wall.KIND.name, lambda doc: wall.put_back(doc, hidden.kept), user_id=user.id
        )

    async def _read(self, context: Context, content_id: ContentId, card_id: str) -> wall.Card:
        try:
            return await context.live_docs.read(content_id, wall.KIND.name, lambda doc: wall.get_card(doc, card_id))
        except Absent:
            raise NotFound from None


class CommentSubject(_Plain):
    """What somebody said to a card or a rubric; `subject_id` is `<content>:<comment>`."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        content, comment_id = await locate_comment(context, subject_id)
        await access_content(context, user, content.id, Act.READ)
        if content.twinspace_id != access.twinspace.id or not KINDS[content.kind].has_talk:
            raise NotFound
        try:
            comment = await context.live_docs.read(
                content.id, content.kind, lambda doc: wall_talk.get_comment(doc, comment_id)
            )
        except Absent:
            raise NotFound from None
        return Found(UserId(comment["author_id"]), comment["text"])

    async def take_away(self, context: Context, user: User, twinspace_id: TwinspaceId, subject_id: str) -> Json:
        content, comment_id = await locate_comment(context, subject_id)

        def take(doc: Any) -> wall_talk.Comment:
            comment = wall_talk.get_comment(doc, comment_id)
            wall_talk.remove_comment(doc, comment_id)
            return comment

        return await context.live_docs.edit(content.id, content.kind, take, user_id=user.id)

    async def put_back(self, context: Context, user: User, hidden: Hidden) -> None:
        content, _ = await locate_comment(context, hidden.subject_id)
        kept = hidden.kept

        def put(doc: Any) -> None:
            if content.kind != wall.KIND.name or any(card["id"] == kept["card_id"] for card in wall.cards(doc)):
                wall_talk.put_comment_back(doc, kept)

        await context.live_docs.edit(content.id, content.kind, put, user_id=user.id)


class MaterialSubject(_Plain):
    """A file, a link, or something off the platform."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        _, material = await access_material(context, user, MaterialId(subject_id), Act.READ)
        if material.twinspace_id != access.twinspace.id:
            raise NotFound
        return Found(material.created_by, "\n".join(filter(None, (material.title, material.text))))


class RecordingSubject(_Plain):
    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        await access_twinspace(context, user, access.twinspace.id, Act.RECORDINGS)
        try:
            recording = await context.storage.recordings.get(RecordingId(subject_id))
            room = await context.storage.twinspaces.get_room(recording.room_id)
        except ports.NotFound:
            raise NotFound from None
        if recording.twinspace_id != access.twinspace.id:
            raise NotFound
        return Found(recording.started_by, room.title)


class ThreadSubject(_Plain):
    """A thread of the forum, with everything that was answered in it."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        thread = await _thread(context, access, subject_id)
        first = await context.storage.forum.post(thread.id, 1)
        return Found(thread.created_by, f"{thread.title}\n{first.text}")


class PostSubject(_Plain):
    """An answer in a thread; `subject_id` is `<thread>:<seq>`. The first post is the thread itself."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        thread_id, _, seq = subject_id.rpartition(":")
        thread = await _thread(context, access, thread_id)
        if not seq.isdecimal() or not 1 < int(seq) <= thread.post_count:
            raise NotFound
        post = await context.storage.forum.post(thread.id, int(seq))
        if post.is_removed or await context.storage.safety.is_hidden(access.twinspace.id, "post", subject_id):
            raise NotFound
        return Found(post.user_id, post.text)


class DebateSubject(_Plain):
    """A debate: its motion is what people read, the rest are turns and votes."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        try:
            debate = await context.storage.debates.get(DebateId(subject_id))
        except ports.NotFound:
            raise NotFound from None
        if debate.twinspace_id != access.twinspace.id:
            raise NotFound
        if await context.storage.safety.is_hidden(access.twinspace.id, "debate", subject_id):
            raise NotFound
        return Found(debate.created_by, debate.motion)


class TwinspaceSubject(_Plain):
    """Nothing that one can point at: something that happens here, in a meeting say."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        if subject_id != access.twinspace.id:
            raise NotFound
        return Found(None, access.twinspace.title)

    async def take_away(self, context: Context, user: User, twinspace_id: TwinspaceId, subject_id: str) -> Json:
        raise Invalid("A TwinSpace can't be hidden. Its founders can close the project.", field="kind")


class MemberSubject(_Plain):
    """Somebody, whatever they do. People are muted or removed, not hidden."""

    async def find(self, context: Context, user: User, access: Access, subject_id: str) -> Found:
        try:
            member = await context.storage.twinspaces.get_member(access.twinspace.id, UserId(subject_id))
        except ports.NotFound:
            raise NotFound from None
        person = await context.storage.users.get_user(member.user_id)
        return Found(person.id, (await outward(context, person)).display_name)

    async def take_away(self, context: Context, user: User, twinspace_id: TwinspaceId, subject_id: str) -> Json:
        raise Invalid("People can be muted or removed, not hidden.", field="kind")


SUBJECTS: dict[str, Subject] = {
    "message": MessageSubject(),
    "caption": CaptionSubject(),
    "content": ContentSubject(),
    "card": CardSubject(),
    "comment": CommentSubject(),
    "material": MaterialSubject(),
    "recording": RecordingSubject(),
    "thread": ThreadSubject(),
    "post": PostSubject(),
    "debate": DebateSubject(),
    "member": MemberSubject(),
    "twinspace": TwinspaceSubject(),
}


def shortened(text: str) -> str:
    return text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "…"


async def _thread(context: Context, access: Access, thread_id: str) -> Thread:
    """Raise NotFound unless it is here and nobody has hidden it."""
    try:
        thread = await context.storage.forum.thread(ThreadId(thread_id))
    except ports.NotFound:
        raise NotFound from None
    if thread.twinspace_id != access.twinspace.id:
        raise NotFound
    if await context.storage.safety.is_hidden(access.twinspace.id, "thread", thread.id):
        raise NotFound
    return thread


def _words_of(value: Any) -> list[str]:
    """The texts in blocks, whatever their form."""
    if isinstance(value, list):
        return [word for item in value for word in _words_of(item)]
    if isinstance(value, dict):
        own = [value[key] for key in ("title", "text", "label") if isinstance(value.get(key), str)]
        return [*own, *(word for item in value.values() if isinstance(item, list) for word in _words_of(item))]
    return []
