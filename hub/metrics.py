"""What Prometheus reads at /metrics: counts, sizes and times by kind, never a name, an id or an address."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
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
OPEN_ROOMS = Gauge("hub_open_rooms", "Rooms in which somebody meets.", registry=REGISTRY)
REFUSED_FOR_LOAD = Counter(
    "hub_media_refused_peers", "Peers who were not let in: no more can be forwarded.", registry=REGISTRY
)
PEERS = Gauge("hub_peers", "Peers in all rooms.", registry=REGISTRY)
LOOP_LAG_SECONDS = Gauge(
    "hub_event_loop_lag_seconds", "How late the event loop was at worst in the last 15 s.", registry=REGISTRY
)

LAG_EVERY_S = 0.5
LAG_SAMPLES = 30


@dataclasses.dataclass(frozen=True, slots=True)
class HubFigures:
    """What a running hub can be asked for when Prometheus asks."""

    read_docs: Callable[[], Any]
    """A dataclass of counts of the live documents."""
    count_twinspaces: Callable[[], int]


_hubs: list[HubFigures] = []


class _HubCollector:
    def collect(self) -> Iterator[Metric]:
        if not _hubs:
            return
        newest = _hubs[-1]
        yield GaugeMetricFamily(
            "hub_twinspaces_open", "TwinSpaces in which somebody is.", value=newest.count_twinspaces()
        )
        for name, value in dataclasses.asdict(newest.read_docs()).items():
            yield GaugeMetricFamily(f"hub_docs_{name}", f"Live documents: {name.replace('_', ' ')}.", value=value)


REGISTRY.register(_HubCollector())


@contextmanager
def shown(figures: HubFigures) -> Iterator[None]:
    """Show a hub's figures while it runs; of several in one process (in tests) the newest."""
    _hubs.append(figures)
    try:
        yield
    finally:
        _hubs.remove(figures)


class _MediaCollector:
    """What the media process said last; nothing but `up 0` while it is away."""

    stats: dict[str, int] | None = None

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("hub_media_up", "Whether the media process answers.", value=int(self.stats is not None))
        for name, value in (self.stats or {}).items():
            about = f"Media process: {name.replace('_', ' ')}."
            # Packets only grow, until the process starts again; the rest is how many there are now.
            family = CounterMetricFamily if name.endswith("_packets") else GaugeMetricFamily
            yield family(f"hub_media_{name}", about, value=value)


_media_collector = _MediaCollector()
REGISTRY.register(_media_collector)


def show_media(stats: dict[str, int] | None) -> None:
    """Show these figures of the media process from now on; None while it does not answer."""
    _media_collector.stats = stats


async def watch_loop_lag() -> None:
    """Until cancelled."""
    loop = asyncio.get_running_loop()
    lags_s: deque[float] = deque(maxlen=LAG_SAMPLES)
    while True:
        due_s = loop.time() + LAG_EVERY_S
        await asyncio.sleep(LAG_EVERY_S)
        lags_s.append(max(0.0, loop.time() - due_s))
        LOOP_LAG_SECONDS.set(max(lags_s))
