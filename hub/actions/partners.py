"""Partner search: what teachers tell of themselves, and the ideas for which they look for partners. Never pupils."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence

from hub.access import Duty, access_duty, duties_of
from hub.actions.search import AT_ONCE, pieces
from hub.context import Context, Session
from hub.errors import NotFound
from hub.payloads.fields import Nothing
from hub.payloads.partners import (
    ChangeIdea,
    FindPartners,
    FoundProfile,
    FoundProfiles,
    Idea,
    IdeaRef,
    Ideas,
    MakeIdea,
    MyProfile,
    PersonPage,
    PersonRef,
    PutProfile,
)
from hub.payloads.people import School
from hub.roster import read_schools, read_users
from hub.snippets import excerpt
from hub.staff_room_entries import facet, idea_entry, profile_entry
from storage import ports, records
from storage.records import IdeaId, SearchEntry, SearchKind, SearchScope, User, UserId
from storage.words import terms_of

NO_PROFILE = MyProfile(about="", stages=[], subjects=[], languages=[], is_listed=False)


async def read_my_profile(context: Context, session: Session, payload: Nothing) -> MyProfile:
    await access_duty(context, session.user, Duty.NETWORK)
    try:
        return _mine(await context.storage.partners.profile(session.user.id))
    except ports.NotFound:
        return NO_PROFILE


async def put_my_profile(context: Context, session: Session, payload: PutProfile) -> MyProfile:
    """Found from now on if it is listed, and at once no more if it isn't."""
    await access_duty(context, session.user, Duty.NETWORK)
    profile = records.Profile(
        user_id=session.user.id,
        about=payload.about,
        stages=tuple(dict.fromkeys(payload.stages)),
        subjects=tuple(dict.fromkeys(payload.subjects)),
        languages=tuple(dict.fromkeys(payload.languages)),
        is_listed=payload.is_listed,
        changed_at_ms=context.now_ms(),
    )
    await context.storage.partners.put_profile(profile)
    if profile.is_listed:
        school = await context.storage.users.get_school(session.user.school_id)
        await context.storage.search.put([profile_entry(profile, session.user, school)])
    else:
        await context.storage.search.erase("profile", profile.user_id)
    return _mine(profile)


async def find_profiles(context: Context, session: Session, payload: FindPartners) -> FoundProfiles:
    await access_duty(context, session.user, Duty.NETWORK)
    found = await _find(context, session.user, "profile", payload)
    shown = []
    for entry in found[:AT_ONCE]:
        try:
            shown.append(await _profile(context, UserId(entry.id), payload.q))
        except NotFound:
            continue
    return FoundProfiles(profiles=shown, more=len(found) > AT_ONCE)


async def read_person(context: Context, session: Session, payload: PersonRef) -> PersonPage:
    """A listed teacher, or one who has an idea that is open. Raise NotFound for everybody else."""
    await access_duty(context, session.user, Duty.NETWORK)
    user_id = UserId(payload.user_id)
    user = await _networker(context, user_id)
    ideas = [idea for idea in await context.storage.partners.ideas(user_id) if _is_open(idea, context.now_ms())]
    try:
        profile = await _profile(context, user_id, "")
    except NotFound:
        if not ideas:
            raise
        school = School.of(await context.storage.users.get_school(user.school_id))
        profile = FoundProfile(
            user_id=user.id,
            display_name=user.display_name,
            school=school,
            about="",
            snippet=[],
            stages=[],
            subjects=[],
            languages=[],
        )
    blocked = await context.storage.conversations.blocked_by(session.user.id)
    shown = await _shown(context, session.user, ideas)
    return PersonPage(**profile.model_dump(), ideas=shown, is_blocked=user_id in blocked)


async def find_ideas(context: Context, session: Session, payload: FindPartners) -> Ideas:
    await access_duty(context, session.user, Duty.NETWORK)
    found = await _find(context, session.user, "idea", payload)
    ideas = []
    for entry in found[:AT_ONCE]:
        try:
            ideas.append(await context.storage.partners.idea(IdeaId(entry.id)))
        except ports.NotFound:
            continue
    return Ideas(ideas=await _shown(context, session.user, ideas), more=len(found) > AT_ONCE)


async def list_my_ideas(context: Context, session: Session, payload: Nothing) -> Ideas:
    """Also those that are not open any more."""
    await access_duty(context, session.user, Duty.NETWORK)
    mine = await context.storage.partners.ideas(session.user.id)
    return Ideas(ideas=await _shown(context, session.user, mine), more=False)


async def read_idea(context: Context, session: Session, payload: IdeaRef) -> Idea:
    await access_duty(context, session.user, Duty.NETWORK)
    idea = await _idea(context, payload.idea_id)
    if idea.user_id != session.user.id:
        await _networker(context, idea.user_id)
    return (await _shown(context, session.user, [idea]))[0]


async def make_idea(context: Context, session: Session, payload: MakeIdea) -> Idea:
    await access_duty(context, session.user, Duty.NETWORK)
    now_ms = context.now_ms()
    idea = _stored(payload, IdeaId(secrets.token_urlsafe(12)), session.user.id, now_ms, now_ms)
    await context.storage.partners.add_idea(idea)
    return await _put(context, session.user, idea)


async def change_idea(context: Context, session: Session, payload: ChangeIdea) -> Idea:
    former = await _my_idea(context, session, payload.idea_id)
    idea = _stored(payload, former.id, former.user_id, former.created_at_ms, context.now_ms())
    await context.storage.partners.change_idea(idea)
    return await _put(context, session.user, idea)


async def remove_idea(context: Context, session: Session, payload: IdeaRef) -> None:
    idea = await _my_idea(context, session, payload.idea_id)
    await context.storage.partners.remove_idea(idea.id)
    await context.storage.search.erase("idea", idea.id)


def _stored(
    payload: MakeIdea | ChangeIdea, idea_id: IdeaId, user_id: UserId, created_at_ms: int, now_ms: int
) -> records.Idea:
    return records.Idea(
        id=idea_id,
        user_id=user_id,
        title=payload.title,
        text=payload.text,
        stage=payload.stage,
        ages_from=payload.ages_from,
        ages_to=payload.ages_to,
        subjects=tuple(dict.fromkeys(payload.subjects)),
        languages=tuple(dict.fromkeys(payload.languages)),
        countries=tuple(dict.fromkeys(payload.countries)),
        open_until=payload.open_until,
        created_at_ms=created_at_ms,
        changed_at_ms=now_ms,
    )


async def _put(context: Context, user: User, idea: records.Idea) -> Idea:
    school = await context.storage.users.get_school(user.school_id)
    await context.storage.search.put([idea_entry(idea, school)])
    return (await _shown(context, user, [idea]))[0]


async def _find(context: Context, user: User, kind: SearchKind, payload: FindPartners) -> list[SearchEntry]:
    asked = {
        "country": payload.country,
        "language": payload.language,
        "stage": payload.stage,
        "subject": payload.subject,
    }
    return await context.storage.search.find(
        payload.q,
        SearchScope(user.id, context.now_ms(), at_large=True),
        kind,
        facets=[facet(name, value) for name, value in asked.items() if value],
        limit=AT_ONCE + 1,
        offset=payload.offset,
    )


async def _networker(context: Context, user_id: UserId) -> User:
    """A grown-up who may be found. Raise NotFound: pupils, guests and closed accounts are nobody here."""
    try:
        user = await context.storage.users.get_user(user_id)
    except ports.NotFound:
        raise NotFound from None
    if Duty.NETWORK not in await duties_of(context, user):
        raise NotFound
    return user


async def _profile(context: Context, user_id: UserId, query: str) -> FoundProfile:
    user = await _networker(context, user_id)
    try:
        profile = await context.storage.partners.profile(user_id)
    except ports.NotFound:
        raise NotFound from None
    if not profile.is_listed:
        raise NotFound
    return FoundProfile(
        user_id=user.id,
        display_name=user.display_name,
        school=School.of(await context.storage.users.get_school(user.school_id)),
        about=profile.about,
        snippet=pieces(excerpt(profile.about, terms_of(query))),
        stages=list(profile.stages),
        subjects=list(profile.subjects),
        languages=list(profile.languages),
    )


async def _idea(context: Context, idea_id: str) -> records.Idea:
    try:
        return await context.storage.partners.idea(IdeaId(idea_id))
    except ports.NotFound:
        raise NotFound from None


async def _my_idea(context: Context, session: Session, idea_id: str) -> records.Idea:
    await access_duty(context, session.user, Duty.NETWORK)
    idea = await _idea(context, idea_id)
    if idea.user_id != session.user.id:
        raise NotFound
    return idea


async def _shown(context: Context, user: User, ideas: Sequence[records.Idea]) -> list[Idea]:
    users = await read_users(context.storage, [idea.user_id for idea in ideas])
    schools = await read_schools(context.storage, [each.school_id for each in users.values()])
    return [
        Idea(
            id=idea.id,
            user_id=idea.user_id,
            display_name=users[idea.user_id].display_name,
            school=School.of(schools[users[idea.user_id].school_id]),
            title=idea.title,
            text=idea.text,
            stage=idea.stage,
            ages_from=idea.ages_from,
            ages_to=idea.ages_to,
            subjects=list(idea.subjects),
            languages=list(idea.languages),
            countries=list(idea.countries),
            open_until=idea.open_until,
            is_open=_is_open(idea, context.now_ms()),
            is_mine=idea.user_id == user.id,
            changed_at_ms=idea.changed_at_ms,
        )
        for idea in ideas
        if users[idea.user_id].state == "active"
    ]


def _is_open(idea: records.Idea, now_ms: int) -> bool:
    today = datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date()
    return datetime.date.fromisoformat(idea.open_until) >= today


def _mine(profile: records.Profile) -> MyProfile:
    return MyProfile(
        about=profile.about,
        stages=list(profile.stages),
        subjects=list(profile.subjects),
        languages=list(profile.languages),
        is_listed=profile.is_listed,
    )
