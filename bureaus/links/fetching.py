"""
Asking a foreign server whether an address answers: slowly, briefly, and never a private network.

The host is resolved once, every address of it has to be a public one, and the connection goes to
exactly these addresses: a name that resolves differently the second time reaches nothing.
"""

import http.client
import io
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Any, cast
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

AGENT = "ministry-site-link-check"
TIMEOUT = 10  # seconds, of each step
DEADLINE = 20  # seconds, of one request with its answer: a step may be one byte
REDIRECTS = 5
ROBOTS_BYTES = 500_000
PORTS = {"http": 80, "https": 443}
OPEN_PORTS = frozenset({80, 443, 8080, 8443})
# Addresses that `is_global` lets through although they may lead inside: each embeds an IPv4
# address (NAT64, 6to4, Teredo, IPv4-compatible) or is site-local.
TRANSLATED = tuple(
    map(
        ip_network,
        (
            *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"),
            *("2001::/32", "::/96", "fec0::/10"),
        ),
    )
)
SAFE = "/:?&=%+,;@!$'()*~[]-._"
# What says that something is there, or that a program is not welcome: no broken link.
UNCLEAR = frozenset({401, 403, 405, 406, 429, 451, 503, 999})
DELAY = 1.0  # seconds between two requests to one host


class Refused(Exception):
    """An address that is not asked: a private network, another scheme or an unusual port."""


class Disallowed(Exception):
    """An address that robots.txt of its host asks programs to leave alone."""


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """
    `problem` is empty where the link is in order; `has_answered`: some server did.

    `is_silent`: a server was asked and none answered, which may be the fault of this machine.
    """

    problem: str = ""
    is_broken: bool = False
    has_answered: bool = False
    is_silent: bool = False


# The first that fits: the later ones are more general.
FAILURES: dict[type[Exception], LinkOutcome] = {
    Refused: LinkOutcome("外から見られないアドレスなので、確かめません"),
    Disallowed: LinkOutcome(
        "robots.txt が、プログラムで確かめることを断っています", has_answered=True
    ),
    socket.gaierror: LinkOutcome("ホストの名前が見つかりません", is_broken=True, is_silent=True),
    ssl.SSLError: LinkOutcome("証明書が正しくありません", is_broken=True, has_answered=True),
    TimeoutError: LinkOutcome("時間内に返事がありません", is_broken=True, is_silent=True),
    OSError: LinkOutcome("つながりません", is_broken=True, is_silent=True),
    http.client.HTTPException: LinkOutcome("返事を読めません", is_broken=True, has_answered=True),
    ValueError: LinkOutcome("アドレスを読めません", is_broken=True),
}
UNRESOLVED = LinkOutcome("ホストの名前を、いまは調べられません", is_silent=True)


def outcome_of(error: Exception) -> LinkOutcome:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return UNRESOLVED  # the name server has said nothing about the host
    return next(found for kind, found in FAILURES.items() if isinstance(error, kind))


def remaining(end: float) -> float:
    """Return the seconds that the next step may take. Raises TimeoutError after `end`."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, TIMEOUT)


class TimedReader(io.RawIOBase):
    """Reads from a socket until a moment, however few bytes arrive at a time."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, end: float) -> None:
        self.sock, self.raw, self.end = sock, raw, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self.sock.settimeout(remaining(self.end))
        return cast("int | None", self.raw.readinto(buffer))

    def close(self) -> None:
        self.raw.close()
        super().close()


class TimedResponse(http.client.HTTPResponse):
    """A response that is read until a moment."""

    def __init__(self, sock: socket.socket, *, end: float, **options: Any) -> None:
        super().__init__(sock, **options)
        self.fp = io.BufferedReader(TimedReader(sock, self.fp.detach(), end))


class PinnedConnection(http.client.HTTPConnection):
    """A connection to a host at the first of the judged addresses that takes it, until `end`."""

    def __init__(self, parts: SplitResult, addresses: list[str], end: float) -> None:
        super().__init__(parts.hostname or "", port_of(parts), timeout=TIMEOUT)
        self.pinned, self.end, self.is_tls = addresses, end, parts.scheme == "https"
        response = partial(TimedResponse, end=end)
        self.response_class = cast("type[http.client.HTTPResponse]", response)

    def connect(self) -> None:
        self.sock = self.first_socket()
        if self.is_tls:
            self.sock.settimeout(remaining(self.end))
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def first_socket(self) -> socket.socket:
        *others, last = self.pinned
        for address in others:
            try:
                return socket.create_connection((address, self.port), remaining(self.end))
            except OSError:
                continue
        return socket.create_connection((last, self.port), remaining(self.end))


def port_of(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def is_public(address: str) -> bool:
    """Return whether the address is globally routable and embeds no other address."""
    found = ip_address(address.partition("%")[0])
    if any(found in network for network in TRANSLATED):
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


def public_addresses(parts: SplitResult) -> list[str]:
    """Resolve the host. Raises Refused where any of its addresses is not public, and OSError."""
    if parts.scheme not in PORTS or not parts.hostname or port_of(parts) not in OPEN_PORTS:
        raise Refused
    found = socket.getaddrinfo(parts.hostname, port_of(parts), type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(map(is_public, addresses)):
        raise Refused
    return addresses


def encoded(address: str) -> SplitResult:
    """Return the address as a request has it: the host in ASCII, the path percent-encoded."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    netloc = f"{host}:{parts.port}" if parts.port else host
    path, query = quote(parts.path or "/", safe=SAFE), quote(parts.query, safe=SAFE)
    return SplitResult(parts.scheme.lower(), netloc, path, query, "")


def target_of(address: str, status: int, location: str) -> str:
    """Return where a redirect leads, and nothing where the answer is none."""
    if not (location and HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST):
        return ""
    with suppress(UnicodeError):  # http.client reads headers as Latin-1; many servers send UTF-8
        location = location.encode("latin-1").decode()
    return urljoin(address, location)


@dataclass
class Checker:
    """Checks addresses one after the other; `DELAY` lies between two requests to one host."""

    last: dict[str, float] = field(default_factory=dict)
    robots: dict[str, RobotFileParser] = field(default_factory=dict)

    def check(self, address: str) -> LinkOutcome:
        """Return what was found: HEAD, and GET where that is refused."""
        try:
            status = self.status_of(address, "HEAD")
            if status >= HTTPStatus.BAD_REQUEST:
                status = self.status_of(address, "GET")
        except tuple(FAILURES) as error:
            return outcome_of(error)
        if status < HTTPStatus.BAD_REQUEST:
            return LinkOutcome(has_answered=True)
        is_broken = status not in UNCLEAR
        return LinkOutcome(f"返事が{status}です", is_broken=is_broken, has_answered=True)

    def status_of(self, address: str, method: str) -> int:
        """Return the status behind the redirects, each judged as the first. Raises as `ask`."""
        for _ in range(REDIRECTS + 1):
            parts = encoded(address)
            if not self.is_allowed(parts):
                raise Disallowed
            status, location, _ = self.ask(parts, method)
            following = target_of(address, status, location)
            if not following:
                return status
            address = following
        return int(HTTPStatus.LOOP_DETECTED)

    def ask(self, parts: SplitResult, method: str, most: int = 0) -> tuple[int, str, bytes]:
        """
        Send one request; return status, location and the first `most` bytes.

        Raises Refused, OSError, http.client.HTTPException or ValueError.
        """
        addresses = public_addresses(parts)
        self.wait(parts.netloc)
        connection = PinnedConnection(parts, addresses, time.monotonic() + DEADLINE)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, headers={"User-Agent": AGENT, "Accept": "*/*"})
            response = connection.getresponse()
            body = response.read(most) if most else b""
            return response.status, response.getheader("Location", ""), body
        finally:
            connection.close()

    def wait(self, host: str) -> None:
        passed = time.monotonic() - self.last.get(host, -DELAY)
        time.sleep(max(0.0, DELAY - passed))
        self.last[host] = time.monotonic()

    def is_allowed(self, parts: SplitResult) -> bool:
        """Whether robots.txt of the host allows it, or is missing. Raises as `ask`."""
        key = f"{parts.scheme}://{parts.netloc}"
        if key not in self.robots:
            body = self.robots_file(parts._replace(path="/robots.txt", query=""))
            self.robots[key] = RobotFileParser()
            self.robots[key].parse(body.decode("utf-8", "replace").splitlines())
        return self.robots[key].can_fetch(AGENT, parts.geturl())

    def robots_file(self, parts: SplitResult) -> bytes:
        """Return the file, behind one redirect at most, else nothing. Raises as `ask`."""
        status, location, body = self.ask(parts, "GET", ROBOTS_BYTES)
        if following := target_of(parts.geturl(), status, location):
            status, _, body = self.ask(encoded(following), "GET", ROBOTS_BYTES)
        return body if status == HTTPStatus.OK else b""
