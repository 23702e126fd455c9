"""The demo project: two schools, by a sea and by a river, four people, and one TwinSpace with something of everything.

Every step looks before it writes: a hub that was killed half-way goes on where it was, and a full one stays as it is.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from crdt_docs.content import KINDS, authoring, form, wall
from hub import demo_texts as texts
from hub.context import Context
from hub.snapshots import take
from storage import ports
from storage.records import (
    Content,
    ContentId,
    FormResponse,
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
    UserKind,
)

logger = logging.getLogger(__name__)

PASSWORD = "twinspace-demo"
CARD_WORDS = {"pupil.es": "olive-wave-guitar", "pupil.pl": "amber-snow-violin"}

MALAGA = School(SchoolId("demo-malaga"), "IES Mar de Alborán", "Málaga", "ES", "circle")
KRAKOW = School(SchoolId("demo-krakow"), "Szkoła Podstawowa nr 12", "Kraków", "PL", "square")
PEOPLE: tuple[tuple[str, str, UserKind, School, str, Role], ...] = (
    ("teacher.es", "Ana Ruiz", "teacher", MALAGA, "es", "founder"),
    ("teacher.pl", "Marek Nowak", "teacher", KRAKOW, "pl", "founder"),
    ("pupil.es", "Lucía", "pupil", MALAGA, "es", "pupil"),
    ("pupil.pl", "Kuba", "pupil", KRAKOW, "pl", "pupil"),
)
TWINSPACE_ID = TwinspaceId("demo-rivers")
DOCUMENT_ID = ContentId("demo-document")
WALL_ID = ContentId("demo-wall")
FORM_ID = ContentId("demo-form")
ROOM_ID = RoomId("demo-room")

HOW_TO_SIGN_IN = f"""
  teachers   teacher.es or teacher.pl, password {PASSWORD}
  pupils     class card {CARD_WORDS["pupil.es"]} (Lucía, Málaga) or {CARD_WORDS["pupil.pl"]} (Kuba, Kraków)

  Everybody can read these words in the source code: use the demo to try the hub, not for your pupils."""


def user_id(name: str) -> UserId:
    return UserId(f"demo-{name}")


async def fill_with_demo(context: Context) -> None:
    """Put the demo project into the hub, as far as it is not there. Raise Unavailable.

    Of two processes that start at once on an empty database one does it; the other may be ready a little earlier.
    """
    try:
        await _fill(context)
    except ports.Conflict as error:
        logger.warning("the demo project is left to another process of this hub: %s", error)


async def _fill(context: Context) -> None:
    await _people(context)
    await _twinspace(context)
    await _document(context)
    await _wall(context)
    await _form(context)
    await _talk(context)
    if not await context.storage.snapshots.of_twinspace(TWINSPACE_ID):
        teacher = await context.storage.users.get_user(user_id("teacher.es"))
        await take(context, TWINSPACE_ID, texts.SNAPSHOT_TITLE, teacher)


async def _people(context: Context) -> None:
    users = context.storage.users
    for school in (MALAGA, KRAKOW):
        try:
            await users.get_school(school.id)
        except ports.NotFound:
            await users.add_school(school)
    for name, display_name, kind, school, language, _ in PEOPLE:
        try:
            await users.get_user(user_id(name))
        except ports.NotFound:
            password_hash = await context.auth.hash_password(PASSWORD) if kind == "teacher" else None
            user = User(user_id(name), name, display_name, kind, school.id, language, context.now_ms())
            await users.add_user(user, password_hash=password_hash)
        if kind == "pupil":
            await _consents(context, user_id(name), user_id("teacher.es" if school is MALAGA else "teacher.pl"))
        if name in CARD_WORDS:
            await users.set_class_key(user_id(name), context.auth.class_card_hash(CARD_WORDS[name]))


async def _consents(context: Context, pupil_id: UserId, teacher_id: UserId) -> None:
    """Once: what somebody withdraws in the demo stays withdrawn at the next start."""
    consents = context.storage.consents
    if await consents.of_user(pupil_id):
        return
    now_ms = context.now_ms()
    await consents.record(
        [pupil_id],
        ["account", "live_voice", "live_camera", "first_name_to_partner"],
        granted=True,
        given_by="guardian",
        how="paper",
        given_on=datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date().isoformat(),
        until_ms=None,
        own_age=14 if teacher_id == user_id("teacher.es") else 16,
        recorded_by=teacher_id,
        at_ms=now_ms,
    )


async def _twinspace(context: Context) -> None:
    twinspaces, now_ms = context.storage.twinspaces, context.now_ms()
    try:
        await twinspaces.get(TWINSPACE_ID)
    except ports.NotFound:
        project = Project(ProjectId("demo-project"), texts.PROJECT_TITLE, texts.PROJECT_SUMMARY, now_ms)
        try:
            await twinspaces.get_project(project.id)
        except ports.NotFound:
            await twinspaces.add_project(project)
        await twinspaces.add(Twinspace(TWINSPACE_ID, project.id, texts.TWINSPACE_TITLE, texts.PROJECT_SUMMARY, now_ms))
        await _journal(context, "twinspace_opened", "teacher.es", TWINSPACE_ID, {"title": texts.TWINSPACE_TITLE})
    # Only in a fresh demo: a member whom somebody removed must not come back at the next start.
    if not await twinspaces.members(TWINSPACE_ID):
        for name, _, _, _, _, role in PEOPLE:
            await twinspaces.add_member(Member(TWINSPACE_ID, user_id(name), role, 1, now_ms))
    if not await twinspaces.rooms(TWINSPACE_ID):
        await twinspaces.add_room(Room(ROOM_ID, TWINSPACE_ID, texts.ROOM_TITLE, now_ms))


async def _content(context: Context, content_id: ContentId, kind: str, title: str, author: str) -> bool:
    """Make the content; returns whether there is nothing in it yet."""
    try:
        await context.storage.contents.get(content_id)
    except ports.NotFound:
        now_ms = context.now_ms()
        content = Content(content_id, TWINSPACE_ID, kind, title, user_id(author), now_ms, now_ms)
        await context.storage.contents.add(content)
        await _journal(context, "content_created", author, content_id, {"kind": kind, "title": title})
    return not await context.live_docs.read(content_id, kind, KINDS[kind].blocks)


async def _document(context: Context) -> None:
    if await _content(context, DOCUMENT_ID, "document", texts.DOCUMENT_TITLE, "teacher.es"):

        def write(doc: Any) -> None:
            KINDS["document"].start(doc, texts.DOCUMENT_TITLE)
            authoring.write_text(doc, texts.DOCUMENT)

        await context.live_docs.edit(DOCUMENT_ID, "document", write, user_id=None)


async def _wall(context: Context) -> None:
    if await _content(context, WALL_ID, "wall", texts.WALL_TITLE, "teacher.pl"):
        people = {name: (display_name, school) for name, display_name, _, school, _, _ in PEOPLE}

        def pin(doc: Any) -> None:
            for number, (author, title, text, tint) in enumerate(texts.CARDS, 1):
                display_name, school = people[author]
                wall.add_card(
                    doc,
                    card_id=f"demo-card-{number}",
                    title=title,
                    text=text,
                    tint=tint,
                    author_id=user_id(author),
                    author_name=display_name,
                    school_id=school.id,
                    at_ms=context.now_ms(),
                )

        await context.live_docs.edit(WALL_ID, "wall", pin, user_id=None)


async def _form(context: Context) -> None:
    await _content(context, FORM_ID, "form", texts.FORM_TITLE, "teacher.pl")
    definition = await context.live_docs.read(FORM_ID, "form", form.definition)
    if not definition["questions"]:

        def build(doc: Any) -> None:
            KINDS["form"].start(doc, texts.FORM_TITLE)
            authoring.write_questions(doc, texts.QUESTIONS)

        await context.live_docs.edit(FORM_ID, "form", build, user_id=None)
        definition = await context.live_docs.read(FORM_ID, "form", form.definition)
    forms, now_ms = context.storage.forms, context.now_ms()
    try:
        await forms.latest_version(FORM_ID)
    except ports.NotFound:
        version = await forms.publish(FORM_ID, definition, published_by=user_id("teacher.pl"), at_ms=now_ms)
        details = {"title": texts.FORM_TITLE, "version": version.version}
        await _journal(context, "form_published", "teacher.pl", FORM_ID, details)
        schools = {name: school for name, _, _, school, _, _ in PEOPLE}
        for name, answers in texts.ANSWERS:
            checked = form.check_answers(definition, answers)
            await forms.put_response(
                FormResponse(FORM_ID, version.version, user_id(name), schools[name].id, checked, now_ms)
            )


async def _talk(context: Context) -> None:
    for number, (author, text) in enumerate(texts.MESSAGES, 1):
        await context.storage.messages.append(
            TWINSPACE_ID,
            client_message_id=f"demo-message-{number}",
            user_id=user_id(author),
            text=text,
            at_ms=context.now_ms(),
        )


async def _journal(context: Context, verb: str, author: str, subject_id: str, details: dict[str, Any]) -> None:
    await context.storage.journal.record(
        TWINSPACE_ID,
        verb=verb,
        user_id=user_id(author),
        subject_id=subject_id,
        details=details,
        at_ms=context.now_ms(),
    )
