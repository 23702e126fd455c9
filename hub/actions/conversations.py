"""Messages between teachers: one to one and in small groups, of people who were let in, and only to those."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from hub.access import Duty, access_duty, duties_of
from hub.actions.help_desk import bring
from hub.context import Context, Session
from hub.errors import Invalid, NotFound, TooMany
from hub.hidden_talk import hidden_among
from hub.notices import tell_desk
from hub.payloads.conversations import (
    BlockedPeople,
    Conversation,
    ConversationGone,
    ConversationRef,
    Conversations,
    Correspondent,
    DirectMessage,
    DirectMessages,
    MarkRead,
    ReadDirectMessages,
    ReportMessage,
    SendDirectMessage,
    StartConversation,
)
from hub.payloads.fields import Nothing
from hub.payloads.partners import PersonRef
from hub.payloads.people import School
from hub.roster import read_schools, read_users
from storage import ports, records
from storage.records import ConversationId, ConversationState, User, UserId

DAY_MS = 24 * 60 * 60 * 1000
NEWCOMER_FOR_MS = 7 * DAY_MS
"""How long somebody counts as new after a service has let them in."""
STARTS_A_DAY = 40
STARTS_A_DAY_OF_NEWCOMERS = 5


async def list_conversations(context: Context, session: Session, payload: Nothing) -> Conversations:
    await access_duty(context, session.user, Duty.NETWORK)
    states = await context.storage.conversations.of_user(session.user.id)
    shown = [await _shown(context, session.user, state) for state in states]
    return Conversations(conversations=shown, unread=sum(each.unread for each in shown))


async def start_conversation(context: Context, session: Session, payload: StartConversation) -> Conversation:
    """Write to one person, or to a new group. Between two there is one conversation, which goes on.

    Raise NotFound for who is not to be written to, or has blocked the writer: the same answer.
    """
    await access_duty(context, session.user, Duty.NETWORK)
    me, others = session.user, [UserId(each) for each in dict.fromkeys(payload.user_ids) if each != session.user.id]
    if not others:
        raise Invalid("Somebody else than yourself is needed.", field="user_ids")
    await _check_reachable(context, me, others)
    user_ids = tuple(sorted([me.id, *others]))
    pair = " ".join(user_ids) if len(others) == 1 else None
    if pair is None and not payload.title:
        raise Invalid("A group needs a title.", field="title")
    await _check_pace(context, me)
    conversation = await context.storage.conversations.start(
        records.Conversation(
            ConversationId(secrets.token_urlsafe(12)),
            "" if pair else payload.title,
            me.id,
            context.now_ms(),
            user_ids,
            pair,
        )
    )
    await _send(context, me, conversation, payload.client_message_id, payload.text)
    return await _state(context, me, conversation.id)


async def read_direct_messages(context: Context, session: Session, payload: ReadDirectMessages) -> DirectMessages:
    """Without what people wrote whom the reader has blocked."""
    conversation = await _access(context, session, payload)
    stored = await context.storage.conversations.messages(conversation.id, payload.limit, payload.before)
    blocked = await context.storage.conversations.blocked_by(session.user.id)
    seen = [message for message in stored if message.user_id not in blocked]
    return DirectMessages(
        conversation=await _state(context, session.user, conversation.id),
        messages=await _messages(context, seen),
    )


async def send_direct_message(context: Context, session: Session, payload: SendDirectMessage) -> DirectMessage:
    conversation = await _access(context, session, payload)
    others = [user_id for user_id in conversation.user_ids if user_id != session.user.id]
    if conversation.pair is not None:
        await _check_reachable(context, session.user, others)
    return await _send(context, session.user, conversation, payload.client_message_id, payload.text)


async def mark_conversation_read(context: Context, session: Session, payload: MarkRead) -> None:
    conversation = await _access(context, session, payload)
    await context.storage.conversations.mark_read(conversation.id, session.user.id, payload.seq)
    shown = await _state(context, session.user, conversation.id)
    await context.announce.to_user(session.user.id, "conversation:changed", shown)
    await tell_desk(context, [session.user.id], "letters")


async def leave_conversation(context: Context, session: Session, payload: ConversationRef) -> None:
    """What was said stays with the others. Who is written to alone again is back in it."""
    conversation = await _access(context, session, payload)
    await context.storage.conversations.leave(conversation.id, session.user.id)
    gone = ConversationGone(conversation_id=conversation.id)
    await context.announce.to_user(session.user.id, "conversation:left", gone)


async def report_message(context: Context, session: Session, payload: ReportMessage) -> None:
    """Bring one message before the support service of the reporter's country; its writer is told nothing."""
    conversation = await _access(context, session, payload)
    await bring(context, session.user, "letter", f"{conversation.id}:{payload.seq}", payload.reason)


async def list_blocked(context: Context, session: Session, payload: Nothing) -> BlockedPeople:
    await access_duty(context, session.user, Duty.NETWORK)
    blocked = await context.storage.conversations.blocked_by(session.user.id)
    return BlockedPeople(people=await _people(context, blocked))


async def block_person(context: Context, session: Session, payload: PersonRef) -> None:
    """Nothing more comes from them, and they are not told."""
    await access_duty(context, session.user, Duty.NETWORK)
    user = await _reachable(context, UserId(payload.user_id))
    if user.id == session.user.id:
        raise Invalid("Nobody blocks themselves.", field="user_id")
    await context.storage.conversations.block(session.user.id, user.id, context.now_ms())
    await tell_desk(context, [session.user.id], "letters")


async def unblock_person(context: Context, session: Session, payload: PersonRef) -> None:
    await access_duty(context, session.user, Duty.NETWORK)
    await context.storage.conversations.unblock(session.user.id, UserId(payload.user_id))
    await tell_desk(context, [session.user.id], "letters")


async def _access(context: Context, session: Session, payload: ConversationRef) -> records.Conversation:
    await access_duty(context, session.user, Duty.NETWORK)
    try:
        conversation = await context.storage.conversations.get(ConversationId(payload.conversation_id))
    except ports.NotFound:
        raise NotFound from None
    if session.user.id not in conversation.user_ids:
        raise NotFound
    return conversation


async def _reachable(context: Context, user_id: UserId) -> User:
    try:
        user = await context.storage.users.get_user(user_id)
    except ports.NotFound:
        raise NotFound from None
    if Duty.NETWORK not in await duties_of(context, user):
        raise NotFound
    return user


async def _check_reachable(context: Context, me: User, user_ids: Iterable[UserId]) -> None:
    barred = {
        *await context.storage.conversations.blockers_of(me.id),
        *await context.storage.conversations.blocked_by(me.id),
    }
    for user_id in user_ids:
        await _reachable(context, user_id)
        if user_id in barred:
            raise NotFound


async def _check_pace(context: Context, me: User) -> None:
    """Raise TooMany: a stranger who was let in yesterday does not write to the whole network today."""
    now_ms = context.now_ms()
    most = STARTS_A_DAY
    try:
        registration = await context.storage.services.registration(me.id)
    except ports.NotFound:
        pass
    else:
        if registration.decided_at_ms is not None and now_ms - registration.decided_at_ms < NEWCOMER_FOR_MS:
            most = STARTS_A_DAY_OF_NEWCOMERS
    if await context.storage.conversations.started_since(me.id, now_ms - DAY_MS) >= most:
        raise TooMany("You have begun many conversations today. Go on tomorrow.", retry_after_ms=DAY_MS // 4)


async def _send(
    context: Context, me: User, conversation: records.Conversation, client_message_id: str, text: str
) -> DirectMessage:
    stored, is_new = await context.storage.conversations.append(
        conversation.id, client_message_id=client_message_id, user_id=me.id, text=text, at_ms=context.now_ms()
    )
    message = _message(stored, me)
    if is_new:
        blockers = await context.storage.conversations.blockers_of(me.id)
        told = [user_id for user_id in conversation.user_ids if user_id not in blockers]
        for user_id in told:
            await context.announce.to_user(user_id, "conversation:posted", message)
        await tell_desk(context, [user_id for user_id in told if user_id != me.id], "letters")
    return message


async def _state(context: Context, user: User, conversation_id: ConversationId) -> Conversation:
    for state in await context.storage.conversations.of_user(user.id):
        if state.conversation.id == conversation_id:
            return await _shown(context, user, state)
    raise NotFound


async def _shown(context: Context, user: User, state: ConversationState) -> Conversation:
    others = [user_id for user_id in state.conversation.user_ids if user_id != user.id]
    if state.conversation.pair is not None and not others:
        # Who has left a conversation between two is still who it is with.
        others = [UserId(each) for each in state.conversation.pair.split(" ") if each != user.id]
    latest = await _messages(context, [state.latest] if state.latest else [])
    return Conversation(
        id=state.conversation.id,
        title=state.conversation.title,
        is_pair=state.conversation.pair is not None,
        people=await _people(context, others),
        latest=latest[0] if latest else None,
        unread=state.unread,
        read_seq=state.read_seq,
    )


async def _people(context: Context, user_ids: Iterable[UserId]) -> list[Correspondent]:
    users = await read_users(context.storage, user_ids)
    schools = await read_schools(context.storage, [user.school_id for user in users.values()])
    return [
        Correspondent(user_id=user.id, display_name=user.display_name, school=School.of(schools[user.school_id]))
        for user in users.values()
    ]


async def _messages(context: Context, stored: Sequence[records.DirectMessage]) -> list[DirectMessage]:
    """A hidden one keeps its place, and nothing else of it is told."""
    users = await read_users(context.storage, [message.user_id for message in stored])
    ids = [f"{message.conversation_id}:{message.seq}" for message in stored]
    hidden = await hidden_among(context, None, "letter", ids)
    return [
        _message(each, users[each.user_id], is_hidden=f"{each.conversation_id}:{each.seq}" in hidden) for each in stored
    ]


def _message(message: records.DirectMessage, author: User, *, is_hidden: bool = False) -> DirectMessage:
    return DirectMessage(
        conversation_id=message.conversation_id,
        seq=message.seq,
        client_message_id=message.client_message_id,
        user_id=message.user_id,
        display_name=author.display_name,
        text="" if is_hidden else message.text,
        sent_at_ms=message.sent_at_ms,
        is_hidden=is_hidden,
    )
