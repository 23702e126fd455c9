"""What Prometheus reads at /metrics: counts, sizes and times by kind, never a name, an id or an address."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

REQUESTS = Counter("hub_http_requests", "HTTP requests answered.", ["method", "route", "status"], registry=REGISTRY)
REQUEST_SECONDS = Histogram(
    "hub_http_request_seconds",
    "Time from request to answer.",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
EVENTS = Counter("hub_socket_events", "Socket.IO events acknowledged.", ["event", "outcome"], registry=REGISTRY)
ANNOUNCEMENTS = Counter("hub_announcements", "Events sent to clients, by receiver.", ["event"], registry=REGISTRY)
SOCKETS = Gauge("hub_sockets", "Socket.IO sessions that are signed in.", registry=REGISTRY)
SOCKETS_CUT_OFF = Counter("hub_sockets_cut_off", "Socket.IO sessions ended by the hub.", ["reason"], registry=REGISTRY)
TWINSPACES_OPEN = Gauge("hub_twinspaces_open", "TwinSpaces in which somebody is.", registry=REGISTRY)
OPEN_DOCS = Gauge("hub_open_docs", "Documents that are open.", registry=REGISTRY)
OPEN_ROOMS = Gauge("hub_open_rooms", "Rooms in which somebody meets.", registry=REGISTRY)
PEERS = Gauge("hub_peers", "Peers in all rooms.", registry=REGISTRY)
