"""
The score that MDN's HTTP Observatory gives an answer over HTTPS.

In our own words, after the repository mdn/mdn-http-observatory as read in November 2026: the
points in src/grader/charts.js, when the extra ones count in src/scanner/index.js, what a header
must say in src/analyzer/tests/. The list of domains that browsers preload HSTS for brings five
points more; no header can earn those. CORS costs points only with credentials.
"""

import re
from collections.abc import Callable
from http.client import HTTPMessage
from http.cookies import Morsel, SimpleCookie

EXTRA_COUNTS_FROM = 90
SIX_MONTHS = 15_552_000  # as they count them
BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*", "http://*.*", "https://*.*"}
UNSAFE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
LEAKING = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
Directives = dict[str, set[str]]


def score(headers: HTTPMessage) -> int:
    points = [rate(headers) for rate in RATED]
    base = 100 + sum(point for point in points if point < 0)
    return max(0, 100 + sum(points) if base >= EXTRA_COUNTS_FROM else base)


def explained(headers: HTTPMessage) -> str:
    return ", ".join(f"{rate.__name__} {rate(headers):+}" for rate in RATED)


def directives(headers: HTTPMessage) -> Directives:
    policy = headers["Content-Security-Policy"] or ""
    parts = [part.lower().split() for part in policy.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


def content_security_policy(headers: HTTPMessage) -> int:
    policy = directives(headers)
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    script, style = policy.get("script-src", default), policy.get("style-src", default)
    if script & (BROAD | UNSAFE) or policy.get("object-src", default) & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for found in policy.values() for source in found):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (BROAD | UNSAFE) or policy.get("form-action", {"*"}) & BROAD:
        return 0
    return 10 if default == {"'none'"} else 5


def strict_transport_security(headers: HTTPMessage) -> int:
    age = re.search(r"(?:^|;)\s*max-age=(\d+)", headers["Strict-Transport-Security"] or "")
    if age is None:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


def x_content_type_options(headers: HTTPMessage) -> int:
    return 0 if headers["X-Content-Type-Options"] == "nosniff" else -5


def x_frame_options(headers: HTTPMessage) -> int:
    if "frame-ancestors" in directives(headers):
        return 5
    return 0 if headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"} else -20


def referrer_policy(headers: HTTPMessage) -> int:
    named = {word.strip() for word in (headers["Referrer-Policy"] or "").split(",")} - {""}
    if named & LEAKING or not named <= PRIVATE:
        return -5
    return 5 if named else 0


def cross_origin_resource_policy(headers: HTTPMessage) -> int:
    points = {None: 0, "same-origin": 10, "same-site": 10, "cross-origin": 0}
    return points.get(headers["Cross-Origin-Resource-Policy"], -5)


def cross_origin_embedder_policy(headers: HTTPMessage) -> int:
    points = {None: 0, "require-corp": 10, "credentialless": 10, "unsafe-none": 0}
    return points.get(headers["Cross-Origin-Embedder-Policy"], -5)


def cross_origin_resource_sharing(headers: HTTPMessage) -> int:
    return -50 if headers["Access-Control-Allow-Credentials"] else 0


def cookies(headers: HTTPMessage) -> int:
    """The worst of them; nothing where there is none."""
    found = SimpleCookie("; ".join(headers.get_all("Set-Cookie", [])))
    return min((cookie(one) for one in found.values()), default=0)


def cookie(one: "Morsel[str]") -> int:
    is_session = any(word in one.key.lower() for word in ("sess", "login"))
    if is_session and not one["httponly"]:
        return -30
    if one["samesite"].lower() not in {"", "lax", "strict", "none"}:
        return -20
    if not one["samesite"] and "csrf" in one.key.lower():
        return -20
    if not one["secure"]:
        return -10 if is_session else -5
    return 5 if one["samesite"] else 0


RATED: list[Callable[[HTTPMessage], int]] = [
    content_security_policy,
    strict_transport_security,
    x_content_type_options,
    x_frame_options,
    referrer_policy,
    cross_origin_resource_policy,
    cross_origin_embedder_policy,
    cross_origin_resource_sharing,
    cookies,
]
