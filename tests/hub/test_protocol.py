"""Every row of the table, used once as intended over a real socket; its reply fits its model."""

from __future__ import annotations

import json

import pytest

from hub.access import STANDINGS, Duty
from hub.protocol import ANNOUNCEMENTS, EVENTS, ROUTES
from hub.table import Event, Route
from tests.hub import cases
from tests.hub.cases import Prepared, in_order, prepare
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


async def test_every_row_has_a_case_and_every_case_a_row() -> None:
    assert sorted(cases.ROUTES) == sorted(name_of(route) for route in ROUTES)
    assert sorted(cases.EVENTS) == sorted(event.name for event in EVENTS)


async def test_no_row_stands_twice() -> None:
    for names in ([name_of(r) for r in ROUTES], [e.name for e in EVENTS], [a.name for a in ANNOUNCEMENTS]):
        assert len(names) == len(set(names))


async def test_every_route_answers_as_the_table_says(world: World) -> None:
    prepared = await prepare(world, "founder")
    for route in in_order(ROUTES):
        case = cases.ROUTES[name_of(route)]
        if case.succeeds:
            await check_route(prepared, route)


async def check_route(prepared: Prepared, route: Route) -> None:
    case = cases.ROUTES[name_of(route)]
    # Founders may do everything inside a TwinSpace, but some duties are a support service's.
    by_staff = isinstance(route.act, Duty) and route.act not in STANDINGS["teacher"]
    person = await prepared.world.person_of("national_staff" if by_staff else "founder")
    answer = await person.call(route.method, case.path(route.path, prepared), **case.request(route, prepared.ids))
    assert answer.status == route.status, (name_of(route), answer)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if route.reply is None:
        assert not answer.body
    elif answer.headers.get("Content-Type") == "application/json":
        assert answer.headers["Cache-Control"] == "no-store"
        route.reply.model_validate(answer.body, strict=True)


async def test_every_event_is_acknowledged_as_the_table_says(world: World) -> None:
    prepared = await prepare(world, "founder")
    socket = await world.founder.socket()
    for number, event in enumerate(EVENTS):
        if number % 40 == 39:
            # One socket may not send so much so fast.
            socket = await world.founder.socket()
        case = cases.EVENTS[event.name]
        reply = await socket.call(event.name, case.body(prepared.ids))
        assert reply["ok"] is case.succeeds, (event.name, reply)
        if event.reply is not None and case.succeeds:
            check_reply(event, reply)


def check_reply(event: Event, reply: dict[str, object]) -> None:
    assert event.reply is not None
    event.reply.model_validate({key: value for key, value in reply.items() if key != "ok"}, strict=True)


async def test_openapi_describes_every_route(world: World) -> None:
    answer = await world.nobody.call("GET", "/api/v1/openapi.json")
    document = answer.body if isinstance(answer.body, dict) else json.loads(answer.body)
    described = {f"{method.upper()} {path}" for path, operations in document["paths"].items() for method in operations}
    assert described == {name_of(route) for route in ROUTES}
    assert set(document["x-socket-events"]) == {event.name for event in EVENTS}
    assert set(document["x-socket-announcements"]) == {row.name for row in ANNOUNCEMENTS}
    schemas = document["components"]["schemas"]
    for found in _refs(document):
        assert found.removeprefix("#/components/schemas/") in schemas
    operation_ids = [o["operationId"] for operations in document["paths"].values() for o in operations.values()]
    assert len(operation_ids) == len(set(operation_ids))


def _refs(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for item in value.values() for ref in _refs(item)]
    if isinstance(value, list):
        return [ref for item in value for ref in _refs(item)]
    return []
