"""
Asking a foreign server whether an address answers: slowly, briefly, and never a private network.

The host is resolved once, every address of it has to be a public one, and the connection goes to
exactly that address: a name that resolves differently the second time reaches nothing.
"""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

AGENT = "ministry-site-link-check"
TIMEOUT = 10  # seconds, of each step
REDIRECTS = 5
ROBOTS_BYTES = 500_000
PORTS = {"http": 80, "https": 443}
SAFE = "/:?&=%+,;@!$'()*~[]-._"
# What says that something is there, or that a program is not welcome: no broken link.
UNCLEAR = frozenset({401, 403, 405, 406, 429, 451, 503, 999})
DELAY = 1.0  # seconds between two requests to one host


class Refused(Exception):
    """An address that is not asked: a private network, or another scheme."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` is empty where the link is in order; `has_answered`: some server did."""

    problem: str = ""
    is_broken: bool = False
    has_answered: bool = False


# The first that fits: the later ones are more general.
FAILURES: dict[type[Exception], Outcome] = {
    Refused: Outcome("外から見られないアドレスなので、確かめません"),
    socket.gaierror: Outcome("ホストの名前が見つかりません", is_broken=True),
    ssl.SSLError: Outcome("証明書が正しくありません", is_broken=True, has_answered=True),
    TimeoutError: Outcome(f"{TIMEOUT}秒待っても返事がありません", is_broken=True),
    OSError: Outcome("つながりません", is_broken=True),
    http.client.HTTPException: Outcome("返事を読めません", is_broken=True, has_answered=True),
    ValueError: Outcome("アドレスを読めません", is_broken=True),
}


class PinnedConnection(http.client.HTTPConnection):
    """A connection to a host at an address that has been judged before."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.hostname or "", port_of(parts), timeout=TIMEOUT)
        self.pinned, self.is_tls = address, parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self.pinned, self.port), TIMEOUT)
        if self.is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def port_of(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def is_public(address: str) -> bool:
    """Return whether the address belongs to the open net."""
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


def public_address(parts: SplitResult) -> str:
    """Resolve the host. Raises Refused where any of its addresses is not public, and OSError."""
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused
    found = socket.getaddrinfo(parts.hostname, port_of(parts), type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not all(map(is_public, addresses)):
        raise Refused
    return addresses[0]


def encoded(address: str) -> SplitResult:
    """Return the address as a request has it: the host in ASCII, the path percent-encoded."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    netloc = f"{host}:{parts.port}" if parts.port else host
    path, query = quote(parts.path or "/", safe=SAFE), quote(parts.query, safe=SAFE)
    return SplitResult(parts.scheme.lower(), netloc, path, query, "")


@dataclass
class Checker:
    """Checks addresses one after the other; `DELAY` lies between two requests to one host."""

    last: dict[str, float] = field(default_factory=dict)
    robots: dict[str, RobotFileParser] = field(default_factory=dict)

    def check(self, address: str) -> Outcome:
        """Return what was found: HEAD, and GET where that is refused."""
        try:
            if not self.is_allowed(encoded(address)):
                return Outcome("robots.txt が、プログラムで確かめることを断っています")
            status = self.status_of(address, "HEAD")
            if status >= HTTPStatus.BAD_REQUEST:
                status = self.status_of(address, "GET")
        except tuple(FAILURES) as error:
            return next(found for kind, found in FAILURES.items() if isinstance(error, kind))
        if status < HTTPStatus.BAD_REQUEST:
            return Outcome(has_answered=True)
        is_broken = status not in UNCLEAR
        return Outcome(f"返事が{status}です", is_broken=is_broken, has_answered=True)

    def status_of(self, address: str, method: str) -> int:
        """Return the status behind the redirects; each step is judged as the first. Raises."""
        for _ in range(REDIRECTS + 1):
            status, location, _ = self.ask(encoded(address), method)
            if not (location and HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST):
                return status
            address = urljoin(address, location)
        return int(HTTPStatus.LOOP_DETECTED)

    def ask(self, parts: SplitResult, method: str, most: int = 0) -> tuple[int, str, bytes]:
        """Send one request; return status, location and the first `most` bytes. Raises."""
        pinned = public_address(parts)
        self.wait(parts.netloc)
        connection = PinnedConnection(parts, pinned)
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
        """Whether robots.txt of the host allows it; where there is none, it does. Raises."""
        key = f"{parts.scheme}://{parts.netloc}"
        if key not in self.robots:
            file = parts._replace(path="/robots.txt", query="")
            status, _, body = self.ask(file, "GET", ROBOTS_BYTES)
            rules = RobotFileParser()
            is_there = status == HTTPStatus.OK
            rules.parse(body.decode("utf-8", "replace").splitlines() if is_there else [])
            self.robots[key] = rules
        return self.robots[key].can_fetch(AGENT, parts.geturl())
