"""Finding things and people: search, partners, messages between teachers, shelf, help desk, figures."""

from __future__ import annotations

import secrets
from typing import Any

from hub.access import Duty, duties_of
from storage.records import ResourceId
from tests.hub.cases.case import Case
from tests.hub.world import Person, World

IDEA = {
    "title": "Breads",
    "text": "of Europe",
    "stage": "primary",
    "ages_from": 8,
    "ages_to": 11,
    "subjects": ["Cooking"],
    "languages": ["en"],
    "open_until": "2099-01-31",
}
RESOURCE = {"sort": "article", "title": "Bread", "text": "How to bake.", "licence": "CC-BY-4.0", "language": "en"}
PROFILE = {"about": "Rivers", "stages": ["primary"], "subjects": ["Science"], "languages": ["es"], "is_listed": True}


async def prepare(world: World, author: str) -> dict[str, str]:
    """What the author may change is theirs, if they may have any."""
    person = world.people[author]
    context = world.hub.context
    may = person.user is not None and Duty.NETWORK in await duties_of(context, person.user)
    mine = person if may else world.founder
    other = world.founder if mine is not world.founder else world.teacher
    assert other.user and world.founder.user and mine.user
    await made(other, "PUT", "/api/v1/me/profile", PROFILE)
    idea = await made(mine, "POST", "/api/v1/ideas", IDEA)
    first = {"user_ids": [other.user.id], "client_message_id": secrets.token_hex(4), "text": "Hello"}
    conversation = await made(mine, "POST", "/api/v1/conversations", first)
    shown = await made(other, "POST", "/api/v1/resources", RESOURCE)
    await context.storage.shelf.decide(ResourceId(shown["id"]), "listed", by=other.user.id, at_ms=1, reason="")
    asked = {"title": "How?", "text": "How do I do this?"}
    return {
        "listed_id": other.user.id,
        "idea_id": idea["id"],
        "conversation_id": conversation["id"],
        "resource_id": shown["id"],
        "own_resource_id": (await made(mine, "POST", "/api/v1/resources", RESOURCE))["id"],
        "question_id": (await made(world.founder, "POST", "/api/v1/help/questions", asked))["id"],
        "own_question_id": (await made(mine, "POST", "/api/v1/help/questions", asked))["id"],
    }


async def made(person: Person, method: str, path: str, body: Any) -> Any:
    answer = await person.call(method, path, body)
    assert answer.status in (200, 201), answer
    return answer.body


LISTED = (("user_id", "listed_id"),)
OWN_RESOURCE = (("resource_id", "own_resource_id"),)
OWN_QUESTION = (("question_id", "own_question_id"),)

ROUTES: dict[str, Case] = {
    "GET /api/v1/search": Case(),
    "GET /api/v1/me/profile": Case(),
    "PUT /api/v1/me/profile": Case(lambda ids: PROFILE),
    "GET /api/v1/profiles": Case(),
    "GET /api/v1/profiles/{user_id}": Case(ids=LISTED),
    "GET /api/v1/ideas": Case(),
    "GET /api/v1/me/ideas": Case(),
    "POST /api/v1/ideas": Case(lambda ids: IDEA),
    "GET /api/v1/ideas/{idea_id}": Case(),
    "PUT /api/v1/ideas/{idea_id}": Case(lambda ids: IDEA),
    "DELETE /api/v1/ideas/{idea_id}": Case(),
    "GET /api/v1/conversations": Case(),
    "POST /api/v1/conversations": Case(
        lambda ids: {"user_ids": [ids["listed_id"]], "client_message_id": "case", "text": "Hello"}
    ),
    "GET /api/v1/conversations/{conversation_id}/messages": Case(),
    "POST /api/v1/conversations/{conversation_id}/messages": Case(
        lambda ids: {"client_message_id": "case", "text": "Hello"}
    ),
    "PUT /api/v1/conversations/{conversation_id}/read": Case(lambda ids: {"seq": 1}),
    "POST /api/v1/conversations/{conversation_id}/report": Case(lambda ids: {"seq": 1, "reason": "It is rude."}),
    "DELETE /api/v1/conversations/{conversation_id}": Case(),
    "GET /api/v1/me/blocks": Case(),
    "PUT /api/v1/me/blocks/{user_id}": Case(lambda ids: {}, LISTED),
    "DELETE /api/v1/me/blocks/{user_id}": Case(ids=LISTED),
    "GET /api/v1/resources": Case(),
    "POST /api/v1/resources": Case(lambda ids: RESOURCE),
    "GET /api/v1/me/resources": Case(),
    "GET /api/v1/resources_waiting": Case(),
    "GET /api/v1/resources/{resource_id}": Case(),
    "PUT /api/v1/resources/{resource_id}/useful": Case(lambda ids: {"is_useful": True}),
    "POST /api/v1/resources/{resource_id}/decision": Case(lambda ids: {"decision": "listed"}),
    "DELETE /api/v1/resources/{resource_id}": Case(ids=OWN_RESOURCE),
    "GET /api/v1/help/frequent": Case(),
    "GET /api/v1/help/questions": Case(),
    "POST /api/v1/help/questions": Case(lambda ids: {"title": "How?", "text": "How do I do this?"}),
    "GET /api/v1/help/queue": Case(),
    "GET /api/v1/help/questions/{question_id}": Case(ids=OWN_QUESTION),
    "POST /api/v1/help/questions/{question_id}/notes": Case(lambda ids: {"text": "And more."}, OWN_QUESTION),
    "PUT /api/v1/help/questions/{question_id}/owner": Case(lambda ids: {}),
    "PUT /api/v1/help/questions/{question_id}/frequent": Case(lambda ids: {"is_faq": False}),
    # This question brings nothing: tests/hub/test_at_large.py goes the way.
    "PUT /api/v1/help/questions/{question_id}/brought": Case(lambda ids: {"is_hidden": True}, succeeds=False),
    "DELETE /api/v1/help/questions/{question_id}/brought": Case(succeeds=False),
    "GET /api/v1/statistics": Case(),
}
