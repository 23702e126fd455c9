"""Chat: read, post, edit, react; lane by lane."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from hub.access import Act, access_material, access_twinspace
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.lane_names import STAFF, subject_of
from hub.lanes import Lane, access_lane, lanes_of, readers_of, tell_lane
from hub.names import outward, outward_all, read_people
from hub.notices import notify, tell_desk
from hub.payloads.chat import (
    QUOTE_CHARACTERS,
    EditMessage,
    FormerText,
    FormerTexts,
    Lanes,
    LaneShown,
    MarkRead,
    Message,
    MessageRef,
    Messages,
    MessagesSince,
    PostMessage,
    Quote,
    React,
    Reacted,
    ReadMessages,
    by_sign,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_users
from storage import ports, records
from storage.records import MaterialId, TwinspaceId, User, UserId

MOST_MESSAGES = 200
EDIT_WITHIN_MS = 15 * 60_000
"""How long one may edit what one has said. Every former text is kept, for its author and those who protect."""


async def list_lanes(context: Context, session: Session, payload: TwinspaceRef) -> Lanes:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    newest = await context.storage.messages.lanes(access.twinspace.id)
    unread = await context.storage.messages.unread(session.user.id, access.twinspace.id)
    return Lanes(
        lanes=[
            LaneShown(
                lane=lane.name,
                kind="team" if lane.team else "room" if lane.room else "staff" if lane.name == STAFF else "all",
                title=lane.team.title if lane.team else lane.room.title if lane.room else "",
                latest_seq=newest.get(lane.name, 0),
                unread=unread.get(lane.name, 0),
            )
            for lane in await lanes_of(context, access)
        ]
    )


async def read_messages(context: Context, session: Session, payload: ReadMessages) -> Messages:
    lane = await access_lane(context, session.user, TwinspaceId(payload.twinspace_id), payload.lane, Act.READ)
    stored = context.storage.messages
    if payload.since is not None:
        found = await stored.since(lane.twinspace_id, payload.since, payload.limit, lane.name)
    else:
        found = await stored.latest(lane.twinspace_id, payload.limit, payload.before, lane.name)
    return Messages(messages=await _shown(context, session.user, lane, found))


async def read_messages_since(context: Context, session: Session, payload: MessagesSince) -> Messages:
    lane = await access_lane(context, session.user, TwinspaceId(payload.twinspace_id), payload.lane, Act.READ)
    found = await context.storage.messages.since(lane.twinspace_id, payload.seq, MOST_MESSAGES, lane.name)
    return Messages(messages=await _shown(context, session.user, lane, found))


async def post_message(context: Context, session: Session, payload: PostMessage) -> Message:
    """Commit first, then announce. Files are named, not copied: who may not see one is not given it."""
    lane = await access_lane(context, session.user, TwinspaceId(payload.twinspace_id), payload.lane, Act.CHAT)
    called = await _check_mentions(context, lane, payload.mentions)
    for material_id in payload.material_ids:
        _, material = await access_material(context, session.user, MaterialId(material_id), Act.READ)
        if material.twinspace_id != lane.twinspace_id:
            raise NotFound
    try:
        stored, is_new = await context.storage.messages.append(
            lane.twinspace_id,
            client_message_id=payload.client_message_id or secrets.token_urlsafe(12),
            user_id=session.user.id,
            text=payload.text,
            at_ms=context.now_ms(),
            lane=lane.name,
            reply_to=payload.reply_to,
            mentions=called,
            material_ids=payload.material_ids,
        )
    except ports.NotFound:
        raise Invalid("There is nothing to answer under this number.", field="reply_to") from None
    if not is_new or stored.reply_to is not None:
        (message,) = await _shown(context, session.user, lane, [stored])
    else:
        message = Message.of(stored, session.user)
    if is_new:
        context.search_index.note_message(stored)
        if stored.reply_to is None:
            told = Message.of(stored, await outward(context, session.user))
        else:
            (told,) = await _shown(context, None, lane, [stored])
        await tell_lane(context, lane, "chat:posted", told)
        await _tell_mentioned(context, lane, stored)
    return message


async def edit_message(context: Context, session: Session, payload: EditMessage) -> Message:
    """One's own, for a while. Raise NotFound for another one's or a hidden one, Conflict when it is too late."""
    lane, message = await _find(context, session, payload, Act.CHAT)
    if message.user_id != session.user.id or await _is_hidden(context, lane, message):
        raise NotFound
    if context.now_ms() - message.posted_at_ms > EDIT_WITHIN_MS:
        raise Conflict("It is too late to change this. Write another message.")
    if payload.text == message.text:
        return (await _shown(context, session.user, lane, [message]))[0]
    edited = await context.storage.messages.edit(
        lane.twinspace_id, lane.name, message.seq, payload.text, context.now_ms()
    )
    context.search_index.note_message(edited)
    (shown,) = await _shown(context, session.user, lane, [edited])
    (told,) = await _shown(context, None, lane, [edited])
    await tell_lane(context, lane, "chat:edited", told)
    return shown


async def react(context: Context, session: Session, payload: React) -> Reacted:
    """One sign each; another one takes its place."""
    lane, message = await _find(context, session, payload, Act.CHAT)
    if await _is_hidden(context, lane, message):
        raise NotFound
    stored = context.storage.messages
    await stored.react(lane.twinspace_id, lane.name, message.seq, session.user.id, payload.sign)
    felt = await stored.reactions(lane.twinspace_id, lane.name, [message.seq])
    reacted = Reacted(twinspace_id=lane.twinspace_id, lane=lane.name, seq=message.seq, reactions=by_sign(felt))
    await tell_lane(context, lane, "chat:reacted", reacted)
    return reacted


async def list_message_versions(context: Context, session: Session, payload: MessageRef) -> FormerTexts:
    """What a message said before: for its author and those who protect."""
    lane, message = await _find(context, session, payload, Act.READ)
    if not lane.access.may(Act.PROTECT):
        if message.user_id != session.user.id or await _is_hidden(context, lane, message):
            raise NotFound
    return FormerTexts(
        versions=[FormerText(text=each.text, written_at_ms=each.written_at_ms) for each in message.versions]
    )


async def mark_lane_read(context: Context, session: Session, payload: MarkRead) -> None:
    """The lane was seen up to this message; one's other windows are told."""
    lane = await access_lane(context, session.user, TwinspaceId(payload.twinspace_id), payload.lane, Act.READ)
    latest = await context.storage.messages.latest(lane.twinspace_id, 1, lane=lane.name)
    seq = min(payload.seq, latest[-1].seq if latest else 0)
    if await context.storage.messages.mark_read(session.user.id, lane.twinspace_id, lane.name, seq):
        await tell_desk(context, [session.user.id], "chat")


async def _find(context: Context, session: Session, payload: MessageRef, act: Act) -> tuple[Lane, records.Message]:
    lane = await access_lane(context, session.user, TwinspaceId(payload.twinspace_id), payload.lane, act)
    try:
        return lane, await context.storage.messages.get(lane.twinspace_id, lane.name, payload.seq)
    except ports.NotFound:
        raise NotFound from None


async def _is_hidden(context: Context, lane: Lane, message: records.Message) -> bool:
    subject_id = subject_of(lane.name, message.seq)
    return await context.storage.safety.is_hidden(lane.twinspace_id, "message", subject_id)


async def _check_mentions(context: Context, lane: Lane, mentions: Sequence[str]) -> list[UserId]:
    if not mentions:
        return []
    called = [UserId(user_id) for user_id in dict.fromkeys(mentions)]
    if not await readers_of(context, lane) >= set(called):
        raise Invalid("Somebody called by name does not read this.", field="mentions")
    return called


async def _tell_mentioned(context: Context, lane: Lane, message: records.Message) -> None:
    """Who has the TwinSpace open sees it there; the others find a notice."""
    if not message.mentions:
        return
    here = context.presence.online(lane.twinspace_id)
    away = [UserId(user_id) for user_id in message.mentions if user_id not in here and user_id != message.user_id]
    if away:
        writer = await outward(context, await context.storage.users.get_user(message.user_id))
        details = {"title": lane.access.twinspace.title, "by": writer.display_name}
        subject_id = subject_of(lane.name, message.seq)
        await notify(context, away, "mentioned", subject_id=subject_id, details=details, twinspace_id=lane.twinspace_id)


async def _shown(context: Context, viewer: User | None, lane: Lane, found: list[records.Message]) -> list[Message]:
    """A hidden message keeps its place in the order, and nothing else of it is told. `viewer`: None for everybody."""
    storage = context.storage
    hidden = await storage.safety.hidden_ids(lane.twinspace_id, "message")
    answered = {message.seq: message for message in found}
    for seq in {message.reply_to for message in found if message.reply_to is not None} - answered.keys():
        answered[seq] = await storage.messages.get(lane.twinspace_id, lane.name, seq)
    user_ids = [message.user_id for message in answered.values()]
    users = (
        await read_people(context, viewer, user_ids)
        if viewer is not None
        else await outward_all(context, (await read_users(storage, user_ids)).values())
    )
    reactions = await storage.messages.reactions(lane.twinspace_id, lane.name, [message.seq for message in found])

    def is_hidden(message: records.Message) -> bool:
        return subject_of(lane.name, message.seq) in hidden

    def quote(message: records.Message) -> Quote:
        return Quote(
            seq=message.seq,
            user_id=message.user_id,
            display_name=users[message.user_id].display_name,
            text="" if is_hidden(message) else message.text[:QUOTE_CHARACTERS],
        )

    return [
        Message.of(
            message,
            users[message.user_id],
            quote=quote(answered[message.reply_to]) if message.reply_to is not None else None,
            reactions=[each for each in reactions if each.seq == message.seq],
            is_hidden=is_hidden(message),
        )
        for message in found
    ]
