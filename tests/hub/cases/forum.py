"""Forum and debates."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.cases.finding import made
from tests.hub.world import World

THREAD = {"title": "Bread", "text": "Which one?"}
MOTION = {"motion": "Phones belong in school"}


async def prepare(world: World, author: str) -> dict[str, str]:
    founder, path = world.founder, f"{world.path}/debates"
    thread = await made(founder, "POST", f"{world.path}/threads", THREAD)
    thread_id = thread["thread"]["id"]
    at_large = await made(world.teacher, "POST", "/api/v1/threads", THREAD)
    post = {"client_post_id": "second", "text": "Rye"}
    await made(founder, "POST", f"/api/v1/threads/{thread_id}/posts", post)
    debates = [(await made(founder, "POST", path, MOTION))["id"] for _ in range(3)]
    await made(founder, "POST", f"/api/v1/debates/{debates[2]}/state", {"former": "before", "state": "speaking"})
    await made(world.teacher, "POST", f"/api/v1/debates/{debates[2]}/turns", {"side": "for"})
    return {
        "thread_id": thread_id,
        "large_thread_id": at_large["thread"]["id"],
        "first_seq": "1",
        "second_seq": "2",
        "debate_id": debates[0],
        "moving_id": debates[1],
        "speaking_id": debates[2],
    }


FIRST = (("seq", "first_seq"),)
SECOND = (("seq", "second_seq"),)
SPEAKING = (("debate_id", "speaking_id"), ("seq", "first_seq"))

ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/threads": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/threads": Case(lambda ids: THREAD),
    "GET /api/v1/threads": Case(),
    "POST /api/v1/threads": Case(lambda ids: THREAD),
    "GET /api/v1/me/threads": Case(),
    "GET /api/v1/threads/{thread_id}": Case(),
    "PATCH /api/v1/threads/{thread_id}": Case(lambda ids: {"is_pinned": True}),
    "PUT /api/v1/threads/{thread_id}/follow": Case(lambda ids: {"follows": True}),
    "POST /api/v1/threads/{thread_id}/posts": Case(lambda ids: {"client_post_id": "case", "text": "Spelt"}),
    "PATCH /api/v1/threads/{thread_id}/posts/{seq}": Case(lambda ids: {"text": "Dark rye"}, SECOND),
    "DELETE /api/v1/threads/{thread_id}/posts/{seq}": Case(ids=SECOND),
    "GET /api/v1/threads/{thread_id}/posts/{seq}/versions": Case(ids=FIRST),
    "POST /api/v1/threads/{thread_id}/posts/{seq}/report": Case(
        lambda ids: {"reason": "It is rude."}, (("thread_id", "large_thread_id"), ("seq", "first_seq"))
    ),
    "GET /api/v1/twinspaces/{twinspace_id}/debates": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/debates": Case(lambda ids: MOTION),
    "GET /api/v1/debates/{debate_id}": Case(),
    "POST /api/v1/debates/{debate_id}/state": Case(
        lambda ids: {"former": "before", "state": "speaking"}, (("debate_id", "moving_id"),)
    ),
    "PUT /api/v1/debates/{debate_id}/vote": Case(lambda ids: {"ballot": "before", "choice": "for"}),
    # Who waits already asks for no second turn, and only one person speaks: tests/hub/test_debates.py goes the way.
    "POST /api/v1/debates/{debate_id}/turns": Case(lambda ids: {"side": "against"}, SPEAKING, succeeds=False),
    "DELETE /api/v1/debates/{debate_id}/turns/{seq}": Case(ids=SPEAKING, succeeds=False),
    "POST /api/v1/debates/{debate_id}/turns/{seq}/start": Case(lambda ids: {}, SPEAKING),
    "POST /api/v1/debates/{debate_id}/turns/{seq}/end": Case(lambda ids: {}, SPEAKING, succeeds=False),
}
