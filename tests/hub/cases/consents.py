"""The consent ledger."""

from __future__ import annotations

from typing import Any

from tests.hub.cases.case import Case


def consent(ids: dict[str, str]) -> dict[str, Any]:
    """What a teacher writes down when a paper came back."""
    return {
        "user_ids": [ids["user_id"]],
        "purposes": ["live_voice"],
        "granted": True,
        "given_by": "guardian",
        "how": "paper",
        "given_on": "2026-09-01",
    }


ROUTES: dict[str, Case] = {
    "GET /api/v1/me/consents": Case(),
    "POST /api/v1/me/consents/withdrawal": Case(lambda ids: {"purposes": ["live_voice"]}, succeeds=False),
    "GET /api/v1/twinspaces/{twinspace_id}/consents": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/consents": Case(consent),
    "GET /api/v1/twinspaces/{twinspace_id}/consents/{user_id}": Case(),
}
