"""Sheets that several schools fill in together: who wrote what, each school's word, and handing in."""

from __future__ import annotations

from typing import Any

from crdt_docs.content import answer_sheet, form
from crdt_docs.content.questions import TYPES, is_asked
from crdt_docs.errors import ContentError
from hub.access import Act
from hub.actions.forms import access_form, find_version
from hub.actions.journal import record
from hub.audience import tell
from hub.content_parts import part_id
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.names import read_people
from hub.payloads.form_sheets import Sheet, SheetChanged, SheetRef, SheetWriter, SignSheet
from hub.sealing import digest_of, find_seal, seal
from hub.signing import read_signed, schools_asked, sign
from storage import ports, records
from storage.records import Content, FormVersion, Json


async def read_shared_sheet(context: Context, session: Session, payload: SheetRef) -> Sheet:
    _, content = await access_form(context, session, payload.content_id, Act.READ)
    version = await find_version(context, content.id, payload.version)
    return await _shown(context, session, await _find_sheet(context, content, version), version)


async def sign_shared_sheet(context: Context, session: Session, payload: SignSheet) -> Sheet:
    """Say for my school that it may be handed in as I saw it; with the last school's word it is.

    Raise Conflict when it was changed meanwhile, ContentError when an answer is missing or wrong.
    """
    _, content = await access_form(context, session, payload.content_id, Act.ANSWER)
    version = await find_version(context, content.id, payload.version)
    sheet = await _find_sheet(context, content, version)
    if await find_seal(context, sheet, _reader(version)) is not None:
        raise Conflict("This sheet was handed in already.")
    answers = await context.live_docs.read(sheet.id, sheet.kind, _reader(version))
    if digest_of(answers) != payload.digest:
        raise Conflict("Somebody has changed the sheet since you read it. Look again.", field="digest")
    submitted = await sign(context, sheet, session.user, payload.digest)
    if submitted:
        await seal(context, sheet, session.user.id, _reader(version, payload.digest))
        details = {"title": content.title, "version": version.version}
        await record(context, content.twinspace_id, "sheet_submitted", session.user, content.id, details, about=content)
    changed = SheetChanged(content_id=content.id, version=version.version, submitted=submitted)
    await tell(context, content.twinspace_id, content, "form:sheet", changed)
    return await _shown(context, session, sheet, version)


async def read_sheet_answers(context: Context, content: Content, version: FormVersion) -> dict[str, Any]:
    """What was handed in, or as far as it is right what stands there now."""
    sheet = await _find_sheet(context, content, version)
    found = await find_seal(context, sheet, _reader(version))
    if found is not None:
        return _sealed_answers(found)
    kept = await context.live_docs.read(
        sheet.id, sheet.kind, lambda doc: answer_sheet.read_answers(doc, version.definition)
    )
    return _look(version.definition, kept)[0]


def _reader(version: FormVersion, digest: str | None = None) -> Any:
    """Reads what would be handed in. It raises ContentError when that can't be, Conflict when it has another digest."""

    def read(doc: Any) -> Json:
        found = answer_sheet.read_answers(doc, version.definition)
        answers = form.check_answers(version.definition, found)
        if digest is not None and digest_of(answers) != digest:
            raise Conflict("Somebody has changed the sheet since you read it. Look again.", field="digest")
        return answers

    return read


async def _find_sheet(context: Context, content: Content, version: FormVersion) -> Content:
    if version.definition.get("mode") != "together":
        raise NotFound
    try:
        return await context.storage.contents.get(part_id(content.id, version.version))
    except ports.NotFound:
        raise NotFound from None


def _look(definition: form.Definition, found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that are right as they stand, and what is wrong with the others."""
    answers: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for question in definition["questions"]:
        if TYPES[question["type"]].tally == "none" or not is_asked(question, answers):
            continue
        given = found.get(question["id"])
        try:
            answer = None if given is None else TYPES[question["type"]].clean(question, given)
        except ContentError as error:
            faults[question["id"]] = str(error)
            continue
        if answer is not None:
            answers[question["id"]] = answer
        elif question["required"]:
            faults[question["id"]] = "This question needs an answer."
    return answers, faults


def _sealed_answers(found: records.Seal) -> dict[str, Any]:
    return found.sealed if isinstance(found.sealed, dict) else {}


async def _shown(context: Context, session: Session, sheet: Content, version: FormVersion) -> Sheet:
    found_seal = await find_seal(context, sheet, _reader(version))
    answers: dict[str, Any] = {}
    faults: dict[str, str] = {}
    if found_seal is not None:
        answers = _sealed_answers(found_seal)
    else:
        kept = await context.live_docs.read(
            sheet.id, sheet.kind, lambda doc: answer_sheet.read_answers(doc, version.definition)
        )
        answers, faults = _look(version.definition, kept)
    digest = digest_of(answers)
    writers = (await context.storage.doc_log.load(sheet.id)).writers
    wrote = {client: user_id for client, user_id in writers.items() if user_id is not None}
    users = await read_people(context, session.user, wrote.values())
    return Sheet(
        content_id=version.content_id,
        sheet_id=sheet.id,
        version=version.version,
        answers=answers,
        faults=faults,
        digest=digest,
        school_ids=sorted(await schools_asked(context, sheet.twinspace_id)),
        signed=[
            # Nobody changes what was handed in; that somebody was erased from it since takes nobody's word back.
            each.model_copy(update={"is_current": each.is_current or found_seal is not None})
            for each in await read_signed(context, session.user, sheet.id, digest)
        ],
        submitted_at_ms=found_seal.sealed_at_ms if found_seal else None,
        writers=[
            SheetWriter(
                client_id=client,
                user_id=user_id,
                display_name=users[user_id].display_name,
                school_id=users[user_id].school_id,
            )
            for client, user_id in sorted(wrote.items())
        ],
    )
