"""Forum, debates and work plan as a snapshot keeps them: people by their ids, nothing that is hidden."""

from __future__ import annotations

from typing import Any

from hub.context import Context
from hub.debate_tally import read_tally
from hub.staff_room_entries import all_threads
from storage.records import Activity, Debate, PlannedMeeting, Thread, TwinspaceId


async def read_forum(context: Context, twinspace_id: TwinspaceId) -> dict[str, Any]:
    """Path → what the file holds, one for each thread."""
    threads_hidden = await context.storage.safety.hidden_ids(twinspace_id, "thread")
    posts_hidden = await context.storage.safety.hidden_ids(twinspace_id, "post")
    threads = [each for each in await all_threads(context.storage, twinspace_id) if each.id not in threads_hidden]
    return {f"forum/{thread.id}.json": await _thread(context, thread, posts_hidden) for thread in threads}


async def _thread(context: Context, thread: Thread, hidden: frozenset[str]) -> dict[str, Any]:
    posts = await context.storage.forum.posts(thread.id, 0, thread.post_count)
    return {
        "thread_id": thread.id,
        "title": thread.title,
        "created_by": thread.created_by,
        "created_at_ms": thread.created_at_ms,
        "posts": [
            {
                "seq": post.seq,
                "user_id": post.user_id,
                "text": post.text,
                "posted_at_ms": post.posted_at_ms,
                "edited_at_ms": post.edited_at_ms,
            }
            for post in posts
            if not post.is_removed and f"{thread.id}:{post.seq}" not in hidden
        ],
    }


async def read_debates(context: Context, twinspace_id: TwinspaceId) -> dict[str, Any]:
    """Path → what the file holds, one for each debate. Votes as everybody sees them, once it is closed."""
    hidden = await context.storage.safety.hidden_ids(twinspace_id, "debate")
    found = await context.storage.debates.of_twinspace(twinspace_id)
    return {f"debates/{each.id}.json": await _debate(context, each) for each in found if each.id not in hidden}


async def _debate(context: Context, debate: Debate) -> dict[str, Any]:
    votes: dict[str, Any] = {}
    if debate.state == "closed":
        votes = {
            "before": (await read_tally(context, debate.id, "before")).model_dump(),
            "after": (await read_tally(context, debate.id, "after")).model_dump(),
        }
    return {
        "debate_id": debate.id,
        "motion": debate.motion,
        "turn_s": debate.turn_s,
        "state": debate.state,
        "created_by": debate.created_by,
        "created_at_ms": debate.created_at_ms,
        "closed_at_ms": debate.closed_at_ms,
        "turns": [
            {
                "user_id": turn.user_id,
                "side": turn.side,
                "started_at_ms": turn.started_at_ms,
                "ended_at_ms": turn.ended_at_ms,
            }
            for turn in await context.storage.debates.turns(debate.id)
            if turn.started_at_ms is not None
        ],
        **votes,
    }


async def read_plan(context: Context, twinspace_id: TwinspaceId) -> dict[str, Any]:
    """Activities, meetings (called-off ones too) and teams."""
    storage = context.storage
    hidden = await storage.safety.hidden_ids(twinspace_id, "content")
    return {
        "activities": [_activity(each, hidden) for each in await storage.plan.activities(twinspace_id)],
        "meetings": [_meeting(each) for each in await storage.plan.meetings(twinspace_id)],
        "teams": [
            {"team_id": team.id, "title": team.title, "user_ids": [*team.user_ids]}
            for team in await storage.teams.of_twinspace(twinspace_id)
        ],
    }


def _activity(activity: Activity, hidden: frozenset[str]) -> dict[str, Any]:
    return {
        "activity_id": activity.id,
        "title": activity.title,
        "text": activity.text,
        "state": activity.state,
        "starts_on": activity.starts_on,
        "ends_on": activity.ends_on,
        "subjects": activity.subjects,
        "team_ids": [*activity.team_ids],
        "content_ids": [content_id for content_id in activity.content_ids if content_id not in hidden],
        "created_by": activity.created_by,
    }


def _meeting(meeting: PlannedMeeting) -> dict[str, Any]:
    return {
        "meeting_id": meeting.id,
        "title": meeting.title,
        "agenda": meeting.agenda,
        "room_id": meeting.room_id,
        "starts_at_ms": meeting.starts_at_ms,
        "ends_at_ms": meeting.ends_at_ms,
        "time_zone": meeting.time_zone,
        "invited": meeting.invited,
        "is_cancelled": meeting.cancelled_at_ms is not None,
        "created_by": meeting.created_by,
    }


_PARTS = (("activities", "activity_id", "activity"), ("meetings", "meeting_id", "meeting"))


def plan_changes(former: Any, now: Any) -> list[dict[str, Any]]:
    """What was added to a kept plan, changed and taken away, in the order of the plan; None: there was none.

    Each is `{what, id, title, change, fields}`; `fields` names what of a changed one is another.
    """
    changes = []
    for part, key, what in _PARTS:
        before = {each[key]: each for each in (former or {}).get(part, [])}
        after = {each[key]: each for each in (now or {}).get(part, [])}
        for each_id, kept in {**after, **before}.items():
            was, is_now = before.get(each_id), after.get(each_id)
            if was == is_now:
                continue
            fields = sorted(name for name in kept if was and is_now and was[name] != is_now[name])
            change = "changed" if was and is_now else "added" if is_now else "removed"
            title = (is_now or kept)["title"]
            changes.append({"what": what, "id": each_id, "title": title, "change": change, "fields": fields})
    return changes
