"""Rubrics: read, sealed with the word of every school, and begun anew as the next version."""

from __future__ import annotations

from typing import Any

from crdt_docs.content import rubric
from crdt_docs.errors import ContentError
from hub import gate
from hub.access import Access, Act, access_content, check_sees
from hub.actions.contents import begin_content, start_content
from hub.actions.journal import record
from hub.audience import tell
from hub.context import Context, Session
from hub.errors import Conflict, HubError, NotFound
from hub.payloads.contents import Content, ContentRef
from hub.payloads.forms import Option
from hub.payloads.rubrics import Criterion, Rubric, RubricChanged, RubricFault, RubricVersion, SignRubric
from hub.rubric_talk import find_talk, talk_id
from hub.rubric_versions import number_of, version_id
from hub.sealing import digest_of, find_seal, seal
from hub.signing import read_signed, schools_asked, sign
from storage import ports, records
from storage.records import ContentId, Json, Seal

KIND = rubric.KIND.name


async def read_rubric(context: Context, session: Session, payload: ContentRef) -> Rubric:
    access, content = await access_rubric(context, session, payload.content_id, Act.READ)
    return await _shown(context, access, content)


async def sign_rubric(context: Context, session: Session, payload: SignRubric) -> Rubric:
    """Say for my school that it may be sealed as I saw it; with the last school's word it is.

    Raise Conflict when it was changed meanwhile or is sealed, ContentError when nobody could assess by it.
    """
    access, content = await access_rubric(context, session, payload.content_id, Act.BUILD)
    if await find_seal(context, content, _reader(None)) is not None:
        raise Conflict("This rubric is sealed already.")
    await context.live_docs.read(content.id, KIND, _reader(payload.digest))
    sealed = await sign(context, content, session.user, payload.digest)
    if sealed:
        await seal(context, content, session.user.id, _reader(payload.digest))
        await gate.clear(context, talk_id(content.id))
        details = {"title": content.title, "number": number_of(content.id)}
        await record(context, content.twinspace_id, "rubric_sealed", session.user, content.id, details, about=content)
    changed = RubricChanged(content_id=content.id, sealed=sealed)
    await tell(context, content.twinspace_id, content, "rubric:signed", changed)
    return await _shown(context, access, content)


async def begin_version(context: Context, session: Session, payload: ContentRef) -> Content:
    """The next version, which starts with what is sealed here; the one that is there when somebody was first."""
    access, content = await access_rubric(context, session, payload.content_id, Act.CREATE)
    sealed = await read_sealed(context, content)

    def begin(doc: Any) -> None:
        rubric.write(doc, sealed)

    number = number_of(content.id) + 1
    while (known := await _find(context, version_id(content.id, number))) is not None:
        if await _sees(context, access, known):
            await start_content(context, known, begin)
            return Content.of(known)
        number += 1
    now_ms = context.now_ms()
    version = records.Content(
        id=version_id(content.id, number),
        twinspace_id=content.twinspace_id,
        kind=KIND,
        title=content.title,
        created_by=session.user.id,
        created_at_ms=now_ms,
        changed_at_ms=now_ms,
        visibility=content.visibility,
        team_id=content.team_id,
        school_id=content.school_id,
    )
    try:
        shown = await begin_content(context, version, begin)
    except ports.Conflict:
        return await begin_version(context, session, payload)
    details = {"kind": KIND, "title": content.title, "number": number}
    await record(context, content.twinspace_id, "content_created", session.user, version.id, details, about=version)
    return shown


async def access_rubric(
    context: Context, session: Session, content_id: str, act: Act
) -> tuple[Access, records.Content]:
    access, content = await access_content(context, session.user, ContentId(content_id), act)
    if content.kind != KIND:
        raise NotFound
    return access, content


async def find_rubric_seal(context: Context, content: records.Content) -> Seal | None:
    """None while it is still being negotiated."""
    return await find_seal(context, content, _reader(None))


async def read_sealed(context: Context, content: records.Content) -> rubric.Definition:
    """What was agreed on. Raise Conflict while nothing is."""
    found = await find_rubric_seal(context, content)
    if found is None or not isinstance(found.sealed, dict):
        raise Conflict("This rubric is not sealed yet.")
    return found.sealed


def _reader(digest: str | None) -> Any:
    """Reads what would be sealed. It raises ContentError when nobody could use it, Conflict with another digest."""

    def read(doc: Any) -> Json:
        found = rubric.read_checked(doc)
        if digest is not None and digest_of(found) != digest:
            raise Conflict("Somebody has changed the rubric since you read it. Look again.", field="digest")
        return found

    return read


async def _find(context: Context, content_id: ContentId) -> records.Content | None:
    try:
        return await context.storage.contents.get(content_id)
    except ports.NotFound:
        return None


async def _sees(context: Context, access: Access, content: records.Content) -> bool:
    if await context.storage.safety.is_hidden(content.twinspace_id, "content", content.id):
        return False
    try:
        await check_sees(context, access, content)
    except HubError:
        return False
    return True


async def _read_versions(context: Context, access: Access, content: records.Content) -> list[RubricVersion]:
    versions: list[RubricVersion] = []
    number = 1
    while (known := await _find(context, version_id(content.id, number))) is not None:
        if await _sees(context, access, known):
            found = await find_rubric_seal(context, known)
            at_ms = found.sealed_at_ms if found else None
            versions.append(RubricVersion(content_id=known.id, number=number, sealed_at_ms=at_ms))
        number += 1
    return versions


async def _shown(context: Context, access: Access, content: records.Content) -> Rubric:
    found = await find_rubric_seal(context, content)
    fault = None
    if found is not None and isinstance(found.sealed, dict):
        shown = found.sealed
    else:
        shown = await context.live_docs.read(content.id, KIND, rubric.definition)
        try:
            rubric.check_definition(shown)
        except ContentError as error:
            fault = RubricFault(field=error.field, sentence=str(error))
    digest = digest_of(shown)
    return Rubric(
        content_id=content.id,
        number=number_of(content.id),
        versions=await _read_versions(context, access, content),
        levels=[Option(**level) for level in shown["levels"]],
        criteria=[Criterion(**criterion) for criterion in shown["criteria"]],
        fault=fault,
        digest=digest,
        school_ids=sorted(await schools_asked(context, content.twinspace_id)),
        signed=await read_signed(context, access.user, content.id, digest),
        sealed_at_ms=found.sealed_at_ms if found else None,
        talk_id=talk.id if (talk := await find_talk(context, content)) is not None else None,
    )
