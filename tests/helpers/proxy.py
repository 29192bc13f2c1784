"""nginx with the files of deploy/nginx before two servers, and requests through it."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.paths import ROOT
from tests.helpers.programs import needed
from tests.helpers.server import PATIENCE, Answer, Environment, wait_until_it_listens
from tests.settings import free_port

HOST = "www.example.go.jp"
DEPLOY = ROOT / "deploy" / "nginx"
BEHIND_TLS = {
    "ALLOWED_HOSTS": HOST,
    "HTTPS": "on",
    "PUBLISHER_NAME": "総務省",
    "SECURITY_CONTACT": "mailto:security@example.go.jp",
    "SITE_ORIGIN": f"https://{HOST}",
    "TRUSTED_PROXIES": "1",
}


def certificate(folder: Path) -> None:
    """Make a certificate for HOST in `folder`, as fullchain.pem and key.pem."""
    options = (
        f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={HOST}"
    )
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    command = [needed("openssl"), *options.split(), "-addext", f"subjectAltName=DNS:{HOST}", *files]
    subprocess.run(command, check=True, capture_output=True)


@dataclass(frozen=True)
class Proxy:
    """`port` speaks TLS, `plain_port` redirects to it."""

    folder: Path
    port: int
    plain_port: int

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))

    def ask(
        self,
        target: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(HOST, timeout=PATIENCE)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.sock = self.context().wrap_socket(plain, server_hostname=HOST)
        connection.request(method, target, body, dict(headers or {}))
        with connection.getresponse() as response:
            answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer


def configuration(proxy: Proxy, ports: list[int], static: Path) -> str:
    """Return deploy/nginx/ministry.conf with the addresses and folders of a test."""
    text = (DEPLOY / "ministry.conf").read_text()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{proxy.plain_port};",
        "listen 443 ssl": f"listen 127.0.0.1:{proxy.port} ssl",
        "10.0.0.11:8000": f"127.0.0.1:{ports[0]}",
        "10.0.0.12:8000": f"127.0.0.1:{ports[1]}",
        "/etc/ssl/ministry": str(proxy.folder),
        "/etc/nginx/ministry-headers.conf": str(DEPLOY / "ministry-headers.conf"),
        "root /var/www/ministry;": f"root {static.parent};",
        "/var/cache/nginx-ministry": str(proxy.folder / "cache"),
        "/var/log/nginx": str(proxy.folder),
        "root /srv/ministry/deploy/nginx;": f"root {DEPLOY};",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def write_configuration(proxy: Proxy, ports: list[int], static: Path) -> Path:
    (proxy.folder / "ministry.conf").write_text(configuration(proxy, ports, static))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {proxy.folder}/{kind};\n" for kind in kinds)
    file = proxy.folder / "nginx.conf"
    file.write_text(
        ("user root;\n" if os.getuid() == 0 else "")
        + f"daemon off;\npid {proxy.folder}/nginx.pid;\nerror_log {proxy.folder}/error.log;\n"
        + "events {}\nhttp {\ninclude /etc/nginx/mime.types;\naccess_log off;\n"
        + f"{temporary}include {proxy.folder}/ministry.conf;\n}}\n"
    )
    return file


@contextmanager
def running_proxy(folder: Path, ports: list[int], static: Path) -> Iterator[Proxy]:
    """Run nginx before the machines at `ports`. Skip the test where nginx is missing."""
    program = needed("nginx")
    folder.mkdir()
    certificate(folder)
    proxy = Proxy(folder, free_port(), free_port())
    file = write_configuration(proxy, ports, static)
    process = subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(file)])
    try:
        wait_until_it_listens(process, proxy.port)
        yield proxy
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder / "cache", ignore_errors=True)


def machine(data: Path, settings: Environment) -> Environment:
    return settings | {"DATA_DIR": str(data), "STATIC_FOLDER": str(data / "static")}


@dataclass
class Readers:
    """Citizens who read one page after another through the proxy until the block ends."""

    proxy: Proxy
    targets: tuple[str, ...]
    statuses: Counter[int | str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    last_lost: float = 0.0
    is_over: threading.Event = field(default_factory=threading.Event)

    def read(self, number: int) -> None:
        while not self.is_over.is_set():
            number += 1
            target = self.targets[number % len(self.targets)]
            try:
                status: int | str = self.proxy.ask(target).status
            except OSError as error:
                status = type(error).__name__
            self.statuses[status] += 1
            if status != 200:
                self.lost.append(f"{target} {status}")
                self.last_lost = time.monotonic()

    @contextmanager
    def reading(self, many: int = 4) -> Iterator["Readers"]:
        threads = [threading.Thread(target=self.read, args=(n,)) for n in range(many)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self.is_over.set()
            for thread in threads:
                thread.join()

    def wait_for(self, more: int) -> None:
        """Return after `more` further requests."""
        until = self.statuses.total() + more
        deadline = time.monotonic() + PATIENCE
        while self.statuses.total() < until and time.monotonic() < deadline:
            time.sleep(0.05)
