"""The desk: what waits for somebody, from every part of the hub, in one place.

A part of the hub puts itself on the desk with one line in SOURCES and calls `tell_desk` when its count has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from hub.access import Act, Duty, acts_of, duties_of
from hub.agreements import read_stored_standing
from hub.assessing import is_over
from hub.consents import read_decided
from hub.context import Context
from hub.founders import may_stop
from hub.help_queue import read_queue
from hub.hidden_talk import hidden_among
from hub.payloads.notices import Waiting
from storage.records import DeskRows, Twinspace, TwinspaceId, User, UserId


@dataclass(frozen=True, slots=True)
class DeskOf:
    """Whose desk it is, and what was read for it."""

    user: User
    rows: DeskRows

    def where(self, act: Act) -> list[Twinspace]:
        """The TwinSpaces in which the user may do this now."""
        return [space for space, member in self.rows.memberships if act in acts_of(member.role, space.phase)]


Source = Callable[[Context, DeskOf], Awaitable[list[Waiting]]]


async def reports(context: Context, desk: DeskOf) -> list[Waiting]:
    """What was reported and nobody has answered, but for reports of oneself."""
    spaces = {space.id: space for space in desk.where(Act.PROTECT)}
    found = await context.storage.safety.reports([*spaces], only_unanswered=True) if spaces else []
    counts = dict.fromkeys(spaces, 0)
    for report in found:
        counts[report.twinspace_id] += report.author_id != desk.user.id
    return [_in(spaces[each], "report", count) for each, count in counts.items() if count]


async def registrations(context: Context, desk: DeskOf) -> list[Waiting]:
    if Duty.VALIDATE not in await duties_of(context, desk.user):
        return []
    service = await context.storage.services.get(desk.user.school_id)
    place = await context.storage.users.get_school(desk.user.school_id)
    country = None if service.level == "central" else place.country
    region = place.region if service.level == "regional" else None
    count = len(await context.storage.services.waiting(country, region))
    return [Waiting(source="registration", count=count)] if count else []


async def questions(context: Context, desk: DeskOf) -> list[Waiting]:
    """Of the help desk, what nobody has taken, or oneself has; what was reported past the teachers is among it."""
    if Duty.SUPPORT not in await duties_of(context, desk.user):
        return []
    queue = await read_queue(context, desk.user)
    count = sum(each.owner_id in (None, desk.user.id) for each in queue)
    return [Waiting(source="help", count=count)] if count else []


async def foundings(context: Context, desk: DeskOf) -> list[Waiting]:
    """Proposals that wait for one's own signature."""
    waiting = []
    if desk.user.kind != "teacher":
        return []
    for founding in await context.storage.foundings.of_user(desk.user.id):
        standing = await read_stored_standing(context, founding)
        if standing.twinspace.phase == "withdrawn" or standing.signature_of(desk.user) is not None:
            continue
        waiting.append(Waiting(source="founding", count=1, twinspace_id=founding.twinspace_id, title=founding.title))
    return waiting


async def successions(context: Context, desk: DeskOf) -> list[Waiting]:
    """Where one is asked whether somebody may follow a founder; for a support service where it may still say no."""
    if desk.user.kind not in ("teacher", "staff"):
        return []
    waiting = []
    for each in await context.storage.successions.open(desk.user.id if desk.user.kind == "teacher" else None):
        if desk.user.id not in each.unanswered and not await may_stop(context, desk.user, each):
            continue
        if (await context.storage.twinspaces.get(each.twinspace_id)).phase != "withdrawn":
            title = (await context.storage.foundings.get(each.twinspace_id)).title
            waiting.append(Waiting(source="succession", count=1, twinspace_id=each.twinspace_id, title=title))
    return waiting


async def guests(context: Context, desk: DeskOf) -> list[Waiting]:
    return [
        _in(space, "guest", desk.rows.waiting_guests[space.id])
        for space in desk.where(Act.INVITE)
        if space.id in desk.rows.waiting_guests
    ]


async def consents(context: Context, desk: DeskOf) -> list[Waiting]:
    """Pupils of one's school of whom nobody has written down whether they may speak and be seen."""
    spaces = [space for space in desk.where(Act.CONSENT) if desk.rows.own_pupils.get(space.id)]
    pupils = {pupil for space in spaces for pupil in desk.rows.own_pupils[space.id]}
    decided = await read_decided(context, sorted(pupils)) if pupils else {}
    found = []
    for space in spaces:
        count = sum(not {"live_voice", "live_camera"} <= decided[each] for each in desk.rows.own_pupils[space.id])
        if count:
            found.append(_in(space, "consent", count))
    return found


async def letters(context: Context, desk: DeskOf) -> list[Waiting]:
    """Messages of other teachers that are not read, without those of whom one wants to hear nothing."""
    if Duty.NETWORK not in await duties_of(context, desk.user):
        return []
    count = await context.storage.conversations.unread(desk.user.id)
    return [Waiting(source="letters", count=count)] if count else []


async def answers(context: Context, desk: DeskOf) -> list[Waiting]:
    """Answers in threads of the teachers' forum that one follows; those of a TwinSpace stand with it."""
    if Duty.NETWORK not in await duties_of(context, desk.user):
        return []
    unread = await read_unread_posts(context, desk.user, [None])
    return [Waiting(source="forum", count=unread[None])] if unread[None] else []


async def read_unread_posts(
    context: Context, user: User, places: Sequence[TwinspaceId | None]
) -> dict[TwinspaceId | None, int]:
    """Posts that came since one looked, in the threads that one follows and nobody has hidden; None: at large."""
    counts: dict[TwinspaceId | None, int] = dict.fromkeys(places, 0)
    behind = [
        each
        for each in await context.storage.forum.followed(user.id)
        if each.thread.twinspace_id in counts and each.read_seq < each.thread.post_count
    ]
    for place in {each.thread.twinspace_id for each in behind}:
        mine = [each for each in behind if each.thread.twinspace_id == place]
        hidden = await hidden_among(context, place, "thread", [each.thread.id for each in mine])
        counts[place] = sum(each.thread.post_count - each.read_seq for each in mine if each.thread.id not in hidden)
    return counts


async def approvals(context: Context, desk: DeskOf) -> list[Waiting]:
    """What my school's pupils made for walls and nobody has let through."""
    spaces = {space.id: space for space in desk.where(Act.GATE)}
    found = await context.storage.gate.of_school([*spaces], desk.user.school_id) if spaces else []
    counts = Counter(held.twinspace_id for held in found)
    return [_in(spaces[each], "approval", counts[each]) for each in spaces if counts[each]]


async def assessments(context: Context, desk: DeskOf) -> list[Waiting]:
    """What I am to assess and have not sent; and for teachers, how much of their class's is not all in yet."""
    answering, building = ({space.id: space for space in desk.where(act)} for act in (Act.ANSWER, Act.BUILD))
    now_ms, own, watched = context.now_ms(), Counter[TwinspaceId](), Counter[TwinspaceId]()
    present: dict[TwinspaceId, set[UserId]] = {}
    for each, sent in await context.storage.assessments.open_in(answering) if answering else []:
        space_id = each.twinspace_id
        if space_id not in present:
            present[space_id] = {member.user_id for member in await context.storage.twinspaces.members(space_id)}
        if is_over(each, sent, present[space_id], now_ms):
            continue
        own[space_id] += desk.user.id in each.assessors and desk.user.id not in sent
        concerns = {each.created_by, *each.assessors} & {desk.user.id} or {*each.assessed} & {
            *desk.rows.own_pupils.get(space_id, ())
        }
        watched[space_id] += space_id in building and bool(concerns)
    return [
        *(_in(answering[space_id], "assess", count) for space_id, count in own.items() if count),
        *(_in(answering[space_id], "assess_open", count) for space_id, count in watched.items() if count),
    ]


SOURCES: tuple[Source, ...] = (
    reports,
    approvals,
    assessments,
    registrations,
    questions,
    foundings,
    successions,
    guests,
    consents,
    letters,
    answers,
)
"""In the order in which they stand on the desk."""


async def waiting_for(context: Context, desk: DeskOf) -> list[Waiting]:
    return [waiting for source in SOURCES for waiting in await source(context, desk)]


def _in(space: Twinspace, source: str, count: int) -> Waiting:
    return Waiting(source=source, count=count, twinspace_id=space.id, title=space.title)
