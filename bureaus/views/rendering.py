"""
Bodies of public answers, kept in the process under the value that they were rendered from.

The statements of a request still run, and their result is the key: what is kept can never be
stale (docs/adr/0067). Only the rendering, the ETag and the compression are done once.
"""

import gzip
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import md5
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import quote_etag

# No template or stored body writes a bare ">" or a single quote around a value.
LINK_TO_THE_PAST = re.compile(rb'<a (?=[^>]*\bhref="/[^"]*(?:\?|&|&amp;)at=)[^>]*>')
REL = re.compile(rb' rel="([^"]*)"')
LARGEST = 2 * 1024 * 1024  # a larger body is rendered each time
# A body lies beside its compressed form, and its key has the same words once more.
SIZE_FACTOR = 3
Render = Callable[..., bytes]


@dataclass(eq=False)
class RenderedBody:
    """A body with its strong ETag, compressed at the first request for that."""

    content: bytes
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        self.etag = quote_etag(md5(self.content, usedforsecurity=False).hexdigest())

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.content, mtime=0)

    @property
    def size(self) -> int:
        return len(self.content) * SIZE_FACTOR


class RenderedResponse(HttpResponse):
    """A response whose body, ETag and compressed form are known before the middleware sees it."""

    def __init__(self, body: RenderedBody, content_type: str) -> None:
        super().__init__(body.content, content_type=content_type)
        self.headers["ETag"] = body.etag
        self.body = body


class BodyCache:
    """The bodies that were rendered last, bounded by their size. Safe to share between threads."""

    def __init__(self, size: int) -> None:
        self.bodies: LRUCache[Hashable, RenderedBody] = LRUCache(size, lambda body: body.size)
        self.lock = Lock()

    def body(self, render: Render, value: tuple[Hashable, ...]) -> RenderedBody:
        """Return the body of `render(*value)`, which must depend on `value` and settings alone."""
        key = (render, value, settings.SAMPLE, settings.PUBLISHER)
        with self.lock:
            body = self.bodies.get(key)
        if body is None:
            body = RenderedBody(render(*value))
            if body.size <= min(LARGEST, self.bodies.maxsize):
                with self.lock:
                    self.bodies[key] = body
        return body


bodies = BodyCache(settings.RENDERED_MEGABYTES * 1024 * 1024)


def rendered_response(
    render: Render, *value: Hashable, content_type: str = "text/html; charset=utf-8"
) -> RenderedResponse:
    """Answer with `render(*value)`, rendered once for each value; with DEBUG each time."""
    body = RenderedBody(render(*value)) if settings.DEBUG else bodies.body(render, value)
    return RenderedResponse(body, content_type)


def page_html(template: str, page: Any, **context: Any) -> bytes:
    """Render a page without the request: it is the same for everybody."""
    context |= {"page": page, "site_frame": page.site_frame}
    content = render_to_string(template, context).encode()
    return with_past_links_nofollow(content) if page.site_frame.moment.is_past else content


def mark_past_links_nofollow(response: HttpResponse) -> None:
    """
    Mark every link to a past moment with rel="nofollow".

    In the rendered page, so that no template, and no text of an edition, can forget it.
    """
    if response.headers["Content-Type"].startswith("text/html"):
        response.content = with_past_links_nofollow(response.content)


def with_past_links_nofollow(content: bytes) -> bytes:
    return LINK_TO_THE_PAST.sub(with_nofollow, content)


def with_nofollow(link: re.Match[bytes]) -> bytes:
    tag = link[0]
    if b"nofollow" in tag:
        return tag
    if b' rel="' in tag:
        return REL.sub(rb' rel="\1 nofollow"', tag)
    return tag[:-1] + b' rel="nofollow">'
