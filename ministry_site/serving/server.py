"""The ASGI application: a request from its headers to the last byte of its answer."""

import logging
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections

from bureaus.middleware import body_limit, length_in
from ministry_site.logs import ACCESS
from ministry_site.metrics import Counters
from ministry_site.request_records import RequestRecord, record_of
from ministry_site.serving.answers import Answer, Application, run, send_answer
from ministry_site.serving.environ import Environ, environ_of
from ministry_site.serving.peers import Disconnected, Peer, Receive, Send, TooSlow
from ministry_site.serving.pools import Busy, Pool
from ministry_site.serving.time_limits import TimeLimits

log = logging.getLogger(__name__)
access_log = logging.getLogger(ACCESS)
CLIENT_CLOSED_REQUEST = 499  # nginx's status of a peer that has gone before the answer
METRICS = "/metrics"
LIBRARY = ("/media/", "/documents/")
ADMIN = "/admin"
READ_METHODS = {"GET", "HEAD"}
ADMIN_STATEMENTS = 6  # times the limit of a statement: an action may change a whole branch
LAST_RESORT = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"10")],
    "ただいま混み合っています。少し待ってから、もう一度お試しください。".encode(),
)


class Server:
    """The ASGI application: each kind of request has threads of its own."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.static_addresses = frozenset(static_addresses())
        self.counters = Counters() if settings.METRICS_FROM else None
        many = settings.THREADS * 2
        self.pages = pool("pages", settings.THREADS)
        self.admin = pool("admin", many, statements=ADMIN_STATEMENTS)
        self.library = pool("library", many)
        self.static = pool("static", 2)
        self.watchers = {path: pool(path[1:], 1) for path in ("/livez", "/readyz", "/healthz")}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        environ = environ_of(scope)
        record = environ["ministry.record"] = record_of(environ)
        peer = Peer(receive, send, settings.BODY_SECONDS, settings.BODY_RATE)
        try:
            answer, pool = await self.answer(environ, peer)
            record.status = answer.status
            await send_answer(with_id(answer, record), pool, peer)
        except Disconnected:
            record.status = record.status or CLIENT_CLOSED_REQUEST
        finally:
            self.report(environ, record)

    def report(self, environ: Environ, record: RequestRecord) -> None:
        """Log and count a request that is over."""
        if access_log.isEnabledFor(logging.INFO):
            access_log.info("%s %s", record.method, record.path, extra=access_fields(record))
        if self.counters:
            self.counters.count(self.pool_for(environ).name, record)

    async def answer(self, environ: Environ, peer: Peer) -> tuple[Answer, Pool]:
        """Return the answer, and the pool that reads the rest of it. Raises Disconnected."""
        pool = self.pool_for(environ)
        try:
            environ["wsgi.input"] = await self.body(environ, peer)
            return await pool.begin(partial(run, self.application, environ)), pool
        except TooSlow:
            status = HTTPStatus.REQUEST_TIMEOUT
        except Busy:
            status = HTTPStatus.SERVICE_UNAVAILABLE
        except (OSError, DatabaseError):
            log.exception(
                "要求の本文を受け取れませんでした。一時フォルダーの空きを確かめてください。",
                extra={"request_id": environ["ministry.record"].id},
            )
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return await self.refusal(environ, status), self.static

    def pool_for(self, environ: Environ) -> Pool:
        path = environ["PATH_INFO"]
        if path in self.watchers:
            return self.watchers[path]
        if path in self.static_addresses or (path == METRICS and self.counters):
            return self.static
        if path.startswith(ADMIN) or environ["REQUEST_METHOD"] not in READ_METHODS:
            return self.admin
        return self.library if path.startswith(LIBRARY) else self.pages

    async def body(self, environ: Environ, peer: Peer) -> IO[bytes]:
        """
        Return the body. What is too large stays unread: BodyLimitMiddleware refuses it.

        Raises TooSlow, Disconnected, Busy, OSError or DatabaseError.
        """
        length = length_in(environ)
        if not length or length > settings.UPLOAD_BYTES:
            return BytesIO()
        if length > settings.BODY_BYTES:
            limit = await self.admin.begin(partial(limit_of, environ))
            if length > limit:
                return BytesIO()
        return await peer.body(length)

    async def refusal(self, environ: Environ, status: HTTPStatus) -> Answer:
        """Return the page of RefusalMiddleware, which needs no database."""
        environ["ministry.refusal"] = status
        try:
            return await self.static.begin(partial(run, self.application, environ))
        except Busy:
            return LAST_RESORT


def limit_of(environ: Environ) -> int:
    """Return `body_limit`, on a usable connection as at the beginning of a request."""
    with environ["ministry.record"].active():
        close_old_connections()
        return body_limit(environ)


def with_id(answer: Answer, record: RequestRecord) -> Answer:
    return replace(answer, headers=[*answer.headers, (b"x-request-id", record.id.encode())])


def access_fields(record: RequestRecord) -> dict[str, Any]:
    """Return what the access log tells of a request: no address, no query, no name."""
    return {
        "request_id": record.id,
        "method": record.method,
        "path": record.path,
        "status": record.status,
        "milliseconds": round(record.seconds * 1000, 1),
        "queries": record.queries,
        "user": record.user,
    }


def pool(name: str, size: int, *, statements: int = 1) -> Pool:
    limits = TimeLimits(settings.DATABASE_SECONDS * statements, settings.LOCK_SECONDS)
    return Pool(name, size, limits, patience=settings.QUEUE_SECONDS)


def static_addresses() -> list[str]:
    """Return the addresses of static files, listed once at the start as WhiteNoise does."""
    places = {settings.STATIC_URL: settings.STATIC_ROOT, "/": settings.WHITENOISE_ROOT}
    return [
        prefix + file.relative_to(folder).as_posix()
        for prefix, folder in places.items()
        for file in Path(folder).rglob("*")
        if file.is_file()
    ]
