"""The order of a project's phases, and what a project should have before it goes on."""

from __future__ import annotations

from itertools import pairwise

from hub.agreements import read_standing
from hub.codes import read_code_standing
from hub.consents import read_decided
from hub.context import Context
from hub.payloads.phases import Missing, MissingThing
from hub.roster import read_users
from storage import ports
from storage.records import Phase, Twinspace

ORDER: tuple[Phase, ...] = ("idea", "before", "during", "after", "closed", "archived")
NEXT: dict[Phase, Phase] = dict(pairwise(ORDER))
REOPENED: Phase = "after"
SHUT: tuple[Phase, ...] = ("closed", "archived")

NEEDED: dict[Phase, tuple[Missing, ...]] = {
    "before": ("agreement",),
    "during": ("agreement", "pupils", "consents", "plan", "code"),
    "after": ("work",),
    "closed": ("agreement", "evaluation"),
    "archived": (),
}


async def missing_for(context: Context, twinspace: Twinspace, phase: Phase) -> list[MissingThing]:
    """What is missing before the project goes into this phase."""
    found = []
    for code in NEEDED.get(phase, ()):
        if count := await _COUNTS[code](context, twinspace):
            found.append(MissingThing(code=code, count=count))
    return found


async def _signatures(context: Context, twinspace: Twinspace) -> int:
    """Signatures under the present agreement; projects from before there were foundings have none."""
    try:
        founding = await context.storage.foundings.get(twinspace.id)
    except ports.NotFound:
        return 0
    standing = await read_standing(context, founding)
    return sum(standing.signature_of(user) is None for user, _ in standing.founders)


async def _schools_without_pupils(context: Context, twinspace: Twinspace) -> int:
    members = await context.storage.twinspaces.members(twinspace.id)
    users = await read_users(context.storage, [member.user_id for member in members])
    schools = {user.school_id for user in users.values() if user.kind == "teacher"}
    return len(schools - {user.school_id for user in users.values() if user.kind == "pupil"})


async def _pupils_without_consents(context: Context, twinspace: Twinspace) -> int:
    """Pupils of whom nobody has written down yet, with yes or no, whether they may speak and be seen."""
    members = await context.storage.twinspaces.members(twinspace.id)
    users = await read_users(context.storage, [member.user_id for member in members])
    pupils = [user.id for user in users.values() if user.kind == "pupil"]
    decided = await read_decided(context, pupils)
    return sum(not {"live_voice", "live_camera"} <= decided[user_id] for user_id in pupils)


async def _work(context: Context, twinspace: Twinspace) -> int:
    contents = {content.id for content in await context.storage.contents.of_twinspace(twinspace.id)}
    try:
        contents.discard((await context.storage.foundings.get(twinspace.id)).agreement_id)
    except ports.NotFound:
        pass
    return 0 if contents else 1


async def _plan(context: Context, twinspace: Twinspace) -> int:
    """A work plan with at least one activity."""
    return 0 if await context.storage.plan.activities(twinspace.id) else 1


async def _code(context: Context, twinspace: Twinspace) -> int:
    """Schools that have not accepted the code of conduct as it is now."""
    return (await read_code_standing(context, twinspace.id)).missing


async def _evaluation(context: Context, twinspace: Twinspace) -> int:
    """A form that somebody has answered."""
    for content in await context.storage.contents.of_twinspace(twinspace.id):
        if content.kind != "form":
            continue
        try:
            version = await context.storage.forms.latest_version(content.id)
        except ports.NotFound:
            continue
        if await context.storage.forms.responses(content.id, version.version):
            return 0
    return 1


_COUNTS = {
    "agreement": _signatures,
    "pupils": _schools_without_pupils,
    "consents": _pupils_without_consents,
    "work": _work,
    "plan": _plan,
    "code": _code,
    "evaluation": _evaluation,
}
