"""The resource shelf: what teachers found useful, looked at by a support service before everybody sees it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from hub.access import Duty, access_duty, duties_of
from hub.actions.search import AT_ONCE, pieces
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.form_templates import question_count
from hub.payloads.fields import Nothing
from hub.payloads.people import School
from hub.payloads.shelf import (
    AddResource,
    DecideResource,
    FindResources,
    RateResource,
    Resource,
    ResourceRef,
    Resources,
)
from hub.roster import read_schools, read_users
from hub.snippets import excerpt
from hub.staff_room_entries import facet, resource_entry
from storage import ports, records
from storage.records import ResourceId, SearchScope, User
from storage.words import terms_of


async def find_resources(context: Context, session: Session, payload: FindResources) -> Resources:
    await access_duty(context, session.user, Duty.NETWORK)
    resources, more = await find_listed(context, session.user, payload)
    return Resources(resources=await shown_resources(context, session.user, resources, payload.q), more=more)


async def find_listed(context: Context, user: User, payload: FindResources) -> tuple[list[records.Resource], bool]:
    """What is on the shelf and found, and whether there is more of it."""
    asked = {"sort": payload.sort, "language": payload.language, "stage": payload.stage, "subject": payload.subject}
    found = await context.storage.search.find(
        payload.q,
        SearchScope(user.id, context.now_ms(), at_large=True),
        "resource",
        facets=[facet(name, value) for name, value in asked.items() if value],
        limit=AT_ONCE + 1,
        offset=payload.offset,
    )
    resources = []
    for entry in found[:AT_ONCE]:
        try:
            resource = await context.storage.shelf.get(ResourceId(entry.id))
        except ports.NotFound:
            continue
        if resource.state == "listed":
            resources.append(resource)
    return resources, len(found) > AT_ONCE


async def list_my_resources(context: Context, session: Session, payload: Nothing) -> Resources:
    await access_duty(context, session.user, Duty.NETWORK)
    mine = await context.storage.shelf.all(submitted_by=session.user.id)
    return Resources(resources=await shown_resources(context, session.user, mine), more=False)


async def list_waiting_resources(context: Context, session: Session, payload: Nothing) -> Resources:
    await access_duty(context, session.user, Duty.SUPPORT)
    waiting = await context.storage.shelf.all(state="waiting")
    return Resources(resources=await shown_resources(context, session.user, waiting), more=False)


async def read_resource(context: Context, session: Session, payload: ResourceRef) -> Resource:
    resource = await access_resource(context, session, payload)
    return (await shown_resources(context, session.user, [resource]))[0]


async def add_resource(context: Context, session: Session, payload: AddResource) -> Resource:
    """Seen by its author and the services until one of them has listed it."""
    await access_duty(context, session.user, Duty.NETWORK)
    resource = records.Resource(
        id=ResourceId(secrets.token_urlsafe(12)),
        sort=payload.sort,
        title=payload.title,
        text=payload.text,
        link=payload.link,
        licence=payload.licence,
        language=payload.language,
        stages=tuple(dict.fromkeys(payload.stages)),
        subjects=tuple(dict.fromkeys(payload.subjects)),
        submitted_by=session.user.id,
        submitted_at_ms=context.now_ms(),
    )
    await context.storage.shelf.add(resource)
    return (await shown_resources(context, session.user, [resource]))[0]


async def decide_resource(context: Context, session: Session, payload: DecideResource) -> Resource:
    await access_duty(context, session.user, Duty.SUPPORT)
    resource = await access_resource(context, session, payload)
    if resource.submitted_by == session.user.id:
        raise Invalid("Somebody else of a service has to look at it.", field="resource_id")
    decided = await context.storage.shelf.decide(
        resource.id, payload.decision, by=session.user.id, at_ms=context.now_ms(), reason=payload.reason
    )
    if decided.state == "listed":
        await context.storage.search.put([resource_entry(decided)])
    else:
        await context.storage.search.erase("resource", decided.id)
    return (await shown_resources(context, session.user, [decided]))[0]


async def remove_resource(context: Context, session: Session, payload: ResourceRef) -> None:
    """By its author, or by a service."""
    resource = await access_resource(context, session, payload)
    if resource.submitted_by != session.user.id and Duty.SUPPORT not in await duties_of(context, session.user):
        raise NotFound
    await context.storage.shelf.remove(resource.id)
    await context.storage.search.erase("resource", resource.id)


async def rate_resource(context: Context, session: Session, payload: RateResource) -> Resource:
    """Say that it is useful, or take that back. Nobody rates their own."""
    resource = await access_resource(context, session, payload)
    if resource.submitted_by == session.user.id:
        raise Invalid("Others say whether it is useful.", field="resource_id")
    await context.storage.shelf.rate(resource.id, session.user.id, payload.is_useful)
    return (await shown_resources(context, session.user, [resource]))[0]


async def access_resource(context: Context, session: Session, payload: ResourceRef) -> records.Resource:
    await access_duty(context, session.user, Duty.NETWORK)
    try:
        resource = await context.storage.shelf.get(ResourceId(payload.resource_id))
    except ports.NotFound:
        raise NotFound from None
    is_open = resource.state == "listed" or resource.submitted_by == session.user.id
    if not is_open and Duty.SUPPORT not in await duties_of(context, session.user):
        raise NotFound
    return resource


async def shown_resources(
    context: Context, user: User, resources: Sequence[records.Resource], query: str = ""
) -> list[Resource]:
    users = await read_users(context.storage, [resource.submitted_by for resource in resources])
    schools = await read_schools(context.storage, [each.school_id for each in users.values()])
    useful = await context.storage.shelf.useful([resource.id for resource in resources])
    mine = await context.storage.shelf.rated_by(user.id)
    return [
        Resource(
            id=resource.id,
            sort=resource.sort,
            title=resource.title,
            text=resource.text,
            snippet=pieces(excerpt(resource.text, terms_of(query))),
            link=resource.link,
            licence=resource.licence,
            language=resource.language,
            stages=list(resource.stages),
            subjects=list(resource.subjects),
            submitted_by=resource.submitted_by,
            display_name=users[resource.submitted_by].display_name,
            school=School.of(schools[users[resource.submitted_by].school_id]),
            submitted_at_ms=resource.submitted_at_ms,
            state=resource.state,
            reason=resource.reason,
            useful_count=useful.get(resource.id, 0),
            i_find_it_useful=resource.id in mine,
            is_mine=resource.submitted_by == user.id,
            question_count=None if resource.form is None else question_count(resource.form),
        )
        for resource in resources
    ]
