"""Tell Prometheus how the server is doing, at /metrics; off unless the settings say otherwise.

Requests are counted where their lines are logged, so that counting takes nothing from a server that
nobody watches, and no way to an answer can forget it. Health checks have no line, and no count.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Final

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from litereg.server.logs import REQUESTS, RequestRecord
from litereg.server.proxies import FORWARDED_FOR
from litereg.server.replies import Refused, Reply, page_headers, refusal
from litereg.settings import Settings

# Seconds; most requests take a few milliseconds, and none longer than execution_timeout_s.
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEASURES: Final = {
    "writes_waiting": "Changes that wait for their turn.",
    "database_bytes": "Length of the database file.",
    "log_bytes": "Length of the write-ahead log beside it.",
}

# Returns a value for each of MEASURES.
Measure = Callable[[], Mapping[str, float]]


class Metrics:
    """Counts, and answers what was counted."""

    def __init__(self, settings: Settings, measure: Measure) -> None:
        self._token = settings.metrics_token
        # One of its own, so that two applications in one process do not count each other's.
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(Measured(measure))
        self._counter = RequestCounter(self._registry)

    def routes(self) -> list[web.RouteDef]:
        """Return where the figures are."""
        return [web.get("/metrics", self._answer)]

    async def counting(self, _app: web.Application) -> AsyncIterator[None]:
        """Count requests while the application runs."""
        logger = logging.getLogger(REQUESTS)
        logger.addHandler(self._counter)
        yield
        logger.removeHandler(self._counter)

    async def _answer(self, request: web.Request) -> Reply:
        if (refused := self._refuse(request)) is not None:
            return refusal(refused)
        headers = page_headers(CONTENT_TYPE_LATEST, cache_control="no-store")
        reply = Reply(body=generate_latest(self._registry), headers=headers)
        reply.logged = False
        return reply

    def _refuse(self, request: web.Request) -> Refused | None:
        """Return why *request* may not see the figures: it comes from elsewhere, or has no token.

        What a proxy on this machine hands on comes from elsewhere.
        """
        if self._token:
            given = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ")
            if hmac.compare_digest(given.encode(), self._token.encode()):
                return None
            challenge = {"WWW-Authenticate": "Bearer"}
            return Refused(401, "the figures are for whoever has the token", challenge)
        forwarded = FORWARDED_FOR in request.headers or hdrs.FORWARDED in request.headers
        if forwarded or not _is_loopback(request.remote):
            return Refused(403, "without metrics_token, the figures are for this machine only")
        return None


class RequestCounter(logging.Handler):
    """Counts requests by the lines that are logged of them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._count = Counter(
            "litereg_requests", "Requests answered.", ["method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "litereg_request_duration_seconds",
            "From the first byte of a request to the last of its answer.",
            buckets=BUCKETS,
            registry=registry,
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Count one request."""
        if isinstance(record, RequestRecord):
            fields = record.fields
            self._count.labels(_known(fields["method"]), fields["status"]).inc()
            self._seconds.observe(fields["ms"] / 1000)


class Measured(Collector):
    """What is looked up when somebody asks."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each measure."""
        values = self._measure()
        for name, text in MEASURES.items():
            yield GaugeMetricFamily(f"litereg_{name}", text, values[name])


def _known(method: str) -> str:
    """Return *method*, or one word for all that nobody knows: strangers must not add series."""
    return method if method in hdrs.METH_ALL else "other"


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
