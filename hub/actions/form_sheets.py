"""Sheets that several schools fill in together: who wrote what, each school's word, and handing in."""

from __future__ import annotations

from typing import Any

from crdt_docs.content import answer_sheet, form
from crdt_docs.content.questions import TYPES, is_asked
from crdt_docs.errors import ContentError
from hub.access import MATRIX, Act
from hub.actions.forms import access_form, find_version
from hub.actions.journal import record
from hub.audience import tell
from hub.content_parts import part_id
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.names import as_called_by
from hub.payloads.form_sheets import Sheet, SheetChanged, SheetRef, SheetSigned, SheetWriter, SignSheet
from hub.roster import read_users
from hub.sealing import digest_of, find_seal, seal
from storage import ports, records
from storage.records import Content, FormVersion, Json, SchoolId


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
    if session.user.school_id not in await _schools(context, content):
        raise NotFound
    signature = records.SheetSignature(
        sheet.id, session.user.school_id, session.user.id, payload.digest, context.now_ms()
    )
    await context.storage.seals.sign(signature)
    signed = await context.storage.seals.signatures(sheet.id)
    current = {each.school_id for each in signed if each.digest == payload.digest}
    submitted = current >= await _schools(context, content)
    if submitted:
        await seal(context, sheet, session.user.id, _reader(version, payload.digest))
        details = {"title": content.title, "version": version.version}
        await record(context, content.twinspace_id, "sheet_submitted", session.user, content.id, details, about=content)
    changed = SheetChanged(content_id=content.id, version=version.version, submitted=submitted)
    await tell(context, content.twinspace_id, content, "form:sheet", changed)
    return await _shown(context, session, sheet, version)


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


async def _schools(context: Context, content: Content) -> set[SchoolId]:
    """Schools that have somebody here who builds forms: their word is asked for."""
    members = await context.storage.twinspaces.members(content.twinspace_id)
    building = [member.user_id for member in members if Act.BUILD in MATRIX[member.role]]
    return {user.school_id for user in (await read_users(context.storage, building)).values()}


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
    signed = await context.storage.seals.signatures(sheet.id)
    writers = (await context.storage.doc_log.load(sheet.id)).writers
    wrote = {client: user_id for client, user_id in writers.items() if user_id is not None}
    named = await read_users(context.storage, [*wrote.values(), *(each.user_id for each in signed)])
    users = await as_called_by(context, session.user, named.values())
    content = await context.storage.contents.get(version.content_id)
    return Sheet(
        content_id=version.content_id,
        sheet_id=sheet.id,
        version=version.version,
        answers=answers,
        faults=faults,
        digest=digest,
        school_ids=sorted(await _schools(context, content)),
        signed=[
            SheetSigned(
                school_id=each.school_id,
                user_id=each.user_id,
                display_name=users[each.user_id].display_name,
                signed_at_ms=each.signed_at_ms,
                is_current=each.digest == digest,
            )
            for each in signed
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
