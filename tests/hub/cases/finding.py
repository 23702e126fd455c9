"""Finding things and people."""

from __future__ import annotations

from tests.hub.cases.case import Case

ROUTES: dict[str, Case] = {
    "GET /api/v1/search": Case(),
}
