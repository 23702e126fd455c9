"""What a meeting allows: nobody is in it here, so who may is told what is missing; who may not learns nothing."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World


async def prepare(world: World, author: str) -> dict[str, str]:
    assert world.pupil.user is not None
    return {"pupil_id": world.pupil.user.id}


def _person(**more: object) -> Case:
    return Case(lambda ids: {"room_id": ids["room_id"], "user_id": ids["pupil_id"], **more})


EVENTS: dict[str, Case] = {
    "room:lock": Case(lambda ids: {"room_id": ids["room_id"], "part": "reactions", "locked": False}),
    "room:except": _person(part="reactions"),
    "room:hold": _person(part="chat", held=False),
    "room:camera_to_staff": _person(camera_to_staff=False),
    "room:interpret": _person(language=""),
    "room:name": _person(name=""),
    "room:remove": _person(),
    "room:let_in": _person(),
    "room:react": Case(lambda ids: {"room_id": ids["room_id"], "reaction": "clap"}, succeeds=False),
    "lobby:switch": Case(lambda ids: {"room_id": ids["room_id"], "has_lobby": False}),
    "lobby:list": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
    "lobby:admit": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
    "lobby:send_back": Case(lambda ids: {"room_id": ids["room_id"], "user_id": ids["pupil_id"]}, succeeds=False),
    "lobby:ring": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
    "lobby:leave": Case(lambda ids: {"room_id": ids["room_id"]}),
    "seat:pupils": Case(lambda ids: {"room_id": ids["room_id"]}),
    "seat:put": Case(lambda ids: {"room_id": ids["room_id"], "pupil_ids": []}, succeeds=False),
    "seat:list": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
    "seat:name": Case(
        lambda ids: {"room_id": ids["room_id"], "pupil_id": ids["pupil_id"], "name": "A"}, succeeds=False
    ),
    "hand:list": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
    "hand:raise": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
    "hand:lower": Case(lambda ids: {"room_id": ids["room_id"], "hand_id": "a-hand"}, succeeds=False),
    "hand:call": Case(lambda ids: {"room_id": ids["room_id"]}, succeeds=False),
}
