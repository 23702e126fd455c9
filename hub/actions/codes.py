"""The code of conduct: begun from a template, written together, accepted by each school."""

from __future__ import annotations

import secrets
from typing import Any

from crdt_docs.content import KINDS, authoring
from hub.access import Act, access_twinspace
from hub.actions.journal import record
from hub.approvals import ask_for_code
from hub.codes import read_code_standing
from hub.context import Context, Session
from hub.errors import Conflict, Invalid
from hub.payloads.codes import AcceptCode, BeginCode, Code, CodeOfSchool
from hub.payloads.contents import Content
from hub.payloads.twinspaces import TwinspaceRef
from hub.planning import access_plan, tell_plan
from hub.roster import read_users
from storage import ports, records
from storage.records import ContentId, TwinspaceId


async def read_code(context: Context, session: Session, payload: TwinspaceRef) -> Code:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    return await _shown(context, access.twinspace.id)


async def begin_code(context: Context, session: Session, payload: BeginCode) -> Code:
    """Make the document, with these rules to begin with. Raise Conflict when there is one."""
    access = await access_plan(context, session.user, payload.twinspace_id)
    storage, twinspace_id, now_ms = context.storage, access.twinspace.id, context.now_ms()
    if (await read_code_standing(context, twinspace_id)).code is not None:
        raise Conflict("This TwinSpace has a code of conduct already.")
    content = records.Content(
        ContentId(secrets.token_urlsafe(12)),
        twinspace_id,
        "document",
        payload.title,
        session.user.id,
        now_ms,
        now_ms,
        school_id=session.user.school_id,
    )

    def begin(doc: Any) -> None:
        KINDS["document"].start(doc, payload.title)
        for rule in reversed(payload.rules):
            authoring.write_text(doc, [("paragraph", rule)])

    await storage.contents.add(content)
    await context.live_docs.edit(content.id, "document", begin, user_id=None)
    try:
        await storage.codes.add(records.Code(twinspace_id, content.id))
    except ports.Conflict:
        raise Conflict("Somebody began a code of conduct at the same moment.") from None
    await context.announce.to_twinspace(twinspace_id, "content:created", Content.of(content))
    await record(context, twinspace_id, "content_created", session.user, content.id, {"title": payload.title})
    await tell_plan(context, twinspace_id, "code", content.id, session.user.id)
    return await _shown(context, twinspace_id)


async def accept_code(context: Context, session: Session, payload: AcceptCode) -> Code:
    """For one's school, the text as one has read it. Raise Conflict when it is another by now."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.STEER)
    standing = await read_code_standing(context, access.twinspace.id)
    if standing.code is None or standing.text_hash is None:
        raise Invalid("There is no code of conduct yet.", field="text_hash")
    if payload.text_hash != standing.text_hash:
        raise Conflict("The code of conduct was changed in the meantime. Read it again.", field="text_hash")
    accepted = records.CodeAcceptance(
        access.twinspace.id, session.user.school_id, standing.text_hash, session.user.id, context.now_ms()
    )
    await context.storage.codes.accept(accepted)
    await tell_plan(context, access.twinspace.id, "code", standing.code.content_id, session.user.id)
    await ask_for_code(context, access.twinspace, await read_code_standing(context, access.twinspace.id), session.user)
    return await _shown(context, access.twinspace.id)


async def _shown(context: Context, twinspace_id: TwinspaceId) -> Code:
    standing = await read_code_standing(context, twinspace_id)
    people = await read_users(context.storage, [each.user_id for each in standing.acceptances])
    schools = []
    for school_id in standing.schools:
        accepted = standing.acceptance_of(school_id)
        schools.append(
            CodeOfSchool(
                school_id=school_id,
                accepted_at_ms=accepted.accepted_at_ms if accepted else None,
                accepted_by=people[accepted.user_id].display_name if accepted else None,
                accepted_before=accepted is None and any(each.school_id == school_id for each in standing.acceptances),
            )
        )
    return Code(
        twinspace_id=twinspace_id,
        content_id=standing.code.content_id if standing.code else None,
        text_hash=standing.text_hash,
        schools=schools,
    )
