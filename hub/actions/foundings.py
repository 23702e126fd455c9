"""Founding a project: propose it, write the agreement together, sign it, have it approved, and the TwinSpace opens."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from crdt_docs.content import KINDS, authoring
from hub.access import Act, Duty, access_duty, access_twinspace, duties_of
from hub.actions.journal import record
from hub.actions.successions import newest
from hub.agreements import AGREEMENT_FILE, ReadStanding, Standing, read_standing, read_stored_standing
from hub.approvals import ask_for_founding
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.founders import NO_SUCH_TEACHER, check_countries, find_teacher, may_stop, open_succession, speaks_for
from hub.notices import tell_desk
from hub.payloads.fields import Nothing
from hub.payloads.foundings import (
    ChangeFounding,
    DecideFounding,
    Founder,
    Founding,
    FoundingChanged,
    FoundingRef,
    Foundings,
    FoundingSummary,
    ProposeFounding,
    SignFounding,
    Verdict,
)
from hub.payloads.people import School
from hub.roster import read_users
from hub.snapshots import take
from storage import ports, records
from storage.records import ContentId, ProjectId, RoomId, Signature, TwinspaceId, User

FOR_STAFF = ("waiting", "returned", "open", "changed")
"""A service sees a founding once both have signed it."""


async def propose_founding(context: Context, session: Session, payload: ProposeFounding) -> Founding:
    """Begin a project with a teacher of another school: the agreement is there for both, the TwinSpace is not yet."""
    await access_duty(context, session.user, Duty.FOUND)
    partner = await _find_partner(context, session.user, payload.partner)
    await check_countries(context, session.user, partner)
    storage, now_ms = context.storage, context.now_ms()
    project = records.Project(ProjectId(secrets.token_urlsafe(12)), payload.title, "", now_ms)
    twinspace_id = TwinspaceId(secrets.token_urlsafe(12))
    twinspace = records.Twinspace(twinspace_id, project.id, payload.title, "", now_ms, "founding")
    agreement = records.Content(
        ContentId(secrets.token_urlsafe(12)),
        twinspace_id,
        "document",
        payload.title,
        session.user.id,
        now_ms,
        now_ms,
        school_id=session.user.school_id,
    )
    founding = records.Founding(
        twinspace_id=twinspace_id,
        agreement_id=agreement.id,
        proposed_by=session.user.id,
        partner_id=partner.id,
        title=payload.title,
        programme=payload.programme,
        stage=payload.stage,
        subjects=tuple(payload.subjects),
        languages=tuple(payload.languages),
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        proposed_at_ms=now_ms,
    )

    def begin(doc: Any) -> None:
        KINDS["document"].start(doc, payload.title)
        for title in reversed(payload.outline):
            authoring.write_text(doc, [("heading2", title), ("paragraph", "")])

    # The founding comes last: nobody can see anything of what stands before it.
    await storage.twinspaces.add_project(project)
    await storage.twinspaces.add(twinspace)
    await storage.contents.add(agreement)
    await context.live_docs.edit(agreement.id, "document", begin, user_id=None)
    await storage.twinspaces.add_room(
        records.Room(RoomId(secrets.token_urlsafe(12)), twinspace_id, payload.room_title, now_ms)
    )
    for user in (session.user, partner):
        await storage.twinspaces.add_member(records.Member(twinspace_id, user.id, "founder", 1, now_ms))
    await storage.foundings.add(founding)
    await record(context, twinspace_id, "project_proposed", session.user, twinspace_id, {"title": payload.title})
    return await _told(context, session, founding)


async def list_foundings(context: Context, session: Session, payload: Nothing) -> Foundings:
    """One's own; for a national service those of its country that wait."""
    found = await context.storage.foundings.of_user(session.user.id)
    if Duty.APPROVE in await duties_of(context, session.user):
        found += await context.storage.foundings.unopened()
    shown: list[FoundingSummary] = []
    for founding in found:
        if (await context.storage.twinspaces.get(founding.twinspace_id)).phase == "withdrawn":
            continue
        standing = await read_stored_standing(context, founding)
        is_founder = session.user.id in (founding.proposed_by, founding.partner_id)
        if is_founder or await _may_decide(context, session.user, standing):
            shown.append(_summary(standing))
    return Foundings(foundings=shown)


async def read_founding(context: Context, session: Session, payload: FoundingRef) -> Founding:
    founding = await _find(context, payload.twinspace_id)
    standing = await read_standing(context, founding)
    await _access(context, session.user, standing)
    if standing.state == "ready":
        # A crash came between the last signature and the opening.
        await _open(context, standing)
        standing = await read_standing(context, founding)
    return await _shown(context, session.user, standing)


async def change_founding(context: Context, session: Session, payload: ChangeFounding) -> Founding:
    """Change the plan. Who signed has to sign again, unless nothing is different."""
    founding = await _access_as_founder(context, session.user, payload.twinspace_id)
    plan = payload.model_dump(exclude={"twinspace_id", "subjects", "languages"})
    changed = replace(founding, **plan, subjects=tuple(payload.subjects), languages=tuple(payload.languages))
    await context.storage.foundings.change(changed)
    return await _told(context, session, changed)


async def sign_founding(context: Context, session: Session, payload: SignFounding) -> Founding:
    """Sign the text one has read. With the second signature, and the approvals where they are needed, it opens.

    Raise Conflict when the text is another one by now. Signing the same text again changes nothing.
    """
    founding = await _access_as_founder(context, session.user, payload.twinspace_id)
    standing = await read_standing(context, founding)
    if payload.agreement != standing.agreement:
        raise Conflict("The agreement was changed in the meantime. Read it again, then sign it.", field="agreement")
    await context.storage.blobs.put(standing.blob)
    signature = Signature(founding.twinspace_id, session.user.id, standing.agreement, context.now_ms())
    if await context.storage.foundings.sign(signature):
        details = {"title": founding.title, "agreement": standing.agreement}
        await record(context, founding.twinspace_id, "agreement_signed", session.user, founding.agreement_id, details)
    # What was signed opens it, even if somebody has typed on since: that is a new text, for new signatures.
    signed = replace(standing, signatures=tuple(await context.storage.foundings.signatures(founding.twinspace_id)))
    await _open(context, signed)
    return await _told(context, session, founding)


async def withdraw_founding(context: Context, session: Session, payload: FoundingRef) -> None:
    """Take the proposal back, or decline it: nobody sees anything of it any more. Raise Conflict once it is open."""
    founding = await _access_as_founder(context, session.user, payload.twinspace_id)
    try:
        await context.storage.phases.move(
            founding.twinspace_id,
            former="founding",
            phase="withdrawn",
            moved_by=session.user.id,
            missing=[],
            at_ms=context.now_ms(),
        )
    except ports.Conflict:
        raise Conflict("The TwinSpace is open already. A project that began is closed, not withdrawn.") from None
    await context.live_docs.reauthorise(None, founding.twinspace_id)
    for user_id in (founding.proposed_by, founding.partner_id):
        changed = FoundingChanged(twinspace_id=founding.twinspace_id)
        await context.announce.to_user(user_id, "founding:changed", changed)


async def decide_founding(context: Context, session: Session, payload: DecideFounding) -> Founding:
    """A national service approves what both signed, or sends it back with a reason."""
    founding = await _find(context, payload.twinspace_id)
    standing = await read_standing(context, founding)
    if not await _may_decide(context, session.user, standing):
        raise NotFound
    if payload.agreement != standing.agreement or standing.state not in ("waiting", "returned"):
        raise Conflict(f"The agreement was changed in the meantime; it is “{standing.state}” now.", field="agreement")
    for country in await _countries_of(context, session.user, standing):
        await context.storage.foundings.decide(
            founding.twinspace_id,
            agreement=standing.agreement,
            country=country,
            decided_by=session.user.id,
            approved=payload.approved,
            reason=payload.reason,
            at_ms=context.now_ms(),
        )
    verb = "project_approved" if payload.approved else "project_returned"
    await record(context, founding.twinspace_id, verb, session.user, founding.twinspace_id, {"title": founding.title})
    await _open(context, await read_standing(context, founding))
    return await _told(context, session, founding)


async def _open(context: Context, standing: Standing) -> None:
    """Open the TwinSpace if nothing is missing any more. May be called by several at once: it opens once."""
    if standing.state != "ready":
        return
    twinspace_id, agreement = standing.founding.twinspace_id, standing.agreement
    last = max(
        (s for s in standing.signatures if s.agreement == agreement), key=lambda each: (each.signed_at_ms, each.user_id)
    )
    signer = next(user for user, _ in standing.founders if user.id == last.user_id)
    title = standing.founding.title
    kept = {AGREEMENT_FILE: agreement}
    await take(context, twinspace_id, title, signer, cause="agreement", files=kept, only_first=True)
    try:
        await context.storage.phases.move(
            twinspace_id, former="founding", phase="idea", moved_by=signer.id, missing=[], at_ms=context.now_ms()
        )
    except ports.Conflict:
        return
    await context.live_docs.reauthorise(None, twinspace_id)
    await record(context, twinspace_id, "twinspace_opened", signer, twinspace_id, {"title": title})


async def _told(context: Context, session: Session, founding: records.Founding) -> Founding:
    """The founding as it is now, after both founders were told to look."""
    changed = FoundingChanged(twinspace_id=founding.twinspace_id)
    for user_id in (founding.proposed_by, founding.partner_id):
        await context.announce.to_user(user_id, "founding:changed", changed)
        await tell_desk(context, [user_id], "founding")
    standing = await read_standing(context, founding)
    await ask_for_founding(context, standing, session.user)
    return await _shown(context, session.user, standing)


async def _find(context: Context, twinspace_id: str) -> records.Founding:
    try:
        return await context.storage.foundings.get(TwinspaceId(twinspace_id))
    except ports.NotFound:
        raise NotFound from None


async def _access_as_founder(context: Context, user: User, twinspace_id: str) -> records.Founding:
    founding = await _find(context, twinspace_id)
    if user.id not in (founding.proposed_by, founding.partner_id):
        raise NotFound
    await access_twinspace(context, user, founding.twinspace_id, Act.AGREE)
    return founding


async def _access(context: Context, user: User, standing: Standing) -> None:
    founding = standing.founding
    if user.id in (founding.proposed_by, founding.partner_id):
        act = Act.AGREE if standing.twinspace.phase == "founding" else Act.READ
        await access_twinspace(context, user, founding.twinspace_id, act)
    elif not await _may_decide(context, user, standing) and not await _may_follow(context, user, founding):
        raise NotFound


async def _may_follow(context: Context, user: User, founding: records.Founding) -> bool:
    """Who is asked to be a founder reads what there is to sign, and the service that may stop it."""
    asked = await open_succession(context, founding.twinspace_id)
    return asked is not None and (user.id == asked.successor_id or await may_stop(context, user, asked))


async def _may_decide(context: Context, user: User, standing: Standing) -> bool:
    if standing.twinspace.phase == "withdrawn" or standing.state not in FOR_STAFF or not standing.needs_approval:
        return False
    return bool(await _countries_of(context, user, standing))


async def _countries_of(context: Context, user: User, standing: Standing) -> list[str]:
    """For which of the founders' countries the user speaks: a national service for its own, the central one for all."""
    return [country for country in sorted(standing.countries) if await speaks_for(context, user, country)]


async def _find_partner(context: Context, user: User, name: str) -> User:
    partner = await find_teacher(context, name)
    if partner is None or partner.school_id == user.school_id:
        raise Invalid(NO_SUCH_TEACHER, field="partner")
    return partner


def _summary(standing: Standing) -> FoundingSummary:
    founding = standing.founding
    founders = []
    for user, school in standing.founders:
        signature = standing.signature_of(user)
        founders.append(
            Founder(
                user_id=user.id,
                display_name=user.display_name,
                school=School.of(school),
                signed_at_ms=signature.signed_at_ms if signature else None,
                signed_before=signature is None and any(each.user_id == user.id for each in standing.signatures),
            )
        )
    return FoundingSummary(
        twinspace_id=founding.twinspace_id,
        title=founding.title,
        state=standing.state,
        is_national=standing.is_national,
        founders=founders,
        proposed_at_ms=founding.proposed_at_ms,
    )


async def _shown(context: Context, user: User, standing: ReadStanding) -> Founding:
    founding = standing.founding
    deciders = await read_users(context.storage, [verdict.decided_by for verdict in standing.verdicts])
    is_founder = user.id in (founding.proposed_by, founding.partner_id)
    may_edit = False
    if is_founder:
        try:
            await access_twinspace(context, user, founding.twinspace_id, Act.AGREE)
            may_edit = True
        except NotFound:
            pass
    return Founding(
        **_summary(standing).model_dump(),
        agreement_id=founding.agreement_id,
        agreement=standing.agreement,
        programme=founding.programme,
        stage=founding.stage,
        subjects=list(founding.subjects),
        languages=list(founding.languages),
        starts_on=founding.starts_on,
        ends_on=founding.ends_on,
        text=standing.text,
        verdicts=[
            Verdict(
                country=verdict.country,
                approved=verdict.approved,
                reason=verdict.reason,
                display_name=deciders[verdict.decided_by].display_name,
                decided_at_ms=verdict.decided_at_ms,
                current=verdict.agreement == standing.agreement,
            )
            for verdict in standing.verdicts
        ],
        approvals_needed=standing.approvals_needed,
        succession=await newest(context, user, founding.twinspace_id),
        may_edit=may_edit,
        may_decide=await _may_decide(context, user, standing) and standing.state in ("waiting", "returned"),
    )
