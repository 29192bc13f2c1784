"""
The same page from this site and from its peers: `python -m tests.bench.peers`.

Wagtail and feincms3 are installed from the package registry in environments of their own below
PEERS_CACHE, and get the content of the sample's bureau page, which they show by one template. All
are served by granian with one worker and one thread on SQLite, one after the other in ROUNDS
rounds, so that what else the machine does meets all of them. Printed: requests a second by wrk,
the median of the rounds, and how often that is the same of Wagtail. What cannot be installed is
skipped in plain sight. The client has the same two processors.
"""

import json
import os
import re
import shutil
import statistics
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CACHE = Path(os.environ.get("PEERS_CACHE", "~/.cache/ministry-site-peers")).expanduser()
ROUNDS, SECONDS, CONNECTIONS = 5, 4, 8
BUREAU = "/main_sosiki/joho_kokusai/"
PEERS = {"wagtail": "Wagtail", "feincms3": "feincms3"}
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAULTS = re.compile(r"Non-2xx or 3xx responses: (\d+)")


@dataclass
class Contender:
    name: str
    url: str
    headers: tuple[str, ...] = ()
    rates: list[float] = field(default_factory=list)

    def measure(self) -> None:
        options = [each for header in self.headers for each in ("-H", header)]
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *options, self.url]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if FAULTS.search(said):
            raise AssertionError(f"{self.name}: {said}")
        self.rates.append(float(RATE.findall(said)[0]))

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def main() -> None:
    if shutil.which("wrk") is None:
        print("Not measured: there is no wrk on this machine (Debian: apt-get install wrk).")
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ministry-peers-")))
        ours = stack.enter_context(our_site(folder / "ours"))
        unkept = stack.enter_context(our_site(folder / "unkept", RENDERED_MEGABYTES="0"))
        content = content_of(ours, folder)
        with urlopen(ours + BUREAU) as answer:
            tag = answer.headers["ETag"]
            (folder / "body.html").write_bytes(answer.read())
        contenders = [
            Contender("ours, seen before", ours + BUREAU),
            Contender("ours, 304", ours + BUREAU, (f"If-None-Match: {tag}",)),
            Contender("ours, never seen", unkept + BUREAU),
            Contender("bare WSGI, same bytes", stack.enter_context(bare(folder / "body.html"))),
        ]
        for name, label in PEERS.items():
            if (python := environment_of(name)) is None:
                print(f"{label} is skipped: it cannot be installed here.")
                continue
            url = stack.enter_context(peer(name, python, content, folder / name))
            contenders.append(Contender(label, f"{url}/guide/bureau/"))
        for _ in range(ROUNDS):
            for each in contenders:
                each.measure()
    print_rates(contenders)


def print_rates(contenders: list[Contender]) -> None:
    rates = {each.name: each.rate for each in contenders}
    print(f"  {'requests a second':<24}{'median':>9}{'least':>9}{'most':>9}  of each peer")
    for each in contenders:
        ratios = [f"{each.rate / rates[p]:.1f} × {p}" for p in PEERS.values() if p in rates]
        least, most = min(each.rates), max(each.rates)
        print(f"  {each.name:<24}{each.rate:>9.0f}{least:>9.0f}{most:>9.0f}  {', '.join(ratios)}")


def content_of(ours: str, folder: Path) -> Path:
    """Write what the bureau page says, from its JSON, for the peers to build from."""
    with urlopen(f"{ours}{BUREAU.removesuffix('/')}.json") as answer:
        page = json.load(answer)
    page["home"] = page["parents"][0]["title"]
    file = folder / "content.json"
    file.write_text(json.dumps(page, ensure_ascii=False))
    return file


def environment_of(name: str) -> Path | None:
    """Return the Python of the peer's own environment, which is made at the first run."""
    folder = CACHE / name
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        requirements = HERE / f"{name}.txt"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        command: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--requirement",
            requirements,
        ]
        if subprocess.run(command, check=False).returncode:
            return None
        (folder / "complete").touch()
    return python


@contextmanager
def served(python: str | Path, application: str, environment: dict[str, str]) -> Iterator[str]:
    """Run an application of WSGI, or ours, by granian; yield where it is."""
    port = free_port()
    interface = "asginl" if "asgi" in application else "wsgi"
    command = f"-m granian --interface {interface} --no-ws --workers 1 --log-level warning".split()
    if interface == "wsgi":
        command += ["--blocking-threads", "1"]
    process = subprocess.Popen(
        [python, *command, "--host", "127.0.0.1", "--port", str(port), application],
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        wait_until_up(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    """Raises ChildProcessError where the server has ended."""
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise ChildProcessError(port)


@contextmanager
def our_site(data: Path, **settings: str) -> Iterator[str]:
    environment = {"DATA_DIR": str(data), "THREADS": "1", "SAMPLE": "on", **settings}
    data.mkdir()
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        check=True,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
    )
    with served(sys.executable, "ministry_site.asgi:application", environment) as url:
        yield url


@contextmanager
def bare(body: Path) -> Iterator[str]:
    environment = {"PEER_BODY": str(body), "PYTHONPATH": str(HERE)}
    with served(sys.executable, "bare:application", environment) as url:
        yield url


@contextmanager
def peer(name: str, python: Path, content: Path, folder: Path) -> Iterator[str]:
    """Build the peer's site in `folder`, and serve it."""
    (folder / "peer_migrations").mkdir(parents=True)
    (folder / "peer_migrations" / "__init__.py").touch()
    environment = {
        "DJANGO_SETTINGS_MODULE": f"{name}_site.settings",
        "PEER_DATABASE": str(folder / "site.sqlite3"),
        "PYTHONPATH": f"{HERE}{os.pathsep}{folder}",
    }
    build = [python, HERE / f"{name}_site" / "build.py", content]
    subprocess.run(build, check=True, env=os.environ | environment)
    with served(python, "wsgi:application", environment) as url:
        yield url


if __name__ == "__main__":
    main()
