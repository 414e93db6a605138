"""What operators measure: counts and times, without query texts and without addresses, for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["METRICS_TYPE", "Metrics"]

METRICS_TYPE = "text/plain; version=1.0.0; charset=utf-8"
_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class Metrics:
    """The metrics of one application, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "wsiskg_requests", "HTTP requests by method and status", ["method", "status"], registry=self._registry
        )
        self.queries = Counter("wsiskg_queries", "Queries by what came of them", ["outcome"], registry=self._registry)
        self.cached = self.queries.labels("cached")
        self.answered = self.queries.labels("answered")
        self.changes = Counter("wsiskg_changes", "Updates by what came of them", ["outcome"], registry=self._registry)
        self.seconds = Histogram(
            "wsiskg_query_seconds", "Time from asking to the whole answer of queries that were evaluated",
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._by_request: dict[tuple[str, int], Counter] = {}
        self._release = Gauge("wsiskg_release", "1 for the release being served", ["release"], registry=self._registry)

    def request(self, method: str, status: int) -> None:
        """Count a request."""
        counter = self._by_request.get((method, status))
        if counter is None:
            counter = self._by_request[method, status] = self._requests.labels(method, str(status))
        counter.inc()

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Add a gauge that is read when it is asked for."""
        Gauge(name, meaning, registry=self._registry).set_function(read)

    def serve_release(self, release: str) -> None:
        """Note which release is being served."""
        self._release.clear()
        self._release.labels(release).set(1)

    def render(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)
