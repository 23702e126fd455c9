"""The pupils of a teacher's school: made by pasting first names, let in by class cards, never by e-mail."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable

from hub.access import Act, Duty, access_duty, access_twinspace
from hub.actions.people import CARD_TRIES, give_new_key, sign_in_url
from hub.class_keys import new_key
from hub.context import Context, Session
from hub.errors import NotFound
from hub.logins import end_all_logins
from hub.payloads.fields import Nothing
from hub.payloads.operations import Download
from hub.payloads.pupils import (
    AddPupils,
    MakeClassCards,
    MakePupils,
    MemberRef,
    NewCard,
    NewCards,
    PrintCards,
    Pupil,
    PupilRef,
    Pupils,
)
from storage import ports
from storage.records import Member, Role, TwinspaceId, User, UserId


async def list_pupils(context: Context, session: Session, payload: Nothing) -> Pupils:
    await access_duty(context, session.user, Duty.PUPILS)
    listed = []
    for user in await context.storage.users.pupils_of(session.user.school_id):
        if user.state == "active":
            logins = await context.storage.logins.of_user(user.id)
            listed.append(
                Pupil(
                    user_id=user.id,
                    display_name=user.display_name,
                    class_name=user.class_name,
                    has_signed_in=any(login.way == "class_card" for login in logins),
                    asks_for_card=user.card_asked_at_ms is not None,
                )
            )
    return Pupils(pupils=listed)


async def make_pupils(context: Context, session: Session, payload: MakePupils) -> NewCards:
    """Accounts for these first names; the same name twice in a class gets a number. All of them, or none."""
    await access_duty(context, session.user, Duty.PUPILS)
    if payload.twinspace_id is not None:
        await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.INVITE)
    users, now_ms = context.storage.users, context.now_ms()
    taken = [
        user.display_name
        for user in await users.pupils_of(session.user.school_id)
        if user.class_name == payload.class_name and user.state == "active"
    ]
    made: list[tuple[User, str]] = []
    for first_name in payload.first_names:
        display_name = free_name(first_name, taken)
        taken.append(display_name)
        user_id = UserId(secrets.token_urlsafe(12))
        user = User(
            user_id,
            f"pupil:{user_id}",
            display_name,
            "pupil",
            session.user.school_id,
            payload.language,
            now_ms,
            class_name=payload.class_name,
        )
        made.append((user, ""))
    for _ in range(CARD_TRIES):
        made = [(user, new_key(payload.language)) for user, _ in made]
        try:
            await users.add_pupils([(user, context.auth.class_card_hash(key)) for user, key in made])
            break
        except ports.Conflict:
            continue
    else:
        raise AssertionError(f"{CARD_TRIES} sets of random class cards in a row were taken")
    if payload.twinspace_id is not None:
        for user, _ in made:
            await _add_member(context, TwinspaceId(payload.twinspace_id), user, "pupil")
    return NewCards(cards=[_card(context, user, key) for user, key in made])


async def ask_for_card(context: Context, session: Session, payload: Nothing) -> None:
    """A pupil who is signed in, but has lost the card: the teachers of the school see it in their list."""
    if session.user.kind != "pupil":
        raise NotFound
    await context.storage.users.ask_for_card(session.user.id, context.now_ms())


async def make_class_cards(context: Context, session: Session, payload: MakeClassCards) -> NewCards:
    """New keys for these pupils; each old one is dead at once, and whoever came in with it is signed out."""
    await access_duty(context, session.user, Duty.PUPILS)
    pupils = [await _own_pupil(context, session, user_id) for user_id in payload.user_ids]
    return NewCards(cards=[_card(context, pupil, await give_new_key(context, pupil)) for pupil in pupils])


async def print_class_cards(context: Context, session: Session, payload: PrintCards) -> Download:
    """The cards as the teacher holds them, on paper. Nothing of them is kept."""
    # What draws them is a tenth of what starting a hub takes.
    from hub import class_cards

    await access_duty(context, session.user, Duty.PUPILS)
    cards = [
        class_cards.Card(card.display_name, card.words, sign_in_url(context, card.words)) for card in payload.cards
    ]
    address = context.settings.base_url.partition("://")[2]
    content = class_cards.draw(cards, language=payload.language, class_name=payload.class_name, address=address)
    return Download(content_type="application/pdf", filename="class-cards.pdf", content=content)


async def close_pupil(context: Context, session: Session, payload: PupilRef) -> None:
    """The account ends: no card opens it any more. What the pupil made stays where it is."""
    await access_duty(context, session.user, Duty.PUPILS)
    pupil = await _own_pupil(context, session, payload.user_id)
    await context.storage.users.set_state(pupil.id, "closed")
    await end_all_logins(context, pupil.id, "removed")


async def add_pupils(context: Context, session: Session, payload: AddPupils) -> None:
    """Bring pupils of one's own school into a TwinSpace; who is there already gets the role."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.INVITE)
    pupils = [await _own_pupil(context, session, user_id) for user_id in payload.user_ids]
    for pupil in pupils:
        await _add_member(context, access.twinspace.id, pupil, payload.role)


async def remove_pupil(context: Context, session: Session, payload: MemberRef) -> None:
    """Send a pupil of one's own school out of a TwinSpace; what is open there ends within a second."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.INVITE)
    pupil = await _own_pupil(context, session, payload.user_id)
    try:
        await context.storage.twinspaces.remove_member(access.twinspace.id, pupil.id)
    except ports.NotFound:
        raise NotFound from None


async def _own_pupil(context: Context, session: Session, user_id: str) -> User:
    """Raise NotFound for everybody who is not a pupil of the same school."""
    try:
        user = await context.storage.users.get_user(UserId(user_id))
    except ports.NotFound:
        raise NotFound from None
    if user.kind != "pupil" or user.school_id != session.user.school_id or user.state != "active":
        raise NotFound
    return user


async def _add_member(context: Context, twinspace_id: TwinspaceId, pupil: User, role: Role) -> None:
    twinspaces = context.storage.twinspaces
    try:
        await twinspaces.add_member(Member(twinspace_id, pupil.id, role, 1, context.now_ms()))
    except ports.Conflict:
        if (await twinspaces.get_member(twinspace_id, pupil.id)).role != role:
            await twinspaces.set_role(twinspace_id, pupil.id, role)


def _card(context: Context, user: User, key: str) -> NewCard:
    return NewCard(
        user_id=user.id,
        display_name=user.display_name,
        class_name=user.class_name,
        words=key,
        sign_in_url=sign_in_url(context, key),
    )


def free_name(first_name: str, taken: Iterable[str]) -> str:
    """The name, with a number when others of the class have it."""
    folded = {_folded(name) for name in taken}
    name, number = first_name, 1
    while _folded(name) in folded:
        number += 1
        name = f"{first_name} {number}"
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
