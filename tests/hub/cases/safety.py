"""Safety of minors."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World

MUTED = (("user_id", "naughty_id"),)
LEFT = (("user_id", "leaving_id"),)


async def prepare(world: World, author: str) -> dict[str, str]:
    naughty, leaving = await world.add("pupil", "pupil"), await world.add("pupil", "pupil")
    assert naughty.user is not None and leaving.user is not None
    posted = await world.founder.call("POST", f"{world.path}/messages", {"text": "Hm"})
    assert posted.status == 201, posted
    mean = {"kind": "message", "subject_id": str(posted.body["seq"]), "reason": "mean"}
    reported = await world.pupil.call(
        "POST", f"{world.path}/reports", {**mean, "kind": "member", "subject_id": naughty.user.id}
    )
    assert reported.status == 201, reported
    if not await world.hub.context.storage.safety.is_hidden(world.twinspace_id, "message", mean["subject_id"]):
        hidden = await world.teacher.call("POST", f"{world.path}/hidden", mean)
        assert hidden.status == 204, hidden
    return {
        "naughty_id": naughty.user.id,
        "leaving_id": leaving.user.id,
        "report_id": reported.body["report_id"],
        "kind": "message",
        "subject_id": mean["subject_id"],
    }


def about(ids: dict[str, str]) -> dict[str, str]:
    return {"kind": "content", "subject_id": ids["content_id"], "reason": "other"}


ROUTES: dict[str, Case] = {
    "POST /api/v1/twinspaces/{twinspace_id}/reports": Case(about),
    "GET /api/v1/twinspaces/{twinspace_id}/moderation": Case(),
    "GET /api/v1/me/open_reports": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/reports/{report_id}/claim": Case(lambda ids: {}),
    "POST /api/v1/twinspaces/{twinspace_id}/reports/{report_id}/answer": Case(lambda ids: {"answer": "We talked."}),
    "POST /api/v1/twinspaces/{twinspace_id}/hidden": Case(
        lambda ids: {"kind": "message", "subject_id": ids["subject_id"], "reason": "spam"}
    ),
    "DELETE /api/v1/twinspaces/{twinspace_id}/hidden/{kind}/{subject_id}": Case(),
    "DELETE /api/v1/twinspaces/{twinspace_id}/erased/{kind}/{subject_id}": Case(succeeds=False),
    "PUT /api/v1/twinspaces/{twinspace_id}/members/{user_id}/mute": Case(
        lambda ids: {"parts": ["chat"], "minutes": 10, "reason": "mean"}, MUTED
    ),
    "DELETE /api/v1/twinspaces/{twinspace_id}/members/{user_id}/mute": Case(ids=MUTED),
    "POST /api/v1/twinspaces/{twinspace_id}/members/{user_id}/removal": Case(lambda ids: {"reason": "mean"}, LEFT),
    "GET /api/v1/twinspaces/{twinspace_id}/my_mute": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/moderation/log": Case(),
}
