"""Whether the hub lives, what it speaks, and the network's countries."""

from __future__ import annotations

from hub.actions import operations, places
from hub.payloads import operations as operation_payloads
from hub.payloads import places as place_payloads
from hub.protocol.paths import API, WATCHING
from hub.table import Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", "/healthz", operations.read_health, None, operation_payloads.Health,
          "The process lives.", None, open=True, limit=WATCHING),
    Route("GET", "/readyz", operations.read_readiness, None, operation_payloads.Readiness,
          "The hub can serve: it can store, and the media process answers.", None, open=True, limit=WATCHING),
    Route("GET", "/metrics", operations.read_metrics, None, operation_payloads.Text,
          "Prometheus text, without names.", None, open=True, limit=WATCHING),
    Route("GET", f"{API}/openapi.json", operations.read_openapi, None, operation_payloads.Text,
          "The OpenAPI document of this table.", None, open=True, limit=WATCHING),
    Route("GET", f"{API}/countries", places.list_countries, None, place_payloads.Countries,
          "The countries of the network.", None, open=True, limit=WATCHING),
    Route("GET", f"{API}/countries/{{country}}/schools", places.list_schools, place_payloads.SchoolsOf,
          place_payloads.Schools, "The schools of a country that the hub knows.", None, open=True, limit=WATCHING),
)
# fmt: on
