"""Chat: post, and read what was posted."""

from __future__ import annotations

import secrets

from hub.access import Act, access_twinspace
from hub.context import Context, Session
from hub.names import outward, read_people
from hub.payloads.chat import Message, Messages, MessagesSince, PostMessage, ReadMessages
from storage import records
from storage.records import TwinspaceId

MOST_MESSAGES = 200


async def read_messages(context: Context, session: Session, payload: ReadMessages) -> Messages:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    if payload.since is not None:
        found = await context.storage.messages.since(access.twinspace.id, payload.since, payload.limit)
    else:
        found = await context.storage.messages.latest(access.twinspace.id, payload.limit, payload.before)
    return await _shown(context, session, access.twinspace.id, found)


async def read_messages_since(context: Context, session: Session, payload: MessagesSince) -> Messages:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    found = await context.storage.messages.since(access.twinspace.id, payload.seq, MOST_MESSAGES)
    return await _shown(context, session, access.twinspace.id, found)


async def post_message(context: Context, session: Session, payload: PostMessage) -> Message:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.CHAT)
    stored, is_new = await context.storage.messages.append(
        access.twinspace.id,
        client_message_id=payload.client_message_id or secrets.token_urlsafe(12),
        user_id=session.user.id,
        text=payload.text,
        at_ms=context.now_ms(),
    )
    message = Message.of(stored, session.user)
    if not is_new:
        return (await _shown(context, session, access.twinspace.id, [stored])).messages[0]
    context.search_index.note_message(stored)
    announced = Message.of(stored, await outward(context, session.user))
    await context.announce.to_twinspace(access.twinspace.id, "chat:posted", announced)
    return message


async def _shown(
    context: Context, session: Session, twinspace_id: TwinspaceId, found: list[records.Message]
) -> Messages:
    """A hidden message keeps its place in the order, and nothing else of it is told."""
    users = await read_people(context, session.user, [message.user_id for message in found])
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "message")
    return Messages(
        messages=[
            Message.of(message, users[message.user_id], is_hidden=str(message.seq) in hidden) for message in found
        ]
    )
