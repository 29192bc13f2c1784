"""
Counters for Prometheus, summed over the workers (docs/adr/0037).

Each worker writes its counts into files of its own, below a folder of its server. Without
METRICS_FROM nothing is counted, and the library is not loaded.
"""

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden

from bureaus.security.addresses import sender_address
from bureaus.views.negotiation import read_only
from ministry_site.request_records import RequestRecord

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library reads it when it is imported
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REFUSED = "このアドレスからは見られません。METRICS_FROM を確かめてください。"


class Counters:
    """The counters of this worker. `kind` is the pool whose thread has answered."""

    def __init__(self) -> None:
        os.environ[FOLDER] = str(own_folder(settings.DATA_DIR / "metrics"))
        from prometheus_client import Counter, Histogram

        self.requests = Counter(
            "ministry_requests", "Requests answered", ["kind", "status"], registry=None
        )
        self.queries = Counter("ministry_queries", "Database queries", ["kind"], registry=None)
        self.seconds = Histogram(
            "ministry_request_seconds",
            "Seconds from the headers of a request to the last byte of its answer",
            ["kind"],
            registry=None,
            buckets=SECONDS,
        )

    def count(self, kind: str, record: RequestRecord) -> None:
        self.requests.labels(kind, record.status).inc()
        self.queries.labels(kind).inc(record.queries)
        self.seconds.labels(kind).observe(record.seconds)


def own_folder(folder: Path) -> Path:
    """Return the folder of this server, and delete those of servers that have ended."""
    server = multiprocessing.parent_process()
    own = folder / str(server.pid if server else os.getpid())
    own.mkdir(parents=True, exist_ok=True)
    for other in folder.iterdir():
        if not Path("/proc", other.name).exists():
            shutil.rmtree(other, ignore_errors=True)
    return own


class DiskCollector:
    """Reads the free space when Prometheus asks for it."""

    def collect(self) -> Iterable[Any]:
        from prometheus_client.core import GaugeMetricFamily

        free = GaugeMetricFamily(
            "ministry_disk_free_bytes", "Free bytes of a folder's disk", labels=["folder"]
        )
        folders = {"data": Path(settings.DATA_DIR), "temporary": Path(tempfile.gettempdir())}
        for name, folder in folders.items():
            free.add_metric([name], shutil.disk_usage(folder).free)
        yield free


@read_only
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the counts of all workers of this machine. Raises Http404 where they are off."""
    if not settings.METRICS_FROM or FOLDER not in os.environ:
        raise Http404
    sender = sender_address(request)
    if not any(sender in network for network in settings.METRICS_FROM if sender):
        return HttpResponseForbidden(REFUSED, content_type="text/plain; charset=utf-8")
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(DiskCollector())
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(
        generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers=headers
    )
