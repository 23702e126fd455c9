"""Chat and journal."""

from __future__ import annotations

from tests.hub.cases.case import Case

ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/messages": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/messages": Case(lambda ids: {"text": "Hello"}),
    "GET /api/v1/twinspaces/{twinspace_id}/journal": Case(),
}

EVENTS: dict[str, Case] = {
    "chat:post": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "client_message_id": "case", "text": "Hello"}),
    "chat:since": Case(lambda ids: {"twinspace_id": ids["twinspace_id"], "seq": 0}),
}
