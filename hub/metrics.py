"""What Prometheus reads at /metrics: counts, sizes and times by kind, never a name, an id or an address."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

REGISTRY = CollectorRegistry()
disable_created_metrics()  # type: ignore[no-untyped-call]

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
DOC_COMMIT_SECONDS = Histogram(
    "hub_doc_commit_seconds",
    "Time until a batch of document updates was durable.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
TWINSPACES_OPEN = Gauge("hub_twinspaces_open", "TwinSpaces in which somebody is.", registry=REGISTRY)
OPEN_ROOMS = Gauge("hub_open_rooms", "Rooms in which somebody meets.", registry=REGISTRY)
PEERS = Gauge("hub_peers", "Peers in all rooms.", registry=REGISTRY)


class _DocsCollector:
    """The counts of the live documents, read when Prometheus asks."""

    def __init__(self, read: Callable[[], Any]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        for name, value in dataclasses.asdict(self._read()).items():
            yield GaugeMetricFamily(f"hub_docs_{name}", f"Live documents: {name.replace('_', ' ')}.", value=value)


_docs_collectors: list[_DocsCollector] = []


def show_docs(read: Callable[[], Any]) -> None:
    """Show these counts from now on, in place of those of a hub that ran before in this process."""
    while _docs_collectors:
        REGISTRY.unregister(_docs_collectors.pop())
    collector = _DocsCollector(read)
    REGISTRY.register(collector)
    _docs_collectors.append(collector)
