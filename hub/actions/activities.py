"""The activities of the work plan: what the classes do, when, in which subjects, with which teams and contents."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from hub.access import Access, read_sight
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.notices import notify
from hub.payloads.plan import Activity, ChangeActivity, PlanActivity, RemoveActivity, changes_of
from hub.planning import access_plan, differing, grown, planners_of, stale, tell_plan
from hub.roster import read_users
from storage import ports, records
from storage.records import ActivityId

MOST_ACTIVITIES = 500
PARTS = {
    "title": ("title",),
    "text": ("text",),
    "state": ("state",),
    "dates": ("starts_on", "ends_on"),
    "subjects": ("subjects",),
    "teams": ("team_ids",),
    "contents": ("content_ids",),
}


async def plan_activity(context: Context, session: Session, payload: PlanActivity) -> Activity:
    access = await access_plan(context, session.user, payload.twinspace_id)
    await _check(context, access, payload, kept_contents=(), kept_teams=())
    if len(await context.storage.plan.activities(access.twinspace.id)) >= MOST_ACTIVITIES:
        raise Invalid(f"A plan has at most {MOST_ACTIVITIES} activities.", field="title")
    activity = records.Activity(
        id=ActivityId(secrets.token_urlsafe(12)),
        twinspace_id=access.twinspace.id,
        title=payload.title,
        text=payload.text,
        state=payload.state,
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        subjects=_subjects(payload),
        team_ids=tuple(dict.fromkeys(payload.team_ids)),
        content_ids=tuple(dict.fromkeys(payload.content_ids)),
        created_by=session.user.id,
        created_at_ms=context.now_ms(),
        history=[],
    )
    await context.storage.plan.add_activity(activity)
    await _tell(context, session, activity, "activity_planned")
    return (await shown(context, access, [activity]))[0]


async def change_activity(context: Context, session: Session, payload: ChangeActivity) -> Activity:
    """Raise Conflict, with what was changed and by whom, when `revision` is not the present one."""
    access = await access_plan(context, session.user, payload.twinspace_id)
    former = await _find(context, access, payload.activity_id)
    await _check(context, access, payload, kept_contents=former.content_ids, kept_teams=former.team_ids)
    seen = await _seen(context, access)
    # What the editor does not see was not taken out by the editor.
    unseen = [content_id for content_id in former.content_ids if content_id not in seen]
    wanted = replace(
        former,
        title=payload.title,
        text=payload.text,
        state=payload.state,
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        subjects=_subjects(payload),
        team_ids=tuple(dict.fromkeys(payload.team_ids)),
        content_ids=tuple(dict.fromkeys([*payload.content_ids, *unseen])),
        revision=payload.revision + 1,
    )
    fields = differing(former, wanted, PARTS)
    if former.revision == payload.revision and not fields:
        return (await shown(context, access, [former]))[0]
    changed = replace(wanted, history=grown(former.history, wanted.revision, session.user.id, context.now_ms(), fields))
    try:
        await context.storage.plan.change_activity(changed)
    except ports.Conflict:
        now = await _find(context, access, payload.activity_id)
        raise stale(now.title, now.history, payload.revision, await _names(context, [now])) from None
    except ports.NotFound:
        raise NotFound from None
    # What an activity is done with may change daily; what it is called, when it is and how it stands is worth telling.
    await _tell(context, session, changed, "activity_changed" if {"title", "dates", "state"} & {*fields} else None)
    return (await shown(context, access, [changed]))[0]


async def remove_activity(context: Context, session: Session, payload: RemoveActivity) -> None:
    """Take an activity out of the plan. Raise Conflict when it is not the one that was seen."""
    access = await access_plan(context, session.user, payload.twinspace_id)
    former = await _find(context, access, payload.activity_id)
    try:
        await context.storage.plan.remove_activity(former.id, payload.revision)
    except ports.Conflict:
        raise stale(former.title, former.history, payload.revision, await _names(context, [former])) from None
    except ports.NotFound:
        raise NotFound from None
    await _tell(context, session, former, "activity_removed")


async def _tell(context: Context, session: Session, activity: records.Activity, verb: str | None) -> None:
    """Those who look at the plan; with a verb also the journal, and the others who plan."""
    await tell_plan(context, activity.twinspace_id, "activity", activity.id, session.user.id)
    if verb is None:
        return
    details = {
        "title": activity.title,
        "state": activity.state,
        "starts_on": activity.starts_on,
        "ends_on": activity.ends_on,
    }
    await record(context, activity.twinspace_id, verb, session.user, activity.id, details)
    planners = [user_id for user_id in await planners_of(context, activity.twinspace_id) if user_id != session.user.id]
    told = {"title": activity.title, "by": session.user.display_name}
    await notify(context, planners, "plan", subject_id=activity.id, details=told, twinspace_id=activity.twinspace_id)


async def shown(context: Context, access: Access, activities: Sequence[records.Activity]) -> list[Activity]:
    """As this member sees them: without the contents that are not open to them."""
    names, seen = await _names(context, activities), await _seen(context, access)
    return [
        Activity(
            id=each.id,
            twinspace_id=each.twinspace_id,
            title=each.title,
            text=each.text,
            state=each.state,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            subjects=each.subjects,
            team_ids=[*each.team_ids],
            content_ids=[content_id for content_id in each.content_ids if content_id in seen],
            created_by=each.created_by,
            changes=changes_of(each.history, {str(user_id): name for user_id, name in names.items()}),
            revision=each.revision,
        )
        for each in activities
    ]


async def _find(context: Context, access: Access, activity_id: str) -> records.Activity:
    try:
        activity = await context.storage.plan.get_activity(ActivityId(activity_id))
    except ports.NotFound:
        raise NotFound from None
    if activity.twinspace_id != access.twinspace.id:
        raise NotFound
    return activity


async def _names(context: Context, activities: Sequence[records.Activity]) -> dict[records.UserId, str]:
    changers = [records.UserId(each["user_id"]) for activity in activities for each in activity.history]
    return {user_id: user.display_name for user_id, user in (await read_users(context.storage, changers)).items()}


def _subjects(payload: PlanActivity | ChangeActivity) -> dict[str, list[str]]:
    return {school: list(dict.fromkeys(subjects)) for school, subjects in payload.subjects.items() if subjects}


async def _seen(context: Context, access: Access) -> frozenset[str]:
    """The contents that are open to this member."""
    sight, twinspace_id = await read_sight(context, access), access.twinspace.id
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "content")
    return frozenset(each.id for each in await context.storage.contents.of_twinspace(twinspace_id, sight)) - hidden


async def _check(
    context: Context,
    access: Access,
    payload: PlanActivity | ChangeActivity,
    *,
    kept_contents: Sequence[str],
    kept_teams: Sequence[str],
) -> None:
    """What an activity names has to be of this TwinSpace; what it named before may be gone by now."""
    storage, twinspace_id = context.storage, access.twinspace.id
    teams = {team.id for team in await storage.teams.of_twinspace(twinspace_id)}
    if not set(payload.team_ids) <= teams | set(kept_teams):
        raise Invalid("One of these teams is not here.", field="team_ids")
    if not set(payload.content_ids) <= await _seen(context, access) | set(kept_contents):
        raise Invalid("One of these contents is not here.", field="content_ids")
    users = await read_users(storage, [member.user_id for member in await storage.twinspaces.members(twinspace_id)])
    if not set(payload.subjects) <= {user.school_id for user in users.values()}:
        raise Invalid("One of these schools is not here.", field="subjects")
