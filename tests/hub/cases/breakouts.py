"""Breakout rooms: planned ones for the routes, open ones for the events."""

from __future__ import annotations

from typing import Any

from storage.records import Room, RoomId
from tests.hub.cases.case import Case
from tests.hub.world import World


def plan(ids: dict[str, str], room: str = "room_id") -> dict[str, Any]:
    return {"room_id": ids[room], "title": "Bread", "groups": [{"title": "Red", "user_ids": []}]}


async def prepare(world: World, author: str) -> dict[str, str]:
    """Rooms that are open in a room of their own, with whoever sends the requests in the only group."""
    divided = Room(RoomId(f"divided-{world.twinspace_id}"), world.twinspace_id, "Divided", 1)
    await world.hub.context.storage.twinspaces.add_room(divided)
    members = {member.user_id for member in await world.hub.context.storage.twinspaces.members(world.twinspace_id)}
    user = world.people[author].user
    assert world.founder.user is not None
    me = user.id if user is not None and user.id in members else world.founder.user.id
    made = {}
    for name, room_id in (("breakouts_id", world.room_id), ("open_breakouts_id", divided.id)):
        body = {**plan({"room_id": room_id}), "groups": [{"title": "Red", "user_ids": [me]}]}
        answer = await world.founder.call("POST", f"{world.path}/breakouts", body)
        assert answer.status == 201, answer
        made[name] = answer.body["id"]
    group = answer.body["groups"][0]
    socket = await world.founder.socket()
    await socket.enter(world.twinspace_id)
    assert (await socket.call("breakouts:open", {"breakouts_id": made["open_breakouts_id"]}))["ok"]
    note = await socket.call("breakouts:call", {"room_id": group["room_id"]})
    assert note["ok"], note
    return {**made, "group_id": group["id"], "breakout_room_id": group["room_id"], "note_id": note["id"], "me": me}


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/breakouts": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/breakouts": Case(plan),
    "POST /api/v1/twinspaces/{twinspace_id}/breakouts/proposal": Case(lambda ids: {"count": 2}),
    "PUT /api/v1/twinspaces/{twinspace_id}/breakouts/{breakouts_id}": Case(lambda ids: {**plan(ids), "revision": 1}),
    "DELETE /api/v1/twinspaces/{twinspace_id}/breakouts/{breakouts_id}": Case(query="revision=2"),
}
EVENTS: dict[str, Case] = {
    "breakouts:open": Case(lambda ids: {"breakouts_id": ids["open_breakouts_id"]}),
    "breakouts:assign": Case(
        lambda ids: {
            "breakouts_id": ids["open_breakouts_id"],
            "user_id": ids["me"],
            "group_id": ids["group_id"],
        }
    ),
    "breakouts:watch": Case(lambda ids: {"breakouts_id": ids["open_breakouts_id"]}),
    "breakouts:listen": Case(lambda ids: {"room_id": ids["breakout_room_id"]}),
    "breakouts:broadcast": Case(lambda ids: {"breakouts_id": ids["open_breakouts_id"], "text": "Five minutes"}),
    "breakouts:answer": Case(lambda ids: {"breakouts_id": ids["open_breakouts_id"], "note_id": ids["note_id"]}),
    "breakouts:place": Case(lambda ids: {"room_id": ids["room_id"]}),
    "breakouts:call": Case(lambda ids: {"room_id": ids["breakout_room_id"]}),
    "breakouts:close": Case(lambda ids: {"breakouts_id": ids["open_breakouts_id"], "in_s": 600}),
}
