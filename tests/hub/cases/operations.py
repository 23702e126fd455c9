"""The hub itself."""

from __future__ import annotations

from tests.hub.cases.case import Case

ROUTES: dict[str, Case] = {
    "GET /healthz": Case(),
    "GET /readyz": Case(),
    "GET /metrics": Case(),
    "GET /api/v1/openapi.json": Case(),
    "GET /api/v1/countries": Case(),
    "GET /api/v1/countries/{country}/schools": Case(),
}
